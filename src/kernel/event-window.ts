import { CHUNK_WORDS, type EventChains, NEAR_FIRST, NEAR_STRIDE } from './event-chains.ts';
import { NEAR_MASK, NEAR_SLOT } from './event-levels.ts';
import { OFFSET_BITS, OFFSET_SHIFT } from './event-record.ts';
import { WINDOW_AT, WINDOW_CHUNKS, WINDOW_COUNT } from './event-state.ts';

/**
 * The window: the events of the bucket, or the few buckets, whose time has come, sorted.
 *
 * The records stay in their chunks, which the window keeps: `windowChunks` has their addresses in the order of arrival. What is sorted are
 * `windowKeys`: offset 17 bits | chunk 10 bits | record of the chunk 5 bits. The offset counts microseconds from WINDOW_BASE. The rest of a
 * key rises with the arrival, so keys are unique, the order of keys is the order of events, and no number of arrival is stored.
 */
export interface EventWindowColumns {
  readonly counts: Int32Array;
  readonly pool: Uint32Array;
  readonly heads: Int32Array;
  readonly tails: Int32Array;
  readonly windowKeys: Uint32Array;
  readonly windowChunks: Int32Array;
}

const RECORD_BITS = 5;
const RECORD_MASK = (1 << RECORD_BITS) - 1;
const CHUNK_INDEX_BITS = 10;
export const PLACE_BITS = CHUNK_INDEX_BITS + RECORD_BITS;
const CHUNK_INDEX_MASK = (1 << CHUNK_INDEX_BITS) - 1;
/** Most chunks and most events in a window. */
export const WINDOW_CHUNK_ROOM = 1 << CHUNK_INDEX_BITS;
export const WINDOW_EVENT_ROOM = WINDOW_CHUNK_ROOM * Math.floor(CHUNK_WORDS / NEAR_STRIDE);
/** Most near buckets in a window: what the bits of a key leave. */
const WINDOW_BUCKETS = 1 << (32 - PLACE_BITS - OFFSET_BITS);
/** A window with fewer events takes in the next bucket too. */
const WINDOW_ENOUGH = 32;

/** Word address of the record that a key names. */
export const addressOf = (key: number, windowChunks: Int32Array): number =>
  windowChunks[(key >>> RECORD_BITS) & CHUNK_INDEX_MASK] + NEAR_FIRST + NEAR_STRIDE * (key & RECORD_MASK);

const DIGIT_BITS = OFFSET_BITS / 2;
const DIGITS = 1 << DIGIT_BITS;
const DIGIT_MASK = DIGITS - 1;

export interface EventWindow {
  /** Gives the chunks of a window that is used up, or was given up, back to the pool. */
  release(): void;
  /** Takes all events out of a slot into the empty window. Returns false, and does nothing, when they are too many. */
  load(slot: number): boolean;
  /** As `load` for the slot of a near bucket; while there are few events, those behind it too. Returns the number of buckets. */
  loadNear(bucket: number): number;
  /** Takes as many of a slot's first events as there is room for into the empty window. They all have the same time. */
  loadFront(slot: number): void;
}

