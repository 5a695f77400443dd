import { describe, expect, test } from 'vitest';
import { RATE_LIMIT_ALGORITHMS } from '../../../src/algorithms/rate-limit/config.ts';
import { STATE_FLOWS } from '../../../src/algorithms/rate-limit/states.ts';
import { firstWhere } from '../../../src/base/first-where.ts';
import { US_PER_SECOND as S } from '../../../src/base/units.ts';
import { layoutFlow, wrap } from '../../../src/views/rate-limit/drawing/flow-layout.ts';
import {
  followedUs,
  horizonUs,
  layoutOf,
  mostZoom,
  niceStepUs,
  pointedStepUs,
  tickText,
  zoomed,
} from '../../../src/views/rate-limit/drawing/geometry.ts';
import { lanesOf } from '../../../src/views/rate-limit/drawing/lanes.ts';
import {
  type LevelPoint,
  levelCurve,
  limiterFor,
  partOf,
  shownLevel,
} from '../../../src/views/rate-limit/drawing/level-curve.ts';
import { merged } from '../../../src/views/rate-limit/drawing/paint-lanes.ts';
import { hasSlots, slotBars } from '../../../src/views/rate-limit/drawing/slots.ts';
import { PATTERNS } from '../../../src/views/rate-limit/model/patterns.ts';
import { configOf, LAB_SETTINGS } from '../../../src/views/rate-limit/model/settings.ts';

/** The curve's height at a time; where it jumps, the height after the jump. */
function levelAt(curve: readonly LevelPoint[], timeUs: number): number {
  const at = firstWhere(curve.length, (i) => curve[i]!.timeUs > timeUs);
  const before = curve[at - 1];
  const after = curve[at];
  if (before === undefined) return curve[0]?.value ?? 0;
  if (after === undefined || after.timeUs === before.timeUs) return before.value;
  const share = (timeUs - before.timeUs) / (after.timeUs - before.timeUs);
  return before.value + share * (after.value - before.value);
}

const EXAMPLE = [0, 15, 20, 35, 55, 60, 65].map((s) => s * S);
const UNTIL_US = 150 * S;

describe.each(RATE_LIMIT_ALGORITHMS)('the level of %s', (algorithm) => {
  test.each(PATTERNS)('is what the limiter says at every time, on $id', (pattern) => {
    const config = configOf(algorithm, LAB_SETTINGS);
    const timesUs = pattern.timesUs(5, 60 * S).filter((timeUs) => timeUs < UNTIL_US);
    const curve = levelCurve(config, timesUs, UNTIL_US);
    expect(curve[0]?.timeUs).toBe(0);
    expect(curve.at(-1)?.timeUs).toBe(UNTIL_US);
    const limiter = limiterFor(config, timesUs.length);
    let decided = 0;
    // A step that divides neither the window nor the patterns, so that corners are passed on both sides.
    for (let timeUs = 0; timeUs < UNTIL_US; timeUs += 370_007) {
      for (; decided < timesUs.length && timesUs[decided]! <= timeUs; decided++)
        limiter.decide(0, timesUs[decided]!);
      expect(levelAt(curve, timeUs)).toBeCloseTo(shownLevel(limiter, timeUs), 5);
    }
  });
});

describe('a part of a curve', () => {
  const point = (timeUs: number, value: number) => ({ timeUs, value });
  const curve = [point(0, 0), point(10, 1), point(10, 2), point(20, 2), point(30, 0)];

  test('has corners of its own where it is cut', () => {
    expect(partOf(curve, 5, 25, true)).toEqual([
      point(5, 0.5),
      point(10, 1),
      point(10, 2),
      point(20, 2),
      point(25, 1),
    ]);
    expect(partOf(curve, 0, 30, true)).toEqual(curve);
    expect(partOf(curve, 12, 13, true)).toEqual([point(12, 2), point(13, 2)]);
    expect(partOf(curve, -5, 99, true)).toEqual(curve);
    expect(partOf(curve, 31, 99, true)).toEqual([]);
  });

  test('ends before a jump whose verdict is hidden, and after one that was told', () => {
    expect(partOf(curve, 0, 10, false)).toEqual([point(0, 0), point(10, 1)]);
    expect(partOf(curve, 0, 10, true)).toEqual([point(0, 0), point(10, 1), point(10, 2)]);
  });
});

describe('the places of a limit', () => {
  const { lanes } = lanesOf(LAB_SETTINGS, EXAMPLE, UNTIL_US);
  const lane = (algorithm: string) => lanes.find((one) => one.algorithm === algorithm)!;

  test('are taken by what is allowed and given back when it slides out', () => {
    const bars = slotBars(lane('sliding-window-log'));
    expect(bars.map(({ request, slot }) => [request, slot])).toEqual([
      [0, 0],
      [1, 1],
      [2, 2],
      [3, 3],
      [4, 4],
      [6, 0],
    ]);
    // A request exactly one window old still has its place.
    expect(bars[0]).toMatchObject({ fromUs: 0, toUs: 60 * S + 1 });
  });

  test('are as many taken at each decision as it counted', () => {
    for (const algorithm of ['sliding-window-log', 'fixed-window']) {
      const one = lane(algorithm);
      expect(hasSlots(one)).toBe(true);
      const bars = slotBars(one);
      one.decisions.forEach(({ timeUs, counted }, place) => {
        const taken = bars.filter((bar) => bar.request < place && bar.fromUs <= timeUs && timeUs < bar.toUs);
        expect(taken).toHaveLength(counted);
      });
    }
  });

  test('are not drawn where there are none, or too many', () => {
    expect(hasSlots(lane('token-bucket'))).toBe(false);
    const { lanes: large } = lanesOf({ ...LAB_SETTINGS, limit: 11 }, EXAMPLE, UNTIL_US);
    expect(large.some(hasSlots)).toBe(false);
  });
});

