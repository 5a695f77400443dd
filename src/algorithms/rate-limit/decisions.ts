import type { RateLimitConfig } from './config.ts';
import type { Explanation, RateLimitState } from './limiter.ts';
import { standaloneRateLimiter } from './registry.ts';

/** One request of a timeline: why it was decided so, and what the limiter knows afterwards. */
export interface Decision extends Explanation {
  /** What counts afterwards, this request included if it counts. */
  readonly countAfter: number;
  readonly stateAfter: RateLimitState;
}

/**
 * Runs one client's requests through a limiter.
 * @param timesUs whole microseconds, not falling. Throws RangeError when they fall or the config is bad.
 */
export function rateLimitDecisions(config: RateLimitConfig, timesUs: readonly number[]): Decision[] {
  // One key can keep no more than it sends.
  const limiter = standaloneRateLimiter(config, {
    keys: 1,
    entries: Math.min(config.limit, timesUs.length) + 8,
  });
  return timesUs.map((timeUs) => {
    const why = limiter.explain(0, timeUs);
    limiter.decide(0, timeUs);
    return { ...why, countAfter: limiter.count(0, timeUs), stateAfter: limiter.state(0, timeUs) };
  });
}
