import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { GrowingTimes, GrowingU8, GrowingU32 } from '../../../src/guarantees/growing.ts';
import { type GivenMemberships, Memberships } from '../../../src/guarantees/memberships.ts';
import { PairValues } from '../../../src/guarantees/pair-values.ts';
import { ShownSet } from '../../../src/guarantees/shown-set.ts';

const number = fc.nat({ max: 200 });

describe('what checkers keep their state in', () => {
  test('columns grow as far as they are written, and read as 0 where they are not', () => {
    const [words, bytes] = [new GrowingU32(), new GrowingU8()];
    expect([words.get(7), bytes.get(7)]).toEqual([0, 0]);
    words.set(100_000, 4_000_000_000);
    words.add(100_000, -1);
    bytes.set(1000, 255);
    expect([words.get(100_000), words.get(99_999), words.get(100_001)]).toEqual([3_999_999_999, 0, 0]);
    expect([bytes.get(1000), bytes.get(999)]).toEqual([255, 0]);
  });

  test('times are exact to the microsecond over years', () => {
    fc.assert(
      fc.property(fc.array(fc.maxSafeInteger().map(Math.abs), { maxLength: 20 }), (unsorted) => {
        const sorted = [...unsorted].sort((a, b) => a - b);
        const times = new GrowingTimes();
        sorted.forEach((us, i) => {
          times.set(i, us);
        });
        expect(sorted.map((_, i) => times.get(i))).toEqual(sorted);
      }),
    );
  });

  test('the set of what was shown is a set of (message, place)', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(number, number), { maxLength: 400, size: 'max' }), (pairs) => {
        const [set, model] = [new ShownSet(), new Set<string>()];
        for (const [message, place] of pairs) {
          expect(set.add(message, place)).toBe(!model.has(`${message} ${place}`));
          model.add(`${message} ${place}`);
        }
        for (let n = 0; n < 200; n++) expect(set.has(n, n)).toBe(model.has(`${n} ${n}`));
        expect(pairs.every(([message, place]) => set.has(message, place))).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  test('the map from pairs keeps the last value of each', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(number, number, fc.integer({ min: 1, max: 9 })), { maxLength: 400, size: 'max' }),
        (all) => {
          const [map, model] = [new PairValues(), new Map<string, number>()];
          for (const [x, y, value] of all) {
            map.set(x, y, value);
            model.set(`${x} ${y}`, value);
          }
          expect(all.every(([x, y]) => map.get(x, y) === model.get(`${x} ${y}`))).toBe(true);
          expect(map.get(201, 0)).toBe(0);
        },
      ),
      { numRuns: 50 },
    );
  });

  test('memberships number pairs densely, and the places of each channel from 0; given ones keep their slots', () => {
    // Channel 0 has users 5, 6, 7 in slots 0 to 2, channel 1 user 5 in slot 3, who joins later.
    const members = [5, 6, 7, 5];
    const starts = [0, 3, 4];
    const given: GivenMemberships = {
      slots: 4,
      channels: 2,
      slotOf: (user, channel) =>
        members.findIndex((m, slot) => m === user && slot >= starts[channel]! && slot < starts[channel + 1]!),
      channelOf: (slot) => (slot < 3 ? 0 : 1),
      userOf: (slot) => members[slot]!,
      startOf: (channel) => starts[channel]!,
      memberAtStart: (slot) => slot !== 3,
    };
    for (const [of, first] of [
      [null, 0],
      [given, 4],
    ] as const) {
      const memberships = new Memberships(of);
      const model = new Map<string, number>();
      for (let n = 0; n < 3000; n++) {
        const [user, channel] = [10 + (n % 37), n % 5];
        const pair = memberships.of(user, channel);
        const key = `${user} ${channel}`;
        expect(pair).toBe(model.get(key) ?? first + model.size);
        model.set(key, pair);
        expect([memberships.userOf(pair), memberships.channelOf(pair)]).toEqual([user, channel]);
      }
      expect(memberships.count).toBe(first + model.size);
      for (let channel = 0; channel < 5; channel++) {
        const places: number[] = [];
        memberships.forEachIn(channel, (pair) => places.push(memberships.placeOf(pair)));
        places.sort((a, b) => a - b);
        expect(places).toEqual(places.map((_, i) => i));
        expect(memberships.placesIn(channel)).toBe(places.length);
      }
    }
    const memberships = new Memberships(given);
    expect([memberships.of(6, 0), memberships.of(5, 1), memberships.of(6, 1)]).toEqual([1, 3, 4]);
    expect([
      memberships.membersAtStart(0),
      memberships.membersAtStart(1),
      memberships.membersAtStart(9),
    ]).toEqual([3, 0, 0]);
    expect([memberships.memberAtStart(3), memberships.memberAtStart(4)]).toEqual([false, false]);
    expect([
      memberships.placeOf(3),
      memberships.placeOf(4),
      memberships.userOf(2),
      memberships.channelOf(3),
    ]).toEqual([0, 1, 7, 1]);
  });
});
