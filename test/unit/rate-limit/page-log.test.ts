import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { enoughEntries, openPageLog, pageLogColumns } from '../../../src/algorithms/rate-limit/page-log.ts';
import { standaloneColumns } from '../../../src/base/columns.ts';
import { CapacityError } from '../../../src/base/errors.ts';

function open(keys: number, longest: number, entries = enoughEntries(keys, longest)) {
  const size = { keys, longest, entries };
  return openPageLog(standaloneColumns(pageLogColumns('log', size)), size, 'log.times', [
    'workload.users',
    'design.rateLimit.limit',
  ]);
}

describe('a pool of logs', () => {
  test('keeps what lists of lists keep, whatever is appended, expired and cleared', () => {
    const step = fc.record({
      key: fc.integer({ min: 0, max: 3 }),
      what: fc.constantFrom('append', 'append', 'append', 'expire', 'oldest', 'clear'),
      byUs: fc.integer({ min: 0, max: 9 }),
    });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 30 }), fc.array(step, { maxLength: 300 }), (longest, steps) => {
        const log = open(4, longest);
        const model: number[][] = [[], [], [], []];
        let nowUs = 0;
        for (const { key, what, byUs } of steps) {
          const list = model[key]!;
          nowUs += byUs;
          if (what === 'append') {
            if (list.length === longest) {
              list.shift();
              log.removeOldest(key);
            }
            list.push(nowUs);
            log.append(key, nowUs, Number.NEGATIVE_INFINITY);
          } else if (what === 'expire') {
            while (list.length > 0 && list[0]! < nowUs - 20) list.shift();
            log.expire(key, nowUs - 20);
          } else if (what === 'oldest' && list.length > 0) {
            list.shift();
            log.removeOldest(key);
          } else if (what === 'clear') {
            list.length = 0;
            log.clear(key);
          }
          expect(model.map((_, k) => log.entries(k))).toEqual(model);
        }
        for (const key of model.keys()) log.clear(key);
        expect(log.pagesTaken()).toBe(0);
      }),
      { numRuns: 60 },
    );
  });

  test('takes pages only for keys that send, and no more than their entries need', () => {
    const log = open(1000, 5);
    for (let key = 0; key < 1000; key += 100) for (let t = 0; t < 5; t++) log.append(key, t, 0);
    expect(log.pagesTaken()).toBe(10);
    expect(log.entriesPerPage).toBe(5);
  });

  test('gives the pages of silent keys to those that send when the pool is empty', () => {
    const log = open(10, 2, 2 * 3);
    log.append(0, 1, 0);
    log.append(1, 2, 0);
    log.append(2, 50, 0);
    log.append(3, 60, 10); // keys 0 and 1 have expired by now
    expect(log.entries(0)).toEqual([]);
    expect(log.entries(2)).toEqual([50]);
    expect(log.entries(3)).toEqual([60]);
    log.append(4, 61, 10);
    expect(log.pagesTaken()).toBe(3);
    expect(log.entries(1)).toEqual([]);
  });

  test('frees the pages of a long log one by one as they expire', () => {
    const log = open(2, 100);
    for (let t = 0; t < 40; t++) log.append(0, t, 0);
    expect(log.pagesTaken()).toBe(5);
    log.expire(0, 17);
    expect(log.pagesTaken()).toBe(3);
    expect(log.entries(0)[0]).toBe(17);
  });

  test('says which setting to raise when every page is in use', () => {
    const log = open(10, 2, 2 * 3);
    for (let key = 0; key < 3; key++) log.append(key, 100, 0);
    expect(() => log.append(3, 101, 50)).toThrow(CapacityError);
    expect(() => log.append(3, 101, 50)).toThrow(
      'the column "log.times" is full at 6 entries; lower workload.users or design.rateLimit.limit',
    );
    expect(log.entries(3)).toEqual([]);
  });
});
