import type { MessageWay } from '../../diagrams/message-way.ts';
import type { MessageName } from '../../trace/story.ts';
import type { OpenedInfo, Selection, TraceRow } from '../../worker/protocol.ts';
import { ModelPace } from '../model-pace.ts';
import type { ShownWitness, Stage } from '../stage.ts';
import { messagesOf, missedBy, usersOf, witnessRows } from '../witness-rows.ts';
import { type ChosenMessages, chooseMessages } from './choose-messages.ts';
import { describeWay, type StepWords } from './describe.ts';
import { type SequenceLayout, sequenceLayout } from './layout.ts';
import { FEW_CLIENTS, readWay } from './read-way.ts';
import { type StepGraph, stepGraph } from './step-graph.ts';

/** Everything that is drawn of the chosen messages. */
export interface SequenceModel {
  readonly info: OpenedInfo;
  readonly chosen: ChosenMessages;
  readonly way: MessageWay;
  readonly layout: SequenceLayout;
  readonly graph: StepGraph;
  readonly words: readonly StepWords[];
  /** Rows of the witness that is looked at, and all that led to them; null when none is. */
  readonly strong: ReadonlySet<number> | null;
  readonly path: ReadonlySet<number> | null;
}

export interface SequenceView {
  readonly width: number;
  readonly height: number;
  readonly toScale: boolean;
  readonly maxClients: number;
}

/** The page changes what is drawn at most so often while the simulation runs: faster cannot be read. */
const EVERY_MS = 120;
/** The latest message stays for so long before another takes its place. */
const HOLD_MS = 2_500;

/**
 * Makes the model when what it is made from has changed, and holds on to the latest message for a while so that the picture can be read.
 * One for each picture; `update` is called in the page's loop.
 */
export class SequenceSource {
  model: SequenceModel | null = null;
  readonly #stage: Stage;
  readonly #pace: ModelPace;
  #held: MessageName | null = null;
  #heldMs = Number.NEGATIVE_INFINITY;

  constructor(stage: Stage) {
    this.#stage = stage;
    this.#pace = new ModelPace(stage, EVERY_MS);
  }

  /** Whether the model is another now; `later` when it is too early to make it: ask again. */
  update(view: SequenceView, nowMs: number): boolean | 'later' {
    const due = this.#pace.due(Object.values(view), nowMs);
    if (due === 'same') return false;
    if (due === 'later') return 'later';
    if (due === 'back' || (this.#held !== null && nowMs - this.#heldMs > HOLD_MS)) this.#held = null;
    const { store, selection } = this.#stage;
    const { rows, info } = store;
    const before = this.model;
    this.model = info === null ? null : this.#make(info, rows, selection.current, view, nowMs);
    return this.model !== null || before !== null;
  }

  #make(
    info: OpenedInfo,
    rows: readonly TraceRow[],
    selection: Selection | null,
    view: SequenceView,
    nowMs: number,
  ): SequenceModel | null {
    const witness = this.#stage.witness.current;
    const wanted = witness === null ? null : messagesOf(witness);
    const chosen = chooseMessages(rows, selection, wanted, this.#held);
    const [message] = chosen?.messages ?? [];
    if (chosen === null || message === undefined) return null;
    if (chosen.because === 'latest' && this.#held === null) {
      this.#held = message;
      this.#heldMs = nowMs;
    }
    const isWitness = witness !== null && chosen.because === 'witness';
    const also = isWitness ? usersOf(witness) : [];
    // Those whom the witness names are drawn; of the others as few as can be.
    const maxClients = isWitness && view.maxClients === FEW_CLIENTS ? 1 : view.maxClients;
    const way = readWay(info, rows, chosen.messages, maxClients, also);
    const graph = stepGraph(way.rows, way.read);
    const missing = isWitness ? missedBy(witness).map((node) => ({ node, text: 'never shown' })) : [];
    return {
      info,
      chosen,
      way,
      layout: sequenceLayout(way, { ...view, missing }),
      graph,
      words: describeWay(way),
      ...(isWitness ? marksOf(way.rows, graph, witness) : { strong: null, path: null }),
    };
  }
}

/** Ids of the rows of a witness, and of those that led to them. */
function marksOf(
  rows: readonly TraceRow[],
  graph: StepGraph,
  witness: ShownWitness,
): { readonly strong: ReadonlySet<number>; readonly path: ReadonlySet<number> } {
  // What was sent is drawn as the arrow that it led to.
  const strong = new Set(
    [...witnessRows(rows, witness)].flatMap((index) =>
      rows[index]!.kind === 'send' ? [index, ...graph.consequencesOf(index)] : [index],
    ),
  );
  const path = new Set<number>();
  for (const index of strong) {
    let at = graph.causeOf(index);
    while (at >= 0 && !path.has(at)) {
      path.add(at);
      at = graph.causeOf(at);
    }
  }
  const ids = (of: ReadonlySet<number>): ReadonlySet<number> =>
    new Set([...of].map((index) => rows[index]!.id));
  return { strong: ids(strong), path: ids(path) };
}