describe('the layout', () => {
  test.each([320, 390, 864, 1400])(
    'at %d wide has its bands one below the other, within its height',
    (width) => {
      const layout = layoutOf(width, 6);
      const bands = [layout.tag, layout.row, layout.level, layout.axis, ...layout.lanes];
      for (const [i, { top, bottom }] of bands.entries()) {
        expect(bottom).toBeGreaterThan(top);
        if (i > 0) expect(top).toBeGreaterThanOrEqual(bands[i - 1]!.bottom);
      }
      expect(layout.height).toBeGreaterThanOrEqual(bands.at(-1)!.bottom);
      expect(layout.right).toBeLessThanOrEqual(width);
      expect(pointedStepUs([0, 90 * S], layout)).toBeGreaterThan(0);
    },
  );

  test('the axis reaches past the last request far enough for a window to slide', () => {
    expect(horizonUs(EXAMPLE, 60 * S)).toBeGreaterThanOrEqual(95 * S);
    expect(horizonUs([], 60 * S)).toBeGreaterThanOrEqual(90 * S);
    expect([1, 3, 7, 11, 999].map(niceStepUs)).toEqual([1, 5, 10, 20, 1000]);
  });

  test('zoom shows a part around a moment, within the whole, down to microseconds', () => {
    expect(zoomed([0, 100], 1, 50)).toEqual([0, 100]);
    expect(zoomed([0, 100], 4, 50)).toEqual([37.5, 62.5]);
    expect(zoomed([0, 100], 4, 3)).toEqual([0, 25]);
    expect(zoomed([0, 100], 4, 99)).toEqual([75, 100]);
    expect((90 * S) / mostZoom([0, 90 * S])).toBe(20);
  });

  test('stripes that overlap become one', () => {
    expect(
      merged([
        [0, 5],
        [5, 8],
        [9, 10],
      ]),
    ).toEqual([
      [0, 8],
      [9, 10],
    ]);
  });

  test('a short run is shown whole, a long one by its last windows', () => {
    expect(followedUs(5 * S, 60 * S, 60 * S)).toEqual([0, 60 * S]);
    const [from, to] = followedUs(500 * S, 3600 * S, 60 * S);
    expect(from).toBeGreaterThan(0);
    expect(500 * S - from).toBeGreaterThan(2 * 60 * S);
    expect(to).toBeGreaterThan(500 * S);
  });

  test('times on the axis keep the digits that tell them apart', () => {
    expect([tickText(0, S), tickText(15 * S, S), tickText(1.5 * S, S / 2)]).toEqual(['0', '15 s', '1.5 s']);
    expect([tickText(1500, 500), tickText(3, 1)]).toEqual(['1.5 ms', '3 us']);
  });
});

describe('the state flow', () => {
  test('breaks text between words', () => {
    expect(wrap('one two three', 7)).toEqual(['one two', 'three']);
    expect(wrap('indivisible', 3)).toEqual(['indivisible']);
  });

  test.each(
    RATE_LIMIT_ALGORITHMS.flatMap((algorithm) => [340, 860].map((width) => [algorithm, width] as const)),
  )(
    'of %s at %d wide has its boxes apart and inside, and an arrow for each transition',
    (algorithm, width) => {
      for (const bound of [1, 5]) {
        const flow = STATE_FLOWS[algorithm];
        const { boxes, arrows, height } = layoutFlow(flow, bound, width);
        expect(boxes).toHaveLength(bound === 1 ? 2 : 3);
        boxes.forEach((box, i) => {
          expect(box.x).toBeGreaterThanOrEqual(0);
          expect(box.x + box.width).toBeLessThanOrEqual(width);
          expect(box.y + box.height).toBeLessThanOrEqual(height);
          if (i > 0) expect(box.x).toBeGreaterThan(boxes[i - 1]!.x + boxes[i - 1]!.width);
        });
        for (const { labelY, lines } of arrows) {
          expect(labelY).toBeGreaterThan(8);
          expect(labelY + 14 * (lines.length - 1)).toBeLessThanOrEqual(height);
        }
        const expected = flow.transitions.filter(({ from, to, onlyAtOne }) =>
          bound === 1 ? from !== 'within' && to !== 'within' : !onlyAtOne,
        );
        expect(arrows.map(({ transition }) => transition)).toEqual(expected);
      }
    },
  );
});
