import exp from '@stdlib/math-base-special-exp';
import ln from '@stdlib/math-base-special-ln';
import { below, type Draw } from './choices.ts';
import { normalQuantile } from './normal.ts';
import { tabulateQuantiles } from './quantile-table.ts';

export type { Draw } from './choices.ts';
export { createZipf } from './discrete.ts';

/** A distribution of durations in microseconds. */
export type DurationSpec =
  | { readonly kind: 'constant'; readonly us: number }
  | { readonly kind: 'uniform'; readonly minUs: number; readonly maxUs: number }
  | { readonly kind: 'exponential'; readonly meanUs: number }
  | { readonly kind: 'lognormal'; readonly medianUs: number; readonly p99Us: number }
  /** Pairs (share of the durations that are at most this, duration), from share 0 to share 1, linear between. */
  | { readonly kind: 'empirical'; readonly quantiles: readonly (readonly [share: number, us: number])[] };

/** Quantile of the standard normal distribution at 0.99. */
const Z99 = 2.3263478740408408;

/** A duration too long for exact microseconds: 285 years. */
const MAX_US = Number.MAX_SAFE_INTEGER;

/** The whole number nearest to a duration. */
const toWhole = (us: number): number => Math.floor(us + 0.5);

function check(condition: boolean, spec: DurationSpec, right: string): void {
  if (!condition)
    throw new RangeError(
      `a duration that is ${spec.kind} needs ${right}; this one is ${JSON.stringify(spec)}`,
    );
}

const isDuration = (us: number): boolean => us >= 0 && us <= MAX_US;

/**
 * The draw of a duration: whole microseconds >= 0. Continuous distributions are rounded to the nearest microsecond. The same bits in
 * every engine. Throws RangeError for a spec that is no distribution.
 */
export function createDuration(spec: DurationSpec): Draw {
  switch (spec.kind) {
    case 'constant': {
      check(isDuration(spec.us), spec, 'us >= 0');
      const us = toWhole(spec.us);
      return () => us;
    }
    case 'uniform':
      return createUniform(spec);
    case 'exponential': {
      check(isDuration(spec.meanUs), spec, 'meanUs >= 0');
      const draw = exponentialTable();
      const { meanUs } = spec;
      return (u32) => Math.floor(draw(u32) * meanUs + 0.5);
    }
    case 'lognormal': {
      check(spec.medianUs > 0 && isDuration(spec.medianUs), spec, 'medianUs > 0');
      check(spec.p99Us >= spec.medianUs && isDuration(spec.p99Us), spec, 'p99Us >= medianUs');
      const sigma = lognormalSigma(spec.medianUs, spec.p99Us);
      const { medianUs } = spec;
      const draw = shared(`${medianUs}/${spec.p99Us}`, () =>
        tabulateQuantiles((p, q) => medianUs * exp(sigma * normalQuantile(p, q))),
      );
      return (u32) => Math.floor(draw(u32) + 0.5);
    }
    case 'empirical':
      return createEmpirical(spec);
  }
}

/** Standard deviation of the logarithm of a log-normal distribution that is given by its median and its 99th percentile. */
const lognormalSigma = (median: number, p99: number): number => ln(p99 / median) / Z99;

/** Tables of log-normal distributions made so far: whoever runs many small worlds makes each once. */
const tables = new Map<string, Draw>();
const MOST_TABLES = 64;

function shared(name: string, make: () => Draw): Draw {
  const known = tables.get(name);
  if (known !== undefined) return known;
  if (tables.size === MOST_TABLES) tables.clear();
  const draw = make();
  tables.set(name, draw);
  return draw;
}

let sharedExponential: Draw | undefined;

/** The exponential distribution of mean 1: all means share one table. */
function exponentialTable(): Draw {
  sharedExponential ??= tabulateQuantiles((_p, q) => -ln(q));
  return sharedExponential;
}

/** The draw of a standard normal value (mean 0, variance 1). */
export const createNormal = (): Draw => tabulateQuantiles(normalQuantile);

/** Each whole number from minUs to maxUs is as likely as another. */
function createUniform(spec: DurationSpec & { kind: 'uniform' }): Draw {
  const { minUs, maxUs } = spec;
  check(isDuration(minUs) && isDuration(maxUs) && minUs <= maxUs, spec, '0 <= minUs <= maxUs');
  const from = toWhole(minUs);
  const count = toWhole(maxUs) - from + 1;
  if (count <= 2 ** 32) return (u32) => from + below(u32, count);
  return (u32) => from + Math.floor((u32 + 0.5) * 2 ** -32 * count);
}

/**
 * The quantiles of measured samples (at least two, in any order): the least at share 0, the greatest at share 1, the others evenly between them
 * (definition 7 of Hyndman and Fan, "Sample quantiles in statistical packages", 1996).
 */
export function quantilesOfSamples(samplesUs: readonly number[]): (readonly [share: number, us: number])[] {
  const sorted = Float64Array.from(samplesUs).sort();
  return Array.from(sorted, (us, i) => [i / (sorted.length - 1), us] as const);
}

/** Linear between the given quantiles. */
function createEmpirical(spec: DurationSpec & { kind: 'empirical' }): Draw {
  const { quantiles } = spec;
  const last = quantiles.length - 1;
  check(
    last >= 1 && quantiles[0][0] === 0 && quantiles[last][0] === 1,
    spec,
    'quantiles from share 0 to share 1',
  );
  const ends = new Float64Array(last);
  const values = new Float64Array(last);
  const slopes = new Float64Array(last);
  for (let i = 0; i < last; i++) {
    const [share, us] = quantiles[i];
    const [nextShare, nextUs] = quantiles[i + 1];
    check(
      nextShare > share && nextUs >= us && isDuration(us) && isDuration(nextUs),
      spec,
      'quantiles in rising order',
    );
    const start = share * 2 ** 32;
    ends[i] = nextShare * 2 ** 32;
    slopes[i] = (nextUs - us) / (ends[i] - start);
    values[i] = us - slopes[i] * start;
  }
  return (u32) => {
    const at = u32 + 0.5;
    let low = 0;
    let high = ends.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (at >= ends[middle]) low = middle + 1;
      else high = middle;
    }
    return Math.floor(values[low] + slopes[low] * at + 0.5);
  };
}
