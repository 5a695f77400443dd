import type { Step } from '../../diagrams/flow-steps.ts';
import { plainLines } from '../../diagrams/mermaid-text.ts';
import type { MessageWay } from '../../diagrams/message-way.ts';
import { isUserNode, type TraceRow } from '../../worker/protocol.ts';
import type { TextPlace, TextPlacer } from './place-texts.ts';

/** A fact on a lane: stored, shown, lost, crashed, refused, seen before. */
export interface SequenceMark {
  /** The row that tells it; -1 for what no row tells, NEVER_SHOWN for what did not happen. */
  readonly rowId: number;
  readonly node: number;
  readonly x: number;
  readonly y: number;
  readonly sign: 'good' | 'bad' | 'note';
  readonly text: string;
  /** Null where there is no room for the text. */
  readonly place: TextPlace | null;
}

export const NEVER_SHOWN = -2;

interface MarkInput {
  readonly way: MessageWay;
  readonly rows: readonly TraceRow[];
  /** Those that are drawn. */
  readonly steps: readonly Step[];
  readonly xOf: (node: number) => number | undefined;
  readonly yOf: (timeUs: number) => number;
  readonly placer: TextPlacer;
  readonly missing: readonly { readonly node: number; readonly text: string }[];
  readonly height: number;
}

const BAD: ReadonlySet<TraceRow['kind']> = new Set(['drop', 'refuse', 'fail', 'lost', 'crash', 'disconnect']);
/** From a lane to the text beside it. */
const BESIDE = 9;

export function marksOf({ way, rows, steps, xOf, yOf, placer, missing, height }: MarkInput): SequenceMark[] {
  const marks: SequenceMark[] = [];
  const add = (rowId: number, node: number, y: number, sign: SequenceMark['sign'], text: string): void => {
    const x = xOf(node);
    if (x === undefined) return;
    const beside = (dy: number): TextPlace[] => [
      { x: x + BESIDE, y: y + dy, anchor: 'start' },
      { x: x - BESIDE, y: y + dy, anchor: 'end' },
    ];
    const place = text === '' ? null : placer.place(text, [...beside(4), ...beside(14), ...beside(-6)]);
    marks.push({ rowId, node, x, y, sign, text, place });
  };
  // What is bad is said first: it gets the best place.
  const facts = steps.filter((step) => step.of === 'fact');
  const isBad = (step: Step): boolean => BAD.has(way.rows[step.order]!.kind);
  for (const step of [...facts.filter(isBad), ...facts.filter((step) => !isBad(step))]) {
    const row = way.rows[step.order]!;
    const text = plainLines(step.text)
      .filter((line) => !line.startsWith('+'))
      .join(' ');
    const sign = isBad(step) ? 'bad' : row.kind === 'deliver' ? 'good' : 'note';
    add(row.id, row.node, yOf(row.timeUs), sign, text);
  }
  const told = new Set(facts.map((step) => step.order));
  rows.forEach((row, index) => {
    if (told.has(index) || way.cast.standIn(row.node) !== row.node) return;
    if (row.kind === 'persist') add(row.id, row.node, yOf(row.timeUs), 'good', 'stored');
    if (row.kind === 'deliver' && isUserNode(row.node))
      add(row.id, row.node, yOf(row.timeUs), 'good', 'shown');
  });
  for (const step of steps) {
    if (step.of !== 'fan-out' && step.of !== 'rest') continue;
    const [text = ''] = plainLines(step.text);
    add(-1, step.from, yOf(step.timeUs), 'note', text);
  }
  for (const { node, text } of missing) add(NEVER_SHOWN, node, height - 14, 'bad', text);
  return marks;
}
