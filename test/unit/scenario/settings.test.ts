import { describe, expect, test } from 'vitest';
import {
  designChanges,
  FIXED_SETTINGS,
  fixedSettingIn,
  pathOfSetting,
  setInDesign,
  valueAt,
  withValueAt,
} from '../../../src/scenario/compile/settings.ts';
import { zipfMean } from '../../../src/scenario/compile/zipf-mean.ts';
import { editDistance, nearest, rightName } from '../../../src/scenario/text/nearest.ts';
import { DEFAULT_DESIGN } from '../../../src/system/design/defaults.ts';
import { PARAMETERS } from '../../../src/system/design/parameters.ts';

describe('a setting by its path', () => {
  test('changes one value and leaves the rest, which stays the same object', () => {
    const before = { a: { b: [1, { c: 2 }], d: {} }, e: {} };
    const after = withValueAt(before, pathOfSetting('a.b.1.c'), 3);
    expect(after).toEqual({ ok: { a: { b: [1, { c: 3 }], d: {} }, e: {} } });
    expect(before.a.b[1]).toEqual({ c: 2 });
    expect(typeof after === 'string' ? null : valueAt(after.ok, ['e'])).toBe(before.e);
  });

  test('makes the maps on its way, and says why it cannot go through a word or past a list', () => {
    expect(withValueAt(undefined, ['a', 'b'], 1)).toEqual({ ok: { a: { b: 1 } } });
    expect(withValueAt({ a: 'none' }, ['a', 'b'], 1)).toBe(
      'a is "none", so b cannot be set inside it; set a as a whole',
    );
    expect(withValueAt({ a: [1] }, ['a', 1], 1)).toBe(
      'a is a list of 1, so there is no 1 in it; set a as a whole',
    );
  });

  test('that a run cannot change is known by any path above or below it', () => {
    expect(fixedSettingIn('design.servers.count')).toBe('design.servers.count');
    expect(fixedSettingIn('design.servers')).toBe('design.servers.count');
    expect(fixedSettingIn('workload.users')).toBe('workload');
    expect(fixedSettingIn('design.retry.timeout')).toBeNull();
    expect(fixedSettingIn('design.orderings')).toBeNull();
  });

  test('that a run cannot change exists', () => {
    const known = [...PARAMETERS.map((parameter) => parameter.path), 'duration', 'seed'];
    expect(
      FIXED_SETTINGS.filter((fixed) => !known.some((path) => path === fixed || path.startsWith(`${fixed}.`))),
    ).toEqual([]);
  });

  test('of a design leads from one design to another by the actions between them', () => {
    const after = {
      ...DEFAULT_DESIGN,
      flow: ['ack', 'publish'] as const,
      retry: { ...DEFAULT_DESIGN.retry, timeoutUs: 1 },
      database: { ...DEFAULT_DESIGN.database, write: { kind: 'constant', us: 9 } as const },
      rateLimit: null,
    };
    const actions = designChanges(DEFAULT_DESIGN, after);
    expect(actions.map((action) => (action.do === 'set' ? action.path : ''))).toEqual([
      'database.write',
      'flow',
      'rateLimit',
      'retry.timeoutUs',
    ]);
    let design = DEFAULT_DESIGN;
    for (const action of actions)
      if (action.do === 'set') design = setInDesign(design, action.path, action.value);
    expect(design).toEqual(after);
    expect(designChanges(design, after)).toEqual([]);
    expect(() => setInDesign(DEFAULT_DESIGN, 'retry.pause', 1)).toThrow(
      'a design has no setting retry.pause',
    );
  });
});

describe('the nearest name', () => {
  test('is the one with the fewest slips: a letter more, less, other or swapped', () => {
    expect(editDistance('delivery', 'delivery')).toBe(0);
    expect(editDistance('delivery', 'delivry')).toBe(1);
    expect(editDistance('delivery', 'deilvery')).toBe(1);
    expect(editDistance('', 'abc')).toBe(3);
    expect(nearest('deilvery', ['design', 'delivery', 'retry'])).toBe('delivery');
    expect(nearest('per_channel', ['causal', 'per-channel'])).toBe('per-channel');
    expect(nearest('serv', ['gateway', 'servers'])).toBe('servers');
  });

  test('is none when none is near or the word is no slip of the pen', () => {
    expect(nearest('banana', ['gateway', 'servers'])).toBeNull();
    expect(nearest('x', ['a', 'b'])).toBeNull();
    expect(nearest('a'.repeat(10_000), ['a'.repeat(9_999)])).toBeNull();
  });

  test('gives way to the list of all, which says how many it leaves out', () => {
    expect(rightName('banana', ['a1', 'b2', 'c3'])).toBe('use a1, b2 or c3');
    expect(
      rightName(
        'banana',
        Array.from({ length: 20 }, (_, i) => `n${i}`),
      ),
    ).toMatch(/^use n0, n1, .*, n11 and 8 more$/);
    expect(rightName('banana', [])).toBe('there are none here');
  });
});

describe('the mean of a bounded Zipf distribution', () => {
  const exact = (s: number, min: number, max: number): number => {
    let weights = 0;
    let sum = 0;
    for (let k = min; k <= max; k++) {
      weights += k ** -s;
      sum += k ** (1 - s);
    }
    return sum / weights;
  };

  test.each([
    [1.2, 2, 5000],
    [1, 2, 100_000],
    [2, 3, 200_000],
    [0.5, 2, 50_000],
    [3, 2, 2],
  ])('with exponent %d from %d to %d is that of the plain sum', (s, min, max) => {
    expect(zipfMean(s, min, max) / exact(s, min, max)).toBeCloseTo(1, 6);
  });
});
