import type { Duration } from '../../system/design/design.ts';
import * as limits from '../bounds.ts';
import { count, duration } from './scalars.ts';
import { forms, list, map } from './shapes.ts';

/** How long the work of a station takes, and how much of it fits. */

/** A distribution of durations: `2ms`, `{ median: 2ms, p99: 15ms }`, `{ mean: 1ms }`, `{ min: 1ms, max: 2ms }`, `{ empirical: [1ms, 2ms, 5ms] }`. */
export function durations(description: string) {
  return forms(
    description,
    [
      duration('Always exactly this long.').transform((us): Duration => ({ kind: 'constant', us })),
      map('Log-normal: half take at most the median, 99 of 100 at most p99.', {
        median: duration('Half take at most this long.', { min: 1 }),
        p99: duration('99 of 100 take at most this long; longer than the median.', { min: 1 }),
      }).transform(({ median, p99 }): Duration => ({ kind: 'lognormal', medianUs: median, p99Us: p99 })),
      map('Exponential with this mean: memoryless, as in queueing theory.', {
        mean: duration('The mean of the exponential distribution.', { min: 1 }),
      }).transform(({ mean }): Duration => ({ kind: 'exponential', meanUs: mean })),
      map('Uniform: every duration from min to max is equally likely.', {
        min: duration('The shortest duration.'),
        max: duration('The longest duration, at least min.'),
      }).transform(({ min, max }): Duration => ({ kind: 'uniform', minUs: min, maxUs: max })),
      map('Measured: as often between two samples that follow each other in size as between any other two.', {
        empirical: list(
          'Durations as they were measured, in any order.',
          duration('One measured duration.'),
          limits.MAX_SAMPLES,
          2,
        ),
      }).transform(({ empirical }): Duration => ({ kind: 'empirical', samplesUs: empirical })),
    ],
    '2ms, { median: 2ms, p99: 15ms }, { mean: 1ms }, { min: 1ms, max: 2ms } or { empirical: [1ms, 2ms, 5ms] }',
  );
}

export const queue = (what: string) =>
  count(`Jobs that may wait at ${what}; what comes when they are that many is refused.`, {
    max: limits.MAX_QUEUE,
  }).optional();
export const workers = (what: string) =>
  count(`Jobs that ${what} works on at the same time.`, { min: 1, max: limits.MAX_WORKERS }).optional();
