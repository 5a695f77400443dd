import { CAPACITY_SETTINGS } from '../../base/errors.ts';
import type { RateLimitConfig } from './config.ts';
import { checkKeyAndTime, type Explanation, type RateLimiterPlan, type RateLimiterSize } from './limiter.ts';
import { enoughEntries, openPageLog, pageLogColumns } from './page-log.ts';
import { timesText, verdictText } from './words.ts';

/**
 * Sliding-window log: keeps the time of each request that counts, and allows a request while fewer than L lie within the window behind it.
 * Exact: no window ever holds more than L allowed requests.
 *
 * Two conventions for a request EXACTLY one window old:
 * `inclusive` (the default): it counts. alisaifee/limits, acquire_moving_window.lua: refuse if entry >= now - W;
 * `exclusive`: it does not. rolling-rate-limiter, index.ts: ZREMRANGEBYSCORE 0 .. now - W.
 * In whole microseconds the exclusive window W is the inclusive window W - 1.
 *
 * With `refusedCount` the log keeps refused requests too; the newest L are enough to judge, so it never grows past L.
 *
 * Memory: 8 bytes a kept request (and 1/2 for links), in pages that only keys that send take; 8 bytes a key, 12 for a limit
 * above 8. See page-log.ts.
 */
export function slidingWindowLog(config: RateLimitConfig, size: RateLimiterSize): RateLimiterPlan {
  const { keys } = size;
  const { limit, windowUs } = config;
  const logSize = { keys, longest: limit, entries: size.entries ?? enoughEntries(keys, limit) };
  const name = size.name ?? 'rateLimit';
  const group = pageLogColumns(name, logSize);
  return {
    config,
    group,
    open(columnsOf) {
      const opened = columnsOf(group);
      const { clock } = opened;
      const log = openPageLog(opened, logSize, `${name}.times`, CAPACITY_SETTINGS.counted);
      const countsRefused = config.refusedCount === true;
      /** An entry counts while it is at most this old. */
      const oldestUs = config.boundary === 'inclusive' ? windowUs : windowUs - 1;

      function decide(key: number, nowUs: number): boolean {
        checkKeyAndTime(keys, clock, key, nowUs);
        clock[0] = nowUs;
        const keepFromUs = nowUs - oldestUs;
        log.expire(key, keepFromUs);
        const allowed = log.length(key) < limit;
        if (!allowed) {
          if (!countsRefused) return false;
          log.removeOldest(key);
        }
        log.append(key, nowUs, keepFromUs);
        return allowed;
      }

      function retryAfterUs(key: number, nowUs: number): number {
        checkKeyAndTime(keys, clock, key, nowUs);
        if (log.length(key) < limit) return 0;
        return Math.max(0, log.at(key, 0) + oldestUs + 1 - nowUs);
      }

      /** The same once a request at nowUs has been refused: where it counts, it takes the place of the oldest. */
      function afterRefusalUs(key: number, nowUs: number): number {
        if (!countsRefused) return retryAfterUs(key, nowUs);
        return (limit === 1 ? nowUs : log.at(key, 1)) + oldestUs + 1 - nowUs;
      }

      function expiredCount(key: number, nowUs: number): number {
        const length = log.length(key);
        let expired = 0;
        while (expired < length && log.at(key, expired) < nowUs - oldestUs) expired++;
        return expired;
      }

      function count(key: number, nowUs: number): number {
        checkKeyAndTime(keys, clock, key, nowUs);
        return log.length(key) - expiredCount(key, nowUs);
      }

      function state(key: number, nowUs: number) {
        checkKeyAndTime(keys, clock, key, nowUs);
        return {
          kind: 'log',
          logUs: log.entries(key).filter((timeUs) => timeUs >= nowUs - oldestUs),
        } as const;
      }

      function explain(key: number, nowUs: number): Explanation {
        const found = state(key, nowUs);
        const counted = found.logUs.length;
        const allowed = counted < limit;
        const retry = allowed ? 0 : afterRefusalUs(key, nowUs);
        const at = counted === 0 ? '' : `: at ${timesText(found.logUs)} s`;
        return {
          timeUs: nowUs,
          allowed,
          counted,
          limit,
          remaining: allowed ? limit - counted - 1 : 0,
          expiredUs: log.entries(key).slice(0, expiredCount(key, nowUs)),
          state: found,
          retryAfterUs: retry,
          delayUs: 0,
          words: `counted ${counted}${at}; limit ${limit}; ${verdictText(allowed, nowUs, retry)}`,
        };
      }

      return { config, decide, retryAfterUs, count, delayUs: () => 0, state, explain, forget: log.clear };
    },
  };
}
