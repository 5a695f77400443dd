import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  RATE_LIMIT_ALGORITHMS,
  type RateLimitAlgorithm,
  rateLimit,
  rateLimitProblems,
} from '../../../src/algorithms/rate-limit/config.ts';
import { planRateLimiter, standaloneRateLimiter } from '../../../src/algorithms/rate-limit/registry.ts';
import { decideAll } from '../../../src/algorithms/rate-limit/several.ts';
import { STATE_FLOWS } from '../../../src/algorithms/rate-limit/states.ts';
import { BYTES_PER_ELEMENT, type ColumnGroup } from '../../../src/base/columns.ts';
import { CapacityError } from '../../../src/base/errors.ts';
import {
  createWorld,
  hashWorld,
  openColumns,
  restoreSnapshot,
  takeSnapshot,
} from '../../../src/kernel/world.ts';

const S = 1_000_000;
const MILLION = 1_000_000;

const bytesOf = (group: ColumnGroup): number =>
  Object.values(group.columns).reduce((sum, c) => sum + c.length * BYTES_PER_ELEMENT[c.type], 0);

describe('memory', () => {
  // What the docstrings state.
  const perKey: [RateLimitAlgorithm, number, number][] = [
    ['fixed-window', 5, 12],
    ['sliding-window-counter', 5, 16],
    ['token-bucket', 5, 16],
    ['leaky-bucket', 5, 16],
    ['gcra', 5, 8],
    ['gcra', 7, 12],
  ];
  test.each(perKey)('%s with a limit of %i in 60 s takes %i bytes a key', (algorithm, limit, bytes) => {
    const { group } = planRateLimiter(rateLimit(algorithm, limit, 60 * S), { keys: MILLION });
    expect(bytesOf(group)).toBe(bytes * MILLION + 8);
  });

  test('the log takes 8 bytes a kept request, half a byte a link, and 8 or 12 bytes a key', () => {
    const of = (limit: number, entries: number): number =>
      bytesOf(
        planRateLimiter(rateLimit('sliding-window-log', limit, 60 * S), { keys: MILLION, entries }).group,
      );
    expect(of(8, 0)).toBe(8 * MILLION + 16 + 8);
    expect(of(100, 0)).toBe(12 * MILLION + 16 + 8);
    expect(of(100, 8 * MILLION) - of(100, 0)).toBe(8.5 * 8 * MILLION);
    expect(of(8, 8 * MILLION) - of(8, 0)).toBe(8.5 * 8 * MILLION);
  });
});

// What `npm run mutants` puts into the source allocates.
const measured = test.skipIf(process.env.FANOUT_MUTANTS_TESTS !== undefined);
measured.each(RATE_LIMIT_ALGORITHMS)('%s decides without allocating', (algorithm) => {
  const limiter = standaloneRateLimiter(rateLimit(algorithm, 5, 1000), { keys: 1000 });
  let nowUs = 0;
  let allowed = 0;
  const round = (n: number): void => {
    for (let i = 0; i < n; i++) {
      nowUs += i % 3;
      if (limiter.decide(i % 1000, nowUs)) allowed++;
    }
  };
  round(100_000); // compiled from here on
  const before = process.memoryUsage().heapUsed;
  round(400_000);
  const grown = process.memoryUsage().heapUsed - before;
  expect(allowed).toBeGreaterThan(0);
  // One object of the smallest size a decision would be 6.4 MB.
  expect(grown).toBeLessThan(3 * MILLION);
});

test.each(RATE_LIMIT_ALGORITHMS)(
  '%s lives in a world: a fork goes its own way from the same bytes',
  (algorithm) => {
    const plan = planRateLimiter(rateLimit(algorithm, 3, 100), { keys: 4 });
    const world = createWorld([plan.group]);
    const limiter = plan.open((group) => openColumns(world, group));
    for (let t = 0; t < 60; t++) limiter.decide(t % 4, t * 3);
    const fork = createWorld([plan.group]);
    restoreSnapshot(fork, takeSnapshot(world));
    const twin = plan.open((group) => openColumns(fork, group));
    expect(hashWorld(fork)).toBe(hashWorld(world));
    for (let t = 60; t < 120; t++) expect(twin.decide(t % 4, t * 3)).toBe(limiter.decide(t % 4, t * 3));
    expect(hashWorld(fork)).toBe(hashWorld(world));
    limiter.decide(0, 1000);
    expect(hashWorld(fork)).not.toBe(hashWorld(world));
  },
);

test('a million keys are held apart', () => {
  const limiter = standaloneRateLimiter(rateLimit('sliding-window-log', 2, 60 * S), { keys: MILLION });
  for (let key = 0; key < MILLION; key += 7) {
    expect(limiter.decide(key, 0) && limiter.decide(key, 0) && !limiter.decide(key, 0)).toBe(true);
  }
  expect(limiter.count(1, 0)).toBe(0);
});

test('the log says which setting to raise when all keys together keep too much', () => {
  const limiter = standaloneRateLimiter(rateLimit('sliding-window-log', 2, 60 * S), { keys: 10, entries: 4 });
  limiter.decide(0, 0);
  limiter.decide(1, 0);
  expect(() => limiter.decide(2, 60 * S)).toThrow(CapacityError);
  expect(() => limiter.decide(2, 60 * S)).toThrow('lower workload.users or design.rateLimit.limit');
  expect(limiter.decide(2, 60 * S + 1)).toBe(true);
});

