import { columns, type Opened, u32 } from '../../base/columns.ts';
import { CapacityError } from '../../base/errors.ts';

/** A pool of numbered places with a stack of free ones: what was freed last is used first, while it is in the cache. */

export const poolColumns = (name: string, capacity: number) =>
  columns(name, {
    /** [0] places ever used, [1] free places on the stack. */
    counts: u32(2),
    free: u32(capacity),
  });

export type PoolColumns = Opened<ReturnType<typeof poolColumns>['columns']>;

export interface Pool {
  /** Throws CapacityError when all places are in use. */
  take(): number;
  give(place: number): void;
  inUse(): number;
  /** How many more can be taken. */
  left(): number;
  /** Places that were ever used: all live ones are below. */
  everUsed(): number;
}

export function openPool(c: PoolColumns, name: string, settings: readonly string[]): Pool {
  const { counts, free } = c;
  const capacity = free.length;
  return {
    take() {
      const waiting = counts[1];
      if (waiting > 0) {
        counts[1] = waiting - 1;
        return free[waiting - 1];
      }
      const used = counts[0];
      if (used === capacity) throw new CapacityError(name, capacity, settings);
      counts[0] = used + 1;
      return used;
    },
    give(place) {
      const waiting = counts[1];
      free[waiting] = place;
      counts[1] = waiting + 1;
    },
    inUse: () => counts[0] - counts[1],
    left: () => capacity - counts[0] + counts[1],
    everUsed: () => counts[0],
  };
}
