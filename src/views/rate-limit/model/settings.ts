import {
  type RateLimitAlgorithm,
  type RateLimitConfig,
  rateLimit,
  rateLimitProblems,
} from '../../../algorithms/rate-limit/config.ts';

/** What the student can set: one set for all algorithms, each of which takes what concerns it. */
export interface LimitSettings {
  readonly limit: number;
  readonly windowUs: number;
  /** Requests that may come at once at the buckets and GCRA; null: the limit. */
  readonly burst: number | null;
  readonly boundary: 'inclusive' | 'exclusive';
  readonly leak: 'meter' | 'queue';
  readonly align: 'clock' | 'first-request';
  readonly rounding: 'exact' | 'floor';
  readonly refusedCount: boolean;
}

/** The lab's worked example: 5 requests in 60 s, a request exactly one window old counts. */
export const LAB_SETTINGS: LimitSettings = {
  limit: 5,
  windowUs: 60_000_000,
  burst: null,
  boundary: 'inclusive',
  leak: 'meter',
  align: 'clock',
  rounding: 'exact',
  refusedCount: false,
};

/** The config with which an algorithm runs under these settings. */
export function configOf(algorithm: RateLimitAlgorithm, settings: LimitSettings): RateLimitConfig {
  const { limit, windowUs, burst, ...rest } = settings;
  return rateLimit(algorithm, limit, windowUs, { ...rest, burst: burst ?? limit });
}

/** The settings of a limiter that runs. */
export function settingsOf(config: RateLimitConfig): LimitSettings {
  const { limit, windowUs, burst, boundary, leak, align, rounding, refusedCount } = config;
  return {
    limit,
    windowUs,
    burst: burst === limit ? null : burst,
    boundary,
    leak: leak ?? 'meter',
    align: align ?? 'clock',
    rounding: rounding ?? 'exact',
    refusedCount: refusedCount ?? false,
  };
}

/** What is wrong with the settings, in one line for each thing; an algorithm that cannot run under them is not drawn. */
export function settingsProblems(
  settings: LimitSettings,
  algorithms: readonly RateLimitAlgorithm[],
): readonly string[] {
  const problems = algorithms.flatMap((algorithm) =>
    rateLimitProblems(configOf(algorithm, settings)).map(({ field, message }) => `${field}: ${message}`),
  );
  return [...new Set(problems)];
}
