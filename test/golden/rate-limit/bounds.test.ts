import { expect, test } from 'vitest';
import { type RateLimitConfig, rateLimit } from '../../../src/algorithms/rate-limit/config.ts';
import { rateLimitDecisions } from '../../../src/algorithms/rate-limit/decisions.ts';
import { standaloneRateLimiter } from '../../../src/algorithms/rate-limit/registry.ts';
import { mostInAnyWindow } from '../../../src/testkit/rate-limit-laws.ts';

const S = 1_000_000;
const L = 100;
const W = 60 * S;

const allowedUs = (config: RateLimitConfig, timesUs: readonly number[]): number[] =>
  rateLimitDecisions(config, timesUs)
    .filter((d) => d.allowed)
    .map((d) => d.timeUs);

const times = (n: number, atUs: number): number[] => Array.from({ length: n }, () => atUs);

test('the fixed window lets 2 L through in 0.2 s; the log lets L', () => {
  const doubleBurst = [...times(L, 59.9 * S), ...times(L, 60.1 * S)];
  expect(allowedUs(rateLimit('fixed-window', L, W), doubleBurst)).toHaveLength(2 * L);
  expect(allowedUs(rateLimit('sliding-window-log', L, W), doubleBurst)).toHaveLength(L);
  // The window that begins with the first request only moves the edge: 1 at 0, the rest of the burst at its end.
  const later = [0, ...times(L - 1, 59.9 * S), ...times(L, 60.1 * S)];
  expect(
    mostInAnyWindow(
      rateLimit('fixed-window', L, W),
      allowedUs(rateLimit('fixed-window', L, W, { align: 'first-request' }), later),
    ),
  ).toBe(2 * L - 1);
});

/** A burst at the end of one window, then through the next one as fast as the limiter allows. */
function burstThenGreedy(config: RateLimitConfig): number[] {
  const limiter = standaloneRateLimiter(config);
  const allowed: number[] = [];
  let nowUs = W - 1;
  while (nowUs < 2 * W - 1) {
    const waitUs = limiter.retryAfterUs(0, nowUs);
    nowUs += waitUs;
    if (nowUs >= 2 * W - 1) break;
    limiter.decide(0, nowUs);
    allowed.push(nowUs);
  }
  return allowed;
}

test('the sliding-window counter reaches 1.99 L in one window, and 2 L when it rounds down', () => {
  const exact = rateLimit('sliding-window-counter', L, W);
  expect(mostInAnyWindow(exact, burstThenGreedy(exact))).toBe(199);
  const floor = rateLimit('sliding-window-counter', L, W, { rounding: 'floor' });
  expect(mostInAnyWindow(floor, burstThenGreedy(floor))).toBe(200);
  const log = rateLimit('sliding-window-log', L, W);
  expect(mostInAnyWindow(log, burstThenGreedy(log))).toBe(100);
});

test('the token bucket reaches burst + rate x time', () => {
  const config = rateLimit('token-bucket', L, W);
  const every600ms = Array.from({ length: 101 }, (_, i) => i * 600_000);
  const greedy = [...times(L, 0), ...every600ms.slice(1)];
  expect(allowedUs(config, greedy)).toHaveLength(200); // 100 at once, then one every 0.6 s up to 60 s
});

test('no refill is lost however often the bucket is looked at', () => {
  for (const [limit, windowUs] of [
    [7, 60 * S],
    [999, 1000],
    [3, 7],
  ] as const) {
    const config = rateLimit('token-bucket', limit, windowUs, { burst: limit });
    const busy = standaloneRateLimiter(config);
    for (let i = 0; i < limit; i++) busy.decide(0, 0);
    // Looked at a thousand times while it refills, without a token being complete.
    let nowUs = 0;
    const completeUs = Math.ceil(windowUs / limit);
    for (let i = 1; i < 1000 && nowUs < completeUs - 1; i++) {
      nowUs = Math.min(completeUs - 1, nowUs + Math.max(1, Math.floor(completeUs / 1000)));
      expect(busy.decide(0, nowUs)).toBe(false);
    }
    expect(busy.decide(0, completeUs)).toBe(true);
  }
  // 3 in 7 us: after the burst, tokens are complete at 7/3, 14/3 and 7 us.
  const thirds = [0, 0, 0, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12, 13, 14];
  const verdicts = rateLimitDecisions(rateLimit('token-bucket', 3, 7), thirds).map((d) => d.allowed);
  expect(thirds.filter((_, i) => verdicts[i])).toEqual([0, 0, 0, 3, 5, 7, 10, 12, 14]);
});
