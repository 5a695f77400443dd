import { standaloneColumns } from '../../base/columns.ts';
import { type RateLimitAlgorithm, type RateLimitConfig, rateLimitProblems } from './config.ts';
import { fixedWindow } from './fixed-window.ts';
import { gcra } from './gcra.ts';
import { leakyBucket } from './leaky-bucket.ts';
import type { RateLimiter, RateLimiterPlan, RateLimiterSize } from './limiter.ts';
import { slidingWindowCounter } from './sliding-window-counter.ts';
import { slidingWindowLog } from './sliding-window-log.ts';
import { tokenBucket } from './token-bucket.ts';

/** A new algorithm is a file beside these and a line here; the laws of all limiters then run on it. */
const ALGORITHMS: Record<
  RateLimitAlgorithm,
  (config: RateLimitConfig, size: RateLimiterSize) => RateLimiterPlan
> = {
  'fixed-window': fixedWindow,
  'sliding-window-log': slidingWindowLog,
  'sliding-window-counter': slidingWindowCounter,
  'token-bucket': tokenBucket,
  'leaky-bucket': leakyBucket,
  gcra,
};

/**
 * The columns of a limiter and the way to open it on them:
 *
 *     const plan = planRateLimiter(rateLimit('gcra', 5, 60 * US_PER_SECOND), { keys: 1_000_000 });
 *     const world = createWorld([plan.group]);
 *     const limiter = plan.open((group) => openColumns(world, group));
 *
 * Throws RangeError with every problem of the config, one line each.
 */
export function planRateLimiter(config: RateLimitConfig, size: RateLimiterSize): RateLimiterPlan {
  const problems = rateLimitProblems(config);
  if (problems.length > 0) throw new RangeError(problems.map((p) => `${p.field}: ${p.message}`).join('\n'));
  return ALGORITHMS[config.algorithm](config, size);
}

/** A limiter on columns of its own, without a world. */
export function standaloneRateLimiter(
  config: RateLimitConfig,
  size: RateLimiterSize = { keys: 1 },
): RateLimiter {
  return planRateLimiter(config, size).open(standaloneColumns);
}
