import { formatDuration, US_PER_SECOND } from '../base/units.ts';

/** The speeds of the slider: 1, 2 and 5 times each power of ten from 10 us to 50 s of virtual time a second, then no limit. */
export const SPEEDS: readonly number[] = [10, 100, 1e3, 1e4, 1e5, 1e6, 1e7]
  .flatMap((decade) => [decade, 2 * decade, 5 * decade])
  .concat(Number.POSITIVE_INFINITY);

/** Index of the fastest speed that is not faster than `speed`. */
export function speedIndex(speed: number): number {
  let index = 0;
  while (index + 1 < SPEEDS.length && SPEEDS[index + 1]! <= speed) index++;
  return index;
}

/** `1 s shows 50 ms`, `1 s shows 1 s (real time)`, `as fast as it goes`. */
export function speedWords(speed: number): string {
  if (speed === Number.POSITIVE_INFINITY) return 'as fast as it goes';
  return `1 s shows ${formatDuration(speed)}${speed === US_PER_SECOND ? ' (real time)' : ''}`;
}

/** What a run begins with: half a minute from start to end, and never faster than real time. */
export function firstSpeed(durationUs: number): number {
  return SPEEDS[speedIndex(Math.min(US_PER_SECOND, durationUs / 30))]!;
}
