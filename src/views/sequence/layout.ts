import { THE_REST } from '../../diagrams/flow-cast.ts';
import type { Step } from '../../diagrams/flow-steps.ts';
import { plainLines } from '../../diagrams/mermaid-text.ts';
import type { MessageWay } from '../../diagrams/message-way.ts';
import type { NodeKind } from '../../diagrams/purpose.ts';
import { isUserNode, type TraceRow } from '../../worker/protocol.ts';
import { type CompressedTime, compressedTime } from '../compressed-time.ts';
import { barsOf, type SequenceBar } from './bars.ts';
import { marksOf, type SequenceMark } from './marks.ts';
import { type TextPlace, TextPlacer } from './place-texts.ts';

/** Where everything of a sequence diagram is drawn, in CSS pixels. Pure: the same way gives the same picture. */
export interface SequenceLayout {
  readonly width: number;
  readonly height: number;
  readonly time: CompressedTime;
  readonly lanes: readonly Lane[];
  readonly bars: readonly SequenceBar[];
  readonly arrows: readonly SequenceArrow[];
  readonly marks: readonly SequenceMark[];
  /** Stations that are down: from when to when. */
  readonly downs: readonly Down[];
  readonly ticks: readonly { readonly timeUs: number; readonly y: number }[];
  /** Steps beyond the most that are drawn. */
  readonly stepsLeftOut: number;
  /** Something is still on its way or at work. */
  readonly isOpen: boolean;
  /** Where a moment is drawn, at most at the bottom. */
  yOf(timeUs: number): number;
  /** The moment at a height; below the last one time goes on as before it. */
  timeAt(y: number): number;
}

export interface Lane {
  readonly node: number;
  readonly x: number;
  /** What it is called, and what it is. */
  readonly name: string;
  readonly role: string;
  readonly kind: NodeKind | 'rest';
}

export interface SequenceArrow {
  /** The row of the trace that stands for it: at its end, or where it left while it is under way. */
  readonly rowId: number;
  readonly fromX: number;
  readonly fromY: number;
  readonly toX: number;
  readonly toY: number;
  /** Of several in one: where the last of them ends. */
  readonly lastY: number;
  readonly isAnswer: boolean;
  readonly outcome: 'arrived' | 'lost' | 'under-way';
  readonly isRetry: boolean;
  readonly isCopy: boolean;
  readonly departUs: number;
  readonly endUs: number;
  readonly text: string;
  /** Null where there is no room for the text. */
  readonly place: TextPlace | null;
}

interface Down {
  readonly x: number;
  readonly fromY: number;
  readonly toY: number;
}

export interface LayoutOptions {
  /** Room for the lanes; they may need more. */
  readonly width: number;
  /** Room for the time: used when it is drawn to scale. */
  readonly height: number;
  readonly toScale: boolean;
  /** Users who were not shown what they should have been, with the words for it. */
  readonly missing?: readonly { readonly node: number; readonly text: string }[];
}

/** Of more steps the first are drawn. */
export const MOST_STEPS = 240;
const NARROWEST_LANE = 64;
const TOP = 14;
/** Below the last moment: room for the clock to go on, or only for a breath. */
const ROOM_WHEN_OPEN = 72;
const ROOM_WHEN_OVER = 28;
const TICK_EVERY_PX = 30;
const LEAST_PX = 15;
const DECADE_PX = 7;
/** A way that is too long for the room is drawn denser, in steps, so that it does not move with every row. */
const DENSITIES = [1, 0.8, 0.62];

export function sequenceLayout(way: MessageWay, options: LayoutOptions): SequenceLayout {
  const steps = way.steps.slice(0, MOST_STEPS);
  const stepsLeftOut = way.steps.length - steps.length;
  const untilUs = stepsLeftOut > 0 ? steps.at(-1)!.timeUs : Number.POSITIVE_INFINITY;
  const rows = way.rows.filter((row) => row.timeUs <= untilUs);
  const arrowSteps = steps.filter((step) => step.of === 'hop' || step.of === 'fold');

  const laneWidth = Math.max(NARROWEST_LANE, options.width / Math.max(1, way.cast.nodes.length));
  const width = laneWidth * Math.max(1, way.cast.nodes.length);
  const lanes = way.cast.nodes.map((node, i): Lane => {
    const [name = '', ...role] = plainLines(way.cast.labels[i]!);
    const kind = node === THE_REST ? 'rest' : way.kindOf(node);
    return { node, x: (i + 0.5) * laneWidth, name, role: role.join(' '), kind };
  });
  const laneOf = new Map(lanes.map((lane) => [lane.node, lane]));
  const xOf = (node: number): number | undefined => laneOf.get(way.cast.standIn(node))?.x;

  const time = timeOf([...momentsOf(rows, arrowSteps, way)], options);
  const bars = barsOf(way, rows, xOf);
  const isOpen =
    bars.some((bar) => bar.endUs === null) ||
    arrowSteps.some((step) => step.hops.some((hop) => way.read.hops[hop]!.outcome === 'under-way'));
  const height = Math.ceil(TOP + time.length + (isOpen ? ROOM_WHEN_OPEN : ROOM_WHEN_OVER));
  const yOf = (timeUs: number): number => Math.min(height - 4, TOP + time.at(timeUs));

  const placer = new TextPlacer(width);
  const arrows = arrowSteps.map((step) => arrowOf(step, way, xOf, yOf, placer));
  return {
    width,
    height,
    time,
    lanes,
    bars,
    arrows,
    marks: marksOf({ way, rows, steps, xOf, yOf, placer, missing: options.missing ?? [], height }),
    downs: downsOf(rows, xOf, yOf, height),
    ticks: ticksOf(time, yOf),
    stepsLeftOut,
    isOpen,
    yOf,
    timeAt: (y) => timeAt(time, y - TOP),
  };
}

