import { describe, expect, test } from 'vitest';
import { type Draw, seededChoices } from '../../../src/kernel/choices.ts';
import { createZipf } from '../../../src/kernel/distributions.ts';
import { chiSquared, rejectedAt001 } from './chi-squared.ts';

const DRAWS = 200_000;

interface Law {
  readonly exponent: number;
  readonly min: number;
  readonly max: number;
}

/** Values by groups: each of the first sixteen alone, then four groups to each doubling, as the sizes of a Zipf distribution fall. */
function groupOf({ min }: Law, k: number): number {
  const rank = k - min;
  if (rank < 16) return rank;
  const doubling = 31 - Math.clz32(rank);
  return 16 + 4 * (doubling - 4) + ((rank >>> (doubling - 2)) & 3);
}

/** Expected numbers of the draws in each group, from the exact probabilities k^-exponent / sum. */
function expectedOf(law: Law): number[] {
  const expected: number[] = [];
  let sum = 0;
  for (let k = law.min; k <= law.max; k++) {
    const weight = (k / law.min) ** -law.exponent;
    sum += weight;
    const group = groupOf(law, k);
    expected[group] = (expected[group] ?? 0) + weight;
  }
  return expected.map((weight) => (weight / sum) * DRAWS);
}

/** The statistic of a draw against a law, as a share of what is rejected at the level of 0.001. */
function misfit(law: Law, draw: Draw): number {
  const expected = expectedOf(law);
  expect(Math.min(...expected)).toBeGreaterThan(5);
  const choices = seededChoices(1);
  const observed = expected.map(() => 0);
  let outside = 0;
  for (let i = 0; i < DRAWS; i++) {
    const k = draw(choices.u32(7, i, 0));
    if (k < law.min || k > law.max) outside++;
    else observed[groupOf(law, k)]!++;
  }
  expect(outside).toBe(0);
  return chiSquared(observed, expected) / rejectedAt001(expected.length - 1);
}

const IN_THE_TABLE: Law = { exponent: 1.1, min: 2, max: 500 };
const LONG_TAIL: Law = { exponent: 1, min: 1, max: 1_000_000 };

describe('the draws of a bounded Zipf distribution have its exact probabilities (chi-squared, level 0.001)', () => {
  test.each<Law>([
    IN_THE_TABLE,
    { exponent: 0, min: 1, max: 60 },
    { exponent: 2, min: 1, max: 40 },
    // Beyond 65,536 values the integral is inverted: about a fifth of the draws of the first, two fifths of the second.
    LONG_TAIL,
    { exponent: 0.8, min: 3, max: 700_000 },
  ])('exponent $exponent, $min to $max', (law) => {
    expect(misfit(law, createZipf(law.exponent, law.min, law.max))).toBeLessThan(1);
  });
});

test('draws of another exponent, shifted by one, or without the tail are told apart at that level', () => {
  const { exponent, min, max } = IN_THE_TABLE;
  expect(misfit(IN_THE_TABLE, createZipf(1.12, min, max))).toBeGreaterThan(1);
  const shifted = createZipf(exponent, min, max - 1);
  expect(misfit(IN_THE_TABLE, (u32) => shifted(u32) + 1)).toBeGreaterThan(1);
  expect(misfit(LONG_TAIL, createZipf(1, 1, 65_536))).toBeGreaterThan(1);
});

test('a larger choice gives no smaller value, from the least to the greatest', () => {
  for (const law of [IN_THE_TABLE, LONG_TAIL]) {
    const draw = createZipf(law.exponent, law.min, law.max);
    expect([draw(0), draw(0xffff_ffff)]).toEqual([law.min, law.max]);
    const values = Array.from({ length: 4096 }, (_, i) => draw(i * 2 ** 20));
    expect(values).toEqual(values.toSorted((a, b) => a - b));
  }
});

test('an exponent or bounds that are no Zipf distribution are refused', () => {
  expect(() => createZipf(-0.1, 1, 5)).toThrow('a Zipf exponent is in 0..20, not -0.1');
  expect(() => createZipf(20.5, 1, 5)).toThrow('a Zipf exponent is in 0..20, not 20.5');
  expect(() => createZipf(1, 0, 5)).toThrow('1 <= min <= max, not 0 and 5');
  expect(() => createZipf(1, 6, 5)).toThrow('1 <= min <= max, not 6 and 5');
});
