import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RATE_LIMIT_LAWS } from '../../../src/testkit/rate-limit-laws.ts';
import { PLANTED } from './planted.ts';

// Fixed seeds: a mistake that is caught today is caught tomorrow.
describe.each(PLANTED)('$mistake', ({ open, algorithms, caughtBy }) => {
  for (const algorithm of algorithms) {
    for (const words of caughtBy) {
      test(`${algorithm}: the law on "${words}" catches it`, () => {
        const laws = RATE_LIMIT_LAWS.filter((law) => law.name.includes(words));
        expect(laws).toHaveLength(1);
        const run = fc.check(laws[0]!.property(open, algorithm), { seed: 4, numRuns: 1000 });
        expect(run.failed).toBe(true);
        expect(run.counterexample).not.toBeNull();
      });
    }
  }
});
