import fc from 'fast-check';
import { expect, test } from 'vitest';
import { standaloneColumns } from '../../../src/base/columns.ts';
import { CapacityError } from '../../../src/base/errors.ts';
import { openPairMap, pairMapColumns } from '../../../src/system/state/pair-map.ts';

/** A map that has room for `capacity` entries: the table is at most half full, and a power of two. */
function open(capacity: number) {
  const columns = standaloneColumns(pairMapColumns('pairs', capacity));
  return { columns, map: openPairMap(columns, 'pairs', ['workload.users']) };
}

// Few pairs, so that they come again and lie side by side, and any pairs of 32 bits.
const word = fc.oneof(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 0xffff_ffff }));
const step = fc.record({
  does: fc.constantFrom('set' as const, 'get' as const),
  x: word,
  y: word,
  value: fc.integer({ min: 1, max: 0xffff_ffff }),
});

test('a pair map does what a Map does, until it is full: then a new pair is refused and nothing else changes', () => {
  let refusals = 0;
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60, size: 'max' }), (steps) => {
      const { map, columns } = open(8);
      const model = new Map<string, { x: number; y: number; value: number }>();
      for (const { does, x, y, value } of steps) {
        const key = `${x} ${y}`;
        if (does === 'get') expect(map.get(x, y)).toBe(model.get(key)?.value ?? 0);
        else if (model.size === 8 && !model.has(key)) {
          expect(() => map.set(x, y, value)).toThrow(new CapacityError('pairs', 8, ['workload.users']));
          refusals++;
        } else {
          map.set(x, y, value);
          model.set(key, { x, y, value });
        }
        expect(map.size()).toBe(model.size);
      }
      for (const { x, y, value } of model.values()) {
        expect(map.get(x, y)).toBe(value);
        // What the inspector shows: places side by side, of which only the last has the pair.
        const places = map.probe(x, y);
        for (const [i, place] of places.entries()) {
          const isHere = columns.table[3 * place] === x && columns.table[3 * place + 1] === y;
          expect(columns.table[3 * place + 2]).not.toBe(0);
          expect(isHere).toBe(i === places.length - 1);
          if (i > 0) expect(place).toBe((places[i - 1]! + 1) % 16);
        }
      }
    }),
    { seed: 1, numRuns: 500 },
  );
  expect(refusals).toBeGreaterThan(100);
});

test('a pair map holds at least as many as it is asked to', () => {
  for (const capacity of [1, 8, 9, 100]) {
    const { map } = open(capacity);
    for (let i = 0; i < capacity; i++) map.set(i, i ^ 5, i + 1);
    for (let i = 0; i < capacity; i++) expect(map.get(i, i ^ 5)).toBe(i + 1);
    expect(map.size()).toBe(capacity);
  }
});

test('x, y and y, x are two pairs, and a value that is set again replaces the old one', () => {
  const { map } = open(8);
  map.set(1, 2, 10);
  map.set(2, 1, 20);
  map.set(1, 2, 11);
  expect([map.get(1, 2), map.get(2, 1), map.get(1, 1), map.size()]).toEqual([11, 20, 0, 2]);
});
