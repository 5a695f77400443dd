import { describe, expect, test } from 'vitest';
import { US_PER_HOUR, US_PER_MINUTE, US_PER_SECOND } from '../../../src/base/units.ts';
import { createLoadCurve } from '../../../src/system/design/load-curve.ts';

const atTime = (hours: number, minutes: number): number => hours * US_PER_HOUR + minutes * US_PER_MINUTE;

/** The mean between two times, from the middles of equal parts. */
function meanOf(at: (timeUs: number) => number, fromUs: number, toUs: number, parts: number): number {
  let sum = 0;
  for (let i = 0; i < parts; i++) sum += at(fromUs + ((i + 0.5) * (toUs - fromUs)) / parts);
  return sum / parts;
}

describe.each(['flat', 'daily', 'top-of-the-hour'] as const)('the curve %s', (name) => {
  test('is never below nothing or above its bound, by which sends are thinned out', () => {
    const curve = createLoadCurve(name);
    const values = Array.from({ length: 24 * 360 }, (_, i) => curve.at(10 * i * US_PER_SECOND));
    expect(values.filter((value) => !(value >= -1e-12 && value <= curve.highest))).toEqual([]);
    expect(curve.isFlat).toBe(values.every((value) => value === 1));
  });

  test('is the same on the next day', () => {
    const { at } = createLoadCurve(name);
    for (let minute = 0; minute < 24 * 60; minute += 7)
      expect(at(atTime(24, minute))).toBe(at(atTime(0, minute)));
  });
});

test('the flat curve is 1', () => {
  const { at, highest } = createLoadCurve('flat');
  expect([at(0), at(atTime(13, 7)), highest]).toEqual([1, 1, 1]);
});

describe('the daily curve', () => {
  const { at } = createLoadCurve('daily');

  test('has the mean 1 over a day: both its waves are whole ones', () => {
    expect(meanOf(at, 0, 24 * US_PER_HOUR, 1440)).toBeCloseTo(1, 12);
  });

  test('is 1.6 at lunch, 1.939 at 11:00 and 14:00, and nothing half an hour after midnight', () => {
    expect(at(atTime(12, 30))).toBeCloseTo(1 + 0.8 - 0.2, 12);
    // An eighth of a half turn from the middle, where the other wave is at its lowest: 1 + 0.8 cos(pi / 8) + 0.2.
    expect(at(atTime(11, 0))).toBeCloseTo(1 + 0.8 * 0.9238795325112867 + 0.2, 12);
    expect(at(atTime(14, 0))).toBeCloseTo(1 + 0.8 * 0.9238795325112867 + 0.2, 12);
    expect(at(atTime(0, 30))).toBeCloseTo(1 - 0.8 - 0.2, 12);
  });

  test('has its two peaks within six minutes of 11:00 and 14:00, and 1.943 high', () => {
    const minutes = Array.from({ length: 1440 }, (_, minute) => at(atTime(0, minute)));
    // Where 0.8 sin x = 1.6 sin 8x: 0.3691 from the middle, which is 85 minutes, and there 1 + 0.8 cos x - 0.2 cos 8x.
    const peak = 1 + 0.8 * Math.cos(0.3691) - 0.2 * Math.cos(8 * 0.3691);
    expect(Math.max(...minutes)).toBeCloseTo(peak, 4);
    const day = minutes.slice(9 * 60, 16 * 60);
    const peaks = day.flatMap((value, i) =>
      i > 0 && i < day.length - 1 && value > day[i - 1]! && value >= day[i + 1]! ? [9 * 60 + i] : [],
    );
    expect(peaks).toEqual([11 * 60 + 5, 13 * 60 + 55]);
  });
});

describe('the curve with a spike at the top of the hour', () => {
  const { at } = createLoadCurve('top-of-the-hour');

  test('is 3 in the first minute of each hour and 1 in the others', () => {
    for (const hour of [0, 1, 23]) {
      const fromUs = atTime(hour, 0);
      expect([at(fromUs), at(fromUs + US_PER_MINUTE - 1)]).toEqual([3, 3]);
      expect([at(fromUs + US_PER_MINUTE), at(fromUs + US_PER_HOUR - 1)]).toEqual([1, 1]);
    }
  });

  test('has the mean 31 / 30 over an hour: one minute of 3 and 59 of 1', () => {
    expect(meanOf(at, 0, US_PER_HOUR, 3600)).toBeCloseTo(31 / 30, 12);
  });
});
