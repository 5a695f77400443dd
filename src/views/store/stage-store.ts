import {
  type CrowdInfo,
  type FlowRates,
  type Frame,
  type Inspection,
  type Mark,
  type OpenedInfo,
  type PromiseFrame,
  SEAT_STATES,
  type StationFrame,
  type TraceRow,
} from '../../worker/protocol.ts';
import { countSeats, type SeatCounts } from './count-seats.ts';
import { CurveColumns } from './curve-columns.ts';
import { Glow } from './glow.ts';
import { Value } from './value.ts';

/** How often text follows a running simulation: faster cannot be read. */
const SUMMARY_INTERVAL_MS = 125;

/** What React shows of the current moment: small, immutable, replaced a few times a second. */
export interface Summary {
  readonly info: OpenedInfo | null;
  readonly timeUs: number;
  readonly events: number;
  readonly eventsPerWallSecond: number;
  readonly virtualUsPerWallSecond: number;
  readonly stations: readonly StationFrame[];
  readonly flows: FlowRates;
  readonly metrics: Readonly<Record<string, number>>;
  /** The metrics that are lower bounds. */
  readonly atLeast: readonly string[];
  readonly promises: readonly PromiseFrame[];
  /** On what they are judged. */
  readonly judged: string;
  readonly marks: readonly Mark[];
  readonly lesson: Frame['lesson'];
  readonly counts: SeatCounts | null;
  readonly inspection: Inspection | null;
  readonly rows: number;
  readonly rowsLeftOut: number;
}

const NO_LESSON: Frame['lesson'] = { reached: 0, asking: null };

const NO_FLOWS: FlowRates = { sent: 0, refused: 0, persisted: 0, published: 0, notified: 0, shown: 0 };
const JUST_NOW_US = 50_000;

const NOTHING: Summary = {
  info: null,
  timeUs: 0,
  events: 0,
  eventsPerWallSecond: 0,
  virtualUsPerWallSecond: 0,
  stations: [],
  flows: NO_FLOWS,
  metrics: {},
  atLeast: [],
  promises: [],
  judged: '',
  marks: [],
  lesson: NO_LESSON,
  counts: null,
  inspection: null,
  rows: 0,
  rowsLeftOut: 0,
};

/**
 * The page's copy of what the worker has sent: the newest frame for the canvases, which read it in place, and a summary of it
 * for React. Frames go in through `take`, and nothing else changes it.
 */
export class StageStore {
  readonly summary = new Value<Summary>(NOTHING);
  /** Counts the frames taken: a picture that has drawn this revision need not draw again. */
  revision = 0;
  info: OpenedInfo | null = null;
  timeUs = 0;
  /** How far back "just now" goes, in virtual time. */
  justNowUs = JUST_NOW_US;
  stations: readonly StationFrame[] = [];
  marks: readonly Mark[] = [];
  /** SEAT_STATES codes. */
  seats = new Uint8Array(0);
  glow = new Glow(0);
  curve = new CurveColumns();
  readonly rows: TraceRow[] = [];
  /** Counts how often rows were taken back: after that as many rows at the same time may be of another future. */
  ways = 0;
  rowsLeftOut = 0;
  /** User by seat, for the seats that the last look asked names for. */
  readonly occupants = new Map<number, number>();
  #summaryMs = Number.NEGATIVE_INFINITY;
  #takenMs = 0;
  #promises: readonly PromiseFrame[] = [];

  /** A scenario has been opened: what was known of the one before is forgotten. */
  open(info: OpenedInfo): void {
    this.info = info;
    this.timeUs = 0;
    this.stations = [];
    this.marks = [];
    this.seats = new Uint8Array(info.crowd.seats);
    this.glow = new Glow(info.crowd.seats);
    this.curve = new CurveColumns();
    this.rows.length = 0;
    this.rowsLeftOut = 0;
    this.occupants.clear();
    this.#promises = [];
    this.#summaryMs = Number.NEGATIVE_INFINITY;
    this.revision++;
    this.summary.set({ ...NOTHING, info });
  }

  close(): void {
    this.info = null;
    this.revision++;
    this.summary.set(NOTHING);
  }

