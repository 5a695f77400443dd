import { mix32 } from '../base/hash.ts';

/**
 * Which message was shown at which place of its channel: a bit each. 32 neighbouring places of one message share an entry of 12
 * bytes in a hash map (open addressing with linear probing, at most two thirds full), so a fan-out to many members costs little more
 * than a bit a showing, and one to few costs one entry a message.
 */

const hashOf = (message: number, block: number): number => mix32(Math.imul(message, 0x9e3779b1) ^ block);

export class ShownSet {
  #entries = 0;
  #mask = 63;
  /** Three words an entry: message + 1 (0: empty), block of places, bits. */
  #table = new Uint32Array(3 * 64);

  has(message: number, place: number): boolean {
    const at = this.#find(message, place >>> 5);
    return (this.#table[at + 2] & (1 << (place & 31))) !== 0;
  }

  /** Adds it. Returns whether it is new. */
  add(message: number, place: number): boolean {
    const block = place >>> 5;
    const bit = 1 << (place & 31);
    let at = this.#find(message, block);
    if (this.#table[at] === 0) {
      if (3 * this.#entries > 2 * this.#mask) {
        this.#widen();
        at = this.#find(message, block);
      }
      this.#entries++;
      this.#table[at] = message + 1;
      this.#table[at + 1] = block;
    }
    const bits = this.#table[at + 2];
    if ((bits & bit) !== 0) return false;
    this.#table[at + 2] = bits | bit;
    return true;
  }

  #find(message: number, block: number): number {
    let slot = hashOf(message, block) & this.#mask;
    for (;;) {
      const at = 3 * slot;
      const key = this.#table[at];
      if (key === 0 || (key === message + 1 && this.#table[at + 1] === block)) return at;
      slot = (slot + 1) & this.#mask;
    }
  }

  #widen(): void {
    const old = this.#table;
    this.#mask = 2 * this.#mask + 1;
    this.#table = new Uint32Array(3 * (this.#mask + 1));
    for (let at = 0; at < old.length; at += 3) {
      if (old[at] === 0) continue;
      const to = this.#find(old[at] - 1, old[at + 1]);
      this.#table[to] = old[at];
      this.#table[to + 1] = old[at + 1];
      this.#table[to + 2] = old[at + 2];
    }
  }
}
