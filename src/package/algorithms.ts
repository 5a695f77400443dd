/**
 * fanout/algorithms: the rate limiters, balancers, backoffs, clocks and filters of the lab by themselves. Their state lies in columns of typed
 * arrays: on their own, or in a world of `fanout/kernel`.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { backoffDelayUs, rateLimit, standaloneRateLimiter } from 'fanout/algorithms';
 *
 * const limiter = standaloneRateLimiter(rateLimit('sliding-window-log', 2, 60_000_000), { keys: 1 });
 * assert.deepEqual([0, 1, 2].map((second) => limiter.decide(0, second * 1_000_000)), [true, true, false]);
 * assert.equal(limiter.retryAfterUs(0, 2_000_000), 58_000_001);
 *
 * // The third wait (number 2) of exponential backoff from 1 s, at most 30 s, without jitter.
 * assert.equal(backoffDelayUs('exponential', 2, 1_000_000, 30_000_000, 0, 0), 4_000_000);
 * ```
 *
 * @packageDocumentation
 */
export {
  BACKOFF_KINDS,
  type BackoffKind,
  backoffDelayUs,
  MAX_BACKOFF_US,
} from '../algorithms/backoff/backoff.ts';
export type { Balancer, BalancerPlan, BalancerSize } from '../algorithms/balancing/balancer.ts';
export {
  BALANCING_ALGORITHMS,
  type BalancingAlgorithm,
  planBalancer,
} from '../algorithms/balancing/registry.ts';
export {
  type BloomColumns,
  type BloomFilter,
  bloomColumns,
  openBloomFilter,
} from '../algorithms/dedup/bloom-filter.ts';
export {
  type HybridClocks,
  type HybridColumns,
  hybridColumns,
  openHybridClocks,
} from '../algorithms/ordering/hybrid-logical-clock.ts';
export {
  type LamportClocks,
  type LamportColumns,
  lamportColumns,
  openLamportClocks,
} from '../algorithms/ordering/lamport-clock.ts';
export {
  MAX_TIME_US,
  RATE_LIMIT_ALGORITHMS,
  type RateLimitAlgorithm,
  type RateLimitConfig,
  type RateLimitProblem,
  rateLimit,
  rateLimitProblems,
} from '../algorithms/rate-limit/config.ts';
export { type Decision, rateLimitDecisions } from '../algorithms/rate-limit/decisions.ts';
export type {
  Explanation,
  OpenColumns,
  RateLimiter,
  RateLimiterPlan,
  RateLimiterSize,
  RateLimitState,
} from '../algorithms/rate-limit/limiter.ts';
export { planRateLimiter, standaloneRateLimiter } from '../algorithms/rate-limit/registry.ts';
export {
  type Column,
  type ColumnArrays,
  type ColumnGroup,
  type ColumnType,
  type Opened,
  standaloneColumns,
} from '../base/columns.ts';
