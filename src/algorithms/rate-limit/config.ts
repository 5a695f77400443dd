import { bucketUnits } from './exact.ts';

/** What a rate limiter is asked to do, and what can be wrong with it. */

export const RATE_LIMIT_ALGORITHMS = [
  'fixed-window',
  'sliding-window-log',
  'sliding-window-counter',
  'token-bucket',
  'leaky-bucket',
  'gcra',
] as const;
/** How a limiter counts. */
export type RateLimitAlgorithm = (typeof RATE_LIMIT_ALGORITHMS)[number];

/** A limit: an algorithm with its settings. */
export interface RateLimitConfig {
  readonly algorithm: RateLimitAlgorithm;
  /** Requests per window; for the buckets and GCRA the rate is limit / window. */
  readonly limit: number;
  readonly windowUs: number;
  /**
   * Buckets and GCRA: how many requests may come at once, the capacity of the bucket. nginx' `burst` and redis-cell's `max_burst` do
   * not count the first request, so they are one less.
   */
  readonly burst: number;
  /** Sliding-window log: does a request exactly one window old still count? */
  readonly boundary: 'inclusive' | 'exclusive';
  /** Windows and log: refused requests count too, as in Envoy's default (envoyproxy/ratelimit). Absent: they do not. */
  readonly refusedCount?: boolean;
  /** Leaky bucket: refuse what would overflow (meter, the default), or delay what is admitted to the leak's pace (queue). */
  readonly leak?: 'meter' | 'queue';
  /**
   * Fixed window: windows begin at multiples of the window (clock, the default; Envoy: key floor(now/u) u) or at the key's first request
   * (express-rate-limit, memory-store.ts).
   */
  readonly align?: 'clock' | 'first-request';
  /**
   * Sliding-window counter: the estimate with this request must stay within the limit (exact, the default), or the estimate before
   * it, rounded down, must be below the limit (floor; upstash/ratelimit-js single.ts).
   */
  readonly rounding?: 'exact' | 'floor';
}

/** A limit of so many in a window with the usual settings: burst = limit, inclusive, refused requests do not count. */
export function rateLimit(
  algorithm: RateLimitAlgorithm,
  limit: number,
  windowUs: number,
  settings: Partial<Omit<RateLimitConfig, 'algorithm' | 'limit' | 'windowUs'>> = {},
): RateLimitConfig {
  return { algorithm, limit, windowUs, burst: limit, boundary: 'inclusive', ...settings };
}

export const hasBucket = (algorithm: RateLimitAlgorithm): boolean =>
  algorithm === 'token-bucket' || algorithm === 'leaky-bucket' || algorithm === 'gcra';

/** Times and windows stay below this, so that a time plus a window is still exact in a double: 142 years. */
export const MAX_TIME_US = 2 ** 52;
const MAX_REQUESTS = 2 ** 29 - 1;

/** What is wrong with a limit. */
export interface RateLimitProblem {
  readonly field: 'algorithm' | 'limit' | 'window' | 'burst';
  /** `what is wrong; what would be right` */
  readonly message: string;
}

/**
 * Everything that makes a config unusable: empty when it is fine. Bounds come from exactness: what the algorithms multiply stays below
 * 2^53, the largest whole numbers a double holds.
 */
export function rateLimitProblems(config: RateLimitConfig): RateLimitProblem[] {
  const { algorithm, limit, windowUs, burst } = config;
  const problems: RateLimitProblem[] = [];
  const bad = (field: RateLimitProblem['field'], message: string): void => {
    problems.push({ field, message });
  };
  if (!RATE_LIMIT_ALGORITHMS.includes(algorithm)) {
    bad('algorithm', `there is no "${algorithm}"; choose one of ${RATE_LIMIT_ALGORITHMS.join(', ')}`);
  }
  const isCount = (n: number): boolean => Number.isSafeInteger(n) && n >= 1 && n <= MAX_REQUESTS;
  const between = `a whole number from 1 to ${MAX_REQUESTS}`;
  if (!isCount(limit)) bad('limit', `${limit} requests is no limit; write ${between}`);
  if (!Number.isSafeInteger(windowUs) || windowUs < 1 || windowUs > MAX_TIME_US) {
    bad('window', `${windowUs} us is no window; write a duration from 1us to 142 years`);
  }
  // A burst that was taken from a bad limit is not a second mistake.
  if (hasBucket(algorithm) && !isCount(burst) && !Object.is(burst, limit)) {
    bad('burst', `${burst} requests is no burst; write ${between}`);
  }
  if (problems.length > 0) return problems;
  if (algorithm === 'sliding-window-counter' && 2 * limit * windowUs > Number.MAX_SAFE_INTEGER) {
    const most = Math.floor(Number.MAX_SAFE_INTEGER / (2 * windowUs));
    bad(
      'limit',
      `${limit} in ${windowUs} us is too large to weigh exactly; write at most ${most}, or a shorter window`,
    );
  }
  if (hasBucket(algorithm)) {
    const { perRequest, capacity } = bucketUnits(limit, windowUs, burst);
    if (capacity > MAX_TIME_US) {
      const most = Math.floor(MAX_TIME_US / perRequest);
      const instead = most > 0 ? `write at most ${most}, or a limit` : 'write a limit';
      bad(
        'burst',
        `${burst} is too large to fill exactly at ${limit} in ${windowUs} us; ${instead} that divides the window`,
      );
    }
  }
  return problems;
}
