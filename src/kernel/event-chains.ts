import { levelOfSlot, NEAR, SLOTS } from './event-levels.ts';
import { FREE_CHUNK, OCCUPIED, USED_CHUNKS } from './event-state.ts';

/**
 * The slots' contents: chains of chunks from one pool. Records lie in a chain in the order of arrival, unsorted; to append is a write
 * at the chain's tail.
 *
 * A chunk is 64 words. Word 0 is the address of the chain's next chunk; then come 21 records of three words from word 1, or, in the coarse
 * levels, 15 of four words from word 4. So the word address behind a full chunk's last record is a multiple of 64, and so is 0, the tail
 * of an empty slot: one test for both. Chunk 0 is never used.
 */

export const CHUNK_WORDS = 64;
const CHUNK_BITS = 6;
const IN_CHUNK = CHUNK_WORDS - 1;
/** Words of a record, and where a chunk's first is. */
export const NEAR_STRIDE = 3;
export const NEAR_FIRST = 1;
export const FAR_STRIDE = 4;
export const FAR_FIRST = 4;
const FAR_RECORDS = 15;

export interface EventChainColumns {
  readonly counts: Int32Array;
  readonly pool: Uint32Array;
  /** Word address of each slot's first chunk. */
  readonly heads: Int32Array;
  /** Word address where each slot's next record belongs; 0 when the slot is empty. */
  readonly tails: Int32Array;
  /** One bit a slot: it is not empty. */
  readonly occupied: Int32Array;
}

/** Chunks that are enough for any distribution of so many records over the slots. */
export const chunksFor = (records: number): number =>
  2 + Math.ceil(records / FAR_RECORDS) + Math.min(records, SLOTS);

export interface EventChains {
  /** Adds a chunk to a slot whose last chunk is full, or which has none (its tail is a multiple of 64). Returns its address. */
  extend(slot: number, tail: number): number;
  /** Appends a record of three words to a slot of the levels up to near. */
  append(slot: number, word0: number, word1: number, word2: number): void;
  /** Appends a record of four words to a slot of a coarse level. */
  appendFar(slot: number, word0: number, word1: number, word2: number, word3: number): void;
  /** Takes everything out of a slot and leaves it to the caller to read and to free: address of the first chunk. */
  detach(slot: number): number;
  freeChunk(chunk: number): void;
  /** Frees a chain from its first to its last chunk. */
  freeChunks(first: number, last: number): void;
  /** Throws away what is in a slot. */
  clear(slot: number): void;
  /** First slot with events, in the ring of `slots` slots from `firstSlot` on, from `start` (relative) on; there must be one. */
  nextOccupied(firstSlot: number, slots: number, start: number): number;
  /** Whether a slot that holds events has more chunks than this. */
  isLonger(slot: number, chunks: number): boolean;
  /** Calls `visit` with the address of each record of a slot, in order, until it returns true. */
  visit(slot: number, visit: (address: number) => boolean): boolean;
  /** Keeps the records of a slot for which `keep` holds. */
  filter(slot: number, keep: (word0: number, word1: number, word2: number) => boolean): void;
}

