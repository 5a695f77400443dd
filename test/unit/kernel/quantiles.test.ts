import { describe, expect, test } from 'vitest';
import { createDuration, createNormal } from '../../../src/kernel/distributions.ts';
import { normalQuantile } from '../../../src/kernel/normal.ts';

/**
 * Quantiles of the standard normal distribution: the three that the algorithm's paper gives to check an implementation (M. J. Wichura,
 * "Algorithm AS 241", Applied Statistics 37, 1988), and those of tables (Abramowitz and Stegun, "Handbook of mathematical functions",
 * 1964, table 26.5).
 */
const PUBLISHED: readonly (readonly [share: number, z: number])[] = [
  [0.25, -0.6744897501960817],
  [0.001, -3.090232306167814],
  [1e-20, -9.262340089798409],
  [0.5, 0],
  [0.9, 1.2815515655446004],
  [0.95, 1.6448536269514722],
  [0.975, 1.959963984540054],
  [0.99, 2.3263478740408408],
  [0.995, 2.5758293035489004],
  [0.999, 3.090232306167814],
];

/** The choice that stands for a share. */
const choiceOf = (share: number): number => Math.round(share * 2 ** 32 - 0.5);
/** What a table between its nodes may be off, as a share of the value. */
const TABLE = 1e-4;

describe.each(PUBLISHED)('at the share %d', (share, z) => {
  test('the normal quantile is the published one to 14 digits, and its mirror image as exact', () => {
    expect(Math.abs(normalQuantile(share, 1 - share) - z)).toBeLessThanOrEqual(1e-14 * Math.abs(z) + 1e-15);
    expect(Math.abs(normalQuantile(1 - share, share) + z)).toBeLessThanOrEqual(1e-14 * Math.abs(z) + 1e-15);
  });
});

// A choice has 32 bits: it does not reach the least of them.
describe.each(PUBLISHED.filter(([share]) => share > 1e-6))('at the share %d', (share, z) => {
  test('the draw of a normal value is that quantile', () => {
    expect(Math.abs(createNormal()(choiceOf(share)) - z)).toBeLessThan(TABLE * Math.max(1, Math.abs(z)));
  });

  test('the draw of a log-normal duration is the median times e to that quantile', () => {
    // With the 99th percentile e^2.3263 medians away, the logarithm has standard deviation 1.
    const draw = createDuration({ kind: 'lognormal', medianUs: 1_000_000, p99Us: 10_240_473.66 });
    const expected = 1_000_000 * Math.exp(z);
    expect(Math.abs(draw(choiceOf(share)) - expected) / expected).toBeLessThan(TABLE);
  });
});

test('a log-normal duration has the median and the 99th percentile that it is given', () => {
  for (const [medianUs, p99Us] of [
    [20_000, 80_000],
    [1_500, 1_500],
    [250_000, 3_000_000],
  ] as const) {
    const draw = createDuration({ kind: 'lognormal', medianUs, p99Us });
    expect(Math.abs(draw(choiceOf(0.5)) - medianUs)).toBeLessThanOrEqual(1 + TABLE * medianUs);
    expect(Math.abs(draw(choiceOf(0.99)) - p99Us)).toBeLessThanOrEqual(1 + TABLE * p99Us);
  }
});

test('normal draws have mean 0 and variance 1 over all shares alike', () => {
  const draw = createNormal();
  const count = 1 << 16;
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < count; i++) {
    const z = draw(i * 65_536 + 32_768);
    sum += z;
    squares += z * z;
  }
  expect(Math.abs(sum / count)).toBeLessThan(1e-6);
  expect(Math.abs(squares / count - 1)).toBeLessThan(1e-3);
});
