import { columns, type Opened, u32 } from '../../base/columns.ts';
import { CAPACITY_SETTINGS, CapacityError } from '../../base/errors.ts';
import { openPairMap, type PairMapColumns, pairMapColumns } from './pair-map.ts';

/**
 * What messages carry for their order: a vector clock, a time, the numbers of their receivers. One run of words a message, found by a pair of
 * words that names it; they stay, because the history hands a message out with what it carried.
 */

export const stampColumns = (words: number) => columns('stamps', { words: u32(words), used: u32(1) });
export const stampIndexColumns = (messages: number) => pairMapColumns('stampIndex', messages);

export interface Stamps {
  readonly words: Uint32Array;
  /** First word of a new stamp, all zero. Throws CapacityError. */
  reserve(x: number, y: number, words: number): number;
  /** First word of a stamp, or -1. */
  find(x: number, y: number): number;
}

export function openStamps(
  { words, used }: Opened<ReturnType<typeof stampColumns>['columns']>,
  indexColumns: PairMapColumns,
): Stamps {
  const index = openPairMap(indexColumns, 'stampIndex', CAPACITY_SETTINGS.everSent);
  return {
    words,
    reserve(x, y, count) {
      const at = used[0];
      if (at + count > words.length)
        throw new CapacityError('stamps', words.length, CAPACITY_SETTINGS.everSent);
      used[0] = at + count;
      index.set(x, y, at + 1);
      return at;
    },
    find: (x, y) => index.get(x, y) - 1,
  };
}
