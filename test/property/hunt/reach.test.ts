import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  attempt,
  createReach,
  huntGuided,
  type ReachTold,
  type SmallScenario,
  scenarios,
} from '../../../src/testkit/index.ts';
import { designOf } from '../../../src/testkit/small-design.ts';
import { RIGHT_DESIGNS, survives } from '../../../src/testkit/zoo/right-designs.ts';
import { RIGHT_DESIGN } from '../../../src/testkit/zoo/zoo.ts';

const reachOf = (...tried: readonly SmallScenario[]): ReachTold => {
  const reach = createReach();
  for (const small of tried) attempt(small, reach);
  return reach.told(designOf(tried[0]!.design));
};
const quiet: SmallScenario = {
  design: RIGHT_DESIGN,
  users: 3,
  channels: 1,
  messages: [{ atMs: 0, from: 0, to: 0 }],
  faults: [],
  choices: [],
};
const isNever = ({ never }: ReachTold, what: string): boolean => never.some((one) => one.what === what);

describe('the reach of runs', () => {
  test('names each event with the state of its machine and what it did', () => {
    const { table, pairs } = reachOf(quiet);
    expect(pairs).toBe(table.length);
    expect(table.filter(({ event }) => event === 'ACK_AT_CLIENT')).toEqual([
      { event: 'ACK_AT_CLIENT', state: 'sending', branch: 'ack', times: 1 },
    ]);
    expect(table.filter(({ event }) => event === 'DELIVER')).toEqual([
      { event: 'DELIVER', state: 'online', branch: 'deliver', times: 2 },
    ]);
  });

  test('lists by name what was never met, with the reason where the design cannot', () => {
    const before = reachOf(quiet);
    expect(before.never).toContainEqual({ what: 'event HEARTBEAT_TIMEOUT', because: null });
    expect(before.never).toContainEqual({ what: 'event RELAY', because: 'there is no outbox' });
    const cut = { do: 'cut', between: ['clients', 'gateway'], atMs: 0, forMs: 3_000 } as const;
    const after = reachOf(quiet, { ...quiet, faults: [cut] });
    for (const what of ['event HEARTBEAT_TIMEOUT', 'state backingOff', 'loss partition']) {
      expect(isNever(before, what)).toBe(true);
      expect(isNever(after, what)).toBe(false);
    }
    expect(after.pairs).toBeGreaterThan(before.pairs);
  });

  test('is the same whether it is looked at or not: watching changes nothing', () => {
    const [seen, unseen] = [attempt(quiet, createReach()), attempt(quiet)];
    expect(seen.run.traceHash()).toBe(unseen.run.traceHash());
    expect(seen.run.worldHash()).toBe(unseen.run.worldHash());
  });
});

describe('a guided hunt', () => {
  const among = scenarios({ design: RIGHT_DESIGN, maxMessages: 12 });

  test('tries the same scenarios with the same seed, and keeps each that reaches something new', () => {
    const hunt = () => huntGuided(among, () => false, { numRuns: 60, seed: 3, reach: createReach() });
    const { kept, runs, found } = hunt();
    expect([runs, found]).toEqual([60, null]);
    expect(hunt().kept).toEqual(kept);
    const reach = createReach();
    for (const small of kept) {
      const before = reach.size;
      attempt(small, reach);
      expect(reach.size).toBeGreaterThan(before);
    }
  });

  test('reaches more than as many scenarios that are drawn at random', () => {
    const [atRandom, guided] = [createReach(), createReach()];
    for (const small of fc.sample(among, { numRuns: 1_500, seed: 1 })) attempt(small, atRandom);
    huntGuided(among, () => false, { numRuns: 1_500, seed: 1, reach: guided });
    expect(guided.size).toBeGreaterThan(atRandom.size);
  });

  test('stops at the first scenario that fails, the corpus first', () => {
    const { found, runs } = huntGuided(among, () => true, {
      ...{ numRuns: 9, seed: 1, reach: createReach(), corpus: [quiet] },
    });
    expect([found, runs]).toEqual([quiet, 1]);
  });
});

test('the right design reaches every event that its reasons do not exclude', () => {
  const { reach } = survives(RIGHT_DESIGNS[0]!, { numRuns: 500, seed: 1 });
  expect(reach.never.filter(({ what, because }) => what.startsWith('event') && because === null)).toEqual([]);
});
