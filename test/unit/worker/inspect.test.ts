import { describe, expect, test } from 'vitest';
import { createRun, type Run } from '../../../src/run/run.ts';
import { parseScenario } from '../../../src/scenario/parse.ts';
import { channelName } from '../../../src/system/design/names.ts';
import { createCrowd } from '../../../src/worker/crowd.ts';
import { inspect } from '../../../src/worker/inspect/inspect.ts';
import type { Inspection, Selection, Structure } from '../../../src/worker/protocol.ts';
import { ASKS, SMALL } from './page.ts';

const runTo = (text: string, timeUs: number): Run => {
  const run = createRun(parseScenario(text, 'test.yaml'));
  run.advance(timeUs, Number.POSITIVE_INFINITY);
  return run;
};

function lookAt(run: Run, selection: Selection): Inspection {
  const crowd = createCrowd(run.system);
  crowd.fill(run.nowUs, 50_000);
  const found = inspect(run, crowd, selection);
  if (found === null) throw new Error('nothing there');
  return found;
}

const factOf = (of: Inspection, name: string): string | undefined =>
  of.facts.find((fact) => fact.name === name)?.value;

function structureOf<K extends Structure['kind']>(of: Inspection, kind: K, name: RegExp) {
  const found = of.structures.find((structure) => structure.kind === kind && name.test(structure.name));
  return found as Extract<Structure, { kind: K }> | undefined;
}

