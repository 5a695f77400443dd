import { describe, expect, test } from 'vitest';
import { RATE_LIMIT_ALGORITHMS, rateLimit } from '../../../src/algorithms/rate-limit/config.ts';
import { rateLimitDecisions } from '../../../src/algorithms/rate-limit/decisions.ts';

const S = 1_000_000;
const TIMES = [0, 15, 20, 35, 55, 60, 65];
const timesUs = TIMES.map((t) => t * S);

// The lab's worked example: at most 5 requests in 60 s; R6 at 60 s is denied, R7 at 65 s is allowed.
describe('the worked example', () => {
  const decisions = rateLimitDecisions(rateLimit('sliding-window-log', 5, 60 * S), timesUs);
  const logs = decisions.map((d) =>
    d.stateAfter.kind === 'log' ? d.stateAfter.logUs.map((us) => us / S) : [],
  );

  test('refuses the sixth request and allows the seventh', () => {
    expect(decisions.map((d) => d.allowed)).toEqual([true, true, true, true, true, false, true]);
  });

  test('counts what the lab counts, before each request', () => {
    expect(decisions.map((d) => d.counted)).toEqual([0, 1, 2, 3, 4, 5, 4]);
  });

  test('keeps the log that the lab shows, after each request', () => {
    expect(logs).toEqual([
      [0],
      [0, 15],
      [0, 15, 20],
      [0, 15, 20, 35],
      [0, 15, 20, 35, 55],
      [0, 15, 20, 35, 55],
      [15, 20, 35, 55, 65],
    ]);
    expect(decisions[6]!.expiredUs).toEqual([0]);
  });

  test('explains itself in words', () => {
    expect(decisions.map((d) => d.words)).toEqual([
      'counted 0; limit 5; allowed',
      'counted 1: at 0 s; limit 5; allowed',
      'counted 2: at 0, 15 s; limit 5; allowed',
      'counted 3: at 0, 15, 20 s; limit 5; allowed',
      'counted 4: at 0, 15, 20, 35 s; limit 5; allowed',
      'counted 5: at 0, 15, 20, 35, 55 s; limit 5; refused; come back at 60.000001 s',
      'counted 4: at 15, 20, 35, 55 s; limit 5; allowed',
    ]);
  });

  test('turns on one microsecond, and on the convention', () => {
    const sixth = (atUs: number, boundary: 'inclusive' | 'exclusive') =>
      rateLimitDecisions(rateLimit('sliding-window-log', 5, 60 * S, { boundary }), [
        ...timesUs.slice(0, 5),
        atUs,
      ])[5]!.allowed;
    expect(sixth(60 * S, 'inclusive')).toBe(false);
    expect(sixth(60 * S + 1, 'inclusive')).toBe(true);
    expect(sixth(60 * S - 1, 'exclusive')).toBe(false);
    expect(sixth(60 * S, 'exclusive')).toBe(true);
  });

  test('is decided otherwise by the other algorithms', () => {
    const verdicts = Object.fromEntries(
      RATE_LIMIT_ALGORITHMS.map((algorithm) => [
        algorithm,
        rateLimitDecisions(rateLimit(algorithm, 5, 60 * S), timesUs)
          .map((d) => (d.allowed ? 'A' : 'R'))
          .join(''),
      ]),
    );
    expect(verdicts).toEqual({
      'fixed-window': 'AAAAAAA',
      'sliding-window-log': 'AAAAARA',
      'sliding-window-counter': 'AAAAARR',
      'token-bucket': 'AAAAAAA',
      'leaky-bucket': 'AAAAAAA',
      gcra: 'AAAAAAA',
    });
  });

  test('in words, for every algorithm', () => {
    const words = (algorithm: (typeof RATE_LIMIT_ALGORITHMS)[number]) =>
      rateLimitDecisions(rateLimit(algorithm, 5, 60 * S), timesUs)[5]!.words;
    expect(RATE_LIMIT_ALGORITHMS.map(words)).toEqual([
      'window 60 to 120 s: counted 0; limit 5; allowed',
      'counted 5: at 0, 15, 20, 35, 55 s; limit 5; refused; come back at 60.000001 s',
      'estimate 5 x 60/60 + 0 = 5; with this request 6; limit 5; refused; come back at 72 s',
      '4.416666 of 5 tokens, one every 12 s; needs 1; allowed',
      'level 0.583333, leaks one every 12 s; with this request 1.583333; holds 5; allowed',
      'TAT 67 s, 7 s ahead; may be 48 s ahead (T = 12 s, burst 5); allowed',
    ]);
  });

  test('names the newest twelve of a long log and says how many it leaves out', () => {
    const many = Array.from({ length: 101 }, (_, i) => i * S);
    const last = rateLimitDecisions(rateLimit('sliding-window-log', 100, 200 * S), many)[100]!;
    expect(last.words).toBe(
      'counted 100: at 88 earlier, then 88, 89, 90, 91, 92, 93, 94, 95, 96, 97, 98, 99 s; limit 100; refused; come back at 200.000001 s',
    );
  });
});

// blog.cloudflare.com, counting things: 42 requests in the previous minute, 18 in the current one, 15 s into it.
describe('Cloudflare\u2019s example', () => {
  const timesBefore = Array.from({ length: 42 }, (_, i) => i * S);
  const timesNow = Array.from({ length: 18 }, (_, i) => 74_900_000 + i);
  const decide = (atUs: number, settings = {}) =>
    rateLimitDecisions(rateLimit('sliding-window-counter', 50, 60 * S, settings), [
      ...timesBefore,
      ...timesNow,
      atUs,
    ])[60]!;

  test('42 x 45/60 + 18 = 49.5', () => {
    const at75 = decide(75 * S);
    expect(at75.counted).toBe(49.5);
    expect(at75.words).toBe(
      'estimate 42 x 45/60 + 18 = 49.5; with this request 50.5; limit 50; refused; come back at 75.714286 s',
    );
    expect(decide(75_714_286).allowed).toBe(true);
    expect(decide(75_714_285).allowed).toBe(false);
  });

  test('rounded down, as Upstash does, it is 49, and one more is let through', () => {
    const at75 = decide(75 * S, { rounding: 'floor' });
    expect(at75.words).toBe(
      'estimate 42 x 45/60 + 18 = 49.5; rounded down 49; must be below the limit 50; allowed',
    );
  });
});
