import { type Column, type ColumnGroup, columns, f64, i32, u32 } from '../base/columns.ts';
import { CapacityError } from '../base/errors.ts';
import { createEventHeap } from './event-heap.ts';
import { C_BITS, C_MASK, KIND_MASK, TIMER_BIT } from './event-record.ts';
import { CLOCK_LENGTH, COUNTS_LENGTH, HEAP_SIZE, NOW, RECORDS, STALE } from './event-state.ts';
import { openColumns, type World } from './world.ts';

/** The future event list: what will happen, in exact (time, sequence) order. */

/** Kinds are small: six bits of a record. */
export const MAX_KIND = KIND_MASK;
/** The operand `c` has thirteen bits, `a` and `b` have thirty-two. */
export const MAX_C = C_MASK;

/** Handles one event. Returns true to stop the loop after this event. */
export type EventHandler = (timeUs: number, kind: number, a: number, b: number, c: number) => boolean;

export interface EventList {
  /**
   * Adds an event. `timeUs` is a whole number of microseconds, not before `nowUs()`. Throws CapacityError when full, RangeError
   * when an argument is out of range; then nothing is written.
   */
  schedule(timeUs: number, kind: number, a: number, b: number, c: number): void;
  /**
   * Adds an event that `cancel(timer)` or a later `arm(timer)` takes back. It arrives as (kind, timer, b, c). Throws as
   * `schedule` does.
   */
  arm(timer: number, timeUs: number, kind: number, b: number, c: number): void;
  /** Takes back what is armed for this timer, if anything: O(1). */
  cancel(timer: number): void;
  isArmed(timer: number): boolean;
  /**
   * Handles events in order while their time is at most `limitUs`, at most `maxEvents` of them, until a handler returns true.
   * Afterwards the clock is at `limitUs` if no event at or before it is left, else at the last event handled. (A limit of
   * Infinity leaves the clock at the last event.)
   * Returns how many were handled (events that were cancelled do not count).
   */
  run(limitUs: number, maxEvents: number, handle: EventHandler): number;
  nowUs(): number;
  /** Events waiting, cancelled ones that are not swept yet included. */
  pending(): number;
  /** Time of the earliest live event, or Infinity. Changes nothing. */
  nextTimeUs(): number;
}

export interface EventListSizes {
  /** Most events pending at one time. */
  readonly maxPending: number;
  /** Timers are numbered 0 .. timers - 1. */
  readonly timers: number;
}

export type EventListColumns = {
  clock: Column<'f64'>;
  counts: Column<'i32'>;
  heapTime: Column<'f64'>;
  heapArrival: Column<'f64'>;
  heapWords: Column<'u32'>;
  timers: Column<'u32'>;
};

export interface EventListGroup extends ColumnGroup<EventListColumns> {
  readonly sizes: EventListSizes;
}

/** The setting that makes the event list larger. */
const CAPACITY_SETTING = 'limits.pendingEvents';

/** How many cancelled records may wait beside the live ones; one more, and all are swept: a sweep moves at most nine records a cancellation. */
const staleRoom = (sizes: EventListSizes): number =>
  sizes.timers > 0 ? Math.max(64, sizes.maxPending >> 3) : 0;

/** The columns of an event list, to be given to `createWorld`. Throws RangeError for sizes that are no whole numbers. */
export function eventListColumns(sizes: EventListSizes): EventListGroup {
  const records = sizes.maxPending + staleRoom(sizes);
  const group = columns('events', {
    clock: f64(CLOCK_LENGTH),
    counts: i32(COUNTS_LENGTH),
    heapTime: f64(records),
    heapArrival: f64(records),
    heapWords: u32(3 * records),
    timers: u32(2 * sizes.timers),
  });
  return { ...group, sizes };
}

