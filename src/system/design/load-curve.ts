import cos from '@stdlib/math-base-special-cos';
import { US_PER_HOUR } from '../../base/units.ts';
import type { Workload } from './design.ts';

/**
 * How much is written at a time of day, relative to the workload's rate: its mean is 1, but for the spike of the top of the hour, which comes on
 * top of it (31 / 30). Virtual time 0 is midnight. The day has peaks at about 11:00 and 14:00 and a dip at lunch, and the top of the hour a spike, as Slack describes its own traffic (slack.engineering, "Real-time messaging");
 * the heights are assumptions.
 */
export interface LoadCurve {
  readonly isFlat: boolean;
  /** No value of `at` is larger. */
  readonly highest: number;
  at(timeUs: number): number;
}

const SPIKE_HEIGHT = 3;
const SPIKE_US = 60_000_000;
const TWO_PI = 6.283185307179586;

export function createLoadCurve(curve: Workload['messages']['curve']): LoadCurve {
  switch (curve) {
    case 'flat':
      return { isFlat: true, highest: 1, at: () => 1 };
    case 'daily':
      // A first harmonic with its peak at 12:30 and an eighth one that makes peaks at about 11:00 and 14:00 and the dip between.
      return {
        isFlat: false,
        highest: 2,
        at(timeUs) {
          const hour = (timeUs % (24 * US_PER_HOUR)) / US_PER_HOUR;
          return 1 + 0.8 * cos((TWO_PI * (hour - 12.5)) / 24) - 0.2 * cos((TWO_PI * (hour - 12.5)) / 3);
        },
      };
    case 'top-of-the-hour':
      return {
        isFlat: false,
        highest: SPIKE_HEIGHT,
        at: (timeUs) => (timeUs % US_PER_HOUR < SPIKE_US ? SPIKE_HEIGHT : 1),
      };
  }
}
