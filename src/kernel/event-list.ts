/**
 * The future event list: what will happen, in exact (time, sequence) order.
 *
 * Few events lie in a heap. Many lie in a wheel of unsorted buckets; the bucket whose time has come is sorted into the window, and what is
 * scheduled for the window's own span goes to the heap. So the next event is the window's first or the heap's first, and at equal times
 * the window's, which was scheduled earlier.
 *
 * The world's bytes depend on what was scheduled, cancelled and handled, and not on how the run was cut into calls of `run`: whatever is
 * moved is moved on the way to an event that is about to be handled.
 *
 * To be read in this order:
 *   event-record.ts    how an event is packed into words
 *   event-state.ts     the scalars of the list, all in two columns
 *   event-columns.ts   its memory
 *   event-heap.ts      a heap: all that a short list needs
 *   event-levels.ts    how time is cut into buckets, fine near by and coarse far off
 *   event-chains.ts    what a bucket holds: chunks of records, one after the other
 *   event-window.ts    the bucket whose time has come, sorted
 *   event-wheel.ts     all buckets, and how events come down from the far ones to the window
 *   event-list.ts      this file: heap, window and wheel as one list, with timers
 *   event-ahead.ts     reads the memory of the next events before they are handled
 *
 * `schedule` and `run` have constants of the other files as numbers again (the compiler holds the indices to be the same, the tests the rest):
 * read through an import they made an event a third slower.
 */

import { CAPACITY_SETTINGS, CapacityError } from '../base/errors.ts';
import { createLookAhead, type EventReader } from './event-ahead.ts';
import { createEventChains } from './event-chains.ts';
import { type EventListGroup, HEAP_MOST, staleRoom } from './event-columns.ts';
import { createEventHeap } from './event-heap.ts';
import { MAX_C, MAX_KIND, TIMER_BIT, WHAT_MASK, whatWord } from './event-record.ts';
import type * as state from './event-state.ts';
import {
  HEAP_LIMIT,
  HEAP_SIZE,
  LIVE,
  NEXT,
  NOW,
  OPENED_BEFORE,
  STALE,
  WINDOW_AT,
  WINDOW_BASE,
  WINDOW_COUNT,
  WINDOW_END,
} from './event-state.ts';
import { createEventVisitor, type EventVisitor } from './event-visitor.ts';
import { createEventWheel } from './event-wheel.ts';
import { addressOf, createEventWindow, PLACE_BITS } from './event-window.ts';
import { openColumns, type World } from './world.ts';

export type { EventReader } from './event-ahead.ts';
export {
  type EventListColumns,
  type EventListGroup,
  type EventListSizes,
  eventListColumns,
} from './event-columns.ts';
export { MAX_C, MAX_KIND } from './event-record.ts';

/** Handles one event. True: the loop stops after it. */
export type EventHandler = (timeUs: number, kind: number, a: number, b: number, c: number) => boolean;

/** The future event list of a world. */
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
  run(limitUs: number, maxEvents: number, handle: EventHandler, readAhead?: EventReader): number;
  nowUs(): number;
  /** Events waiting, cancelled ones that are not swept yet included. */
  pending(): number;
  /** How many more events can be scheduled. */
  room(): number;
  /** Time of the earliest live event, or Infinity. Changes nothing. */
  nextTimeUs(): number;
  /** Tells of every live event, in no order. Changes nothing. */
  visit(visitor: EventVisitor): void;
}

/** A heap that holds all events spreads them over the wheel when there would be more than this, */
const FEW_MOST = 128;
/** and the wheel's events are collected in the heap when no more than this are left. */
const FEW_AGAIN = 32;

