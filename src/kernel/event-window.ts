import { CHUNK_WORDS, type EventChains, NEAR_FIRST, NEAR_STRIDE } from './event-chains.ts';
import { OFFSET_BITS, OFFSET_MASK, OFFSET_SHIFT } from './event-record.ts';
import { WINDOW_AT, WINDOW_COUNT } from './event-state.ts';

/**
 * The window: the events of the bucket, or the few buckets, whose time has come, gathered from their chains and sorted.
 *
 * Event i has its words at `windowWords[3 * i]`. `windowKeys` holds offset << 15 | i in rising order, where the offset counts from
 * WINDOW_BASE. Chains are in the order of arrival and the sort is stable, so no number of arrival is stored.
 */
export interface EventWindowColumns {
  readonly counts: Int32Array;
  readonly pool: Uint32Array;
  readonly heads: Int32Array;
  readonly tails: Int32Array;
  readonly windowKeys: Uint32Array;
  readonly windowWords: Uint32Array;
}

export const INDEX_BITS = 15;
export const INDEX_MASK = (1 << INDEX_BITS) - 1;
/** Most events in a window. */
export const WINDOW_EVENTS = 1 << INDEX_BITS;
/** Most near buckets in a window: what the bits of a key leave. */
export const WINDOW_BUCKETS = 1 << (32 - INDEX_BITS - OFFSET_BITS);

const INSERTION_MAX = 32;
const DIGIT_BITS = OFFSET_BITS / 2;
const DIGITS = 1 << DIGIT_BITS;
const DIGIT_MASK = DIGITS - 1;

export interface EventWindow {
  /**
   * Moves a slot's events into the window, behind those that are there, sorted by offset. `bucket` counts near buckets from
   * WINDOW_BASE. Returns false, and does nothing, when they are too many.
   */
  load(slot: number, bucket: number): boolean;
  /** Moves as many of a slot's first events as there is room for into the empty window. They all have the same time. */
  loadFront(slot: number): void;
}

export function createEventWindow(columns: EventWindowColumns, chains: EventChains): EventWindow {
  const { counts, pool, heads, tails, windowKeys, windowWords } = columns;
  const room = windowKeys.length;
  const scratch = new Uint32Array(room);
  const lowEnds = new Int32Array(DIGITS);
  const highEnds = new Int32Array(DIGITS);

  /** Copies the records of one chunk. Returns the new number of events in the window. */
  function gather(from: number, end: number, count: number, bucket: number): number {
    for (let at = from; at < end; at += NEAR_STRIDE) {
      const word0 = pool[at]!;
      windowWords[3 * count] = word0;
      windowWords[3 * count + 1] = pool[at + 1]!;
      windowWords[3 * count + 2] = pool[at + 2]!;
      windowKeys[count] =
        ((((bucket << OFFSET_BITS) | (word0 >>> OFFSET_SHIFT)) << INDEX_BITS) | count) >>> 0;
      count++;
    }
    return count;
  }

  function insertionSort(from: number, to: number): void {
    for (let i = from + 1; i < to; i++) {
      const key = windowKeys[i]!;
      let j = i - 1;
      while (j >= from && windowKeys[j]! > key) {
        windowKeys[j + 1] = windowKeys[j]!;
        j--;
      }
      windowKeys[j + 1] = key;
    }
  }

  /** Two stable passes over the two halves of the offset, least significant first. */
  function radixSort(from: number, to: number): void {
    lowEnds.fill(0);
    highEnds.fill(0);
    for (let i = from; i < to; i++) {
      const offset = (windowKeys[i]! >>> INDEX_BITS) & OFFSET_MASK;
      lowEnds[offset & DIGIT_MASK]!++;
      highEnds[offset >>> DIGIT_BITS]!++;
    }
    let low = 0;
    let high = from;
    for (let d = 0; d < DIGITS; d++) {
      const lowCount = lowEnds[d]!;
      const highCount = highEnds[d]!;
      lowEnds[d] = low;
      highEnds[d] = high;
      low += lowCount;
      high += highCount;
    }
    for (let i = from; i < to; i++) {
      const key = windowKeys[i]!;
      scratch[lowEnds[(key >>> INDEX_BITS) & DIGIT_MASK]!++] = key;
    }
    for (let i = 0; i < to - from; i++) {
      const key = scratch[i]!;
      windowKeys[highEnds[(key >>> (INDEX_BITS + DIGIT_BITS)) & DIGIT_MASK]!++] = key;
    }
  }

  function load(slot: number, bucket: number): boolean {
    const tail = tails[slot]!;
    const last = (tail - 1) & -CHUNK_WORDS;
    const before = counts[WINDOW_COUNT]!;
    let count = before;
    let chunk = heads[slot]!;
    for (; chunk !== last; chunk = pool[chunk]!) {
      if (count + CHUNK_WORDS / NEAR_STRIDE > room) return false;
      count = gather(chunk + NEAR_FIRST, chunk + CHUNK_WORDS, count, bucket);
    }
    if (count + CHUNK_WORDS / NEAR_STRIDE > room) return false;
    count = gather(chunk + NEAR_FIRST, tail, count, bucket);
    counts[WINDOW_COUNT] = count;
    chains.freeChunks(chains.detach(slot), last);
    if (count - before <= INSERTION_MAX) insertionSort(before, count);
    else radixSort(before, count);
    return true;
  }

  function loadFront(slot: number): void {
    const tail = tails[slot]!;
    const last = (tail - 1) & -CHUNK_WORDS;
    let count = 0;
    let chunk = heads[slot]!;
    while (chunk !== last && count + CHUNK_WORDS / NEAR_STRIDE <= room) {
      count = gather(chunk + NEAR_FIRST, chunk + CHUNK_WORDS, count, 0);
      const next = pool[chunk]!;
      chains.freeChunk(chunk);
      chunk = next;
    }
    if (chunk === last && count + CHUNK_WORDS / NEAR_STRIDE <= room) {
      count = gather(chunk + NEAR_FIRST, tail, count, 0);
      chains.detach(slot);
      chains.freeChunk(chunk);
    } else {
      heads[slot] = chunk;
    }
    counts[WINDOW_AT] = 0;
    counts[WINDOW_COUNT] = count;
  }

  return { load, loadFront };
}
