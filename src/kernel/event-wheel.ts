import {
  CHUNK_WORDS,
  type EventChains,
  FAR_FIRST,
  FAR_STRIDE,
  NEAR_FIRST,
  NEAR_STRIDE,
} from './event-chains.ts';
import {
  DAYS,
  DAYS_SLOT,
  FAR_MASK,
  FINE,
  FINE_SLOT,
  HOURS,
  HOURS_SLOT,
  INSTANTS,
  LEVELS,
  NEAR,
  NEAR_MASK,
  NEAR_SLOT,
  YEARS,
  YEARS_SLOT,
} from './event-levels.ts';
import { OFFSET_BITS, OFFSET_MASK, OFFSET_SHIFT } from './event-record.ts';
import {
  DAYS_END,
  HOURS_END,
  INSTANTS_FROM,
  NEAR_END,
  NEXT,
  OCCUPIED,
  WINDOW_BASE,
  WINDOW_END,
  WINDOW_LEVEL,
} from './event-state.ts';
import type { EventWindow } from './event-window.ts';

/**
 * The wheel: a lazy ring of unsorted buckets, with coarser levels behind it for the far future and finer ones below it for crowded moments.
 *
 * It is lazy in that a bucket is sorted only when its time has come (as in ladder queues: W. T. Tang, R. S. M. Goh, I. L.-J. Thng, "Ladder
 * queue", ACM TOMACS 15, 2005); the levels are those of hierarchical timing wheels (G. Varghese and T. Lauck, SOSP 1987).
 *
 * Order is exact because every move keeps the order of arrival: a level takes events only before its end, and when the end
 * moves on, first all events that waited in the coarser level for the time gained are moved, in their order; only then can later
 * arrivals come behind them.
 */
export interface EventWheelColumns {
  readonly clock: Float64Array;
  readonly counts: Int32Array;
  readonly pool: Uint32Array;
  readonly tails: Int32Array;
}

export interface EventWheel {
  /** Starts with empty levels at this time. */
  startAt(timeUs: number): void;
  /** Adds an event at or after WINDOW_END. `what` is word 0 without its offset. */
  insert(timeUs: number, what: number, word1: number, word2: number): void;
  /** Fills the empty window with the earliest events. There must be some. */
  openNext(): void;
  /** Gives up the window's span: what was in it (the caller has taken it out and inserts it again) goes to a finer level. */
  refine(nowUs: number): void;
  /** Calls `visit` with the slots that hold events, in the order of their times, until it returns true. `startUs`: of its bucket. */
  visitSlots(visit: (slot: number, startUs: number) => boolean): boolean;
  /** Time of the record at an address of the pool, in a slot whose bucket begins at `startUs`. */
  timeOf(slot: number, startUs: number, at: number): number;
}

const NEAR_US = LEVELS[NEAR].widthUs;
const FINE_US = LEVELS[FINE].widthUs;
const HOURS_US = LEVELS[HOURS].widthUs;
const DAYS_US = LEVELS[DAYS].widthUs;
const YEARS_US = LEVELS[YEARS].widthUs;

/** Buckets of a level that one bucket of the next coarser level makes. */
const RATIO = HOURS_US / NEAR_US;
/** While a level reaches less far than this beyond its first bucket, it takes in one more bucket of the next coarser level. */
const NEAR_REACH_US = LEVELS[NEAR].slots * NEAR_US - HOURS_US;
const FAR_REACH = LEVELS[HOURS].slots - RATIO;

/**
 * A near bucket of more chunks than this is split. It could be sorted at once, but what its events schedule for its own span would meet a
 * large heap: a system this busy passes messages on within less than the bucket's 4 ms.
 */
const CROWDED_CHUNKS = 24;

const floorTo = (timeUs: number, widthUs: number): number => Math.floor(timeUs / widthUs) * widthUs;

