import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compressedTime, type TimeScale } from '../../../src/views/compressed-time.ts';

const SCALE: TimeScale = { leastPx: 12, decadePx: 10 };
const moments = fc.array(fc.integer({ min: 0, max: 10_000_000_000 }), { minLength: 2, maxLength: 40 });

describe('a time axis with shortened gaps', () => {
  it('keeps the order of moments and gives each its room', () => {
    fc.assert(
      fc.property(moments, (of) => {
        const time = compressedTime(of, SCALE);
        const places = time.momentsUs.map((us) => time.at(us));
        for (let i = 1; i < places.length; i++)
          expect(places[i]! - places[i - 1]!).toBeGreaterThanOrEqual(SCALE.leastPx);
        expect(time.at(time.momentsUs[0]! - 1)).toBe(0);
        expect(places.at(-1)).toBe(time.length);
      }),
    );
  });

  it('draws a longer gap longer', () => {
    fc.assert(
      fc.property(moments, (of) => {
        const time = compressedTime(of, SCALE);
        const gaps = time.momentsUs.slice(1).map((us, i) => ({
          us: us - time.momentsUs[i]!,
          px: time.at(us) - time.at(time.momentsUs[i]!),
        }));
        gaps.sort((a, b) => a.us - b.us);
        for (let i = 1; i < gaps.length; i++)
          expect(gaps[i]!.px - gaps[i - 1]!.px).toBeGreaterThanOrEqual(-1e-6);
      }),
    );
  });

  it('a moment that comes later moves none that was drawn before', () => {
    fc.assert(
      fc.property(moments, fc.integer({ min: 1, max: 1_000_000 }), (of, later) => {
        const before = compressedTime(of, SCALE);
        const lastUs = before.momentsUs.at(-1)!;
        const after = compressedTime([...of, lastUs + later], SCALE);
        for (const us of before.momentsUs) expect(after.at(us)).toBe(before.at(us));
        // Where the running clock stood is where the moment is drawn once it has come.
        expect(after.at(lastUs + later)).toBeCloseTo(before.at(lastUs + later), 6);
      }),
    );
  });

  it('finds the moment at a place', () => {
    fc.assert(
      fc.property(moments, fc.double({ min: 0, max: 1, noNaN: true }), (of, share) => {
        const time = compressedTime(of, SCALE);
        const [first, last] = [time.momentsUs[0]!, time.momentsUs.at(-1)!];
        const us = first + share * (last - first);
        expect(Math.abs(time.timeAt(time.at(us)) - us)).toBeLessThan(1e-6 * (1 + last));
      }),
    );
  });

  it('marks a silence among bursts as shortened, and nothing where all gaps are alike', () => {
    const burst = [0, 100, 200, 300, 400, 2_000_000, 2_000_100, 2_000_200];
    const { shortened } = compressedTime(burst, SCALE);
    expect(shortened.map(({ fromUs, toUs }) => [fromUs, toUs])).toEqual([[400, 2_000_000]]);
    expect(compressedTime([0, 100, 200, 300], SCALE).shortened).toEqual([]);
  });

  it('to scale, twice the time is twice the way, and nothing is shortened', () => {
    const time = compressedTime([0, 100, 400, 1_000_000], { ...SCALE, toScalePx: 600 });
    expect(time.at(1_000_000)).toBe(600);
    expect(time.at(500_000)).toBeCloseTo(300);
    expect(time.shortened).toEqual([]);
  });
});
