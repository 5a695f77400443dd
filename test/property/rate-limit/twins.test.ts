import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { RateLimitConfig } from '../../../src/algorithms/rate-limit/config.ts';
import { standaloneRateLimiter } from '../../../src/algorithms/rate-limit/registry.ts';
import { rateLimitTraffic, type Traffic } from '../../../src/testkit/rate-limit-arbitraries.ts';

// Three algorithms that are one: they were written apart, and are held together here.

const bucketTraffic = rateLimitTraffic('leaky-bucket');

/** Runs two limiters on the same traffic; returns the first request where they differ, or null. */
function firstDifference(
  { timesUs }: Traffic,
  a: RateLimitConfig,
  b: RateLimitConfig,
  sameCount: (a: number, b: number) => boolean,
): string | null {
  const left = standaloneRateLimiter(a);
  const right = standaloneRateLimiter(b);
  for (const timeUs of timesUs) {
    if (!sameCount(left.count(0, timeUs), right.count(0, timeUs))) return `count at ${timeUs} us`;
    if (left.retryAfterUs(0, timeUs) !== right.retryAfterUs(0, timeUs))
      return `time to come back at ${timeUs} us`;
    if (left.decide(0, timeUs) !== right.decide(0, timeUs)) return `verdict at ${timeUs} us`;
  }
  return null;
}

const equal = (a: number, b: number): boolean => a === b;

test('the leaky bucket is the token bucket mirrored: level and tokens add up to the burst', () => {
  fc.assert(
    fc.property(bucketTraffic, (traffic) => {
      const leaky = traffic.config;
      expect(firstDifference(traffic, leaky, { ...leaky, algorithm: 'token-bucket' }, equal)).toBeNull();
      const level = standaloneRateLimiter(leaky);
      const tokens = standaloneRateLimiter({ ...leaky, algorithm: 'token-bucket' });
      for (const timeUs of traffic.timesUs) {
        level.decide(0, timeUs);
        tokens.decide(0, timeUs);
        const found = tokens.state(0, timeUs);
        if (found.kind !== 'tokens') throw new Error('a token bucket has tokens');
        expect(level.count(0, timeUs) + found.tokens).toBeCloseTo(leaky.burst, 9);
      }
    }),
  );
});

test('GCRA decides as the leaky bucket does, request by request', () => {
  fc.assert(
    fc.property(bucketTraffic, (traffic) => {
      expect(
        firstDifference(traffic, traffic.config, { ...traffic.config, algorithm: 'gcra' }, equal),
      ).toBeNull();
    }),
  );
});

test('a GCRA that keeps TAT in whole microseconds is told from the leaky bucket', () => {
  const run = fc.check(
    fc.property(bucketTraffic, (traffic) => {
      const { limit, windowUs } = traffic.config;
      const rounded = {
        ...traffic.config,
        algorithm: 'gcra' as const,
        windowUs: Math.ceil(windowUs / limit) * limit,
      };
      expect(firstDifference(traffic, traffic.config, rounded, () => true)).toBeNull();
    }),
    { seed: 4, numRuns: 1000 },
  );
  expect(run.failed).toBe(true);
});

test('the queue admits what the meter admits, in order, and lets nothing out faster than the rate', () => {
  fc.assert(
    fc.property(bucketTraffic, ({ config, timesUs }) => {
      const meter = standaloneRateLimiter(config);
      const queue = standaloneRateLimiter({ ...config, leak: 'queue' });
      const departuresUs: number[] = [];
      for (const timeUs of timesUs) {
        const why = queue.explain(0, timeUs);
        const allowed = queue.decide(0, timeUs);
        expect(allowed).toBe(meter.decide(0, timeUs));
        if (!allowed) continue;
        const delayUs = queue.delayUs(0, timeUs);
        expect(why.delayUs).toBe(delayUs);
        expect(delayUs).toBeLessThanOrEqual(Math.ceil(((config.burst - 1) * config.windowUs) / config.limit));
        departuresUs.push(timeUs + delayUs);
      }
      for (let i = 1; i < departuresUs.length; i++) {
        // Departures are rounded up to whole microseconds, so two may come one microsecond closer than the exact rate.
        const apartUs = departuresUs[i]! - departuresUs[i - 1]!;
        expect(apartUs).toBeGreaterThanOrEqual(Math.floor(config.windowUs / config.limit));
      }
      // Nothing waits for no reason: when it is held back, the one before it leaves exactly one interval earlier.
      const exact = config.windowUs % config.limit === 0;
      if (exact) {
        let before = Number.NEGATIVE_INFINITY;
        let i = 0;
        const again = standaloneRateLimiter({ ...config, leak: 'queue' });
        for (const timeUs of timesUs) {
          if (!again.decide(0, timeUs)) continue;
          expect(departuresUs[i]).toBe(Math.max(timeUs, before + config.windowUs / config.limit));
          before = departuresUs[i++]!;
        }
      }
    }),
  );
});

test('a queue that forgets its backlog is told from one that does not', () => {
  const config: RateLimitConfig = {
    algorithm: 'leaky-bucket',
    limit: 1,
    windowUs: 10,
    burst: 3,
    boundary: 'inclusive',
    leak: 'queue',
  };
  const queue = standaloneRateLimiter(config);
  const delays = [0, 0, 0].map((timeUs) => (queue.decide(0, timeUs) ? queue.delayUs(0, timeUs) : -1));
  expect(delays).toEqual([0, 10, 20]);
});
