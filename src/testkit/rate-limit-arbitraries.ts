import fc from 'fast-check';
import { hasBucket, type RateLimitAlgorithm, type RateLimitConfig } from '../algorithms/rate-limit/config.ts';

const US = 1_000_000;

/** Configs of one algorithm with all its conventions; small limits and windows, so that edges are met often. */
function rateLimitConfigs(
  algorithm: RateLimitAlgorithm,
  settings: Partial<RateLimitConfig> = {},
): fc.Arbitrary<RateLimitConfig> {
  const limit = fc.oneof(
    { weight: 3, arbitrary: fc.integer({ min: 1, max: 6 }) },
    fc.integer({ min: 7, max: 30 }),
  );
  return fc
    .record({
      limit,
      windowUs: fc.oneof(fc.integer({ min: 1, max: 100 }), fc.constantFrom(US, 60 * US, 3_600 * US)),
      burst: hasBucket(algorithm) ? limit : fc.constant(1),
      boundary:
        algorithm === 'sliding-window-log'
          ? fc.constantFrom('inclusive' as const, 'exclusive' as const)
          : fc.constant('inclusive' as const),
      align:
        algorithm === 'fixed-window'
          ? fc.constantFrom('clock' as const, 'first-request' as const)
          : fc.constant('clock' as const),
      rounding:
        algorithm === 'sliding-window-counter'
          ? fc.constantFrom('exact' as const, 'floor' as const)
          : fc.constant('exact' as const),
      refusedCount: hasBucket(algorithm) ? fc.constant(false) : fc.boolean(),
    })
    .map((drawn) => ({ algorithm, ...drawn, ...settings }));
}

/** A pause before a request, said relative to the config, so that it stays meaningful while both shrink. */
interface Pause {
  readonly kind: number;
  readonly share: number;
}

const PAUSES: readonly ((config: RateLimitConfig, share: number) => number)[] = [
  () => 0,
  () => 1,
  ({ windowUs, limit }, share) => (windowUs / limit) * share, // about as fast as is allowed
  ({ windowUs, limit }, share) => (windowUs / limit) * 2 * share,
  ({ windowUs, limit }) => windowUs / limit,
  ({ windowUs, limit }) => windowUs / limit + 1,
  ({ windowUs }, share) => windowUs * share,
  ({ windowUs }) => windowUs - 1,
  ({ windowUs }) => windowUs,
  ({ windowUs }) => windowUs + 1,
  ({ windowUs }, share) => 3 * windowUs * share,
];

const SHARES = 1 << 20;

const pauses = (maxLength: number): fc.Arbitrary<Pause[]> =>
  fc.array(
    fc.record({
      kind: fc.integer({ min: 0, max: PAUSES.length - 1 }),
      share: fc.integer({ min: 0, max: SHARES }).map((n) => n / SHARES),
    }),
    { minLength: 1, maxLength },
  );

export interface Traffic {
  readonly config: RateLimitConfig;
  readonly timesUs: readonly number[];
  /** One key a request. */
  readonly keys: readonly number[];
}

/** A config and requests of several keys in order of time, many of them exactly where a verdict turns. */
export function rateLimitTraffic(
  algorithm: RateLimitAlgorithm,
  {
    keys = 1,
    maxLength = 60,
    settings = {},
  }: { keys?: number; maxLength?: number; settings?: Partial<RateLimitConfig> } = {},
): fc.Arbitrary<Traffic> {
  return fc
    .record({
      config: rateLimitConfigs(algorithm, settings),
      pauses: pauses(maxLength),
      originUs: fc.constantFrom(0, 0, 1_000_003, 2 ** 51),
      keys: fc.array(fc.integer({ min: 0, max: keys - 1 }), { minLength: maxLength, maxLength }),
    })
    .map(({ config, pauses, originUs, keys }) => {
      let nowUs = originUs;
      const timesUs = pauses.map(({ kind, share }) => {
        nowUs += Math.max(0, Math.floor(PAUSES[kind]!(config, share)));
        return nowUs;
      });
      return { config, timesUs, keys: keys.slice(0, timesUs.length) };
    });
}
