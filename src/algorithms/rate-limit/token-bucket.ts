import { columns, f64 } from '../../base/columns.ts';
import { secondsText } from '../../base/units.ts';
import type { RateLimitConfig } from './config.ts';
import { bucketUnits, ceilDiv, floorDiv } from './exact.ts';
import { checkKeyAndTime, type Explanation, type RateLimiterPlan, type RateLimiterSize } from './limiter.ts';
import { requestsText, verdictText } from './words.ts';

/**
 * Token bucket: holds at most `burst` tokens, gains limit / window of them a second, a request takes one. It is full at first. In any
 * interval t it allows at most burst + rate t (AWS API Gateway: 10,000/s, burst 5,000).
 *
 * The bucket is filled when it is looked at, by the time since the last look. It is kept in units of which a microsecond brings a whole
 * number and a token is a whole number (see BucketUnits), so no refill is lost to rounding however often it is looked at. A request that
 * comes in the microsecond in which its token is complete is allowed.
 *
 * Memory: 16 bytes a key (level f64, time of the level f64; 0 there means never looked at: full).
 */
export function tokenBucket(config: RateLimitConfig, size: RateLimiterSize): RateLimiterPlan {
  const { keys } = size;
  const group = columns(size.name ?? 'rateLimit', { level: f64(keys), stamp: f64(keys), clock: f64(1) });
  return {
    config,
    group,
    open(columnsOf) {
      const { level: levels, stamp: stamps, clock } = columnsOf(group);
      const { burst, limit, windowUs } = config;
      const { perUs, perRequest, capacity } = bucketUnits(limit, windowUs, burst);

      /** Units in the bucket. A product past 2^53 is inexact, but then the bucket has long been full. */
      function levelAt(key: number, nowUs: number): number {
        const stamp = stamps[key];
        if (stamp === 0) return capacity;
        return Math.min(capacity, levels[key] + (nowUs - (stamp - 1)) * perUs);
      }

      function decide(key: number, nowUs: number): boolean {
        checkKeyAndTime(keys, clock, key, nowUs);
        clock[0] = nowUs;
        const level = levelAt(key, nowUs);
        const allowed = level >= perRequest;
        levels[key] = allowed ? level - perRequest : level;
        stamps[key] = nowUs + 1;
        return allowed;
      }

      function retryAfterUs(key: number, nowUs: number): number {
        checkKeyAndTime(keys, clock, key, nowUs);
        const level = levelAt(key, nowUs);
        return level >= perRequest ? 0 : ceilDiv(perRequest - level, perUs);
      }

      /** Tokens that are missing. */
      function count(key: number, nowUs: number): number {
        checkKeyAndTime(keys, clock, key, nowUs);
        return (capacity - levelAt(key, nowUs)) / perRequest;
      }

      function state(key: number, nowUs: number) {
        checkKeyAndTime(keys, clock, key, nowUs);
        return { kind: 'tokens', tokens: levelAt(key, nowUs) / perRequest, burst } as const;
      }

      function explain(key: number, nowUs: number): Explanation {
        const found = state(key, nowUs);
        const retry = retryAfterUs(key, nowUs);
        const allowed = retry === 0;
        const every = `one every ${secondsText(perRequest / perUs)} s`;
        return {
          timeUs: nowUs,
          allowed,
          counted: count(key, nowUs),
          limit: burst,
          remaining: allowed ? floorDiv(levelAt(key, nowUs) - perRequest, perRequest) : 0,
          expiredUs: [],
          state: found,
          retryAfterUs: retry,
          delayUs: 0,
          words: `${requestsText(found.tokens)} of ${burst} tokens, ${every}; needs 1; ${verdictText(allowed, nowUs, retry)}`,
        };
      }

      function forget(key: number): void {
        levels[key] = 0;
        stamps[key] = 0;
      }

      return { config, decide, retryAfterUs, count, delayUs: () => 0, state, explain, forget };
    },
  };
}
