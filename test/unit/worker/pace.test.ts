import { describe, expect, test } from 'vitest';
import { createPace, justNowUs } from '../../../src/worker/pace.ts';
import { createSnapshotPlan } from '../../../src/worker/snapshot-plan.ts';
import { createSpeedometer } from '../../../src/worker/speedometer.ts';

describe('the pace', () => {
  test('gives so much virtual time for each second of the wall clock, in whole microseconds', () => {
    const pace = createPace(10, 1_000, 500);
    expect([1_000, 1_099, 1_100, 2_000].map((ms) => pace.targetUs(ms))).toEqual([500, 500, 501, 510]);
  });

  test('as fast as it goes has no target', () => {
    expect(createPace(Number.POSITIVE_INFINITY, 0, 0).targetUs(1)).toBe(Number.POSITIVE_INFINITY);
  });

  test('a small lag is made up, a large one is forgiven', () => {
    const pace = createPace(1_000_000, 0, 0);
    pace.forgive(150, 60_000);
    expect(pace.targetUs(150)).toBe(150_000);
    pace.forgive(150, 40_000);
    expect(pace.targetUs(150)).toBe(40_000);
    expect(pace.targetUs(250)).toBe(140_000);
  });

  test('just now is 0.4 s of what is shown, between 50 ms and 2 s', () => {
    expect([10, 1e6, 1e9, Number.POSITIVE_INFINITY].map(justNowUs)).toEqual([50_000, 400_000, 2e6, 2e6]);
  });
});

describe('the speedometer', () => {
  test('tells the work of the last half second, and nothing when there was none', () => {
    const meter = createSpeedometer();
    for (let ms = 0; ms <= 1_000; ms += 10) meter.add(ms, 100, 2_000);
    const { events, virtualUs } = meter.read(1_000);
    expect(events).toBeCloseTo(10_000, -3);
    expect(virtualUs).toBeCloseTo(200_000, -4);
    expect(meter.read(1_600)).toEqual({ events: 0, virtualUs: 0 });
  });
});

describe('the plan of the snapshots', () => {
  test('asks for one after 40 ms of work, and less often where one takes long', () => {
    const plan = createSnapshotPlan();
    expect([39, 40].map((ms) => plan.isDue(ms))).toEqual([false, true]);
    plan.kept(40, 1);
    expect([79, 80].map((ms) => plan.isDue(ms))).toEqual([false, true]);
    // Once may be an accident, twice is not.
    plan.kept(80, 100);
    expect([119, 120].map((ms) => plan.isDue(ms))).toEqual([false, true]);
    for (let i = 0; i < 9; i++) plan.kept(80, 100);
    expect([1_079, 1_080].map((ms) => plan.isDue(ms))).toEqual([false, true]);
  });
});