export function createEventChains(columns: EventChainColumns): EventChains {
  const { counts, pool, heads, tails, occupied } = columns;

  function allocate(): number {
    const free = counts[FREE_CHUNK];
    if (free !== 0) {
      counts[FREE_CHUNK] = pool[free];
      return free;
    }
    const used = counts[USED_CHUNKS] + 1;
    counts[USED_CHUNKS] = used;
    return used << CHUNK_BITS;
  }

  function extend(slot: number, tail: number): number {
    const chunk = allocate();
    if (tail === 0) {
      heads[slot] = chunk;
      occupied[slot >> 5] |= 1 << (slot & 31);
      counts[OCCUPIED + levelOfSlot(slot)]++;
    } else {
      pool[(tail - 1) & ~IN_CHUNK] = chunk;
    }
    return chunk;
  }

  function append(slot: number, word0: number, word1: number, word2: number): void {
    let at = tails[slot];
    if ((at & IN_CHUNK) === 0) at = extend(slot, at) + NEAR_FIRST;
    pool[at] = word0;
    pool[at + 1] = word1;
    pool[at + 2] = word2;
    tails[slot] = at + NEAR_STRIDE;
  }

  function appendFar(slot: number, word0: number, word1: number, word2: number, word3: number): void {
    let at = tails[slot];
    if ((at & IN_CHUNK) === 0) at = extend(slot, at) + FAR_FIRST;
    pool[at] = word0;
    pool[at + 1] = word1;
    pool[at + 2] = word2;
    pool[at + 3] = word3;
    tails[slot] = at + FAR_STRIDE;
  }

  function detach(slot: number): number {
    tails[slot] = 0;
    occupied[slot >> 5] &= ~(1 << (slot & 31));
    counts[OCCUPIED + levelOfSlot(slot)]--;
    return heads[slot];
  }

  function freeChunk(chunk: number): void {
    pool[chunk] = counts[FREE_CHUNK];
    counts[FREE_CHUNK] = chunk;
  }

  function freeChunks(first: number, last: number): void {
    pool[last] = counts[FREE_CHUNK];
    counts[FREE_CHUNK] = first;
  }

  function clear(slot: number): void {
    const last = (tails[slot] - 1) & ~IN_CHUNK;
    freeChunks(detach(slot), last);
  }

  function nextOccupied(firstSlot: number, slots: number, start: number): number {
    const firstWord = firstSlot >> 5;
    const endWord = (firstSlot + slots) >> 5;
    let word = (firstSlot + start) >> 5;
    let bits = occupied[word] & (-1 << (start & 31));
    while (bits === 0) {
      if (++word === endWord) word = firstWord;
      bits = occupied[word];
    }
    return (word << 5) + 31 - Math.clz32(bits & -bits) - firstSlot;
  }

  function isLonger(slot: number, chunks: number): boolean {
    const last = (tails[slot] - 1) & ~IN_CHUNK;
    let chunk = heads[slot];
    for (let i = 0; i < chunks; i++) {
      if (chunk === last) return false;
      chunk = pool[chunk];
    }
    return true;
  }

  function visit(slot: number, visitor: (address: number) => boolean): boolean {
    const far = levelOfSlot(slot) > NEAR;
    const first = far ? FAR_FIRST : NEAR_FIRST;
    const stride = far ? FAR_STRIDE : NEAR_STRIDE;
    const tail = tails[slot];
    if (tail === 0) return false;
    const last = (tail - 1) & ~IN_CHUNK;
    for (let chunk = heads[slot]; ; chunk = pool[chunk]) {
      const end = chunk === last ? tail : chunk + CHUNK_WORDS;
      for (let at = chunk + first; at < end; at += stride) if (visitor(at)) return true;
      if (chunk === last) return false;
    }
  }

  function filter(slot: number, keep: (word0: number, word1: number, word2: number) => boolean): void {
    const far = levelOfSlot(slot) > NEAR;
    const first = far ? FAR_FIRST : NEAR_FIRST;
    const stride = far ? FAR_STRIDE : NEAR_STRIDE;
    const oldLast = (tails[slot] - 1) & ~IN_CHUNK;
    // `to` follows the reader through the same chunks.
    let chunk = heads[slot];
    let to = 0;
    visit(slot, (at) => {
      if (!keep(pool[at], pool[at + 1], pool[at + 2])) return false;
      if (to === 0) {
        to = chunk + first;
      } else if ((to & IN_CHUNK) === 0) {
        chunk = pool[chunk];
        to = chunk + first;
      }
      for (let i = 0; i < stride; i++) pool[to + i] = pool[at + i];
      to += stride;
      return false;
    });
    if (to === 0) {
      freeChunks(detach(slot), oldLast);
      return;
    }
    tails[slot] = to;
    if (chunk !== oldLast) freeChunks(pool[chunk], oldLast);
  }

  return {
    extend,
    append,
    appendFar,
    detach,
    freeChunk,
    freeChunks,
    clear,
    nextOccupied,
    isLonger,
    visit,
    filter,
  };
}
