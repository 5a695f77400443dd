import fc from 'fast-check';
import { describe, test } from 'vitest';
import { RATE_LIMIT_ALGORITHMS } from '../../../src/algorithms/rate-limit/config.ts';
import { planRateLimiter } from '../../../src/algorithms/rate-limit/registry.ts';
import { type OpenLimiter, RATE_LIMIT_LAWS } from '../../../src/testkit/rate-limit-laws.ts';

const open: OpenLimiter = (config, keys, columnsOf) => planRateLimiter(config, { keys }).open(columnsOf);

for (const algorithm of RATE_LIMIT_ALGORITHMS) {
  describe(algorithm, () => {
    for (const law of RATE_LIMIT_LAWS) {
      test(law.name, () => {
        fc.assert(law.property(open, algorithm), { numRuns: 200 });
      });
    }
  });
}