export function createEventWheel(
  columns: EventWheelColumns,
  chains: EventChains,
  window: EventWindow,
): EventWheel {
  const { clock, counts, pool, tails } = columns;

  function startAt(timeUs: number): void {
    clock[NEXT] = floorTo(timeUs, NEAR_US);
    clock[NEAR_END] = floorTo(timeUs, HOURS_US) + LEVELS[NEAR].slots * NEAR_US;
    clock[HOURS_END] = floorTo(clock[NEAR_END], DAYS_US) + LEVELS[HOURS].slots * HOURS_US;
    clock[DAYS_END] = floorTo(clock[HOURS_END], YEARS_US) + LEVELS[DAYS].slots * DAYS_US;
    clock[INSTANTS_FROM] = -1;
    clock[WINDOW_END] = clock[NEXT];
    counts[WINDOW_LEVEL] = NEAR;
  }

  function insert(timeUs: number, what: number, word1: number, word2: number): void {
    if (timeUs < clock[NEAR_END]) {
      // Bitwise operators take a whole number modulo 2^32: enough for the offset and the slot.
      const word0 = (timeUs << OFFSET_SHIFT) | what;
      if (timeUs >= clock[NEXT]) {
        chains.append(NEAR_SLOT + ((timeUs >>> OFFSET_BITS) & NEAR_MASK), word0, word1, word2);
      } else {
        chains.append(crowdedSlot(timeUs), word0, word1, word2);
      }
    } else {
      insertFar(timeUs, what, word1, word2);
    }
  }

  /** The slot of a time in the near bucket that has been split. */
  function crowdedSlot(timeUs: number): number {
    const instant = timeUs - clock[INSTANTS_FROM];
    if (clock[INSTANTS_FROM] >= 0 && instant < FINE_US) return instant;
    return FINE_SLOT + ((timeUs & OFFSET_MASK) >>> 6);
  }

  function insertFar(timeUs: number, what: number, word1: number, word2: number): void {
    const word0 = (timeUs << OFFSET_SHIFT) | what;
    const word3 = Math.floor(timeUs / NEAR_US) >>> 0;
    let slot = YEARS_SLOT + (Math.floor(timeUs / YEARS_US) & FAR_MASK);
    if (timeUs < clock[HOURS_END]) slot = HOURS_SLOT + ((word3 >>> 10) & FAR_MASK);
    else if (timeUs < clock[DAYS_END]) slot = DAYS_SLOT + ((word3 >>> 20) & FAR_MASK);
    chains.appendFar(slot, word0, word1, word2, word3);
  }

  /** Moves a far slot's events into the level before it. */
  function pour(slot: number, into: number): void {
    const tail = tails[slot];
    if (tail === 0) return;
    const last = (tail - 1) & -CHUNK_WORDS;
    let chunk = chains.detach(slot);
    for (;;) {
      const end = chunk === last ? tail : chunk + CHUNK_WORDS;
      for (let at = chunk + FAR_FIRST; at < end; at += FAR_STRIDE) {
        const word3 = pool[at + 3];
        if (into === NEAR) {
          chains.append(NEAR_SLOT + (word3 & NEAR_MASK), pool[at], pool[at + 1], pool[at + 2]);
        } else {
          const to =
            into === HOURS
              ? HOURS_SLOT + ((word3 >>> 10) & FAR_MASK)
              : DAYS_SLOT + ((word3 >>> 20) & FAR_MASK);
          chains.appendFar(to, pool[at], pool[at + 1], pool[at + 2], word3);
        }
      }
      const next = pool[chunk];
      chains.freeChunk(chunk);
      if (chunk === last) return;
      chunk = next;
    }
  }

  /** The days take in buckets of years until they reach far enough beyond the end of the hours. */
  function reachDays(): void {
    while (clock[DAYS_END] - clock[HOURS_END] <= FAR_REACH * DAYS_US) {
      const end = clock[DAYS_END];
      clock[DAYS_END] = end + YEARS_US;
      pour(YEARS_SLOT + (Math.floor(end / YEARS_US) & FAR_MASK), DAYS);
    }
  }

  function reachHours(): void {
    while (clock[HOURS_END] - clock[NEAR_END] <= FAR_REACH * HOURS_US) {
      const end = clock[HOURS_END];
      clock[HOURS_END] = end + DAYS_US;
      pour(DAYS_SLOT + (Math.floor(end / DAYS_US) & FAR_MASK), HOURS);
      reachDays();
    }
  }

  function reachNear(): void {
    while (clock[NEAR_END] - clock[NEXT] <= NEAR_REACH_US) {
      const end = clock[NEAR_END];
      clock[NEAR_END] = end + HOURS_US;
      pour(HOURS_SLOT + (Math.floor(end / HOURS_US) & FAR_MASK), NEAR);
      reachHours();
    }
  }

  /** Start of the earliest bucket with events of a level whose buckets begin at `fromUs`. */
  function earliestBucket(level: number, fromUs: number): number {
    const { firstSlot, slots, widthUs } = LEVELS[level];
    const start = Math.floor(fromUs / widthUs) % slots;
    const slot = chains.nextOccupied(firstSlot, slots, start);
    return fromUs + ((slot - start + slots) % slots) * widthUs;
  }

  /** Nothing is left in the near level: goes straight to the earliest events beyond it. */
  function skipGap(): void {
    if (counts[OCCUPIED + HOURS] !== 0) {
      clock[NEAR_END] = earliestBucket(HOURS, clock[NEAR_END]);
    } else {
      if (counts[OCCUPIED + DAYS] !== 0) {
        clock[HOURS_END] = earliestBucket(DAYS, clock[HOURS_END]);
      } else {
        clock[DAYS_END] = earliestBucket(YEARS, clock[DAYS_END]);
        clock[HOURS_END] = clock[DAYS_END];
      }
      clock[NEAR_END] = clock[HOURS_END];
    }
    clock[NEXT] = clock[NEAR_END];
    reachDays();
    reachHours();
    reachNear();
  }

  /** Moves a slot's events into a finer level: fine or instants. */
  function split(slot: number, into: number): void {
    const tail = tails[slot];
    const last = (tail - 1) & -CHUNK_WORDS;
    let chunk = chains.detach(slot);
    for (;;) {
      const end = chunk === last ? tail : chunk + CHUNK_WORDS;
      for (let at = chunk + NEAR_FIRST; at < end; at += NEAR_STRIDE) {
        const word0 = pool[at];
        const offset = word0 >>> OFFSET_SHIFT;
        const to = into === FINE ? FINE_SLOT + (offset >>> 6) : offset & (FINE_US - 1);
        chains.append(to, word0, pool[at + 1], pool[at + 2]);
      }
      const next = pool[chunk];
      chains.freeChunk(chunk);
      if (chunk === last) return;
      chunk = next;
    }
  }

  function openNext(): void {
    window.release();
    for (;;) {
      if (counts[OCCUPIED + INSTANTS] !== 0) {
        openInstant();
        return;
      }
      clock[INSTANTS_FROM] = -1;
      if (counts[OCCUPIED + FINE] !== 0) {
        if (openFine()) return;
      } else if (counts[OCCUPIED + NEAR] !== 0) {
        if (openNear()) return;
      } else {
        skipGap();
      }
    }
  }

  function openInstant(): void {
    const slot = chains.nextOccupied(0, FINE_US, 0);
    clock[WINDOW_BASE] = clock[NEXT] - NEAR_US;
    // What is scheduled for this same instant comes behind what is in the slot.
    clock[WINDOW_END] = clock[INSTANTS_FROM] + slot;
    counts[WINDOW_LEVEL] = INSTANTS;
    window.loadFront(slot);
  }

  /** Opens the earliest fine bucket, or splits it into instants and returns false. */
  function openFine(): boolean {
    const slot = FINE_SLOT + chains.nextOccupied(FINE_SLOT, LEVELS[FINE].slots, 0);
    const startUs = clock[NEXT] - NEAR_US + (slot - FINE_SLOT) * FINE_US;
    clock[WINDOW_BASE] = clock[NEXT] - NEAR_US;
    if (window.load(slot)) {
      counts[WINDOW_LEVEL] = FINE;
      clock[WINDOW_END] = startUs + FINE_US;
      return true;
    }
    clock[INSTANTS_FROM] = startUs;
    split(slot, INSTANTS);
    return false;
  }

  /** Opens the earliest near bucket and, while there are few events, those behind it; or splits it, when it is crowded, and returns false. */
  function openNear(): boolean {
    const startUs = earliestBucket(NEAR, clock[NEXT]);
    clock[NEXT] = startUs;
    reachNear();
    clock[WINDOW_BASE] = startUs;
    const first = (startUs >>> OFFSET_BITS) & NEAR_MASK;
    const buckets = chains.isLonger(NEAR_SLOT + first, CROWDED_CHUNKS) ? 0 : window.loadNear(first);
    if (buckets === 0) {
      clock[NEXT] = startUs + NEAR_US;
      split(NEAR_SLOT + first, FINE);
      return false;
    }
    counts[WINDOW_LEVEL] = NEAR;
    clock[NEXT] = startUs + buckets * NEAR_US;
    clock[WINDOW_END] = clock[NEXT];
    return true;
  }

  function refine(nowUs: number): void {
    if (counts[WINDOW_LEVEL] === NEAR) {
      clock[WINDOW_END] = floorTo(nowUs, NEAR_US);
      clock[NEXT] = clock[WINDOW_END] + NEAR_US;
      counts[WINDOW_LEVEL] = FINE;
    } else {
      clock[WINDOW_END] -= FINE_US;
      clock[INSTANTS_FROM] = clock[WINDOW_END];
      counts[WINDOW_LEVEL] = INSTANTS;
    }
  }

  function visitSlots(visit: (slot: number, startUs: number) => boolean): boolean {
    const crowdedUs = clock[NEXT] - NEAR_US;
    const starts = [
      clock[INSTANTS_FROM],
      crowdedUs,
      clock[NEXT],
      clock[NEAR_END],
      clock[HOURS_END],
      clock[DAYS_END],
    ];
    for (let level = INSTANTS; level <= YEARS; level++) {
      const { firstSlot, slots, widthUs } = LEVELS[level];
      const left = counts[OCCUPIED + level];
      let fromUs = starts[level];
      for (let i = 0; i < left; i++) {
        // The fine levels begin at slot 0, whatever the time is.
        const start =
          level <= FINE
            ? Math.floor((fromUs - starts[level]) / widthUs)
            : Math.floor(fromUs / widthUs) % slots;
        const slot = chains.nextOccupied(firstSlot, slots, start);
        fromUs += ((slot - start + slots) % slots) * widthUs;
        if (visit(firstSlot + slot, fromUs)) return true;
        fromUs += widthUs;
      }
    }
    return false;
  }

  function timeOf(slot: number, startUs: number, at: number): number {
    const offset = pool[at] >>> OFFSET_SHIFT;
    const bucket = Math.floor(startUs / NEAR_US);
    if (slot < HOURS_SLOT) return bucket * NEAR_US + offset;
    return (bucket + ((pool[at + 3] - bucket) >>> 0)) * NEAR_US + offset;
  }

  return { startAt, insert, openNext, refine, visitSlots, timeOf };
}
