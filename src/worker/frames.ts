import { findingsOf } from '../run/findings.ts';
import { lowerBounds, metricsOf } from '../run/metrics-of.ts';
import type { Run } from '../run/run.ts';
import { USER_NODE } from '../trace/trace.ts';
import type { Crowd } from './crowd.ts';
import { inspect } from './inspect/inspect.ts';
import { createMarks } from './marks.ts';
import { justNowUs } from './pace.ts';
import { createPromiseFrames } from './promise-frames.ts';
import type { CurvePoint, Frame, Inspection, Look, PromiseFrame, Selection, TraceRow } from './protocol.ts';
import { createStationFrames } from './station-frames.ts';

/** Makes the frames of one run: what the page shows of this moment, and what is new since the frame before. */
export interface Frames {
  make(
    moment: Moment,
    buffer: ArrayBuffer,
    look: Look | undefined,
  ): Frame & { readonly seats: Uint8Array<ArrayBuffer> };
  /** The run went back to where it is now, with a trace of this length. */
  rewound(traceLength: number): void;
}

/** What the engine knows of the moment. */
interface Moment {
  readonly nowMs: number;
  readonly state: Frame['state'];
  readonly eventsPerWallSecond: number;
  readonly virtualUsPerWallSecond: number;
  /** As the page has set it; Infinity: as fast as it goes. */
  readonly speed: number;
}

/** Rows that a frame of a running simulation carries at most; what is left comes with the next. */
const ROWS_A_FRAME = 4_000;
/** One that stands still is asked for once, so it carries more. */
const ROWS_AT_REST = 50_000;
/** Rows that the page keeps of everything; from then on it is sent those of what it watches. */
const MOST_ROWS = 100_000;
const MOST_WATCHED_ROWS = 50_000;
/** Verdicts and costly figures are read at most so often, and never for more than this share of the time. */
const JUDGE_EVERY_MS = 250;
const SLOW_SHARE = 0.02;
/** The seats may take so much of a frame; then they are looked at in parts, of which there are at most so many. */
const SEATS_MS = 6;
const MOST_PARTS = 6;
/** What is selected is looked into so often, and for no more than one part in so many of the time. */
const INSPECT_EVERY_MS = 120;
const INSPECT_REST = 10;
/** Seats that a look may ask after. */
const MOST_SEATS = 2_000;

