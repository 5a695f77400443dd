import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bloomColumns, openBloomFilter } from '../../../src/algorithms/dedup/bloom-filter.ts';
import { maskAfter, WINDOW, wasSeen } from '../../../src/algorithms/dedup/sequence-window.ts';
import { openWindowMemory, windowColumns } from '../../../src/algorithms/dedup/window-memory.ts';
import { standaloneColumns } from '../../../src/base/columns.ts';
import { CapacityError } from '../../../src/base/errors.ts';

/** The expected share of false positives after n ids: (1 - e^(-k n / m))^k (Broder, Mitzenmacher, "Network applications of Bloom filters", 2004). */
function expectedRate(bits: number, hashes: number, ids: number): number {
  return (1 - Math.exp((-hashes * ids) / bits)) ** hashes;
}

/** Bits an id and hashes for a wanted share of false positives: -ln p / (ln 2)^2 and ceil(-ln p / ln 2) (Redis documentation, Bloom filter). */
function sizeForRate(rate: number): { readonly bitsPerId: number; readonly hashes: number } {
  const ln2 = Math.log(2);
  // A rate such as 0.5 needs exactly one hash, whatever the last bit of its logarithm is.
  return {
    bitsPerId: -Math.log(rate) / (ln2 * ln2),
    hashes: Math.max(1, Math.ceil(-Math.log(rate) / ln2 - 1e-9)),
  };
}

const id = fc.tuple(fc.nat(50), fc.nat(50));

describe('a Bloom filter', () => {
  const filterOf = (bits: number, hashes: number) =>
    openBloomFilter(standaloneColumns(bloomColumns(bits)), bits, hashes);

  test('never forgets an id', () => {
    fc.assert(
      fc.property(
        fc.array(id),
        fc.integer({ min: 1, max: 500 }),
        fc.integer({ min: 1, max: 12 }),
        (ids, bits, hashes) => {
          const filter = filterOf(bits, hashes);
          for (const [x, y] of ids) {
            filter.add(x, y);
            expect(filter.has(x, y)).toBe(true);
          }
          for (const [x, y] of ids) expect(filter.has(x, y)).toBe(true);
        },
      ),
    );
  });

  test.each([
    [0.1, 20_000],
    [0.01, 20_000],
    [0.001, 20_000],
  ])('sized for a rate of %f takes that share of new ids for known, as the formula says', (rate, ids) => {
    const { bitsPerId, hashes } = sizeForRate(rate);
    const bits = Math.ceil(bitsPerId * ids);
    const filter = filterOf(bits, hashes);
    for (let i = 0; i < ids; i++) filter.add(i % 97, i);
    const tried = 200_000;
    let wrong = 0;
    for (let i = 0; i < tried; i++) if (filter.has(i % 89, ids + i)) wrong++;
    const expected = expectedRate(bits, hashes, ids);
    // Five standard deviations of a binomial, and a tenth for the bits that differ from their mean.
    const tolerance = 5 * Math.sqrt(expected / tried) + expected / 10;
    expect(Math.abs(wrong / tried - expected)).toBeLessThan(tolerance);
    expect(Math.abs(filter.rate() - expected)).toBeLessThan(expected / 10);
    expect(expected).toBeLessThan(rate * 1.05);
  });

  test('has the sizes of the Redis documentation', () => {
    expect(sizeForRate(0.01).hashes).toBe(7);
    expect(sizeForRate(0.01).bitsPerId).toBeCloseTo(9.585, 3);
    expect(sizeForRate(0.001).hashes).toBe(10);
    expect(sizeForRate(0.001).bitsPerId).toBeCloseTo(14.378, 3);
    expect(sizeForRate(0.0001).hashes).toBe(14);
    expect(sizeForRate(0.0001).bitsPerId).toBeCloseTo(19.17, 2);
  });

  test('that sets the same bit for every hash is far from the formula', () => {
    const bits = 10_000;
    const broken = filterOf(bits, 1);
    const right = filterOf(bits, 7);
    for (let i = 0; i < 1_000; i++) {
      broken.add(3, i);
      right.add(3, i);
    }
    const off = (filter: typeof right): number => Math.abs(filter.rate() / expectedRate(bits, 7, 1_000) - 1);
    expect(off(right)).toBeLessThan(0.2);
    expect(off(broken)).toBeGreaterThan(2);
  });
});