export function createEventWindow(columns: EventWindowColumns, chains: EventChains): EventWindow {
  const { counts, pool, heads, tails, windowKeys, windowChunks } = columns;
  // No state: used within one call.
  const scratch = new Uint32Array(windowKeys.length);
  const lowEnds = new Int32Array(DIGITS);
  const highEnds = new Int32Array(DIGITS);

  function release(): void {
    const chunks = counts[WINDOW_CHUNKS];
    if (chunks > 0) chains.freeChunks(windowChunks[0], windowChunks[chunks - 1]);
    counts[WINDOW_CHUNKS] = 0;
    counts[WINDOW_AT] = 0;
    counts[WINDOW_COUNT] = 0;
  }

  /** Sorts the records of one chunk in among the keys from `from` on, `count` being the first free place. */
  function insertChunk(chunk: number, end: number, base: number, from: number, count: number): number {
    for (let at = chunk + NEAR_FIRST, place = base; at < end; at += NEAR_STRIDE, place++) {
      const key = (((pool[at] >>> OFFSET_SHIFT) << PLACE_BITS) + place) >>> 0;
      let i = count++ - 1;
      while (i >= from && windowKeys[i] > key) {
        windowKeys[i + 1] = windowKeys[i];
        i--;
      }
      windowKeys[i + 1] = key;
    }
    return count;
  }

  /** Notes the keys of one chunk, unsorted, and counts their digits. */
  function noteChunk(chunk: number, end: number, base: number, count: number): number {
    for (let at = chunk + NEAR_FIRST, place = base; at < end; at += NEAR_STRIDE, place++) {
      const offset = pool[at] >>> OFFSET_SHIFT;
      windowKeys[count++] = ((offset << PLACE_BITS) + place) >>> 0;
      lowEnds[offset & DIGIT_MASK]++;
      highEnds[offset >>> DIGIT_BITS]++;
    }
    return count;
  }

  /** Two stable passes over the two halves of the offset, the lesser half first; their digits have been counted. */
  function radixSort(from: number, to: number): void {
    let low = 0;
    let high = from;
    for (let d = 0; d < DIGITS; d++) {
      const lowCount = lowEnds[d];
      const highCount = highEnds[d];
      lowEnds[d] = low;
      highEnds[d] = high;
      low += lowCount;
      high += highCount;
    }
    for (let i = from; i < to; i++) {
      const key = windowKeys[i];
      const digit = (key >>> PLACE_BITS) & DIGIT_MASK;
      const to = lowEnds[digit];
      lowEnds[digit] = to + 1;
      scratch[to] = key;
    }
    const count = to - from;
    for (let i = 0; i < count; i++) {
      const key = scratch[i];
      const digit = (key >>> (PLACE_BITS + DIGIT_BITS)) & DIGIT_MASK;
      const to = highEnds[digit];
      highEnds[digit] = to + 1;
      windowKeys[to] = key;
    }
  }

  /** Takes a slot's events in, `bucket` near buckets after WINDOW_BASE. */
  function take(slot: number, bucket: number): boolean {
    const tail = tails[slot];
    const last = (tail - 1) & -CHUNK_WORDS;
    let chunk = heads[slot];
    let chunks = counts[WINDOW_CHUNKS];
    const before = counts[WINDOW_COUNT];
    const ahead = bucket << (OFFSET_BITS + PLACE_BITS);
    if (chunk === last) {
      if (chunks === WINDOW_CHUNK_ROOM) return false;
      counts[WINDOW_COUNT] = insertChunk(chunk, tail, ahead + (chunks << RECORD_BITS), before, before);
    } else {
      let needed = 1;
      for (let c = chunk; c !== last; c = pool[c]) needed++;
      if (chunks + needed > WINDOW_CHUNK_ROOM) return false;
      lowEnds.fill(0);
      highEnds.fill(0);
      let count = before;
      for (; chunk !== last; chunk = pool[chunk]) {
        windowChunks[chunks] = chunk;
        count = noteChunk(chunk, chunk + CHUNK_WORDS, ahead + (chunks << RECORD_BITS), count);
        chunks++;
      }
      count = noteChunk(chunk, tail, ahead + (chunks << RECORD_BITS), count);
      counts[WINDOW_COUNT] = count;
      radixSort(before, count);
    }
    windowChunks[chunks] = last;
    const first = chains.detach(slot);
    const chunksBefore = counts[WINDOW_CHUNKS];
    // One chain of all chunks, so that they are freed at one go.
    if (chunksBefore > 0) pool[windowChunks[chunksBefore - 1]] = first;
    counts[WINDOW_CHUNKS] = chunks + 1;
    return true;
  }

  const load = (slot: number): boolean => take(slot, 0);

  function loadNear(bucket: number): number {
    let buckets = 0;
    do {
      const slot = NEAR_SLOT + ((bucket + buckets) & NEAR_MASK);
      if (tails[slot] !== 0 && !take(slot, buckets)) break;
      buckets++;
    } while (counts[WINDOW_COUNT] < WINDOW_ENOUGH && buckets < WINDOW_BUCKETS);
    return buckets;
  }

  function loadFront(slot: number): void {
    const tail = tails[slot];
    const last = (tail - 1) & -CHUNK_WORDS;
    let chunk = heads[slot];
    let chunks = 0;
    let count = 0;
    for (let more = true; more && chunks < WINDOW_CHUNK_ROOM; chunks++) {
      more = chunk !== last;
      const end = more ? chunk + CHUNK_WORDS : tail;
      windowChunks[chunks] = chunk;
      let place = chunks << RECORD_BITS;
      for (let at = chunk + NEAR_FIRST; at < end; at += NEAR_STRIDE) {
        windowKeys[count++] = (((pool[at] >>> OFFSET_SHIFT) << PLACE_BITS) + place++) >>> 0;
      }
      if (more) chunk = pool[chunk];
      else chains.detach(slot);
    }
    heads[slot] = chunk;
    counts[WINDOW_CHUNKS] = chunks;
    counts[WINDOW_COUNT] = count;
  }

  return { release, load, loadNear, loadFront };
}
