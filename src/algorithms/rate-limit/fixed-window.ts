import { columns, f64, u32 } from '../../base/columns.ts';
import { secondsText } from '../../base/units.ts';
import type { RateLimitConfig } from './config.ts';
import { checkKeyAndTime, type Explanation, type RateLimiterPlan, type RateLimiterSize } from './limiter.ts';
import { verdictText } from './words.ts';

/**
 * Fixed window: one counter that starts again with each window. The contrast to all others: L requests at the end of one window and L
 * at the start of the next are 2 L in a moment, and never more.
 *
 * A window is [start, start + W): a request exactly W after the start opens the next one. Source of both conventions:
 * `align: clock`: windows begin at multiples of W, the key is floor(now/u) u (envoyproxy/ratelimit);
 * `align: first-request`: the window begins at the key's first request and is over when start + W <= now (express-rate-limit,
 * memory-store.ts).
 * Envoy counts refused requests by default (`refusedCount`); as it is over only within the window, that changes no verdict.
 *
 * Memory: 12 bytes a key (start f64, count u32).
 */
export function fixedWindow(config: RateLimitConfig, size: RateLimiterSize): RateLimiterPlan {
  const { keys } = size;
  const group = columns(size.name ?? 'rateLimit', { start: f64(keys), count: u32(keys), clock: f64(1) });
  return {
    config,
    group,
    open(columnsOf) {
      const { start: starts, count: counts, clock } = columnsOf(group);
      const { limit, windowUs } = config;
      const countsRefused = config.refusedCount === true;
      const byClock = config.align !== 'first-request';

      /** The start of the window that a request at nowUs falls into. */
      function startAt(key: number, nowUs: number): number {
        if (byClock) return nowUs - (nowUs % windowUs);
        const start = starts[key];
        return counts[key] === 0 || start + windowUs <= nowUs ? nowUs : start;
      }

      function countAt(key: number, nowUs: number): number {
        return startAt(key, nowUs) === starts[key] ? counts[key] : 0;
      }

      function decide(key: number, nowUs: number): boolean {
        checkKeyAndTime(keys, clock, key, nowUs);
        clock[0] = nowUs;
        const start = startAt(key, nowUs);
        if (start !== starts[key]) {
          starts[key] = start;
          counts[key] = 0;
        }
        const count = counts[key];
        const allowed = count < limit;
        if ((allowed || countsRefused) && count < 0xffff_ffff) counts[key] = count + 1;
        return allowed;
      }

      function retryAfterUs(key: number, nowUs: number): number {
        checkKeyAndTime(keys, clock, key, nowUs);
        return countAt(key, nowUs) < limit ? 0 : startAt(key, nowUs) + windowUs - nowUs;
      }

      function count(key: number, nowUs: number): number {
        checkKeyAndTime(keys, clock, key, nowUs);
        return countAt(key, nowUs);
      }

      function state(key: number, nowUs: number) {
        const counted = count(key, nowUs);
        const windowStartUs = startAt(key, nowUs);
        return {
          kind: 'window',
          windowStartUs,
          windowEndUs: windowStartUs + windowUs,
          count: counted,
        } as const;
      }

      function explain(key: number, nowUs: number): Explanation {
        const found = state(key, nowUs);
        const retry = retryAfterUs(key, nowUs);
        const allowed = retry === 0;
        const window = `${secondsText(found.windowStartUs)} to ${secondsText(found.windowEndUs)} s`;
        return {
          timeUs: nowUs,
          allowed,
          counted: found.count,
          limit,
          remaining: allowed ? limit - found.count - 1 : 0,
          expiredUs: [],
          state: found,
          retryAfterUs: retry,
          delayUs: 0,
          words: `window ${window}: counted ${found.count}; limit ${limit}; ${verdictText(allowed, nowUs, retry)}`,
        };
      }

      function forget(key: number): void {
        starts[key] = 0;
        counts[key] = 0;
      }

      return { config, decide, retryAfterUs, count, delayUs: () => 0, state, explain, forget };
    },
  };
}
