import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { startShared } from '../../../src/run/share.ts';
import { readToken } from '../../../src/run/token.ts';
import { parseScenario } from '../../../src/scenario/parse.ts';
import { countFaults, type FaultsUsed, faultsUsedText } from '../../../src/testkit/faults-used.ts';
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
    expect(found.faults).toEqual([{ do: 'crash', station: 'gateway-1', atMs: 0, forMs: 1 }]);
  });

  test('a list of choices to those that matter', () => {
    const found = smallest(choiceLists(), (list) => (list[3] ?? 0) > 0x8000_0000);
    expect(found).toEqual([0, 0, 0, 0x8888_8888]);
    expect(smallest(faultSchedules(['slow']), (faults) => faults.length > 1)).toHaveLength(2);
  });
});

describe('faults', () => {
  const drawnOf = (among: fc.Arbitrary<SmallScenario>): FaultsUsed => {
    const used = countFaults();
    for (const small of fc.sample(among, { seed: 1, numRuns: 2_000 })) used.add(small);
    return used.told();
  };
  const design = {
    ordering: 'global',
    sequencer: { replicas: 3 },
    pubsub: { shards: 2 },
    rateLimit: { algorithm: 'sliding-window-log', limit: 9, window: '1s', placement: 'service' },
  };

  test('befall every station and every link that a design has, for shorter and for longer than each of its time-outs', () => {
    const { stations, links, timeOuts, lengthsMs } = drawnOf(scenarios({ design }));
    expect(Object.keys(stations).sort()).toEqual([
      ...['chat-service', 'database', 'gateway-1', 'limiter', 'pubsub-1', 'pubsub-2'],
      ...['sequencer-1', 'sequencer-2', 'sequencer-3', 'ws-server-1', 'ws-server-2'],
    ]);
    for (const link of ['sequencer-1 - sequencer-2', 'chat-service - sequencer', 'ws-servers - limiter'])
      expect(links[link]).toBeGreaterThan(0);
    expect(timeOuts.map(({ name }) => name)).toContain('sequencer.election');
    for (const { ms, outlasted } of timeOuts) {
      expect(outlasted).toBeGreaterThan(0);
      expect(ms).toBeGreaterThan(lengthsMs?.shortest ?? 0);
    }
  });

  test('keep to the stations, links and lengths that are asked for', () => {
    const places = {
      stations: ['sequencer-1'],
      links: [['chat-service', 'database']] as const,
      longestMs: 70,
    };
    const { stations, links, lengthsMs } = drawnOf(scenarios({ design, ...places }));
    expect(Object.keys(stations)).toEqual(['sequencer-1']);
    expect(Object.keys(links).sort()).toEqual(['chat-service - database', 'clients - gateway']);
    expect(lengthsMs?.longest).toBe(70);
  });

  test('at what a design does not have are refused by name, not dropped', () => {
    expect(() => scenarios({ stations: ['sequencer-1'] })).toThrow(
      /no station "sequencer-1"; it has gateway-1, /,
    );
    expect(() => scenarios({ links: [['pubsub', 'sequencer']] })).toThrow(
      /no link "pubsub - sequencer"; it has /,
    );
    expect(() => scenarios({ faults: ['limiter'] })).toThrow(/name 'limiter', and the design has none/);
    const drawn = scenarios({ design: fc.constant({}), faults: ['limiter'] });
    expect(() => fc.sample(drawn, 1)).toThrow(/name 'limiter'/);
  });

  test('are told by a hunt as it has really used them', () => {
    const among = scenarios({ faults: ['crash'], stations: ['database'], longestMs: 9 });
    const { used, runs } = guarantee('no-phantoms').hunt(among, { seed: 1, numRuns: 40 });
    expect(used.scenarios).toBe(runs);
    expect(Object.keys(used.kinds)).toEqual(['crash']);
    expect(faultsUsedText(used)).toMatch(
      /stations: database \d+\nlinks: +none\nlengths: +\d to 9 ms; no fault outlasted .*retry.timeout \(300 ms\)/,
    );
  });
});

test('a design may be drawn by another copy of fast-check', () => {
  const own = fc.constantFrom({ delivery: 'at-least-once' }, { delivery: 'effectively-once' });
  const foreign = {
    generate: own.generate.bind(own),
    shrink: own.shrink.bind(own),
    canShrinkWithoutContext: own.canShrinkWithoutContext.bind(own),
  };
  expect(foreign instanceof fc.Arbitrary).toBe(false);
  const drawn = fc.sample(scenarios({ design: foreign as unknown as typeof own }), 20);
  expect(new Set(drawn.map((small) => small.design.delivery))).toEqual(
    new Set(['at-least-once', 'effectively-once']),
  );
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

  test('tells on how many scenarios it rests, and how many were not tried when the time was over', () => {
    const whole = guarantee('no-phantoms').holdsFor(scenarios(), { seed: 1, numRuns: 20 });
    expect([whole.runs, whole.notTried]).toEqual([20, 0]);
    expect(whole.judged).toBeGreaterThan(10);
    const short = guarantee('no-phantoms').hunt(scenarios(), {
      seed: 1,
      numRuns: 1_000_000,
      timeLimitMs: 30,
    });
    expect(short.notTried).toBe(1_000_000 - short.runs);
  });

  test('that nothing could judge has not been shown to hold', () => {
    expect(() => guarantee('rate-bound').holdsFor(scenarios(), { numRuns: 3 })).toThrow(
      /could not be judged in any of 3 scenarios/,
    );
  });
});
