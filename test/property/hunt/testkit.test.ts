import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { startShared } from '../../../src/run/share.ts';
import { readToken } from '../../../src/run/token.ts';
import { parseScenario } from '../../../src/scenario/parse.ts';
import {
  attempt,
  choiceLists,
  designs,
  faultSchedules,
  guarantee,
  readableScenario,
  type SmallScenario,
  scenarioOf,
  scenarios,
} from '../../../src/testkit/index.ts';

describe('a small scenario', () => {
  test('does as its text does, whatever its design and faults', () => {
    fc.assert(
      fc.property(scenarios({ design: designs() }), (small) => {
        const { run } = attempt(small);
        const told = startShared(readableScenario(small), { choices: small.choices }, { isLean: true });
        told.advance(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY);
        expect(told.traceHash()).toBe(run.traceHash());
        expect(told.judge.final(told.nowUs)).toEqual(run.judge.final(run.nowUs));
      }),
      { numRuns: 25 },
    );
  });

  test('with settings that are none says which', () => {
    const small: SmallScenario = {
      design: { ordering: 'per-channell' },
      users: 2,
      channels: 1,
      messages: [],
      faults: [],
      choices: [],
    };
    expect(() => scenarioOf(small)).toThrow(/hunted.yaml:\d+:\d+: .*per-channel/);
  });

  test('comes to rest before it ends, so that what it owes is known', () => {
    fc.assert(
      fc.property(scenarios(), (small) => {
        expect(attempt(small).run.judge.forHistory().quiescent).toBe(true);
      }),
      { numRuns: 30 },
    );
  });
});

describe('what is drawn shrinks', () => {
  const smallest = <T>(among: fc.Arbitrary<T>, breaks: (one: T) => boolean): T => {
    const { counterexample } = fc.check(
      fc.property(among, (one) => !breaks(one)),
      { seed: 5, numRuns: 300 },
    );
    if (counterexample === null) throw new Error('nothing was found');
    return counterexample[0];
  };

  test('to the fewest faults, messages and users, the smallest delays and the earliest times', () => {
    const found = smallest(
      scenarios({ faults: ['crash'] }),
      ({ faults, messages }) => faults.length >= 1 && messages.length >= 2,
    );
    expect([found.users, found.channels, found.messages.length, found.faults.length]).toEqual([2, 1, 2, 1]);
    expect(found.messages.map(({ atMs }) => atMs)).toEqual([0, 0]);
    expect(found.choices).toEqual([]);
    expect(found.faults).toEqual([{ do: 'crash', station: 'chat-service', atMs: 0, forMs: 1 }]);
  });

  test('a list of choices to those that matter', () => {
    const found = smallest(choiceLists(), (list) => (list[3] ?? 0) > 0x8000_0000);
    expect(found).toEqual([0, 0, 0, 0x8888_8888]);
    expect(smallest(faultSchedules(['slow']), (faults) => faults.length > 1)).toHaveLength(2);
  });
});

describe('a guarantee', () => {
  const arrival = scenarios({ design: { ordering: 'best-effort', pubsub: { kind: 'none' } }, faults: [] });

  test('that is violated is told with its sentences, the smallest scenario, its choices, and how to run it again', () => {
    let said = '';
    try {
      guarantee('per-channel-order').holdsFor(arrival, { seed: 3, numRuns: 500 });
    } catch (error) {
      said = error instanceof Error ? error.message : '';
    }
    expect(said).toMatch(/^per-channel-order is violated: .+ but .+\. .+\.\n/);
    expect(said).toContain('scenario: hunted');
    expect(said).toMatch(/\nchoices: \[[\d, ]*\]\n/);
    const token = /fanout replay (\S+)/.exec(said)?.[1] ?? '';
    expect(said).toContain(`look:    http://localhost:4173/#x=${token}`);
    const { text, choices, timeUs } = readToken(token);
    expect(said).toContain(text.trim());
    const run = startShared(parseScenario(text, 'hunted.yaml'), { choices });
    run.advance(timeUs - 1, Number.POSITIVE_INFINITY);
    expect(run.judge.verdictOf('per-channel-order').verdict).not.toBe('violated');
    run.advance(timeUs, Number.POSITIVE_INFINITY);
    expect(run.judge.verdictOf('per-channel-order').verdict).toBe('violated');
  });

  test('is found again from the seed and path that a failure prints', () => {
    const first = guarantee('per-channel-order').hunt(arrival, { seed: 3, numRuns: 500 });
    if (!first.found) throw new Error('nothing was found');
    const { seed, path } = first.failure.again;
    const again = guarantee('per-channel-order').hunt(arrival, { seed, path });
    expect(again.found && again.failure.token).toBe(first.failure.token);
  });

  test('that nothing could judge has not been shown to hold', () => {
    expect(() => guarantee('rate-bound').holdsFor(scenarios(), { numRuns: 3 })).toThrow(
      /could not be judged in any of 3 scenarios/,
    );
  });
});
