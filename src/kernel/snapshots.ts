import { assert } from '../base/errors.ts';
import type { World } from './world.ts';

/**
 * Many snapshots of one world, in order of time. The newest is a whole copy; of every older one only the words are kept that differ from its
 * successor (a reverse delta, as in RCS: W. F. Tichy, "RCS: a system for version control", 1985). In a world of a million users
 * five seconds change a twentieth of the words, but nearly every page: words are compared, not pages.
 */
export interface Snapshots {
  readonly count: number;
  /** Bytes held: the parts of the newest copy that were ever written to, and the differences. */
  readonly bytes: number;
  /** Takes a snapshot of now, the newest. Reads the whole world once. */
  take(): void;
  /** Puts a snapshot back (0 is the oldest). It is the newest from then on: the later ones are forgotten. */
  restore(index: number): void;
  /** Forgets any but the newest. */
  forget(index: number): void;
}

/** Words of a block: a place in it fits 16 bits. */
const BLOCK_WORDS = 0x1_0000;

/** What turns one snapshot into the one before it, block by block in ascending order. */
type Delta = readonly BlockDelta[];

interface BlockDelta {
  readonly block: number;
  /** Places of the block whose words differ, ascending, and those words. */
  readonly places: Uint16Array;
  readonly words: Uint32Array;
}

const bytesOf = (delta: Delta): number =>
  delta.reduce((sum, { places, words }) => sum + places.byteLength + words.byteLength, 0);

/** Where the words of one block are collected, before they are kept in no more memory than they need. */
const placesHere = new Uint16Array(BLOCK_WORDS);
const wordsHere = new Uint32Array(BLOCK_WORDS);
const collected = (block: number, count: number): BlockDelta => ({
  block,
  places: placesHere.slice(0, count),
  words: wordsHere.slice(0, count),
});

/** Collects where `kept` differs from `now`, with the words of `kept`, and makes it equal. Returns how many words differed. */
function difference(
  now: Uint32Array,
  kept: Uint32Array,
  from: number,
  to: number,
  places: Uint16Array,
  words: Uint32Array,
): number {
  let at = 0;
  // Four at a time: most of a world stands still.
  for (let i = from; i < to; i += 4) {
    if (
      ((now[i] ^ kept[i]) |
        (now[i + 1] ^ kept[i + 1]) |
        (now[i + 2] ^ kept[i + 2]) |
        (now[i + 3] ^ kept[i + 3])) ===
      0
    )
      continue;
    for (let k = i; k < i + 4; k++) {
      const word = now[k];
      if (word === kept[k]) continue;
      places[at] = k - from;
      words[at] = kept[k];
      kept[k] = word;
      at++;
    }
  }
  return at;
}

function isZero(words: Uint32Array, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (words[i] !== 0) return false;
  return true;
}

function apply(delta: Delta, onto: Uint32Array): void {
  for (const { block, places, words } of delta) {
    const base = block * BLOCK_WORDS;
    for (let i = 0; i < places.length; i++) onto[base + places[i]] = words[i];
  }
}

/** One delta in place of two that follow each other on the way back. */
function joined(first: Delta, last: Delta): Delta {
  const both: BlockDelta[] = [];
  for (let f = 0, l = 0; f < first.length || l < last.length; ) {
    const one = first[f];
    const two = last[l];
    if (two === undefined || (one !== undefined && one.block < two.block)) {
      both.push(one);
      f++;
    } else if (one === undefined || two.block < one.block) {
      both.push(two);
      l++;
    } else {
      both.push(collected(one.block, joinBlocks(one, two)));
      f++;
      l++;
    }
  }
  return both;
}

/** Collects the words of two deltas of one block: where both have a word, that of the one applied last counts. Returns how many. */
function joinBlocks(first: BlockDelta, last: BlockDelta): number {
  let at = 0;
  for (let f = 0, l = 0; f < first.places.length || l < last.places.length; at++) {
    const firstPlace = first.places[f] ?? BLOCK_WORDS;
    const lastPlace = last.places[l] ?? BLOCK_WORDS;
    placesHere[at] = Math.min(firstPlace, lastPlace);
    wordsHere[at] = lastPlace <= firstPlace ? last.words[l] : first.words[f];
    if (firstPlace <= lastPlace) f++;
    if (lastPlace <= firstPlace) l++;
  }
  return at;
}

/** Snapshots of everything in a world that can change. */
export function createSnapshots(world: World): Snapshots {
  const now = new Uint32Array(world.buffer, world.mutableFromByte);
  assert(now.length % 4 === 0, 'a world ends at a whole cache line');
  const blockCount = Math.ceil(now.length / BLOCK_WORDS);
  /** Memory that is never written to costs nothing: a world is laid out for more than it holds. */
  const written = new Uint8Array(blockCount);
  let newest: Uint32Array | null = null;
  /** Element i turns snapshot i + 1 into snapshot i. */
  const deltas: Delta[] = [];
  let count = 0;
  let bytes = 0;

  const writes = (block: number): void => {
    if (written[block] === 1) return;
    written[block] = 1;
    bytes += 4 * BLOCK_WORDS;
  };

  return {
    get count() {
      return count;
    },
    get bytes() {
      return bytes;
    },
    take() {
      newest ??= new Uint32Array(now.length);
      const delta: BlockDelta[] = [];
      for (let block = 0; block < blockCount; block++) {
        const from = block * BLOCK_WORDS;
        const to = Math.min(from + BLOCK_WORDS, now.length);
        if (written[block] === 0 && isZero(now, from, to)) continue;
        writes(block);
        if (count === 0) {
          newest.set(now.subarray(from, to), from);
          continue;
        }
        const differ = difference(now, newest, from, to, placesHere, wordsHere);
        if (differ > 0) delta.push(collected(block, differ));
      }
      if (count++ === 0) return;
      bytes += bytesOf(delta);
      deltas.push(delta);
    },
    restore(index) {
      assert(newest !== null && index >= 0 && index < count, `there is no snapshot ${index}`);
      while (count - 1 > index) {
        const delta = deltas.pop()!;
        bytes -= bytesOf(delta);
        apply(delta, newest);
        count--;
      }
      for (let block = 0; block < blockCount; block++) {
        const from = block * BLOCK_WORDS;
        const to = Math.min(from + BLOCK_WORDS, now.length);
        if (written[block] === 1) now.set(newest.subarray(from, to), from);
        else if (!isZero(now, from, to)) now.fill(0, from, to);
      }
      for (const reload of world.reloaders) reload();
    },
    forget(index) {
      assert(index >= 0 && index < count - 1, `snapshot ${index} cannot be forgotten`);
      const towards = deltas[index];
      bytes -= bytesOf(towards);
      if (index > 0) {
        const onwards = deltas[index - 1];
        bytes -= bytesOf(onwards);
        const both = joined(towards, onwards);
        bytes += bytesOf(both);
        deltas[index - 1] = both;
      }
      deltas.splice(index, 1);
      count--;
    },
  };
}
