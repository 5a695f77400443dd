/**
 * The levels of the wheel, from fine to coarse. A level is a ring of slots; a slot holds the events of one bucket, a span of time of
 * the level's width. Each level's bucket covers 64, 64 or 1024 buckets of the level before.
 *
 *   instants      1 us x   64   only while 64 us are too full to be sorted at once
 *   fine         64 us x   64   only while a near bucket is too full to be sorted at once
 *   near      4.096 ms x 8192   33.6 s
 *   hours     4.194 s  x 2048   2.4 h
 *   days       71.6 min x 2048  102 days
 *   years     50.9 days x 2048  285 years: all that a whole number of microseconds can say
 */
export interface Level {
  readonly firstSlot: number;
  readonly slots: number;
  readonly widthUs: number;
}

const SIZES: readonly (readonly [slots: number, widthUs: number])[] = [
  [64, 1],
  [64, 2 ** 6],
  [8192, 2 ** 12],
  [2048, 2 ** 22],
  [2048, 2 ** 32],
  [2048, 2 ** 42],
];

export const INSTANTS = 0;
export const FINE = 1;
export const NEAR = 2;
export const HOURS = 3;
export const DAYS = 4;
export const YEARS = 5;

let slots = 0;
export const LEVELS: readonly Level[] = SIZES.map(([count, widthUs]) => {
  slots += count;
  return { firstSlot: slots - count, slots: count, widthUs };
});
export const SLOTS = slots;

export const FINE_SLOT = LEVELS[FINE].firstSlot;
export const NEAR_SLOT = LEVELS[NEAR].firstSlot;
export const HOURS_SLOT = LEVELS[HOURS].firstSlot;
export const DAYS_SLOT = LEVELS[DAYS].firstSlot;
export const YEARS_SLOT = LEVELS[YEARS].firstSlot;
export const NEAR_MASK = LEVELS[NEAR].slots - 1;
export const FAR_MASK = LEVELS[HOURS].slots - 1;

export function levelOfSlot(slot: number): number {
  if (slot >= HOURS_SLOT) return HOURS + ((slot - HOURS_SLOT) >>> 11);
  return slot >= NEAR_SLOT ? NEAR : slot >>> 6;
}
