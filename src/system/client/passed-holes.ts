import { WINDOW } from '../../algorithms/dedup/sequence-window.ts';
import { columns, type Opened, u32 } from '../../base/columns.ts';
import { openPairMap, type PairMap, pairMapColumns } from '../state/pair-map.ts';

/**
 * Numbers that a client was not shown and has no bit for any more: what left its window of 32 numbers unseen, or was skipped. The client knows
 * nothing of them; they are kept so that what was lost can be counted exactly. When there is no room for more it is known that there were more.
 */
export interface PassedHoles {
  /** The highest number seen goes from `last` to `next`: what of the window below was not seen leaves it. */
  moveOn(slot: number, last: number, mask: number, next: number): void;
  /** The client goes on without the numbers from `from` to before `end`. */
  skip(slot: number, from: number, end: number): void;
  /** A number that had left the window is shown after all. */
  shown(slot: number, number: number): void;
  /** The numbers from `from` on are not behind this member any more. */
  forget(slot: number, from: number): void;
  visit(visitor: (slot: number, number: number) => void): void;
  /** Whether some found no room. */
  isPartOfThem(): boolean;
}

const MOST = 1 << 16;
const MISSING = 1;
const NOT_MISSING = 2;

export const passedHolesColumns = (messages: number, largestChannel: number) => ({
  holes: pairMapColumns('passedHoles', Math.min(MOST, messages * largestChannel)),
  full: columns('passedHolesFull', { holes: u32(1) }),
});

export function openPassedHoles(
  table: Parameters<typeof openPairMap>[0],
  { holes: noRoom }: Opened<ReturnType<typeof passedHolesColumns>['full']['columns']>,
): PassedHoles {
  const map: PairMap = openPairMap(table, 'passedHoles', []);
  const most = table.table.length / 6;
  const skip = (slot: number, from: number, end: number): void => {
    for (let number = from; number < end; number++) {
      if (map.size() === most) {
        noRoom[0] = Math.min(0xffff_ffff, noRoom[0] + end - number);
        return;
      }
      map.set(slot, number, MISSING);
    }
  };
  return {
    skip,
    moveOn(slot, last, mask, next) {
      const first = Math.max(1, last - WINDOW + 1);
      const end = next - WINDOW + 1;
      for (let number = first; number < end && number <= last; number++)
        if (((mask >>> (last - number)) & 1) === 0) skip(slot, number, number + 1);
      skip(slot, last + 1, end);
    },
    shown(slot, number) {
      if (map.get(slot, number) === MISSING) map.set(slot, number, NOT_MISSING);
    },
    forget(slot, from) {
      const numbers: number[] = [];
      map.visit((of, number) => {
        if (of === slot && number >= from) numbers.push(number);
      });
      for (const number of numbers) map.set(slot, number, NOT_MISSING);
    },
    visit: (visitor) =>
      map.visit((slot, number, value) => {
        if (value === MISSING) visitor(slot, number);
      }),
    isPartOfThem: () => noRoom[0] > 0,
  };
}

/** Of a window with this highest number, the bits that stand for numbers from 1 on. */
const bitsFrom1 = (last: number): number => (last >= WINDOW ? -1 : (1 << last) - 1);

/** Whether anything that was not seen leaves the window when the highest number goes from `last` to `next`. */
export function leavesHoles(last: number, mask: number, next: number): boolean {
  const step = next - last;
  const unseen = ~mask & bitsFrom1(last);
  return step > WINDOW || (step === WINDOW ? unseen !== 0 : unseen >>> (WINDOW - step) !== 0);
}
