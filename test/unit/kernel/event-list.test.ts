import { describe, expect, test } from 'vitest';
import { CapacityError } from '../../../src/base/errors.ts';
import { type EventListSizes, eventListColumns, openEventList } from '../../../src/kernel/event-list.ts';
import { createWorld } from '../../../src/kernel/world.ts';

function open(sizes: EventListSizes) {
  const group = eventListColumns(sizes);
  return openEventList(createWorld([group]), group);
}

describe('the event list', () => {
  test('hands events out by time, and those of one time in the order in which they were scheduled', () => {
    const list = open({ maxPending: 10, timers: 0 });
    list.schedule(20, 1, 1, 0, 0);
    list.schedule(10, 1, 2, 0, 0);
    list.schedule(20, 1, 3, 0, 0);
    list.schedule(10, 1, 4, 0, 0);
    const seen: number[][] = [];
    const handled = list.run(Infinity, Infinity, (timeUs, _kind, a) => {
      seen.push([timeUs, a]);
      return false;
    });
    expect(handled).toBe(4);
    expect(seen).toEqual([
      [10, 2],
      [10, 4],
      [20, 1],
      [20, 3],
    ]);
    expect(list.nowUs()).toBe(20);
  });

  test('hands out kind, a, b and c as they were given, at their largest', () => {
    const list = open({ maxPending: 10, timers: 3 });
    list.schedule(0, 63, 0xffff_ffff, 0xffff_fffe, 8191);
    list.arm(2, 0, 63, 0xffff_ffff, 8191);
    const seen: number[][] = [];
    list.run(0, Infinity, (...row) => {
      seen.push(row);
      return false;
    });
    expect(seen).toEqual([
      [0, 63, 0xffff_ffff, 0xffff_fffe, 8191],
      [0, 63, 2, 0xffff_ffff, 8191],
    ]);
  });

  test('a cancelled timer does not arrive, one that is armed again arrives once, at the later place', () => {
    const list = open({ maxPending: 10, timers: 3 });
    list.arm(0, 5, 1, 100, 0);
    list.arm(1, 6, 1, 101, 0);
    list.arm(2, 7, 1, 102, 0);
    list.schedule(9, 2, 0, 0, 0);
    list.cancel(1);
    list.cancel(1);
    list.arm(0, 9, 1, 200, 0);
    expect([list.isArmed(0), list.isArmed(1), list.isArmed(2)]).toEqual([true, false, true]);
    expect(list.pending()).toBe(5);
    expect(list.nextTimeUs()).toBe(7);
    const seen: number[][] = [];
    const handled = list.run(100, Infinity, (timeUs, kind, a, b) => {
      seen.push([timeUs, kind, a, b]);
      return false;
    });
    expect(seen).toEqual([
      [7, 1, 2, 102],
      [9, 2, 0, 0],
      [9, 1, 0, 200],
    ]);
    expect(handled).toBe(3);
    expect(list.isArmed(0)).toBe(false);
    expect(list.nowUs()).toBe(100);
    expect(list.nextTimeUs()).toBe(Infinity);
  });

  test('the clock goes to the limit only when nothing at or before it is left', () => {
    const list = open({ maxPending: 10, timers: 0 });
    for (const timeUs of [10, 20, 20, 30]) list.schedule(timeUs, 0, 0, 0, 0);
    expect(list.run(5, Infinity, () => false)).toBe(0);
    expect(list.nowUs()).toBe(5);
    expect(list.run(25, 2, () => false)).toBe(2);
    expect(list.nowUs()).toBe(20);
    expect(list.run(25, 1, () => false)).toBe(1);
    expect(list.nowUs()).toBe(25);
    expect(list.run(Infinity, Infinity, () => true)).toBe(1);
    expect(list.nowUs()).toBe(30);
  });

  test('says which column is full and which settings need less of it, and changes nothing', () => {
    const list = open({ maxPending: 2, timers: 2 });
    list.schedule(1, 0, 0, 0, 0);
    list.arm(0, 2, 0, 0, 0);
    expect(() => list.schedule(3, 0, 0, 0, 0)).toThrow(CapacityError);
    expect(() => list.arm(1, 3, 0, 0, 0)).toThrow(
      /"events" is full at 2 entries; lower workload.users or workload.messages.perUserPerMinute/,
    );
    expect(list.isArmed(1)).toBe(false);
    list.arm(0, 4, 0, 0, 0); // takes its own place
    expect(list.run(10, Infinity, () => false)).toBe(2);
  });

  test('refuses the past, fractions, and arguments that do not fit', () => {
    const list = open({ maxPending: 2, timers: 1 });
    list.run(50, Infinity, () => false);
    expect(() => list.schedule(49, 0, 0, 0, 0)).toThrow(/not before 50; this one has 49/);
    expect(() => list.schedule(50.5, 0, 0, 0, 0)).toThrow(RangeError);
    expect(() => list.schedule(Number.NaN, 0, 0, 0, 0)).toThrow(RangeError);
    expect(() => list.schedule(60, 64, 0, 0, 0)).toThrow(/kind 0..63/);
    expect(() => list.schedule(60, 0, 0, 0, 8192)).toThrow(/c 0..8191/);
    expect(() => list.arm(1, 60, 0, 0, 0)).toThrow(/there is no timer 1/);
    expect(list.pending()).toBe(0);
  });
});
