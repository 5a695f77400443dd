import { columns, f64 } from '../../base/columns.ts';
import { secondsText } from '../../base/units.ts';
import type { RateLimitConfig } from './config.ts';
import { bucketUnits, ceilDiv, floorDiv } from './exact.ts';
import { checkKeyAndTime, type Explanation, type RateLimiterPlan, type RateLimiterSize } from './limiter.ts';
import { requestsText, verdictText } from './words.ts';

/**
 * Leaky bucket: each request that is allowed pours one into the bucket, limit / window leaks out; what would bring the level above
 * `burst` is refused.
 *
 * nginx, ngx_http_limit_req_module.c: excess = max(0, excess - rate ms/1000 + 1000), refuse if excess > burst 1000. Its excess does
 * not contain the request itself: level = excess/1000 + 1, and its burst b is `burst` b + 1 here. Refused requests pour nothing.
 *
 * As meter (`leak: meter`) what is allowed goes on at once. As queue (`leak: queue`) it is held back until what lies before it has leaked out:
 * the output never runs faster than limit / window, and no request waits longer than (burst - 1) window / limit. Both admit the same
 * requests. The level is the mirror of the token bucket's tokens: level + tokens = burst.
 *
 * The level is kept in units of which a microsecond leaks a whole number and a request is a whole number (see BucketUnits): nothing is lost
 * to rounding.
 *
 * Memory: 16 bytes a key (level f64, time of the level f64).
 */
export function leakyBucket(config: RateLimitConfig, size: RateLimiterSize): RateLimiterPlan {
  const { keys } = size;
  const group = columns(size.name ?? 'rateLimit', { level: f64(keys), time: f64(keys), clock: f64(1) });
  return {
    config,
    group,
    open(columnsOf) {
      const { level: levels, time: times, clock } = columnsOf(group);
      const { burst, limit, windowUs } = config;
      const { perUs, perRequest, capacity } = bucketUnits(limit, windowUs, burst);
      const delays = config.leak === 'queue';

      /** Units in the bucket. A product past 2^53 is inexact, but then the bucket has long been empty. */
      const levelAt = (key: number, nowUs: number): number =>
        Math.max(0, levels[key] - (nowUs - times[key]) * perUs);

      function decide(key: number, nowUs: number): boolean {
        checkKeyAndTime(keys, clock, key, nowUs);
        clock[0] = nowUs;
        const level = levelAt(key, nowUs);
        const allowed = level + perRequest <= capacity;
        levels[key] = allowed ? level + perRequest : level;
        times[key] = nowUs;
        return allowed;
      }

      function retryAfterUs(key: number, nowUs: number): number {
        checkKeyAndTime(keys, clock, key, nowUs);
        const over = levelAt(key, nowUs) + perRequest - capacity;
        return over <= 0 ? 0 : ceilDiv(over, perUs);
      }

      function count(key: number, nowUs: number): number {
        checkKeyAndTime(keys, clock, key, nowUs);
        return levelAt(key, nowUs) / perRequest;
      }

      function delayUs(key: number, nowUs: number): number {
        checkKeyAndTime(keys, clock, key, nowUs);
        return delays ? ceilDiv(Math.max(0, levelAt(key, nowUs) - perRequest), perUs) : 0;
      }

      function state(key: number, nowUs: number) {
        return { kind: 'level', level: count(key, nowUs), burst } as const;
      }

      function explain(key: number, nowUs: number): Explanation {
        const found = state(key, nowUs);
        const level = levelAt(key, nowUs);
        const retry = retryAfterUs(key, nowUs);
        const allowed = retry === 0;
        const delay = delays && allowed ? ceilDiv(level, perUs) : 0;
        const every = `leaks one every ${secondsText(perRequest / perUs)} s`;
        const held = delay > 0 ? `, held back until ${secondsText(nowUs + delay)} s` : '';
        return {
          timeUs: nowUs,
          allowed,
          counted: found.level,
          limit: burst,
          remaining: allowed ? floorDiv(capacity - level - perRequest, perRequest) : 0,
          expiredUs: [],
          state: found,
          retryAfterUs: retry,
          delayUs: delay,
          words: `level ${requestsText(found.level)}, ${every}; with this request ${requestsText(found.level + 1)}; holds ${burst}; ${verdictText(allowed, nowUs, retry)}${held}`,
        };
      }

      function forget(key: number): void {
        levels[key] = 0;
        times[key] = 0;
      }

      return { config, decide, retryAfterUs, count, delayUs, state, explain, forget };
    },
  };
}
