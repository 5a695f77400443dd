import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  BOUNDS,
  curveOfFutures,
  type FuturesCurve,
  FuturesError,
  momentsOf,
} from '../../src/futures/futures.ts';
import { wilsonInterval } from '../../src/futures/wilson.ts';
import { createRun } from '../../src/run/run.ts';
import type { GuaranteeName } from '../../src/scenario/guarantee-names.ts';
import { parseScenario } from '../../src/scenario/parse.ts';
import type { Override } from '../../src/scenario/types.ts';

const open = (name: string, overrides: readonly Override[] = []) =>
  parseScenario(readFileSync(`scenarios/${name}.yaml`, 'utf8'), `${name}.yaml`, overrides);

const FEW = { ...BOUNDS, moments: 20, futures: 12 };

function curve(name: string, guarantee: GuaranteeName, bounds = FEW): FuturesCurve {
  const steps = curveOfFutures(open(name), { guarantee, hand: [], choices: null }, bounds);
  let step = steps.next();
  let share = 0;
  while (step.done !== true) {
    expect(step.value).toBeGreaterThan(share);
    share = step.value;
    step = steps.next();
  }
  expect(share).toBe(1);
  return step.value;
}

describe('when a broken promise became inevitable', () => {
  test('what the script forces is inevitable from the start', () => {
    const { moments } = curve('duplicate-after-lost-ack', 'no-duplicates');
    expect(moments[0]).toMatchObject({ timeUs: 0, events: 0, futures: 12, violated: 12, high: 1 });
    expect(moments.every(({ violated }) => violated === 12)).toBe(true);
  });

  test('what happens by chance rises from its base rate to all futures at the event that broke the promise', () => {
    const { moments, sinceUs, events } = curve('exercises/exercise-13', 'per-channel-order', {
      ...BOUNDS,
      futures: 25,
    });
    const first = moments[0]!;
    const last = moments.at(-1)!;
    expect(first.violated).toBeGreaterThan(0);
    expect(first.violated).toBeLessThan(25);
    expect(last).toMatchObject({ timeUs: sinceUs, violated: 25 });
    expect(last.since?.kind).toBe('deliver');
    expect(last.events).toBeLessThan(events);
    // Where nothing was decided the share stays the same: the futures of all moments are decided alike.
    const changes = moments.filter(({ violated }, i) => i > 0 && violated !== moments[i - 1]!.violated);
    expect(changes.length).toBeLessThan(moments.length / 2);
    const times = moments.map(({ timeUs }) => timeUs);
    expect(times).toEqual([...times].sort((a, b) => a - b));
  });

  test('the same question has the same answer, byte for byte', () => {
    const once = () => JSON.stringify(curve('out-of-order', 'per-channel-order'));
    expect(once()).toBe(once());
  });

  test('the run that is asked about is the one that the page shows, with what was done by hand', () => {
    const hand = [{ atUs: 90_000, action: { do: 'slow', node: 0, factor: 2, forUs: null } }] as const;
    const scenario = open('duplicate-after-lost-ack', [{ kind: 'seed', path: 'seed', value: 5 }]);
    const run = createRun(scenario, { hand });
    run.advance(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY);
    const verdict = run.judge.final(run.nowUs).find(({ verdict }) => verdict === 'violated');
    expect(verdict).toBeDefined();
    const guarantee = verdict!.name as GuaranteeName;
    const steps = curveOfFutures(scenario, { guarantee, hand, choices: null }, { ...FEW, moments: 2 });
    let step = steps.next();
    while (step.done !== true) step = steps.next();
    expect(step.value).toMatchObject({ sinceUs: verdict!.sinceUs, events: run.events });
  });

  test('a run that is too large, or keeps the promise, is refused with what would do', () => {
    const ask = (name: string, guarantee: GuaranteeName, bounds = FEW) =>
      curveOfFutures(open(name), { guarantee, hand: [], choices: null }, bounds).next();
    expect(() => ask('server-crash', 'no-loss')).toThrow('1 M users are too many');
    expect(() => ask('out-of-order', 'per-channel-order', { ...FEW, mostEvents: 100 })).toThrow(
      'more than 100 events',
    );
    expect(() => ask('out-of-order', 'no-loss')).toThrow(FuturesError);
    expect(() => ask('out-of-order', 'no-loss')).toThrow('no-loss is not broken in this run');
  });

  test('moments lie evenly over the events, and are fewer where a run is long', () => {
    expect(momentsOf(4, 10, BOUNDS)).toEqual([0, 1, 2, 3, 4]);
    expect(momentsOf(100, 200, { ...BOUNDS, moments: 5 })).toEqual([0, 25, 50, 75, 100]);
    const long = momentsOf(40_000, 50_000, BOUNDS);
    expect([long.length, long[0], long.at(-1)]).toEqual([8, 0, 40_000]);
  });
});

describe('the Wilson interval', () => {
  test('is that of the textbook, and stays within 0 and 1', () => {
    // Newcombe, "Two-sided confidence intervals for the single proportion" (1998), table I: 81 of 263.
    const { low, high } = wilsonInterval(81, 263);
    expect([low.toFixed(4), high.toFixed(4)]).toEqual(['0.2553', '0.3662']);
    expect(wilsonInterval(0, 20)).toMatchObject({ low: 0, high: expect.closeTo(0.1611, 4) });
    expect(wilsonInterval(50, 50)).toMatchObject({ high: 1, low: expect.closeTo(0.9287, 4) });
    expect(() => wilsonInterval(3, 2)).toThrow(RangeError);
  });
});
