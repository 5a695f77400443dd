import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as eventList from '../../../src/kernel/event-list.ts';
import { compare, DELAYS, hashAfter, type Program } from './event-list-model.ts';

const program = (
  maxPending: number,
  burst: fc.Arbitrary<number>,
  rounds: fc.Arbitrary<number>,
): fc.Arbitrary<Program> =>
  fc.record({
    seed: fc.nat(),
    delays: fc.array(fc.constantFrom(...Object.keys(DELAYS)), { minLength: 1, maxLength: 6 }),
    burst,
    rounds,
    childrenPercent: fc.constantFrom(0, 50, 90),
    timers: fc.constantFrom(0, 1, 10, 500),
    maxPending: fc.constant(maxPending),
  });

describe('the event list against a sorted array', () => {
  test('with a heap alone', () => {
    const few = program(1500, fc.integer({ min: 0, max: 20 }), fc.integer({ min: 1, max: 30 }));
    fc.assert(fc.property(few, (p) => compare(eventList, p)));
  });

  test('around the moment when few become many and many few', () => {
    const some = program(5000, fc.integer({ min: 0, max: 150 }), fc.integer({ min: 1, max: 30 }));
    fc.assert(fc.property(some, (p) => compare(eventList, p)));
  });

  test('with thousands pending', () => {
    const many = program(20_000, fc.integer({ min: 500, max: 5000 }), fc.integer({ min: 1, max: 4 }));
    fc.assert(
      fc.property(many, (p) => compare(eventList, p)),
      { numRuns: 40 },
    );
  });
});

describe('the world', () => {
  // At most 50 + 33 events for 100 handled: it ends.
  const any = program(20_000, fc.integer({ min: 0, max: 1000 }), fc.integer({ min: 1, max: 5 })).map((p) => ({
    ...p,
    childrenPercent: Math.min(p.childrenPercent, 50),
  }));

  test('has the same bytes, however the run was cut into pieces', () => {
    fc.assert(
      fc.property(any, (p) => {
        expect(hashAfter(eventList, p, true)).toBe(hashAfter(eventList, p, false));
      }),
      {
        numRuns: 60,
      },
    );
  });

  test('has the same bytes, whether or not what comes next was read ahead', () => {
    let reads = 0;
    const readAhead = (kind: number, a: number, b: number, c: number): number => {
      reads++;
      return (kind ^ a ^ b ^ c) >>> 0;
    };
    fc.assert(
      fc.property(any, (p) => {
        expect(hashAfter(eventList, p, false, readAhead)).toBe(hashAfter(eventList, p, false));
      }),
      { numRuns: 30 },
    );
    expect(reads).toBeGreaterThan(1000);
  });
});
