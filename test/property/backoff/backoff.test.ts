import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  BACKOFF_KINDS,
  type BackoffKind,
  backoffDelayUs,
  backoffWaitUs,
  MAX_BACKOFF_US,
} from '../../../src/algorithms/backoff/backoff.ts';
import { mix32 } from '../../../src/base/hash.ts';

type Delay = typeof backoffDelayUs;

const WORDS = 2 ** 32;
const word = fc.oneof(fc.integer({ min: 0, max: WORDS - 1 }), fc.constantFrom(0, 1, WORDS - 1));
const attempt = fc.oneof(fc.nat(12), fc.nat(1000), fc.constantFrom(31, 32, 52, 53, 1023, 1024, 2 ** 52));
const us = fc.oneof(
  fc.integer({ min: 0, max: 60_000_000 }),
  fc.integer({ min: 0, max: MAX_BACKOFF_US }),
  fc.constant(0),
);
const kind = fc.constantFrom(...BACKOFF_KINDS);
const asked = fc.record({ kind, attempt, baseUs: us, capUs: us, choice: word, previousUs: us });
type Asked = typeof asked extends fc.Arbitrary<infer A> ? A : never;

const ask = (delay: Delay, { kind: of, attempt: n, baseUs, capUs, choice, previousUs }: Asked): number =>
  delay(of, n, baseUs, capUs, choice, previousUs);

const fail = (why: string): never => {
  throw new Error(why);
};

/** The least and the most that each kind may wait, from the formulas, in exact whole numbers. */
function boundsOf({ kind: of, attempt: n, baseUs, capUs, previousUs }: Asked): [bigint, bigint] {
  const [base, cap] = [BigInt(baseUs), BigInt(capUs)];
  const least = (a: bigint, b: bigint): bigint => (a < b ? a : b);
  const most = (a: bigint, b: bigint): bigint => (a > b ? a : b);
  const ceiling = least(cap, base << BigInt(Math.min(n, 100)));
  const ms = (value: number): bigint => BigInt(value) * 1000n;
  switch (of) {
    case 'none':
      return [0n, 0n];
    case 'constant':
      return [least(base, cap), least(base, cap)];
    case 'exponential':
      return [ceiling, ceiling];
    case 'full-jitter':
      return [0n, ceiling];
    case 'equal-jitter':
      return [ceiling - ceiling / 2n, ceiling];
    case 'decorrelated-jitter':
      return [least(base, cap), least(cap, 3n * most(least(BigInt(previousUs), cap), least(base, cap)))];
    case 'phoenix': {
      const steps = [10, 50, 100, 150, 200, 250, 500, 1000, 2000];
      return [ms(steps[n] ?? 5000), ms(steps[n] ?? 5000)];
    }
    case 'socket.io': {
      const mean = 1000 * 2 ** Math.min(n, 20);
      return [ms(Math.min(mean / 2, 5000)), ms(Math.min((mean * 3) / 2, 5000))];
    }
  }
}

/** The wait is a whole number within the bounds of its kind. */
const staysWithinBounds = (delay: Delay) =>
  fc.property(asked, (of) => {
    const wait = ask(delay, of);
    if (!Number.isSafeInteger(wait)) fail(`${wait} is no whole number`);
    const [least, most] = boundsOf(of);
    if (wait < least || wait > most) fail(`${wait} is not in ${least} .. ${most}`);
  });

/** With the worst luck, a later attempt waits no shorter than an earlier one. */
const growsWithAttempts = (delay: Delay) =>
  fc.property(asked, fc.nat(40), (of, more) => {
    const worst = { ...of, choice: WORDS - 1, previousUs: 0 };
    if (worst.kind === 'socket.io') return; // its jitter ends where its cap begins
    const [earlier, later] = [ask(delay, worst), ask(delay, { ...worst, attempt: worst.attempt + more })];
    if (later < earlier) fail(`${later} after ${earlier}`);
  });

/** A larger choice waits longer, and the choices from end to end give the bounds from end to end. */
const usesTheWholeRange = (delay: Delay) =>
  fc.property(asked, word, (of, other) => {
    if (of.kind === 'socket.io') return; // one number decides size and sign there
    const [low, high] = [Math.min(of.choice, other), Math.max(of.choice, other)];
    if (ask(delay, { ...of, choice: low }) > ask(delay, { ...of, choice: high }))
      fail('a larger choice waited shorter');
    const [least, most] = boundsOf(of);
    if (BigInt(ask(delay, { ...of, choice: 0 })) !== least)
      fail('the smallest choice does not give the least wait');
    if (most - least < WORDS && BigInt(ask(delay, { ...of, choice: WORDS - 1 })) !== most)
      fail('the most is never reached');
  });

const LAWS: Record<string, (delay: Delay) => fc.IProperty<unknown>> = {
  'waits a whole number of microseconds within the bounds of its formula': staysWithinBounds,
  'waits, with the worst luck, no shorter at a later attempt': growsWithAttempts,
  'waits longer for a larger choice, from the least to the most that its formula allows': usesTheWholeRange,
};