  /**
   * Takes a frame in. `asked` are the seats whose occupants the frame's request asked for. Returns the seats' buffer of the
   * frame before, to be handed to the worker with the next request.
   */
  take(frame: Frame, asked: readonly number[], nowMs: number): ArrayBuffer {
    const spare = this.seats.buffer;
    if (frame.crowd !== undefined && this.info !== null) {
      this.info = { ...this.info, crowd: frame.crowd };
      this.glow = new Glow(frame.crowd.seats);
    }
    const back = frame.curveReset || frame.timeUs < this.timeUs;
    const justNowUs = frame.justNowUs ?? JUST_NOW_US;
    // Who has just received depends on the moment, and on how far back "just now" goes.
    const moved = frame.timeUs !== this.timeUs || justNowUs !== this.justNowUs;
    this.seats = frame.seats as Uint8Array<ArrayBuffer>;
    // The afterglow makes a wave of single deliveries while the clock runs; a moment that stands shows who has just received then.
    if (back || (moved && frame.state !== 'playing')) this.glow.clear();
    if (moved) this.glow.update(this.seats, back ? 0 : nowMs - this.#takenMs);
    this.timeUs = frame.timeUs;
    this.#takenMs = nowMs;
    this.justNowUs = justNowUs;
    this.stations = frame.stations;
    if (!sameMarks(frame.marks, this.marks)) this.marks = frame.marks;
    if (!samePromises(frame.promises, this.#promises)) this.#promises = frame.promises;
    // Points that come again replace those of the path that was left.
    if (frame.curveReset)
      this.curve.truncate(Math.min(frame.timeUs, (frame.curve[0]?.timeUs ?? Infinity) - 1));
    this.curve.push(frame.curve);
    if (frame.rowsFrom < this.rows.length) {
      this.rows.length = frame.rowsFrom;
      this.ways++;
    }
    for (const row of frame.rows) this.rows.push(row);
    this.rowsLeftOut = frame.rowsLeftOut;
    this.occupants.clear();
    const occupants = frame.occupants;
    if (occupants !== undefined) {
      for (const [i, seat] of asked.entries()) this.occupants.set(seat, occupants[i] ?? -1);
    }
    this.revision++;
    if (
      frame.state !== 'playing' ||
      frame.crowd !== undefined ||
      nowMs - this.#summaryMs >= SUMMARY_INTERVAL_MS
    )
      this.#summarise(frame, nowMs);
    return spare;
  }

  #summarise(frame: Frame, nowMs: number): void {
    this.#summaryMs = nowMs;
    const before = this.summary.current;
    const { lesson } = before;
    this.summary.set({
      info: this.info,
      timeUs: frame.timeUs,
      events: frame.events,
      eventsPerWallSecond: frame.eventsPerWallSecond,
      virtualUsPerWallSecond: frame.virtualUsPerWallSecond,
      stations: frame.stations,
      flows: frame.flows ?? NO_FLOWS,
      metrics: frame.metrics,
      atLeast: frame.atLeast,
      promises: this.#promises,
      judged: frame.judged ?? '',
      marks: this.marks,
      lesson: sameLesson(lesson, frame.lesson) ? lesson : frame.lesson,
      counts: this.info === null ? null : countSeats(this.seats, seatBlocks(this.info.crowd)),
      inspection: frame.inspection ?? null,
      rows: this.rows.length,
      rowsLeftOut: this.rowsLeftOut,
    });
  }
}

/** Where each block of seats begins, with the end of the last one. */
export function seatBlocks(crowd: CrowdInfo): readonly number[] {
  return crowd.seatStart.at(-1) === crowd.seats ? crowd.seatStart : [...crowd.seatStart, crowd.seats];
}

/** Steps happen one after another and are taken back by a rewind: the same number up to the same one are the same steps. */
const sameLesson = (a: Frame['lesson'], b: Frame['lesson']): boolean =>
  a.reached === b.reached &&
  a.asking === b.asking &&
  a.happened?.length === b.happened?.length &&
  a.happened?.at(-1) === b.happened?.at(-1) &&
  // Something else that was done in the meantime makes other figures.
  JSON.stringify(a.withFigures) === JSON.stringify(b.withFigures);

function sameMarks(a: readonly Mark[], b: readonly Mark[]): boolean {
  return (
    a.length === b.length &&
    a.every((mark, i) => {
      const other = b[i]!;
      return mark.timeUs === other.timeUs && mark.kind === other.kind && mark.text === other.text;
    })
  );
}

function samePromises(a: readonly PromiseFrame[], b: readonly PromiseFrame[]): boolean {
  return (
    a.length === b.length &&
    a.every((promise, i) => {
      const other = b[i]!;
      return (
        promise.name === other.name &&
        promise.verdict === other.verdict &&
        promise.violations === other.violations &&
        promise.sinceUs === other.sinceUs &&
        promise.witness?.text === other.witness?.text &&
        promise.judged === other.judged &&
        promise.grounds === other.grounds
      );
    })
  );
}

export const STATE_CODE = Object.fromEntries(SEAT_STATES.map((state, code) => [state, code])) as Readonly<
  Record<(typeof SEAT_STATES)[number], number>
>;