test('a log that is short of pages decides as one with plenty, as long as it decides at all', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 20 }),
      fc.array(fc.tuple(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 30 })), { maxLength: 200 }),
      (limit, requests) => {
        const config = rateLimit('sliding-window-log', limit, 50);
        const short = standaloneRateLimiter(config, { keys: 10, entries: 40 });
        const plenty = standaloneRateLimiter(config, { keys: 10 });
        let nowUs = 0;
        for (const [key, pauseUs] of requests) {
          nowUs += pauseUs;
          const expected = plenty.decide(key, nowUs);
          try {
            expect(short.decide(key, nowUs)).toBe(expected);
          } catch (error) {
            if (error instanceof CapacityError) return;
            throw error;
          }
        }
      },
    ),
  );
});

describe('several limits on one request', () => {
  test('a request that one of them refuses counts at none', () => {
    const byUser = standaloneRateLimiter(rateLimit('sliding-window-log', 5, 60 * S), { keys: 10 });
    const byChannel = standaloneRateLimiter(rateLimit('sliding-window-log', 1, 60 * S), { keys: 3 });
    const limiters = [byUser, byChannel];
    expect(decideAll(limiters, [0, 2], 0)).toBe(-1);
    expect(decideAll(limiters, [0, 2], 1)).toBe(1);
    expect(decideAll(limiters, [0, 1], 2)).toBe(-1);
    expect(byUser.count(0, 2)).toBe(2);
  });

  test('names the one that makes it wait longest', () => {
    const short = standaloneRateLimiter(rateLimit('fixed-window', 1, 10));
    const long = standaloneRateLimiter(rateLimit('fixed-window', 1, 100));
    decideAll([short, long], [0, 0], 0);
    expect(decideAll([long, short], [0, 0], 1)).toBe(0);
    expect(decideAll([short, long], [0, 0], 1)).toBe(1);
  });
});

describe('refused requests that count', () => {
  test('keep a client out of the log that does not pause, and no log grows past the limit', () => {
    const config = rateLimit('sliding-window-log', 3, 10, { refusedCount: true });
    const limiter = standaloneRateLimiter(config, { keys: 1, entries: 3 });
    const verdicts = Array.from({ length: 100 }, (_, t) => limiter.decide(0, t));
    expect(verdicts.filter(Boolean)).toHaveLength(3);
    expect(limiter.retryAfterUs(0, 99)).toBe(9); // 97 has to be more than 10 us old
    expect(limiter.decide(0, 108)).toBe(true);
  });

  test('change no verdict of a fixed window, as in Envoy', () => {
    const plain = standaloneRateLimiter(rateLimit('fixed-window', 3, 10));
    const envoy = standaloneRateLimiter(rateLimit('fixed-window', 3, 10, { refusedCount: true }));
    for (let t = 0; t < 100; t++) expect(envoy.decide(0, t)).toBe(plain.decide(0, t));
    expect(envoy.count(0, 99)).toBe(10);
    expect(plain.count(0, 99)).toBe(3);
  });
});

describe('a config that cannot be', () => {
  test.each([
    ['limit 0', rateLimit('gcra', 0, S), 'limit'],
    ['limit NaN', rateLimit('fixed-window', Number.NaN, S), 'limit'],
    ['limit 1.5', rateLimit('fixed-window', 1.5, S), 'limit'],
    ['window 0', rateLimit('fixed-window', 1, 0), 'window'],
    ['window of 200 years', rateLimit('sliding-window-log', 1, 6.4e15), 'window'],
    ['burst 0', rateLimit('token-bucket', 1, S, { burst: 0 }), 'burst'],
    ['a counter past 2^53', rateLimit('sliding-window-counter', 1e6, 86_400 * S), 'limit'],
    ['a bucket past 2^53', rateLimit('token-bucket', 999_983, 86_400 * S), 'burst'],
    ['no such algorithm', rateLimit('leaky-buckets' as RateLimitAlgorithm, 1, S), 'algorithm'],
  ])('%s is one clear problem', (_, config, field) => {
    const problems = rateLimitProblems(config);
    expect(problems.map((p) => p.field)).toEqual([field]);
    expect(problems[0]!.message).toMatch(/^[^;\n]+; (write|choose) [^\n]+$/);
    expect(() => planRateLimiter(config, { keys: 1 })).toThrow(RangeError);
  });

  test('shows all its problems at once', () => {
    expect(rateLimitProblems(rateLimit('gcra', 0, 0, { burst: -1 }))).toHaveLength(3);
  });
});

test('a key that does not exist is an error, not a write past the end', () => {
  const limiter = standaloneRateLimiter(rateLimit('gcra', 1, S), { keys: 3 });
  for (const key of [3, -1, 0.5, Number.NaN, 2 ** 32]) {
    expect(() => limiter.decide(key, 0)).toThrow(/keys are whole numbers from 0 to 2/);
  }
});

test.each([0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])('%d us is no time', (timeUs) => {
  expect(() => standaloneRateLimiter(rateLimit('gcra', 1, S)).decide(0, timeUs)).toThrow(RangeError);
});

test('every algorithm has a state flow, whose transitions join its states and which can refuse and recover', () => {
  expect(Object.keys(STATE_FLOWS)).toEqual([...RATE_LIMIT_ALGORITHMS]);
  for (const flow of Object.values(STATE_FLOWS)) {
    const ids = flow.states.map((s) => s.id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toContain(flow.initial);
    for (const { from, to } of flow.transitions) expect(ids).toEqual(expect.arrayContaining([from, to]));
    const reachable = new Set([flow.initial]);
    for (let n = 0; n < ids.length; n++) {
      for (const t of flow.transitions) if (reachable.has(t.from)) reachable.add(t.to);
    }
    expect(reachable.size).toBe(ids.length);
    expect(flow.transitions.some((t) => t.verdict === 'refused')).toBe(true);
    expect(flow.transitions.some((t) => t.verdict === 'allowed')).toBe(true);
  }
});
