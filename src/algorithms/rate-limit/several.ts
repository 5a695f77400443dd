import type { RateLimiter } from './limiter.ts';

/**
 * Several limits on one request (by user, by address, by channel): it is allowed if each allows it, and a request that one refuses counts
 * nowhere. `keys[i]` is the request's key at `limiters[i]`. Allocates nothing.
 *
 * Returns -1 when the request is allowed, else the index of the limiter that makes it wait longest.
 */
export function decideAll(limiters: readonly RateLimiter[], keys: ArrayLike<number>, nowUs: number): number {
  let strictest = -1;
  let longestUs = 0;
  for (let i = 0; i < limiters.length; i++) {
    const retryAfterUs = limiters[i].retryAfterUs(keys[i], nowUs);
    if (retryAfterUs > longestUs) {
      longestUs = retryAfterUs;
      strictest = i;
    }
  }
  if (strictest >= 0) return strictest;
  for (let i = 0; i < limiters.length; i++) limiters[i].decide(keys[i], nowUs);
  return -1;
}