describe('looking into', () => {
  test('anything changes no byte', () => {
    const run = runTo(SMALL, 3_100_000);
    const before = run.worldHash();
    const selections: Selection[] = [
      ...Array.from({ length: 9 }, (_, node): Selection => ({ kind: 'station', node })),
      ...Array.from({ length: 40 }, (_, user): Selection => ({ kind: 'user', user })),
      ...Array.from({ length: 14 }, (_, channel): Selection => ({ kind: 'channel', channel })),
      { kind: 'message', sender: 0, nth: 1 },
      { kind: 'seat', seat: 0 },
    ];
    for (const selection of selections) {
      const { facts, structures } = lookAt(run, selection);
      expect(facts.length).toBeGreaterThan(0);
      for (const structure of structures)
        if (structure.kind !== 'window')
          expect(structure.size).toBeGreaterThanOrEqual(
            structure.kind === 'map' && structure.probed !== null ? 0 : structure.entries.length,
          );
    }
    expect(run.worldHash()).toBe(before);
  });

  test('what is not there finds nothing', () => {
    const run = runTo(SMALL, 1_000_000);
    const crowd = createCrowd(run.system);
    crowd.fill(run.nowUs, 50_000);
    const nowhere: Selection[] = [
      { kind: 'station', node: 9 },
      { kind: 'station', node: -1 },
      { kind: 'user', user: 40 },
      { kind: 'channel', channel: 14 },
      { kind: 'message', sender: 40, nth: 1 },
      { kind: 'seat', seat: 1e6 },
    ];
    for (const selection of nowhere) expect(inspect(run, crowd, selection)).toBeNull();
  });

  test('a WebSocket server shows its connections by user and its channels with their members here', () => {
    const run = runTo(SMALL, 1_000_000);
    const server = lookAt(run, { kind: 'station', node: 2 });
    const connections = structureOf(server, 'map', /^connections/);
    expect(connections?.size).toBe(run.system.context.balancer.connections(0));
    const subscriptions = structureOf(server, 'map', /^subscriptions/);
    const counted = subscriptions?.entries.map(({ value }) => Number(/^\d+/.exec(value)?.[0]));
    expect(counted?.[0]).toBeGreaterThan(1);
    expect(counted).toEqual([...(counted ?? [])].sort((a, b) => b - a));
  });

  test('a crashed station says since when, and holds nothing', () => {
    const run = runTo(SMALL, 2_500_000);
    const server = lookAt(run, { kind: 'station', node: 3 });
    expect(factOf(server, 'state')).toMatch(/^down since 2 s/);
    expect(structureOf(server, 'queue', /./)?.size).toBe(0);
    expect(structureOf(server, 'map', /^connections/)?.entries).toEqual([]);
  });

  test('the database shows its rows, the newest first, and the places that were probed for the newest', () => {
    const run = runTo(SMALL, 5_000_000);
    const database = lookAt(run, { kind: 'station', node: 8 });
    const { history } = run.system.context;
    const rows = structureOf(database, 'map', /^history/);
    expect(rows?.size).toBe(history.rows());
    const last = history.rows() - 1;
    const { sender, nth } = history.columns;
    const name = `${['alice', 'bob', 'carol'][sender[last]!] ?? `user-${sender[last]! + 1}`}/${nth[last]}`;
    expect(rows?.entries[0]?.value).toContain(name);
    const index = structureOf(database, 'map', /^index/);
    expect(index?.probed).toBe((index?.entries.length ?? 0) - 1);
  });

  test('a message is followed from its sender to the history', () => {
    const run = createRun(parseScenario(ASKS, 'test.yaml'));
    const message: Selection = { kind: 'message', sender: 0, nth: 1 };
    run.advance(900_000, Number.POSITIVE_INFINITY);
    expect(factOf(lookAt(run, message), 'for its sender')).toBe('not yet written');
    run.advance(1_000_000, Number.POSITIVE_INFINITY);
    const sent = lookAt(run, message);
    expect(factOf(sent, 'for its sender')).toBe('sending');
    expect(factOf(sent, 'in the database')).toBe('no');
    expect(structureOf(sent, 'queue', /copies/)?.size).toBe(1);
    run.advance(1_900_000, Number.POSITIVE_INFINITY);
    const done = lookAt(run, message);
    expect(factOf(done, 'in the database')).toBe('number 1');
    expect(structureOf(done, 'queue', /copies/)?.size).toBe(0);
  });

  test('a user shows the window of its rate limit and how far each channel was shown', () => {
    const run = runTo(SMALL, 6_000_000);
    const { limits, workload } = run.system.context;
    const { limiter } = limits.all[0]!;
    const busiest = Array.from({ length: workload.users }, (_, user) => user).sort(
      (a, b) => limiter.count(b, run.nowUs) - limiter.count(a, run.nowUs),
    )[0]!;
    const user = lookAt(run, { kind: 'user', user: busiest });
    const window = structureOf(user, 'window', /sliding-window-log/);
    expect(window).toMatchObject({ limit: 3, windowUs: 2_000_000 });
    expect(window?.count).toBe(window?.acceptedUs.length);
    expect(window?.count).toBeGreaterThan(0);
    expect(factOf(user, 'server')).toMatch(/^ws-server-[123]$/);
  });

  test('a channel tells who is behind', () => {
    const run = runTo(SMALL, 3_000_000);
    run.act({ do: 'disconnect', user: 1, forUs: null });
    run.advance(7_000_000, Number.POSITIVE_INFINITY);
    const channel = lookAt(run, { kind: 'channel', channel: 0 });
    expect(factOf(channel, 'members')).toBe('3');
    expect(factOf(channel, 'members online')).toBe('2');
    expect(factOf(channel, 'members who have not been shown it yet')).toBe('1');
  });

  test('a user tells the channels it is a member of, and no others: those are what it can send to', () => {
    const run = runTo(SMALL, 1_000_000);
    const { topology } = run.system.context;
    for (const user of [0, 7, 39]) {
      const own = lookAt(run, { kind: 'user', user }).memberOf?.map(({ channel }) => channel) ?? [];
      const expected = Array.from({ length: 14 }, (_, channel) => channel).filter((channel) =>
        structureOf(lookAt(run, { kind: 'user', user }), 'map', /^channels/)?.entries.some(({ key }) =>
          [`#${channelName(run.scenario.workload, channel)}`].includes(key),
        ),
      );
      expect(own).toEqual(expected);
      expect(own.length).toBe(topology.userStart[user + 1]! - topology.userStart[user]!);
    }
    expect(lookAt(run, { kind: 'user', user: 0 }).memberOf?.[0]).toEqual({ channel: 0, name: '#general' });
  });
});
