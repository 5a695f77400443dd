import pow from '@stdlib/math-base-special-pow';
import { columns, type Opened, u32 } from '../../base/columns.ts';
import { mix32 } from '../../base/hash.ts';

/**
 * A Bloom filter of message ids (B. H. Bloom, "Space/time trade-offs in hash coding with allowable errors", CACM 13(7) 1970): m bits, k of which
 * an id sets. It never forgets an id, and takes a share of the new ones for known. The k places come from two hashes, g_i = h1 + i h2
 * mod m (Kirsch, Mitzenmacher, "Less hashing, same performance", ESA 2006).
 */

export const bloomColumns = (bits: number) =>
  columns('bloomFilter', {
    words: u32(Math.ceil(bits / 32)),
    /** [0] ids added, [1] bits set. */
    counts: u32(2),
  });
/** The opened columns of a filter. */
export type BloomColumns = Opened<ReturnType<typeof bloomColumns>['columns']>;

/** A filter of ids; an id is a pair of 32-bit words. */
export interface BloomFilter {
  /** Whether all bits of the id (a pair of words) are set: it was added, or this is a false positive. */
  has(x: number, y: number): boolean;
  add(x: number, y: number): void;
  added(): number;
  bitsSet(): number;
  /** The share of new ids that are taken for known by now: (bits set / bits)^k. */
  rate(): number;
}

/** Throws RangeError when the filter has no bit or no hash. */
export function openBloomFilter({ words, counts }: BloomColumns, bits: number, hashes: number): BloomFilter {
  if (!(bits >= 1 && hashes >= 1)) throw new RangeError('a Bloom filter needs at least one bit and one hash');
  /** The second hash is odd, so that it is never 0. */
  const step = (x: number, y: number): number => mix32(Math.imul(y, 0x85ebca6b) ^ mix32(x)) | 1;
  const first = (x: number, y: number): number => mix32(Math.imul(x, 0x9e3779b1) ^ mix32(y ^ 0x5bd1e995));
  return {
    has(x, y) {
      const by = (step(x, y) >>> 0) % bits;
      let place = first(x, y) % bits;
      for (let i = 0; i < hashes; i++) {
        if (((words[place >>> 5] >>> (place & 31)) & 1) === 0) return false;
        place += by;
        if (place >= bits) place -= bits;
      }
      return true;
    },
    add(x, y) {
      const by = (step(x, y) >>> 0) % bits;
      let place = first(x, y) % bits;
      for (let i = 0; i < hashes; i++) {
        const word = words[place >>> 5];
        const bit = 1 << (place & 31);
        if ((word & bit) === 0) {
          words[place >>> 5] = word | bit;
          counts[1]++;
        }
        place += by;
        if (place >= bits) place -= bits;
      }
      counts[0]++;
    },
    added: () => counts[0],
    bitsSet: () => counts[1],
    rate: () => pow(counts[1] / bits, hashes),
  };
}