/** Opens the event list of a world whose columns `eventListColumns` made. */
export function openEventList(world: World, group: EventListGroup): EventList {
  const opened = openColumns(world, group);
  const { clock, counts, heapTime, heapWords, windowKeys, windowChunks, pool, tails, timers } = opened;
  const { maxPending, timers: timerCount } = group.sizes;
  const maxStale = staleRoom(group.sizes);
  const hasWheel = windowKeys.length > 0;
  const heap = createEventHeap(opened);
  const chains = createEventChains(opened);
  const window = createEventWindow(opened, chains);
  const wheel = createEventWheel(opened, chains, window);
  const lookAhead = createLookAhead(opened);

  const inHeapOnly = (): boolean => clock[WINDOW_END] === Infinity;

  function collectInHeap(): void {
    clock[WINDOW_END] = Infinity;
    clock[NEXT] = Infinity;
    counts[HEAP_LIMIT] = hasWheel ? FEW_MOST : heapTime.length;
  }

  function initialise(): void {
    if (counts[OPENED_BEFORE] === 1) return;
    counts[OPENED_BEFORE] = 1;
    collectInHeap();
  }
  initialise();
  world.reloaders.push(initialise);

  /** Throws unless an event with these arguments can be added beside `others` live ones. */
  function check(timeUs: number, kind: number, c: number, others: number): void {
    if (!Number.isSafeInteger(timeUs) || timeUs < clock[NOW]) {
      throw new RangeError(
        `an event needs a time in whole microseconds, not before ${clock[NOW]}; this one has ${timeUs}`,
      );
    }
    if (kind >>> 0 !== kind || kind > MAX_KIND || c >>> 0 !== c || c > MAX_C) {
      throw new RangeError(
        `an event needs kind 0..${MAX_KIND} and c 0..${MAX_C}; this one has ${kind} and ${c}`,
      );
    }
    if (others >= maxPending) throw new CapacityError('events', maxPending, CAPACITY_SETTINGS.underWay);
  }

  function checkTimer(timer: number): void {
    if (timer >>> 0 !== timer || timer >= timerCount) {
      throw new RangeError(`timers are numbered 0..${timerCount - 1}; there is no timer ${timer}`);
    }
  }

  // A timer's generation is odd while it is armed; a record of it is live when its generation is the timer's.
  const isLive = (word0: number, word1: number, word2: number): boolean =>
    (word0 & TIMER_BIT) === 0 || timers[2 * word1] === word2;

  function add(timeUs: number, what: number, word1: number, word2: number): void {
    counts[LIVE]++;
    if (timeUs < clock[WINDOW_END]) {
      if (counts[HEAP_SIZE] < counts[HEAP_LIMIT]) {
        heap.push(timeUs, what, word1, word2);
        return;
      }
      spread();
    }
    wheel.insert(timeUs, what, word1, word2);
  }

  /** Makes the window smaller, and spreads what was in it and in the heap over the wheel. */
  function spread(): void {
    if (inHeapOnly()) wheel.startAt(clock[NOW]);
    else wheel.refine(clock[NOW]);
    counts[HEAP_LIMIT] = HEAP_MOST;
    let at = counts[WINDOW_AT];
    const count = counts[WINDOW_COUNT];
    while (at < count || counts[HEAP_SIZE] > 0) {
      const windowUs = at < count ? clock[WINDOW_BASE] + (windowKeys[at] >>> PLACE_BITS) : Infinity;
      if (counts[HEAP_SIZE] > 0 && heapTime[0] < windowUs) {
        wheel.insert(heapTime[0], heapWords[0], heapWords[1], heapWords[2]);
        heap.pop();
      } else {
        const i = addressOf(windowKeys[at++], windowChunks);
        wheel.insert(windowUs, pool[i] & WHAT_MASK, pool[i + 1], pool[i + 2]);
      }
    }
    window.release();
  }

  /** Brings the earliest events of the wheel into the empty window, or all of them into the heap when they are few. */
  function refill(): void {
    if (counts[LIVE] + counts[STALE] > FEW_AGAIN) {
      wheel.openNext();
      return;
    }
    window.release();
    wheel.visitSlots((slot, startUs) => {
      chains.visit(slot, (at) => {
        heap.push(wheel.timeOf(slot, startUs, at), pool[at] & WHAT_MASK, pool[at + 1], pool[at + 2]);
        return false;
      });
      chains.clear(slot);
      return false;
    });
    collectInHeap();
  }

  /** Whether the wheel holds a live event at or before a time. */
  function wheelReaches(limitUs: number): boolean {
    let reaches = false;
    wheel.visitSlots((slot, startUs) => {
      if (startUs > limitUs) return true;
      reaches = chains.visit(
        slot,
        (at) => isLive(pool[at], pool[at + 1], pool[at + 2]) && wheel.timeOf(slot, startUs, at) <= limitUs,
      );
      return reaches;
    });
    return reaches;
  }

  function sweep(): void {
    heap.filter(isLive);
    let kept = counts[WINDOW_AT];
    for (let at = kept; at < counts[WINDOW_COUNT]; at++) {
      const key = windowKeys[at];
      const i = addressOf(key, windowChunks);
      if (isLive(pool[i], pool[i + 1], pool[i + 2])) windowKeys[kept++] = key;
    }
    counts[WINDOW_COUNT] = kept;
    wheel.visitSlots((slot) => {
      chains.filter(slot, isLive);
      return false;
    });
    counts[STALE] = 0;
  }

  function schedule(timeUs: number, kind: number, a: number, b: number, c: number): void {
    const NOW: typeof state.NOW = 0;
    const NEXT: typeof state.NEXT = 4;
    const NEAR_END: typeof state.NEAR_END = 6;
    const WINDOW_END: typeof state.WINDOW_END = 2;
    const INSTANTS_FROM: typeof state.INSTANTS_FROM = 5;
    const LIVE: typeof state.LIVE = 1;
    const live = counts[LIVE];
    const isNear = timeUs >= clock[NEXT];
    if (
      timeUs < clock[NEAR_END] &&
      (isNear || (timeUs >= clock[WINDOW_END] && clock[INSTANTS_FROM] < 0)) &&
      timeUs >= clock[NOW] &&
      Math.floor(timeUs) === timeUs &&
      ((kind >>> 6) | (c >>> 13)) === 0 &&
      live < maxPending
    ) {
      // As `add` does for most events, in line.
      const slot = isNear ? 128 + ((timeUs >>> 12) & 8191) : 64 + ((timeUs & 4095) >>> 6);
      let at = tails[slot];
      if ((at & 63) === 0) at = chains.extend(slot, at) + 1;
      pool[at] = (timeUs << 20) | (kind << 13) | c;
      pool[at + 1] = a;
      pool[at + 2] = b;
      tails[slot] = at + 3;
      counts[LIVE] = live + 1;
      return;
    }
    check(timeUs, kind, c, live);
    add(timeUs, (kind << 13) | c, a, b);
  }

  function arm(timer: number, timeUs: number, kind: number, b: number, c: number): void {
    checkTimer(timer);
    check(timeUs, kind, c, counts[LIVE] - (timers[2 * timer] & 1));
    disarm(timer);
    timers[2 * timer]++;
    timers[2 * timer + 1] = b;
    add(timeUs, TIMER_BIT | whatWord(kind, c), timer, timers[2 * timer]);
  }

  function disarm(timer: number): void {
    if ((timers[2 * timer] & 1) === 0) return;
    timers[2 * timer]++;
    counts[LIVE]--;
    counts[STALE]++;
    if (counts[STALE] > maxStale) sweep();
  }

  function cancel(timer: number): void {
    checkTimer(timer);
    disarm(timer);
  }

  function isArmed(timer: number): boolean {
    checkTimer(timer);
    return (timers[2 * timer] & 1) === 1;
  }

  /** Time of the earliest live event in the window and the heap, or Infinity. */
  function nextInHand(): number {
    let next = Infinity;
    for (let at = counts[WINDOW_AT]; at < counts[WINDOW_COUNT]; at++) {
      const key = windowKeys[at];
      const i = addressOf(key, windowChunks);
      if (isLive(pool[i], pool[i + 1], pool[i + 2])) {
        next = clock[WINDOW_BASE] + (key >>> PLACE_BITS);
        break;
      }
    }
    const size = counts[HEAP_SIZE];
    for (let i = 0; i < size; i++) {
      if (heapTime[i] < next && isLive(heapWords[3 * i], heapWords[3 * i + 1], heapWords[3 * i + 2])) {
        next = heapTime[i];
        if (i === 0) break;
      }
    }
    return next;
  }

  function nextTimeUs(): number {
    let next = nextInHand();
    if (next < Infinity) return next;
    wheel.visitSlots((slot, startUs) => {
      chains.visit(slot, (at) => {
        if (isLive(pool[at], pool[at + 1], pool[at + 2]))
          next = Math.min(next, wheel.timeOf(slot, startUs, at));
        return false;
      });
      return next < Infinity;
    });
    return next;
  }

  function run(limitUs: number, maxEvents: number, handle: EventHandler, readAhead?: EventReader): number {
    const NOW: typeof state.NOW = 0;
    const WINDOW_BASE: typeof state.WINDOW_BASE = 3;
    const LIVE: typeof state.LIVE = 1;
    const STALE: typeof state.STALE = 2;
    const HEAP_SIZE: typeof state.HEAP_SIZE = 3;
    const WINDOW_AT: typeof state.WINDOW_AT = 5;
    const WINDOW_COUNT: typeof state.WINDOW_COUNT = 6;
    let handled = 0;
    // A live event at or before the limit is certain to come: then whatever leads to it may be changed.
    let certain = false;
    let readTo = readAhead === undefined ? Infinity : 0;
    while (handled < maxEvents) {
      const at = counts[WINDOW_AT];
      const inHeap = counts[HEAP_SIZE] !== 0;
      let timeUs: number;
      let word0: number;
      let word1: number;
      let word2: number;
      let fromHeap = false;
      if (at < counts[WINDOW_COUNT]) {
        if (at >= readTo) readTo = lookAhead(at, readAhead!);
        const key = windowKeys[at];
        timeUs = clock[WINDOW_BASE] + (key >>> 15);
        if (inHeap && heapTime[0] < timeUs) {
          fromHeap = true;
          timeUs = heapTime[0];
          word0 = heapWords[0];
          word1 = heapWords[1];
          word2 = heapWords[2];
        } else {
          const i = windowChunks[(key >>> 5) & 1023] + 1 + 3 * (key & 31);
          word0 = pool[i];
          word1 = pool[i + 1];
          word2 = pool[i + 2];
        }
      } else if (inHeap) {
        fromHeap = true;
        timeUs = heapTime[0];
        word0 = heapWords[0];
        word1 = heapWords[1];
        word2 = heapWords[2];
      } else {
        if (!certain && !wheelReaches(limitUs)) break;
        certain = true;
        refill();
        if (readAhead !== undefined) readTo = 0;
        continue;
      }
      if (timeUs > limitUs) break;
      if ((word0 & 0x80000) !== 0) {
        if (timers[2 * word1] !== word2) {
          if (!certain) {
            const nextUs = nextTimeUs();
            if (nextUs > limitUs || nextUs === Infinity) break;
            certain = true;
          }
          if (fromHeap) heap.pop();
          else counts[WINDOW_AT] = at + 1;
          counts[STALE]--;
          continue;
        }
        timers[2 * word1]++;
        word2 = timers[2 * word1 + 1];
      }
      if (fromHeap) heap.pop();
      else counts[WINDOW_AT] = at + 1;
      counts[LIVE]--;
      clock[NOW] = timeUs;
      handled++;
      certain = false;
      if (handle(timeUs, (word0 >>> 13) & 63, word1, word2, word0 & 8191)) break;
    }
    if (limitUs > clock[NOW] && limitUs < Infinity && nextTimeUs() > limitUs) clock[NOW] = limitUs;
    return handled;
  }

  return {
    schedule,
    arm,
    cancel,
    isArmed,
    run,
    nowUs: () => clock[NOW],
    pending: () => counts[LIVE] + counts[STALE],
    room: () => maxPending - counts[LIVE],
    nextTimeUs,
    visit: createEventVisitor(opened, chains, wheel, isLive),
  };
}
