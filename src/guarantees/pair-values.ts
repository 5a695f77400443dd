import { mix32 } from '../base/hash.ts';

/**
 * A growing hash map from a pair of integers to a u32 that is not 0: open addressing with linear probing (Knuth, TAOCP vol. 3, 6.4,
 * algorithm L), 12 bytes an entry, at most two thirds full.
 */
export class PairValues {
  #entries = 0;
  #mask = 63;
  /** Three words an entry: the pair, and the value (0: empty). */
  #table = new Uint32Array(3 * 64);

  /** 0 when there is none. */
  get(x: number, y: number): number {
    return this.#table[this.#find(x, y) + 2];
  }

  set(x: number, y: number, value: number): void {
    let at = this.#find(x, y);
    if (this.#table[at + 2] === 0) {
      if (3 * this.#entries > 2 * this.#mask) {
        this.#widen();
        at = this.#find(x, y);
      }
      this.#entries++;
      this.#table[at] = x;
      this.#table[at + 1] = y;
    }
    this.#table[at + 2] = value;
  }

  #find(x: number, y: number): number {
    let slot = mix32(Math.imul(x, 0x9e3779b1) ^ y) & this.#mask;
    for (;;) {
      const at = 3 * slot;
      if (this.#table[at + 2] === 0 || (this.#table[at] === x && this.#table[at + 1] === y)) return at;
      slot = (slot + 1) & this.#mask;
    }
  }

  #widen(): void {
    const old = this.#table;
    this.#mask = 2 * this.#mask + 1;
    this.#table = new Uint32Array(3 * (this.#mask + 1));
    for (let from = 0; from < old.length; from += 3) {
      if (old[from + 2] === 0) continue;
      const at = this.#find(old[from], old[from + 1]);
      this.#table[at] = old[from];
      this.#table[at + 1] = old[from + 1];
      this.#table[at + 2] = old[from + 2];
    }
  }
}
