import { columns, f64, u32 } from '../../base/columns.ts';
import { secondsText } from '../../base/units.ts';
import type { RateLimitConfig } from './config.ts';
import { bucketUnits, ceilDiv, floorDiv } from './exact.ts';
import { checkKeyAndTime, type Explanation, type RateLimiterPlan, type RateLimiterSize } from './limiter.ts';
import { verdictText } from './words.ts';

/**
 * Generic cell rate algorithm: one number a key, the theoretical arrival time (TAT) at which the next request would come if all came
 * evenly, T = window / limit apart.
 *
 *     new TAT = max(now, TAT) + T;  allow iff now >= new TAT - T burst        (equality is allowed)
 *
 * redis-cell, src/cell/mod.rs: allow iff now >= new_tat - T (b + 1); its max_burst b does not count the first request and is `burst` - 1
 * here. It decides as the leaky bucket's meter does: TAT - now is the time the bucket takes to run empty.
 *
 * T need not be a whole number of microseconds (7 in 60 s), so TAT is kept as whole microseconds and a numerator over perUs (see
 * BucketUnits); nothing is lost to rounding.
 *
 * Memory: 8 bytes a key (f64) when the window is a multiple of the limit, else 12 (f64 and the numerator u32).
 */
export function gcra(config: RateLimitConfig, size: RateLimiterSize): RateLimiterPlan {
  const { keys } = size;
  const { burst, limit, windowUs } = config;
  const { perUs, perRequest, capacity } = bucketUnits(limit, windowUs, burst);
  const isWhole = perUs === 1;
  const group = columns(size.name ?? 'rateLimit', {
    tat: f64(keys),
    part: u32(isWhole ? 0 : keys),
    clock: f64(1),
  });
  return {
    config,
    group,
    open(columnsOf) {
      const { tat: tats, part: parts, clock } = columnsOf(group);
      const tolerance = capacity - perRequest;

      /** How far TAT lies ahead of now, in 1/perUs microseconds; 0 when it has passed. */
      function aheadAt(key: number, nowUs: number): number {
        const tat = tats[key];
        if (tat < nowUs) return 0;
        return isWhole ? tat - nowUs : (tat - nowUs) * perUs + parts[key];
      }

      function decide(key: number, nowUs: number): boolean {
        checkKeyAndTime(keys, clock, key, nowUs);
        clock[0] = nowUs;
        const ahead = aheadAt(key, nowUs);
        if (ahead > tolerance) return false;
        const next = ahead + perRequest;
        if (isWhole) {
          tats[key] = nowUs + next;
        } else {
          const part = next % perUs;
          tats[key] = nowUs + (next - part) / perUs;
          parts[key] = part;
        }
        return true;
      }

      function retryAfterUs(key: number, nowUs: number): number {
        checkKeyAndTime(keys, clock, key, nowUs);
        const early = aheadAt(key, nowUs) - tolerance;
        return early <= 0 ? 0 : ceilDiv(early, perUs);
      }

      /** (TAT - now) / T: the requests that are not yet paid for by time. */
      function count(key: number, nowUs: number): number {
        checkKeyAndTime(keys, clock, key, nowUs);
        return aheadAt(key, nowUs) / perRequest;
      }

      function state(key: number, nowUs: number) {
        checkKeyAndTime(keys, clock, key, nowUs);
        const ahead = aheadAt(key, nowUs);
        return {
          kind: 'tat',
          tatUs: nowUs + ahead / perUs,
          earliestUs: nowUs + Math.max(0, ahead - tolerance) / perUs,
        } as const;
      }

      function explain(key: number, nowUs: number): Explanation {
        const found = state(key, nowUs);
        const ahead = aheadAt(key, nowUs);
        const retry = retryAfterUs(key, nowUs);
        const allowed = retry === 0;
        const spacing = secondsText(perRequest / perUs);
        const slack = secondsText(tolerance / perUs);
        const due =
          ahead === 0
            ? 'TAT has passed'
            : `TAT ${secondsText(found.tatUs)} s, ${secondsText(ahead / perUs)} s ahead`;
        return {
          timeUs: nowUs,
          allowed,
          counted: count(key, nowUs),
          limit: burst,
          remaining: allowed ? floorDiv(tolerance - ahead, perRequest) : 0,
          expiredUs: [],
          state: found,
          retryAfterUs: retry,
          delayUs: 0,
          words: `${due}; may be ${slack} s ahead (T = ${spacing} s, burst ${burst}); ${verdictText(allowed, nowUs, retry)}`,
        };
      }

      function forget(key: number): void {
        tats[key] = 0;
        if (!isWhole) parts[key] = 0;
      }

      return { config, decide, retryAfterUs, count, delayUs: () => 0, state, explain, forget };
    },
  };
}
