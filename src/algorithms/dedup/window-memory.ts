import { columns, f64, type Opened, u32 } from '../../base/columns.ts';
import { CAPACITY_SETTINGS, CapacityError } from '../../base/errors.ts';
import { mix32 } from '../../base/hash.ts';

/**
 * Remembers an id (a pair of words) and a value for a while: the deduplication window of JetStream, or of Discord's nonces. What is exactly
 * as old as the window is forgotten. Ids expire in the order in which they came, so they lie in a ring; a chained hash table finds them.
 */

export const windowColumns = (capacity: number) => {
  let buckets = 16;
  while (buckets < capacity) buckets *= 2;
  return columns('dedupWindow', {
    heads: u32(buckets),
    next: u32(capacity),
    x: u32(capacity),
    y: u32(capacity),
    value: u32(capacity),
    sinceUs: f64(capacity),
    /** [0] the oldest that is remembered, [1] where the next goes: both count on. */
    ends: u32(2),
  });
};
export type WindowColumns = Opened<ReturnType<typeof windowColumns>['columns']>;

export interface WindowMemory {
  /** The value of an id, or 0 when it is not remembered (any more). */
  recall(x: number, y: number, nowUs: number): number;
  /** Remembers an id that `recall` does not know, with a value that is not 0. Throws CapacityError. */
  remember(x: number, y: number, value: number, nowUs: number): void;
  size(): number;
}

export function openWindowMemory(c: WindowColumns, windowUs: number): WindowMemory {
  const { heads, next, x: xs, y: ys, value: values, sinceUs, ends } = c;
  const capacity = next.length;
  const mask = heads.length - 1;
  const bucketOf = (x: number, y: number): number => mix32(Math.imul(x, 0x9e3779b1) ^ y) & mask;

  const forgetOldest = (): void => {
    const place = ends[0] % capacity;
    const bucket = bucketOf(xs[place], ys[place]);
    // It is the last of its chain that came first, so the whole chain may have to be walked; chains are short.
    let before = 0;
    let at = heads[bucket];
    while (at !== place + 1) {
      before = at;
      at = next[at - 1];
    }
    if (before === 0) heads[bucket] = next[place];
    else next[before - 1] = next[place];
    ends[0]++;
  };

  const expire = (nowUs: number): void => {
    while (ends[0] !== ends[1] && sinceUs[ends[0] % capacity] <= nowUs - windowUs) forgetOldest();
  };

  return {
    recall(x, y, nowUs) {
      expire(nowUs);
      for (let at = heads[bucketOf(x, y)]; at !== 0; at = next[at - 1]) {
        if (xs[at - 1] === x && ys[at - 1] === y) return values[at - 1];
      }
      return 0;
    },
    remember(x, y, value, nowUs) {
      expire(nowUs);
      if (ends[1] - ends[0] === capacity)
        throw new CapacityError('dedupWindow', capacity, CAPACITY_SETTINGS.remembered);
      const place = ends[1] % capacity;
      const bucket = bucketOf(x, y);
      xs[place] = x;
      ys[place] = y;
      values[place] = value;
      sinceUs[place] = nowUs;
      next[place] = heads[bucket];
      heads[bucket] = place + 1;
      ends[1]++;
    },
    size: () => ends[1] - ends[0],
  };
}