/** Opens the event list of a world, or of a fork of it, whose columns `eventListColumns` made. */
export function openEventList(world: World, group: EventListGroup): EventList {
  const opened = openColumns(world, group);
  const { clock, counts, timers, heapTime, heapWords } = opened;
  const heap = createEventHeap(opened);
  const { maxPending, timers: timerCount } = group.sizes;
  const maxStale = staleRoom(group.sizes);

  /** Throws unless an event with these arguments can be added beside `others` live ones. */
  function check(timeUs: number, kind: number, c: number, others: number): void {
    if (!Number.isSafeInteger(timeUs) || timeUs < clock[NOW]!) {
      throw new RangeError(
        `an event needs a time in whole microseconds, not before ${clock[NOW]}; this one has ${timeUs}`,
      );
    }
    if (kind >>> 0 !== kind || kind > MAX_KIND || c >>> 0 !== c || c > MAX_C) {
      throw new RangeError(
        `an event needs kind 0..${MAX_KIND} and c 0..${MAX_C}; this one has ${kind} and ${c}`,
      );
    }
    if (others >= maxPending) {
      throw new CapacityError('events', maxPending, CAPACITY_SETTING);
    }
  }

  function checkTimer(timer: number): void {
    if (timer >>> 0 !== timer || timer >= timerCount) {
      throw new RangeError(`timers are numbered 0..${timerCount - 1}; there is no timer ${timer}`);
    }
  }

  const isStale = (word0: number, timer: number, generation: number): boolean =>
    (word0 & TIMER_BIT) !== 0 && timers[2 * timer] !== generation;

  const isLive = (word0: number, word1: number, word2: number): boolean => !isStale(word0, word1, word2);

  function sweep(): void {
    heap.filter(isLive);
    counts[RECORDS] = counts[HEAP_SIZE]!;
    counts[STALE] = 0;
  }

  function schedule(timeUs: number, kind: number, a: number, b: number, c: number): void {
    check(timeUs, kind, c, counts[RECORDS]! - counts[STALE]!);
    counts[RECORDS]!++;
    heap.push(timeUs, (kind << C_BITS) | c, a, b);
  }

  // A timer's generation is odd while it is armed: a record is live when its generation is the timer's.
  function arm(timer: number, timeUs: number, kind: number, b: number, c: number): void {
    checkTimer(timer);
    check(timeUs, kind, c, counts[RECORDS]! - counts[STALE]! - (timers[2 * timer]! & 1));
    cancel(timer);
    const generation = (timers[2 * timer]! + 1) >>> 0;
    timers[2 * timer] = generation;
    timers[2 * timer + 1] = b;
    counts[RECORDS]!++;
    heap.push(timeUs, TIMER_BIT | (kind << C_BITS) | c, timer, generation);
  }

  function cancel(timer: number): void {
    checkTimer(timer);
    if ((timers[2 * timer]! & 1) === 0) return;
    timers[2 * timer]!++;
    counts[STALE]!++;
    if (counts[STALE]! > maxStale) sweep();
  }

  function isArmed(timer: number): boolean {
    checkTimer(timer);
    return (timers[2 * timer]! & 1) === 1;
  }

  function nextTimeUs(): number {
    if (counts[HEAP_SIZE] !== 0 && isLive(heapWords[0]!, heapWords[1]!, heapWords[2]!)) return heapTime[0]!;
    let next = Infinity;
    for (let i = 0; i < counts[HEAP_SIZE]!; i++) {
      if (heapTime[i]! < next && isLive(heapWords[3 * i]!, heapWords[3 * i + 1]!, heapWords[3 * i + 2]!)) {
        next = heapTime[i]!;
      }
    }
    return next;
  }

  function run(limitUs: number, maxEvents: number, handle: EventHandler): number {
    let handled = 0;
    while (handled < maxEvents && counts[HEAP_SIZE]! > 0) {
      const timeUs = heapTime[0]!;
      if (timeUs > limitUs) break;
      const word0 = heapWords[0]!;
      const word1 = heapWords[1]!;
      let word2 = heapWords[2]!;
      if (isStale(word0, word1, word2)) {
        // Only on the way to a live event: the world's bytes do not depend on how a run is cut into pieces.
        if (nextTimeUs() > limitUs) break;
        heap.pop();
        counts[RECORDS]!--;
        counts[STALE]!--;
        continue;
      }
      heap.pop();
      counts[RECORDS]!--;
      if ((word0 & TIMER_BIT) !== 0) {
        timers[2 * word1]!++;
        word2 = timers[2 * word1 + 1]!;
      }
      clock[NOW] = timeUs;
      handled++;
      if (handle(timeUs, (word0 >>> C_BITS) & KIND_MASK, word1, word2, word0 & C_MASK)) break;
    }
    if (limitUs > clock[NOW]! && limitUs < Infinity && nextTimeUs() > limitUs) clock[NOW] = limitUs;
    return handled;
  }

  return {
    schedule,
    arm,
    cancel,
    isArmed,
    run,
    nowUs: () => clock[NOW]!,
    pending: () => counts[RECORDS]!,
    nextTimeUs,
  };
}
