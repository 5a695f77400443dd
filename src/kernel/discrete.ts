import exp from '@stdlib/math-base-special-exp';
import ln from '@stdlib/math-base-special-ln';
import pow from '@stdlib/math-base-special-pow';
import type { Draw } from './choices.ts';

/**
 * The draw of first + i with probability proportional to weights[i] (whole, >= 0, finite sums): inverse transform by the cutpoint method
 * (H.-C. Chen and Y. Asau, "On generating random variates from an empirical distribution", AIIE Transactions 6, 1974). One
 * table look-up and on average less than two comparisons. A probability is exact to 2^-32.
 */
function createDiscrete(first: number, weights: ArrayLike<number>): Draw {
  const n = weights.length;
  let total = 0;
  for (let i = 0; i < n; i++) total += weights[i];
  if (!(total > 0 && total < Infinity))
    throw new RangeError(`weights need a sum that is positive and finite, not ${total}`);
  // ends[i]: the first choice that belongs to a later value.
  const ends = new Float64Array(n);
  let sum = 0;
  for (let i = 0; i < n; i++) {
    sum += weights[i];
    ends[i] = Math.floor((sum / total) * 2 ** 32 + 0.5);
  }
  ends[n - 1] = 2 ** 32;
  const bits = Math.min(16, 32 - Math.clz32(n));
  const shift = 32 - bits;
  const starts = new Uint32Array(1 << bits);
  for (let g = 0, i = 0; g < starts.length; g++) {
    while (ends[i] <= (g << shift) >>> 0) i++;
    starts[g] = i;
  }
  return (u32) => {
    let i = starts[u32 >>> shift];
    while (u32 >= ends[i]) i++;
    return first + i;
  };
}

/** Ranks that have a table entry each; beyond, the sum is so close to an integral that the integral is inverted. */
const TABLE_RANKS = 1 << 16;

/**
 * Bounded Zipf distribution: the probability of k in min..max is proportional to k^-exponent. Up to 65,536 values are drawn from a table;
 * the values beyond by inverting the integral of x^-exponent from k - 1/2 to k + 1/2, as in rejection-inversion (W. Hoermann
 * and G. Derflinger, "Rejection-inversion to generate variates from monotone discrete distributions", 1996), whose
 * relative error there is below exponent^2 / k^2 / 24, about 1e-11.
 *
 * Throws RangeError unless 1 <= min <= max are safe integers and the exponent is in 0..20.
 */
export function createZipf(exponent: number, min: number, max: number): Draw {
  if (!(exponent >= 0 && exponent <= 20))
    throw new RangeError(`a Zipf exponent is in 0..20, not ${exponent}`);
  if (!Number.isSafeInteger(min) || !Number.isSafeInteger(max) || min < 1 || max < min) {
    throw new RangeError(`Zipf values need whole numbers 1 <= min <= max, not ${min} and ${max}`);
  }
  // Relative to the first: min^-exponent alone may be too small for a double.
  const weight = (k: number): number => exp(-exponent * ln(k / min));
  const ranks = Math.min(max - min + 1, TABLE_RANKS);
  const weights = new Float64Array(ranks + (ranks < max - min + 1 ? 1 : 0));
  for (let i = 0; i < ranks; i++) weights[i] = weight(min + i);
  if (weights.length === ranks) return createDiscrete(min, weights);

  const flat = 1 - exponent;
  const isLog = Math.abs(flat) < 1e-9;
  const integral = (x: number): number => (isLog ? ln(x / min) : pow(x / min, flat) / flat) * min;
  const inverse = (y: number): number => min * (isLog ? exp(y / min) : pow((y / min) * flat, 1 / flat));
  const tailFrom = min + ranks - 0.5;
  const low = integral(tailFrom);
  const span = integral(max + 0.5) - low;
  weights[ranks] = span;
  const inTable = createDiscrete(0, weights);
  let sum = 0;
  for (let i = 0; i < ranks; i++) sum += weights[i];
  const tailStart = Math.floor((sum / (sum + span)) * 2 ** 32 + 0.5);
  return (u32) => {
    const i = inTable(u32);
    if (i < ranks) return min + i;
    const share = (u32 - tailStart + 0.5) / (2 ** 32 - tailStart);
    const k = Math.floor(inverse(low + share * span) + 0.5);
    return k < min + ranks ? min + ranks : k > max ? max : k;
  };
}
