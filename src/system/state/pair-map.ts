import { columns, type Opened, u32 } from '../../base/columns.ts';
import { CapacityError } from '../../base/errors.ts';
import { mix32 } from '../../base/hash.ts';

/**
 * A hash map from a pair of 32-bit words to a word that is not 0, in columns. Open addressing with linear probing (Knuth, TAOCP vol.
 * 3, 6.4, algorithm L), at most half full; nothing is ever removed.
 */

const tableLength = (entries: number): number => {
  let length = 16;
  while (length < 2 * entries) length *= 2;
  return length;
};

export const pairMapColumns = (name: string, capacity: number) =>
  columns(name, {
    /** [0] entries. */
    count: u32(1),
    /** Three words a place: the pair, and the value (0: empty). */
    table: u32(3 * tableLength(capacity)),
  });

export type PairMapColumns = Opened<ReturnType<typeof pairMapColumns>['columns']>;

export interface PairMap {
  /** 0 when there is none. */
  get(x: number, y: number): number;
  /** Sets the value of a new or known pair. Throws CapacityError. */
  set(x: number, y: number, value: number): void;
  size(): number;
  /** Tells of every pair, in no order. */
  visit(visitor: (x: number, y: number, value: number) => void): void;
  /** Places looked at by `get`, in order: what the inspector shows as the probed entries. */
  probe(x: number, y: number): number[];
}

export function openPairMap(c: PairMapColumns, name: string, settings: readonly string[]): PairMap {
  const { count, table } = c;
  const length = table.length / 3;
  const mask = length - 1;
  const home = (x: number, y: number): number => mix32(Math.imul(x, 0x9e3779b1) ^ y) & mask;
  return {
    get(x, y) {
      let at = home(x, y);
      for (;;) {
        const value = table[3 * at + 2];
        if (value === 0 || (table[3 * at] === x && table[3 * at + 1] === y)) return value;
        at = (at + 1) & mask;
      }
    },
    set(x, y, value) {
      let at = home(x, y);
      while (table[3 * at + 2] !== 0) {
        if (table[3 * at] === x && table[3 * at + 1] === y) {
          table[3 * at + 2] = value;
          return;
        }
        at = (at + 1) & mask;
      }
      if (count[0] >= length >>> 1) throw new CapacityError(name, length >>> 1, settings);
      count[0]++;
      table[3 * at] = x;
      table[3 * at + 1] = y;
      table[3 * at + 2] = value;
    },
    size: () => count[0],
    visit(visitor) {
      for (let at = 0; at < length; at++)
        if (table[3 * at + 2] !== 0) visitor(table[3 * at], table[3 * at + 1], table[3 * at + 2]);
    },
    probe(x, y) {
      const places: number[] = [];
      let at = home(x, y);
      for (;;) {
        places.push(at);
        const value = table[3 * at + 2];
        if (value === 0 || (table[3 * at] === x && table[3 * at + 1] === y)) return places;
        at = (at + 1) & mask;
      }
    },
  };
}