export function createFrames(run: Run, crowd: Crowd, nowMs: () => number): Frames {
  const stations = createStationFrames(run);
  const marks = createMarks(run);
  /** Rows that the page has, by their number in the trace, and how far the trace was looked through. */
  const sent: number[] = [];
  let lookedAt = 0;
  let wentBack = false;
  /** The last curve point that the page has. */
  let pointsUntilUs = Number.NEGATIVE_INFINITY;
  let layout = crowd.info;
  /** What it takes to look at the whole crowd. */
  let wholeMs = 0;
  let inspected = {
    key: '',
    found: null as Inspection | null,
    atMs: Number.NEGATIVE_INFINITY,
    tookMs: 0,
    timeUs: 0,
  };
  /** Those of the end of the run. */
  let lastVerdicts: readonly PromiseFrame[] | null = null;
  /** All that was seen was of another moment. */
  let seesAnew = true;

  /** Counts the ways that the run has taken: after a rewind the same moment may be another. */
  let paths = 0;

  /** Keeps a value that is costly to get until it is old. A time of the run that is not its own makes it old when the run rests. */
  const slowly = <T>(everyMs: number, get: () => T): ((atRest: boolean) => T) => {
    let value: T;
    let atMs = Number.NEGATIVE_INFINITY;
    let tookMs = 0;
    let timeUs = Number.NaN;
    let path = -1;
    return (atRest) => {
      const ageMs = nowMs() - atMs;
      const isOld = ageMs >= Math.max(everyMs, tookMs / SLOW_SHARE);
      if (
        (timeUs !== run.nowUs || path !== paths) &&
        (path !== paths ||
          isOld ||
          run.nowUs < timeUs ||
          Number.isNaN(timeUs) ||
          (atRest && tookMs < everyMs))
      ) {
        const fromMs = nowMs();
        value = get();
        atMs = nowMs();
        tookMs = atMs - fromMs;
        timeUs = run.nowUs;
        path = paths;
      }
      return value;
    };
  };

  // Spread, so that all is found at one moment.
  const findings = slowly(JUDGE_EVERY_MS, () => ({ ...findingsOf(run.system.context) }));
  const { promiseOf } = createPromiseFrames(run);
  const promises = slowly(JUDGE_EVERY_MS, (): readonly PromiseFrame[] => run.judge.verdicts().map(promiseOf));
  const judged = slowly(JUDGE_EVERY_MS, () => run.judge.judged());

  const curve = (): readonly CurvePoint[] => {
    const { points } = run.system.handlers.intervals;
    let from = points.length;
    while (from > 0 && points[from - 1]!.timeUs > pointsUntilUs) from--;
    const added = points.slice(from);
    const last = added[added.length - 1];
    if (last !== undefined) pointsUntilUs = last.timeUs;
    return added;
  };

  const isWatched = ({ sender, nth, channel, node }: TraceRow): boolean => {
    const { messages, users, channels } = run.system.context.watching.list;
    return (
      messages.some((message) => message.sender === sender && message.nth === nth) ||
      users.some((user) => user === sender || USER_NODE + user === node) ||
      channels.includes(channel)
    );
  };

  const rows = (atRest: boolean): readonly TraceRow[] => {
    const { tracer } = run.system.context.watching;
    const added: TraceRow[] = [];
    const most = Math.min(tracer.length, lookedAt + (atRest ? ROWS_AT_REST : ROWS_A_FRAME));
    for (; lookedAt < most; lookedAt++) {
      if (sent.length >= MOST_ROWS + MOST_WATCHED_ROWS) continue;
      const row = tracer.row(lookedAt);
      if (sent.length >= MOST_ROWS && !isWatched(row)) continue;
      sent.push(lookedAt);
      added.push(row);
    }
    return added;
  };

  /** Verdicts on the run so far; at its end what is still under way then is known not to come. */
  const verdictsNow = (state: Frame['state']): readonly PromiseFrame[] => {
    if (state !== 'ended') return promises(state !== 'playing' && state !== 'rewinding');
    lastVerdicts ??= run.judge.final(run.nowUs).map(promiseOf);
    return lastVerdicts;
  };

  /** What is selected, from the inside: while the run goes on no more often than it can be read. */
  const inspection = (selection: Selection | null, atRest: boolean): Inspection | null => {
    if (selection === null) return null;
    const key = JSON.stringify(selection);
    const { atMs, tookMs } = inspected;
    const isFresh = nowMs() - atMs < Math.max(INSPECT_EVERY_MS, INSPECT_REST * tookMs);
    if (atRest || key !== inspected.key || run.nowUs < inspected.timeUs || !isFresh) {
      const fromMs = nowMs();
      const found = inspect(run, crowd, selection);
      inspected = { key, found, atMs: nowMs(), tookMs: nowMs() - fromMs, timeUs: run.nowUs };
    }
    return inspected.found;
  };

  /** Codes of the seats: of a large crowd that moves so many parts of it that the rest of the frame has time. */
  const seatCodes = (justNow: number, atRest: boolean): Uint8Array => {
    const parts = atRest || seesAnew ? 1 : Math.min(MOST_PARTS, Math.max(1, Math.ceil(wholeMs / SEATS_MS)));
    const fromMs = nowMs();
    const codes = crowd.fill(run.nowUs, justNow, parts);
    // What it takes now and then for another reason is no measure.
    const tookMs = (nowMs() - fromMs) * parts;
    wholeMs = wholeMs === 0 ? tookMs : Math.min(tookMs, 2 * wholeMs + 1);
    seesAnew = false;
    return codes;
  };

  return {
    make(moment, buffer, look) {
      const atRest = moment.state !== 'playing' && moment.state !== 'rewinding';
      const { context } = run.system;
      const { tracer } = context.watching;
      const shown = moment.speed === Number.POSITIVE_INFINITY ? moment.virtualUsPerWallSecond : moment.speed;
      const justNow = look?.justNowUs ?? justNowUs(shown);
      const now = seatCodes(justNow, atRest);
      const seats =
        buffer.byteLength === now.length
          ? new Uint8Array(buffer)
          : new Uint8Array(new ArrayBuffer(now.length));
      seats.set(now);
      const curveReset = wentBack;
      wentBack = false;
      const rowsFrom = sent.length;
      const added = rows(atRest);
      const verdicts = verdictsNow(moment.state);
      const found = findings(atRest);
      const frame = {
        timeUs: run.nowUs,
        state: moment.state,
        events: run.events,
        eventsPerWallSecond: moment.eventsPerWallSecond,
        virtualUsPerWallSecond: moment.virtualUsPerWallSecond,
        seats,
        justNowUs: justNow,
        curve: curve(),
        curveReset,
        stations: stations.take(justNow),
        flows: stations.flows(),
        metrics: metricsOf(context, found),
        atLeast: lowerBounds(found),
        rows: added,
        rowsFrom,
        rowsLeftOut: tracer.length - sent.length + tracer.leftOut,
        lesson: lessonOf(run),
        promises: verdicts,
        judged: judged(atRest),
        marks: marks.take(verdicts),
        inspection: inspection(look?.selection ?? null, atRest),
        occupants: Int32Array.from((look?.seats ?? []).slice(0, MOST_SEATS), crowd.occupant),
        ...(crowd.info === layout ? {} : { crowd: crowd.info }),
      };
      layout = crowd.info;
      return frame;
    },
    rewound(traceLength) {
      wentBack = true;
      paths++;
      pointsUntilUs = Math.min(pointsUntilUs, run.nowUs);
      while (sent.length > 0 && sent[sent.length - 1]! >= traceLength) sent.pop();
      lookedAt = Math.min(lookedAt, traceLength);
      lastVerdicts = null;
      marks.rewound(traceLength);
      seesAnew = true;
    },
  };
}

/** Steps that have happened, the one that asks, and what was said with figures of the run. */
function lessonOf({ scenario, script }: Run): Frame['lesson'] {
  let reached = 0;
  while (reached < scenario.script.length && script.happened(reached)) reached++;
  const happened = scenario.script.map(({ index }) => index).filter((index) => script.happened(index));
  const withFigures = happened.flatMap((index) => {
    const words = script.saidWithFigures(index);
    return words === null ? [] : [{ index, ...words }];
  });
  return { reached, asking: script.asking(), happened, withFigures };
}
