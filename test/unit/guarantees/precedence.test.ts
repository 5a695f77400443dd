import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Precedence } from '../../../src/guarantees/precedence.ts';

/** Whether an order fits the pairs: takes away what nothing comes before, again and again. */
function fits(pairs: readonly (readonly [number, number])[]): boolean {
  let left = pairs;
  for (;;) {
    const rest = left.filter(([a]) => left.some(([, b]) => b === a));
    if (rest.length === left.length) return rest.length === 0;
    left = rest;
  }
}

const pairs = fc
  .array(fc.tuple(fc.nat({ max: 11 }), fc.nat({ max: 11 })), { minLength: 1, maxLength: 40, size: 'max' })
  .map((all) => all.filter(([a, b]) => a !== b));

/** Adds pairs until one closes a cycle or, put off, is found to do so; returns how many fitted, or -1 when all did. */
function firstMisfit(
  all: readonly (readonly [number, number])[],
  steps: number,
  settleEvery: number,
): number {
  const precedence = new Precedence(steps);
  for (let i = 0; i < all.length; i++) {
    const [a, b] = all[i]!;
    precedence.addNode(a, 0);
    precedence.addNode(b, 0);
    const outcome = precedence.add(a, b, i);
    if (outcome === 'closes-cycle') {
      const earlier = precedence.settle();
      return earlier === -1 ? i : earlier;
    }
    if (i % settleEvery === 0) {
      const misfit = precedence.settle();
      if (misfit !== -1) return misfit;
    }
  }
  return precedence.settle();
}

describe('a precedence', () => {
  test('finds the first pair with which no order fits, however much is put off and whenever it settles', () => {
    fc.assert(
      fc.property(pairs, fc.nat({ max: 20 }), fc.integer({ min: 1, max: 50 }), (all, steps, settleEvery) => {
        let expected = all.findIndex((_, i) => !fits(all.slice(0, i + 1)));
        if (all.length === 0) expected = -1;
        expect(firstMisfit(all, steps, settleEvery)).toBe(expected);
      }),
      { numRuns: 2000 },
    );
  });

  test('breaks only the groups for which no order fits', () => {
    const precedence = new Precedence(0);
    for (let node = 0; node < 9; node++) precedence.addNode(node, Math.floor(node / 3));
    // Groups 0 and 2 get a ring, group 1 a chain from back to front.
    const rings = [0, 6].flatMap((n): [number, number][] => [
      [n + 1, n],
      [n + 2, n + 1],
      [n, n + 2],
    ]);
    [...rings, [4, 3], [5, 4]].forEach(([a, b], tag) => {
      precedence.add(a!, b!, tag);
    });
    expect(precedence.hasPutOff()).toBe(true);
    expect(precedence.settle()).toBe(2);
    expect([0, 1, 2].map((group) => precedence.isBroken(group))).toEqual([true, false, true]);
    expect(precedence.broken).toBe(2);
    expect([precedence.add(3, 5, 9), precedence.settle(), precedence.isBroken(1)]).toEqual([
      'put-off',
      9,
      true,
    ]);
  });

  test('settles by itself in time when an order is built from back to front', () => {
    const precedence = new Precedence(4);
    const length = 20_000;
    let putOff = 0;
    for (let node = 0; node < length; node++) {
      precedence.addNode(node, 0);
      if (node === 0) continue;
      if (precedence.add(node, node - 1, node) === 'put-off') putOff++;
      if (precedence.shouldSettle()) expect(precedence.settle()).toBe(-1);
    }
    expect(putOff).toBeGreaterThan(1024);
    expect(precedence.settle()).toBe(-1);
    precedence.addNode(length, 0);
    expect(precedence.add(length, length - 1, length)).not.toBe('closes-cycle');
    expect(precedence.settle()).toBe(-1);
    const outcome = precedence.add(0, length - 1, length + 1);
    expect(outcome === 'closes-cycle' || precedence.settle() === length + 1).toBe(true);
  });
});