describe('every kind of backoff', () => {
  test.each(Object.entries(LAWS))('%s', (_, law) => {
    fc.assert(law(backoffDelayUs), { numRuns: 2000 });
  });

  test('waits the same at attempt 1000 as at every later one', () => {
    for (const of of BACKOFF_KINDS) {
      const at = (n: number): number => backoffDelayUs(of, n, 1_000_000, 30_000_000, 0x8000_0000, 1_000_000);
      expect([at(1001), at(1_000_000), at(2 ** 53)]).toEqual([at(1000), at(1000), at(1000)]);
    }
  });

  test('refuses attempts and durations that are no whole numbers in range', () => {
    for (const bad of [-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => backoffDelayUs('exponential', bad, 1, 1, 0, 0)).toThrow('attempts are whole numbers');
      expect(() => backoffDelayUs('exponential', 0, bad, 1, 0, 0)).toThrow(`base ${bad} us`);
      expect(() => backoffDelayUs('exponential', 0, 1, bad, 0, 0)).toThrow(`cap ${bad} us`);
    }
    expect(() => backoffDelayUs('none', 0, 0, MAX_BACKOFF_US + 1, 0, 0)).toThrow(RangeError);
  });
});

describe('the mean wait over evenly spaced choices', () => {
  const mean = (of: BackoffKind, n: number, previousUs = 0): number => {
    let sum = 0;
    for (let i = 0; i < 1000; i++) {
      sum += backoffDelayUs(of, n, 1_000_000, 30_000_000, (i + 0.5) * (WORDS / 1000), previousUs);
    }
    return sum / 1000;
  };

  test.each<[BackoffKind, number, number]>([
    ['full-jitter', 0, 500_000],
    ['full-jitter', 3, 4_000_000],
    ['full-jitter', 9, 15_000_000],
    ['equal-jitter', 3, 6_000_000],
    ['equal-jitter', 9, 22_500_000],
  ])('of %s at attempt %i is what its formula says', (of, n, expected) => {
    expect(Math.abs(mean(of, n) - expected)).toBeLessThan(expected / 500);
  });

  test('of decorrelated jitter is half of base and three times the previous wait', () => {
    expect(Math.abs(mean('decorrelated-jitter', 1, 4_000_000) - 6_500_000)).toBeLessThan(13_000);
  });
});

describe('Socket.IO', () => {
  /** As in its source, with the random number r in [0, 1), in milliseconds. */
  const fromItsSource = (n: number, r: number): number => {
    const mean = 1000 * 2 ** n;
    const deviation = Math.floor(r * 0.5 * mean);
    const jittered = Math.floor(r * 10) % 2 === 0 ? mean - deviation : mean + deviation;
    return Math.trunc(Math.min(jittered, 5000));
  };

  test('waits as its source does', () => {
    fc.assert(
      fc.property(fc.nat(20), word, (n, choice) => {
        expect(backoffDelayUs('socket.io', n, 0, 0, choice, 0)).toBe(fromItsSource(n, choice / WORDS) * 1000);
      }),
    );
  });

  test('has no jitter left from the fifth attempt on', () => {
    const waits = [0, 0x4000_0000, 0x7fff_ffff, WORDS - 1].map((choice) =>
      backoffDelayUs('socket.io', 4, 0, 0, choice, 0),
    );
    expect(new Set(waits)).toEqual(new Set([5_000_000]));
  });
});

describe('the laws catch', () => {
  const planted: [string, Delay][] = [
    ['a power of two in 32 bits', (_, n, base, cap) => Math.min(base * (1 << n), cap)],
    [
      'a power of two that overflows',
      (k, n, ...rest) => (n > 1023 ? Number.POSITIVE_INFINITY : backoffDelayUs(k, n, ...rest)),
    ],
    [
      'a cap that is forgotten',
      (k, n, base, cap, c, p) => backoffDelayUs(k, n, base, Math.min(2 * cap, MAX_BACKOFF_US), c, p),
    ],
    [
      'an attempt that is counted twice',
      (k, n, ...rest) => backoffDelayUs(k, Math.min(2 * n + 1, 2 ** 53), ...rest),
    ],
    [
      'a wait that is no whole number',
      (k, n, base, cap, c, p) => backoffDelayUs(k, n, base, cap, c, p) + (c === 0 ? 0 : 0.5),
    ],
    [
      'jitter that never reaches its ends',
      (k, n, b, cap, c, p) => backoffDelayUs(k, n, b, cap, c - (c % 2 ** 30), p),
    ],
    ['jitter upside down', (k, n, b, cap, c, p) => backoffDelayUs(k, n, b, cap, WORDS - 1 - c, p)],
    ['a wait that falls again', (k, n, ...rest) => backoffDelayUs(k, n % 8, ...rest)],
  ];
  test.each(planted)('%s', (_, delay) => {
    const failed = Object.values(LAWS).filter(
      (law) => fc.check(law(delay), { seed: 1, numRuns: 2000 }).failed,
    );
    expect(failed).not.toEqual([]);
  });
});

test('a wait that is worked out from the words of those before it is that of a client which remembers', () => {
  const word = (whose: number, attempt: number): number => mix32(mix32(whose) ^ attempt);
  for (const kind of BACKOFF_KINDS) {
    for (const whose of [1, 2, 3]) {
      let previousUs = 0;
      for (let attempt = 0; attempt < 30; attempt++) {
        previousUs = backoffDelayUs(kind, attempt, 1_000, 50_000, word(whose, attempt), previousUs);
        expect(backoffWaitUs(kind, attempt, 1_000, 50_000, word, whose), kind).toBe(previousUs);
      }
    }
  }
});
