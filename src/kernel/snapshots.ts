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

/** What turns one snapshot into the one before it: places in ascending order, each with its word. */
interface Delta {
  /** Two words a block that differs: its number, and how many of its words. */
  readonly blocks: Uint32Array;
  readonly places: Uint16Array;
  readonly words: Uint32Array;
}

const bytesOf = (delta: Delta): number =>
  delta.blocks.byteLength + delta.places.byteLength + delta.words.byteLength;

/** Collects a delta in memory that is used again and again, since fresh memory costs more than what is written to it. */
class DeltaScratch {
  blocks = new Uint32Array(512);
  places = new Uint16Array(BLOCK_WORDS);
  words = new Uint32Array(BLOCK_WORDS);
  blockLength = 0;
  length = 0;

  clear(): void {
    this.blockLength = 0;
    this.length = 0;
  }

  /** Makes room for one more block. */
  reserve(): void {
    if (this.blockLength + 2 > this.blocks.length)
      this.blocks = grown(this.blocks, new Uint32Array(2 * this.blocks.length));
    if (this.length + BLOCK_WORDS <= this.words.length) return;
    this.places = grown(this.places, new Uint16Array(2 * this.places.length));
    this.words = grown(this.words, new Uint32Array(2 * this.words.length));
  }

  /** The block's words lie at `length`; there are `count` of them. */
  endBlock(block: number, count: number): void {
    if (count === 0) return;
    this.blocks[this.blockLength] = block;
    this.blocks[this.blockLength + 1] = count;
    this.blockLength += 2;
    this.length += count;
  }

  delta(): Delta {
    return {
      blocks: this.blocks.slice(0, this.blockLength),
      places: this.places.slice(0, this.length),
      words: this.words.slice(0, this.length),
    };
  }
}

function grown<A extends Uint16Array | Uint32Array>(from: A, to: A): A {
  to.set(from);
  return to;
}

/** Writes down where `kept` differs from `now`, with the words of `kept`, and makes it equal. Returns how many words differed. */
function difference(
  now: Uint32Array,
  kept: Uint32Array,
  from: number,
  to: number,
  into: DeltaScratch,
): number {
  const { places, words } = into;
  const first = into.length;
  let at = first;
  // Four at a time: most of a world stands still.
  for (let i = from; i < to; i += 4) {
    if (
      ((now[i]! ^ kept[i]!) |
        (now[i + 1]! ^ kept[i + 1]!) |
        (now[i + 2]! ^ kept[i + 2]!) |
        (now[i + 3]! ^ kept[i + 3]!)) ===
      0
    )
      continue;
    for (let k = i; k < i + 4; k++) {
      const word = now[k]!;
      if (word === kept[k]!) continue;
      places[at] = k - from;
      words[at] = kept[k]!;
      kept[k] = word;
      at++;
    }
  }
  return at - first;
}

function isZero(words: Uint32Array, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (words[i] !== 0) return false;
  return true;
}

function apply(delta: Delta, onto: Uint32Array): void {
  const { blocks, places, words } = delta;
  let at = 0;
  for (let b = 0; b < blocks.length; b += 2) {
    const base = blocks[b]! * BLOCK_WORDS;
    const end = at + blocks[b + 1]!;
    for (; at < end; at++) onto[base + places[at]!] = words[at]!;
  }
}

/** One delta in place of two that follow each other on the way back: where both have a word, the one applied last counts. */
function joined(first: Delta, last: Delta, into: DeltaScratch): Delta {
  into.clear();
  let f = 0;
  let l = 0;
  let firstAt = 0;
  let lastAt = 0;
  while (f < first.blocks.length || l < last.blocks.length) {
    const firstBlock = f < first.blocks.length ? first.blocks[f]! : Number.POSITIVE_INFINITY;
    const lastBlock = l < last.blocks.length ? last.blocks[l]! : Number.POSITIVE_INFINITY;
    const block = Math.min(firstBlock, lastBlock);
    const firstEnd = firstAt + (firstBlock === block ? first.blocks[f + 1]! : 0);
    const lastEnd = lastAt + (lastBlock === block ? last.blocks[l + 1]! : 0);
    into.reserve();
    let at = into.length;
    while (firstAt < firstEnd || lastAt < lastEnd) {
      const firstPlace = firstAt < firstEnd ? first.places[firstAt]! : BLOCK_WORDS;
      const lastPlace = lastAt < lastEnd ? last.places[lastAt]! : BLOCK_WORDS;
      into.places[at] = Math.min(firstPlace, lastPlace);
      into.words[at] = lastPlace <= firstPlace ? last.words[lastAt]! : first.words[firstAt]!;
      if (firstPlace <= lastPlace) firstAt++;
      if (lastPlace <= firstPlace) lastAt++;
      at++;
    }
    into.endBlock(block, at - into.length);
    if (firstBlock === block) f += 2;
    if (lastBlock === block) l += 2;
  }
  return into.delta();
}

/** Snapshots of everything in a world that can change. */
export function createSnapshots(world: World): Snapshots {
  const now = new Uint32Array(world.buffer, world.mutableFromByte);
  assert(now.length % 4 === 0, 'a world ends at a whole cache line');
  const blockCount = Math.ceil(now.length / BLOCK_WORDS);
  const scratch = new DeltaScratch();
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
      for (const flush of world.flushers) flush();
      newest ??= new Uint32Array(now.length);
      scratch.clear();
      for (let block = 0; block < blockCount; block++) {
        const from = block * BLOCK_WORDS;
        const to = Math.min(from + BLOCK_WORDS, now.length);
        if (written[block] === 0 && isZero(now, from, to)) continue;
        writes(block);
        if (count === 0) {
          newest.set(now.subarray(from, to), from);
          continue;
        }
        scratch.reserve();
        scratch.endBlock(block, difference(now, newest, from, to, scratch));
      }
      if (count++ === 0) return;
      const delta = scratch.delta();
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
      const towards = deltas[index]!;
      bytes -= bytesOf(towards);
      if (index > 0) {
        const onwards = deltas[index - 1]!;
        bytes -= bytesOf(onwards);
        const both = joined(towards, onwards, scratch);
        bytes += bytesOf(both);
        deltas[index - 1] = both;
      }
      deltas.splice(index, 1);
      count--;
    },
  };
}
