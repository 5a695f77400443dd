import { columns, f64, u32 } from '../../base/columns.ts';
import { secondsText } from '../../base/units.ts';
import type { RateLimitConfig } from './config.ts';
import { floorDiv } from './exact.ts';
import { checkKeyAndTime, type Explanation, type RateLimiterPlan, type RateLimiterSize } from './limiter.ts';
import { requestsText, verdictText } from './words.ts';

/**
 * Sliding-window counter: two fixed windows, the previous one weighted by the share that the sliding window still covers:
 *
 *     estimate = previous (W - t) / W + current,   t = now mod W
 *
 * (Cloudflare, "How we built rate limiting capable of scaling to millions of domains": 42 x 45/60 + 18 = 49.5.)
 * `rounding: exact`, the default: allow while the estimate with this request is at most L.
 * `rounding: floor`: refuse if floor((W - t)/W previous) + current >= L (upstash/ratelimit-js, single.ts): the estimate before this
 * request is compared, which lets up to one request more through.
 * Windows are [k W, (k + 1) W); there is no other boundary convention.
 *
 * It assumes that the previous window's requests were spread evenly. A burst at its end followed by requests as fast as the weight falls puts
 * 1.99 L into one trailing window for L = 100 (2 L with floor), and 2 L is never passed. "0.003 % of requests were wrong" (Cloudflare) is
 * an average over clients mostly far from the limit: of a Poisson client at its limit (L = 100) it decides one request in seven otherwise
 * than an exact log of what it let through would: it wrongly allows 10.5 % and wrongly refuses 3.5 %.
 *
 * The comparison is made in whole numbers, multiplied by W: previous (W - t) <= (L - 1 - current) W, or <= (L - current) W - 1 with floor.
 *
 * Memory: 16 bytes a key (start f64, previous and current u32).
 */
export function slidingWindowCounter(config: RateLimitConfig, size: RateLimiterSize): RateLimiterPlan {
  const { keys } = size;
  const group = columns(size.name ?? 'rateLimit', {
    start: f64(keys),
    previous: u32(keys),
    current: u32(keys),
    clock: f64(1),
  });
  return {
    config,
    group,
    open(columnsOf) {
      const { start: starts, previous: previouses, current: currents, clock } = columnsOf(group);
      const { limit, windowUs } = config;
      const countsRefused = config.refusedCount === true;
      const rounding = config.rounding ?? 'exact';
      /** Counts stop here, so that count x window stays exact. Only refused requests that count can get so far. */
      const mostCounted = Math.min(0xffff_ffff, floorDiv(Number.MAX_SAFE_INTEGER, windowUs));

      const startAt = (nowUs: number): number => nowUs - (nowUs % windowUs);

      function currentAt(key: number, start: number): number {
        return starts[key] === start ? currents[key] : 0;
      }

      function previousAt(key: number, start: number): number {
        if (starts[key] === start) return previouses[key];
        return starts[key] === start - windowUs ? currents[key] : 0;
      }

      /** How much previous (W - t) may be; negative when no weight is small enough. */
      function room(current: number): number {
        return rounding === 'exact' ? (limit - 1 - current) * windowUs : (limit - current) * windowUs - 1;
      }

      function decide(key: number, nowUs: number): boolean {
        checkKeyAndTime(keys, clock, key, nowUs);
        clock[0] = nowUs;
        const start = startAt(nowUs);
        if (starts[key] !== start) {
          previouses[key] = previousAt(key, start);
          currents[key] = 0;
          starts[key] = start;
        }
        const current = currents[key];
        const allowed = previouses[key] * (start + windowUs - nowUs) <= room(current);
        if ((allowed || countsRefused) && current < mostCounted) currents[key] = current + 1;
        return allowed;
      }

      function retryAfterUs(key: number, nowUs: number): number {
        checkKeyAndTime(keys, clock, key, nowUs);
        const start = startAt(nowUs);
        return waitUs(start, previousAt(key, start), currentAt(key, start), nowUs);
      }

      function waitUs(start: number, previous: number, current: number, nowUs: number): number {
        const left = room(current);
        if (previous * (start + windowUs - nowUs) <= left) return 0;
        // The weight has to fall to left / previous. When the current window alone is at the limit, it has to become the previous one first.
        if (left >= 0) return start + windowUs - floorDiv(left, previous) - nowUs;
        return start + 2 * windowUs - floorDiv(room(0), current) - nowUs;
      }

      function count(key: number, nowUs: number): number {
        checkKeyAndTime(keys, clock, key, nowUs);
        const start = startAt(nowUs);
        return (previousAt(key, start) * (start + windowUs - nowUs)) / windowUs + currentAt(key, start);
      }

      function state(key: number, nowUs: number) {
        checkKeyAndTime(keys, clock, key, nowUs);
        const windowStartUs = startAt(nowUs);
        return {
          kind: 'two-windows',
          windowStartUs,
          windowEndUs: windowStartUs + windowUs,
          previous: previousAt(key, windowStartUs),
          current: currentAt(key, windowStartUs),
          weight: (windowStartUs + windowUs - nowUs) / windowUs,
        } as const;
      }

      function explain(key: number, nowUs: number): Explanation {
        const found = state(key, nowUs);
        const counted = count(key, nowUs);
        const { previous, current, windowStartUs, windowEndUs } = found;
        const allowed = retryAfterUs(key, nowUs) === 0;
        const counts = allowed || countsRefused ? Math.min(mostCounted, current + 1) : current;
        const retry = allowed ? 0 : waitUs(windowStartUs, previous, counts, nowUs);
        const left = room(current) - previous * (windowEndUs - nowUs);
        const sum = `${previous} x ${secondsText(windowEndUs - nowUs)}/${secondsText(windowUs)} + ${current} = ${requestsText(counted)}`;
        const compared =
          rounding === 'exact'
            ? `with this request ${requestsText(counted + 1)}; limit ${limit}`
            : `rounded down ${Math.floor(counted)}; must be below the limit ${limit}`;
        return {
          timeUs: nowUs,
          allowed,
          counted,
          limit,
          remaining: allowed ? floorDiv(left, windowUs) : 0,
          expiredUs: [],
          state: found,
          retryAfterUs: retry,
          delayUs: 0,
          words: `estimate ${sum}; ${compared}; ${verdictText(allowed, nowUs, retry)}`,
        };
      }

      function forget(key: number): void {
        starts[key] = 0;
        previouses[key] = 0;
        currents[key] = 0;
      }

      return { config, decide, retryAfterUs, count, delayUs: () => 0, state, explain, forget };
    },
  };
}