function timeOf(momentsUs: readonly number[], { toScale, height }: LayoutOptions): CompressedTime {
  const room = height - TOP - ROOM_WHEN_OVER;
  if (toScale) {
    const toScalePx = Math.max(120, room - ROOM_WHEN_OPEN);
    return compressedTime(momentsUs, { leastPx: 0, decadePx: 0, toScalePx });
  }
  const times = DENSITIES.map((density) =>
    compressedTime(momentsUs, { leastPx: density * LEAST_PX, decadePx: density * DECADE_PX }),
  );
  return times.find(({ length }) => length <= room) ?? times.at(-1)!;
}

/** Everything that has a place of its own on the axis. */
function* momentsOf(rows: readonly TraceRow[], arrows: readonly Step[], way: MessageWay): Generator<number> {
  for (const row of rows) {
    if (row.kind === 'forward' || way.cast.standIn(row.node) !== row.node) continue;
    yield row.timeUs;
  }
  for (const step of arrows) {
    for (const number of step.hops) {
      const hop = way.read.hops[number]!;
      // Of many in one only the first and the last have a place.
      if (step.of === 'fold' && number !== step.hops[0] && number !== step.hops.at(-1)) continue;
      yield hop.departUs;
      yield hop.endUs;
    }
  }
}

/** Shares of an arrow at which its text may stand. */
const ALONG = [0.5, 0.38, 0.62, 0.26, 0.74];

function arrowOf(
  step: Step,
  way: MessageWay,
  xOf: (node: number) => number | undefined,
  yOf: (timeUs: number) => number,
  placer: TextPlacer,
): SequenceArrow {
  const hops = step.hops.map((number) => way.read.hops[number]!);
  const [first, last] = [hops[0]!, hops.at(-1)!];
  const row = way.rows[first.endRow >= 0 ? first.endRow : first.departRow]!;
  const [fromX, toX] = [xOf(step.from) ?? 0, xOf(step.to) ?? 0];
  const [fromY, toY] = [yOf(first.departUs), yOf(first.endUs)];
  const text = plainLines(step.short).join(' ');
  const candidates = ALONG.map(
    (share): TextPlace => ({
      x: fromX + share * (toX - fromX),
      y: fromY + share * (toY - fromY) - 4,
      anchor: 'middle',
    }),
  );
  return {
    rowId: row.id,
    fromX,
    fromY,
    toX,
    toY,
    lastY: yOf(last.endUs),
    isAnswer: step.style === 'reply' || step.style === 'lost-reply',
    outcome: first.outcome,
    isRetry: row.attempt > 0,
    isCopy: first.copy,
    departUs: first.departUs,
    endUs: first.endUs,
    text,
    place: placer.place(text, candidates),
  };
}

/** Crashes and what comes after them: drawn on the lane of the station. */
function downsOf(
  rows: readonly TraceRow[],
  xOf: (node: number) => number | undefined,
  yOf: (timeUs: number) => number,
  height: number,
): Down[] {
  const downs: Down[] = [];
  rows.forEach((row, i) => {
    const x = row.kind === 'crash' && !isUserNode(row.node) ? xOf(row.node) : undefined;
    if (x === undefined) return;
    const back = rows.find((other, k) => k > i && other.kind === 'restart' && other.node === row.node);
    downs.push({ x, fromY: yOf(row.timeUs), toY: back === undefined ? height : yOf(back.timeUs) });
  });
  return downs;
}

function ticksOf(
  time: CompressedTime,
  yOf: (timeUs: number) => number,
): { readonly timeUs: number; readonly y: number }[] {
  const ticks: { timeUs: number; y: number }[] = [];
  for (const timeUs of time.momentsUs) {
    const y = yOf(timeUs);
    if (y - (ticks.at(-1)?.y ?? Number.NEGATIVE_INFINITY) >= TICK_EVERY_PX) ticks.push({ timeUs, y });
  }
  return ticks;
}

/** A pixel below the last moment is worth so much. */
const PX_BEYOND_US = 1_000;

const timeAt = (time: CompressedTime, px: number): number =>
  px <= time.length
    ? time.timeAt(Math.max(0, px))
    : time.timeAt(time.length) + (px - time.length) * PX_BEYOND_US;
