import { expect, test } from 'vitest';
import { mix32 } from '../../../src/base/hash.ts';
import { createSeenStates } from '../../../src/testkit/explore/seen-states.ts';
import { toldHistory } from '../../../src/testkit/explore/told-history.ts';
import type { TraceRow } from '../../../src/trace/trace.ts';
import type { Tracer } from '../../../src/trace/tracer.ts';

const shown = (nth: number, channel: number): TraceRow =>
  ({ kind: 'deliver', node: 7, sender: 0, nth, channel, timeUs: 5 }) as TraceRow;
const hashOf = (rows: readonly TraceRow[]): string => {
  const told = toldHistory(false);
  told.readTo({ length: rows.length, row: (id) => rows[id] } as Tracer);
  return `${told.high} ${told.low}`;
};

test('histories that differ in which of two look-alike messages was shown first are two histories', () => {
  // Once the number was mixed with the channel by an exclusive or alone, and these two messages were one.
  const [second, third] = [shown(2, 0), shown(3, 1)];
  expect(hashOf([second, third])).not.toBe(hashOf([third, second]));
  expect(new Set([0, 1, 2, 3].flatMap((n) => [0, 1, 2, 3].map((c) => hashOf([shown(n, c)])))).size).toBe(16);
});

test('a history that goes back and on again the same way has the same hash', () => {
  const rows = [shown(1, 0), shown(2, 0), shown(3, 1)];
  const tracer = { length: 3, row: (id: number) => rows[id] } as Tracer;
  const told = toldHistory(false);
  told.readTo(tracer);
  const before = [told.high, told.low];
  told.truncate(1);
  expect([told.high, told.low]).not.toEqual(before);
  told.readTo(tracer);
  expect([told.high, told.low]).toEqual(before);
});

test('a state is met again only with as few deviations left, also after the table has grown many times', () => {
  const seen = createSeenStates();
  const STATES = 50_000;
  const met = (left: (i: number) => number): number => {
    let count = 0;
    for (let i = 0; i < STATES; i++) if (seen.meets(mix32(i), mix32(i ^ 0x5bd1e995), left(i))) count++;
    return count;
  };
  expect(met((i) => i % 3)).toBe(0);
  expect(met((i) => i % 3)).toBe(STATES);
  expect(met((i) => (i % 3) + 1)).toBe(0);
  expect(met(() => 0)).toBe(STATES);
  expect(seen.size).toBe(STATES);
});
