import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { startShared } from '../../../src/run/share.ts';
import { type ExploreOptions, type ExploreResult, explore } from '../../../src/testkit/explore/explore.ts';
import {
  type DesignSettings,
  readableScenario,
  type SmallScenario,
  scenarioOf,
} from '../../../src/testkit/index.ts';

const small = (design: DesignSettings, messages = 2, users = 3): SmallScenario => ({
  design,
  users,
  channels: 1,
  messages: [
    { atMs: 1, from: 0, to: 0 },
    { atMs: 2, from: 1, to: 0 },
    { atMs: 3, from: 0, to: 0 },
  ].slice(0, messages),
  faults: [],
  choices: [],
});
const BOUNDS: ExploreOptions = { depth: 2, faults: [], maxEvents: 1e6, maxStates: 1e6 };
const summary = ({ guarantees }: ExploreResult) =>
  guarantees.map(({ name, holds, violated, shortest }) => [
    name,
    holds > 0,
    violated > 0,
    shortest?.deviations ?? null,
  ]);
const found = (result: ExploreResult, name: string) => result.guarantees.find((one) => one.name === name);

describe('an exploration', () => {
  test('finds what a design allows with the fewest deviations, and the same where no state is cut off', () => {
    const designs: readonly DesignSettings[] = [
      { ordering: 'best-effort' },
      { delivery: 'at-least-once', retry: { timeout: '100ms' } },
      { flow: ['validate', 'publish', 'persist', 'ack'] },
      { pubsub: { kind: 'none' } },
    ];
    for (const design of designs) {
      for (const faults of [[], ['loss', 'duplicate', 'crash']] as const) {
        const scenario = scenarioOf(small(design));
        const depth = faults.length > 0 ? 1 : 2;
        const cut = explore(scenario, { ...BOUNDS, depth, faults });
        const whole = explore(scenario, { ...BOUNDS, depth, faults, neverCutsOff: true });
        expect(summary(cut)).toEqual(summary(whole));
        expect([cut.stopped, cut.completeTo, whole.cutOff]).toEqual([null, depth, 0]);
        expect(cut.events).toBeLessThan(whole.events);
      }
    }
  });

  test('of two channels finds what is found where no state is cut off', () => {
    const scenario = scenarioOf({
      ...small({ servers: { count: 1 } }),
      users: 2,
      channels: 2,
      messages: [
        { atMs: 0, from: 0, to: 0 },
        { atMs: 100, from: 0, to: 0 },
        { atMs: 500, from: 0, to: 0 },
        { atMs: 501, from: 0, to: 1 },
      ],
    });
    const bounds = { ...BOUNDS, depth: 1 };
    const cut = explore(scenario, bounds);
    expect(summary(cut)).toEqual(summary(explore(scenario, { ...bounds, neverCutsOff: true })));
    expect(found(cut, 'causal-order')?.shortest?.deviations).toBe(1);
  });

  test('of arrival order finds two orders with one slow hop, and none in the tame run', () => {
    // Two on each of two servers, which tell each other themselves.
    const scenario = scenarioOf(small({ ordering: 'best-effort', pubsub: { kind: 'none' } }, 3, 4));
    expect(found(explore(scenario, { ...BOUNDS, depth: 0 }), 'per-channel-order')?.violated).toBe(0);
    const { shortest, isPromised } = found(explore(scenario, BOUNDS), 'per-channel-order') ?? {};
    expect([shortest?.deviations, isPromised]).toEqual([1, false]);
    expect(shortest?.text).toMatch(/ but .*so no single order fits/);
  });

  test('has a witness that replays from its list of choices, its crashes and its bad links', () => {
    const cases: readonly [DesignSettings, string][] = [
      [{ ordering: 'best-effort', pubsub: { kind: 'none' } }, 'per-channel-order'],
      [{ reconnect: { resume: false } }, 'no-loss'],
      [{ delivery: 'at-least-once' }, 'no-duplicates'],
    ];
    for (const [design, name] of cases) {
      const scenario = readableScenario(small(design, 3, 4));
      const result = explore(scenario, { ...BOUNDS, depth: 1, faults: ['loss', 'duplicate', 'crash'] });
      const witness = found(result, name)?.shortest;
      if (witness == null) throw new Error(`${name} was not broken`);
      const run = startShared(scenario, witness);
      run.advance(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY);
      const verdict = run.judge.final(run.nowUs).find((one) => one.name === name);
      expect([name, verdict?.verdict]).toEqual([name, 'violated']);
      if (name !== 'no-loss') expect(verdict?.sinceUs).toBe(witness.sinceUs);
    }
  });

  test('stops at its bound, and says to which depth it is complete', () => {
    const result = explore(scenarioOf(small({}, 3)), { ...BOUNDS, depth: 9, maxEvents: 5_000 });
    expect([result.stopped, result.completeTo]).toEqual(['after 5000 events', 1]);
    expect(result.events).toBeLessThan(10_000);
  });

  test('with a deeper bound meets all that a lower one has met', () => {
    fc.assert(
      fc.property(fc.constantFrom('websocket', 'long-polling'), (protocol) => {
        const scenario = scenarioOf(small({ protocol, ordering: 'best-effort' }));
        const states = [0, 1, 2].map((depth) => explore(scenario, { ...BOUNDS, depth }));
        states.forEach((deeper, i) => {
          const before = states[i - 1];
          if (before === undefined) return;
          expect(deeper.states).toBeGreaterThan(before.states);
          for (const { name, violated } of before.guarantees)
            expect(found(deeper, name)?.violated ?? 0).toBeGreaterThanOrEqual(violated > 0 ? 1 : 0);
        });
      }),
      { numRuns: 2 },
    );
  });
});
