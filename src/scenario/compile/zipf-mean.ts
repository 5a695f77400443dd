import ln from '@stdlib/math-base-special-ln';
import pow from '@stdlib/math-base-special-pow';

/** Terms that are added one by one; the rest is an integral. */
const EXACT_TERMS = 2_000;

/** The sum of k^-s for k from a to b: the first terms exactly, the rest by the midpoint rule, whose error is below 1e-7 of it. */
function sumOfPowers(s: number, a: number, b: number): number {
  let sum = 0;
  const last = Math.min(b, a + EXACT_TERMS - 1);
  for (let k = a; k <= last; k++) sum += pow(k, -s);
  if (last === b) return sum;
  const from = last + 0.5;
  const to = b + 0.5;
  return sum + (Math.abs(s - 1) < 1e-9 ? ln(to / from) : (pow(to, 1 - s) - pow(from, 1 - s)) / (1 - s));
}

/** Mean of the bounded Zipf distribution: P(k) proportional to k^-exponent for min <= k <= max. The same in every engine. */
export function zipfMean(exponent: number, min: number, max: number): number {
  return sumOfPowers(exponent - 1, min, max) / sumOfPowers(exponent, min, max);
}
