/** Pearson's statistic of counts against the numbers expected: the sum of (observed - expected)^2 / expected. */
export function chiSquared(observed: readonly number[], expected: readonly number[]): number {
  let sum = 0;
  for (const [i, e] of expected.entries()) sum += (observed[i]! - e) ** 2 / e;
  return sum;
}

/** The standard normal quantile of 0.999. */
const Z = 3.090232306167814;

/**
 * What the statistic exceeds with probability 0.001 where the draws are as expected, by degrees of freedom (E. B. Wilson and M. M. Hilferty,
 * "The distribution of chi-square", PNAS 17, 1931: its cube root is nearly normal).
 */
export const rejectedAt001 = (freedom: number): number =>
  freedom * (1 - 2 / (9 * freedom) + Z * Math.sqrt(2 / (9 * freedom))) ** 3;
