/**
 * Whole-number arithmetic in doubles. `%` of two safe integers is exact, a quotient is not always (2^53 - 1 over 2 rounds up), so
 * the divisions here divide what divides evenly.
 */

/** Largest whole number q with q b <= a, for safe integers a >= 0, b > 0. */
export const floorDiv = (a: number, b: number): number => (a - (a % b)) / b;

/** Smallest whole number q with q b >= a, for safe integers a >= 0, b > 0. */
export function ceilDiv(a: number, b: number): number {
  const rest = a % b;
  return rest === 0 ? a / b : (a - rest) / b + 1;
}

function greatestCommonDivisor(a: number, b: number): number {
  while (b !== 0) [a, b] = [b, a % b];
  return a;
}

/**
 * The unit in which a bucket is kept so that refill loses nothing: one microsecond is worth `perUs` units and one request
 * `perRequest` units, both whole, with perUs / perRequest = limit / window in lowest terms. 5 in 60 s: one unit a microsecond and
 * 12,000,000 a request. `capacity` is the burst in units.
 */
export interface BucketUnits {
  readonly perUs: number;
  readonly perRequest: number;
  readonly capacity: number;
}

export function bucketUnits(limit: number, windowUs: number, burst: number): BucketUnits {
  const common = greatestCommonDivisor(limit, windowUs);
  const perRequest = windowUs / common;
  return { perUs: limit / common, perRequest, capacity: burst * perRequest };
}