describe('a memory with a window', () => {
  interface Model {
    readonly x: number;
    readonly y: number;
    readonly value: number;
    readonly atUs: number;
  }
  test('knows exactly the ids that are younger than the window', () => {
    const step = fc.record({ id, laterUs: fc.nat(30) });
    fc.assert(
      fc.property(fc.array(step), fc.integer({ min: 1, max: 100 }), (steps, windowUs) => {
        const memory = openWindowMemory(standaloneColumns(windowColumns(200)), windowUs);
        const model: Model[] = [];
        let nowUs = 0;
        steps.forEach(({ id: [x, y], laterUs }, i) => {
          nowUs += laterUs;
          const known = model.find((m) => m.x === x && m.y === y && nowUs - m.atUs < windowUs);
          expect(memory.recall(x, y, nowUs)).toBe(known?.value ?? 0);
          if (known !== undefined) return;
          memory.remember(x, y, i + 1, nowUs);
          model.push({ x, y, value: i + 1, atUs: nowUs });
          expect(memory.size()).toBe(model.filter((m) => nowUs - m.atUs < windowUs).length);
        });
      }),
    );
  });
  test('says when it is full, and has room again when something is forgotten', () => {
    const memory = openWindowMemory(standaloneColumns(windowColumns(2)), 10);
    memory.remember(1, 1, 1, 0);
    memory.remember(1, 2, 1, 5);
    expect(() => memory.remember(1, 3, 1, 9)).toThrow(CapacityError);
    memory.remember(1, 3, 7, 10);
    expect(memory.recall(1, 3, 11)).toBe(7);
    // As many are in it as before, however many there have been.
    expect(() => memory.remember(1, 4, 1, 14)).toThrow(CapacityError);
    memory.remember(1, 4, 8, 15);
    expect(memory.recall(1, 4, 16)).toBe(8);
  });
});

describe('a window of sequence numbers', () => {
  test('knows which of the last 32 were seen, and takes older ones for seen', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 80 })), (numbers) => {
        const seen = new Set<number>();
        let highest = 0;
        let mask = 0;
        for (const number of numbers) {
          const isOld = highest - number >= WINDOW;
          expect(wasSeen(highest, mask, number)).toBe(seen.has(number) || isOld);
          mask = maskAfter(highest, mask, number);
          highest = Math.max(highest, number);
          if (!isOld) seen.add(number);
        }
      }),
    );
  });

  test('has seen the highest itself, and forgets all when the next is a whole window away', () => {
    expect([wasSeen(5, 0b1, 5), wasSeen(5, 0b1, 4)]).toEqual([true, false]);
    expect(maskAfter(5, 0b11, 5 + WINDOW - 1)).toBe(0x8000_0001);
    expect(maskAfter(5, 0b11, 5 + WINDOW)).toBe(1);
    expect(maskAfter(5, 0b11, 5 + WINDOW + 1)).toBe(1);
  });
});

describe('what a memory of ids tells of itself', () => {
  test('a filter counts its ids and its bits, and is refused without a bit or a hash', () => {
    const columns = standaloneColumns(bloomColumns(64));
    expect(columns.words).toHaveLength(2);
    const filter = openBloomFilter(columns, 64, 3);
    filter.add(1, 2);
    filter.add(1, 2);
    filter.add(3, 4);
    const set = [...columns.words].map((word) => word.toString(2).replaceAll('0', '').length);
    expect([filter.added(), filter.bitsSet()]).toEqual([3, set[0]! + set[1]!]);
    expect(filter.bitsSet()).toBeGreaterThan(3);
    expect(filter.rate()).toBeCloseTo((filter.bitsSet() / 64) ** 3, 12);
    for (const [bits, hashes] of [
      [0, 1],
      [1, 0],
      [Number.NaN, 1],
    ] as const)
      expect(() => openBloomFilter(columns, bits, hashes)).toThrow('at least one bit and one hash');
    expect(sizeForRate(0.01).hashes).toBe(7);
    expect(sizeForRate(0.1).hashes).toBe(4);
    expect(sizeForRate(0.01).bitsPerId).toBeCloseTo(9.585, 3);
  });

  test('a window has buckets for what it holds, chains what falls into one, and forgets in order', () => {
    expect(standaloneColumns(windowColumns(16)).heads).toHaveLength(16);
    expect(standaloneColumns(windowColumns(17)).heads).toHaveLength(32);
    expect(standaloneColumns(windowColumns(100)).heads).toHaveLength(128);
    const memory = openWindowMemory(standaloneColumns(windowColumns(100)), 1_000);
    for (let i = 0; i < 100; i++) memory.remember(i, 7, i + 1, i);
    for (let nowUs = 1_000; nowUs < 1_100; nowUs++) {
      // At the start of this microsecond 1,000 us have gone by since id nowUs - 1,000 came.
      expect(memory.recall(nowUs - 1_000, 7, nowUs)).toBe(0);
      expect(memory.size()).toBe(1_099 - nowUs);
      for (let i = nowUs - 999; i < 100; i++) expect(memory.recall(i, 7, nowUs)).toBe(i + 1);
    }
  });
});
