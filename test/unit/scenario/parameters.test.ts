import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseScenario } from '../../../src/scenario/parse.ts';
import { scenarioJsonSchema } from '../../../src/scenario/schema/json-schema.ts';
import { DEFAULTS, defaultChannels } from '../../../src/system/design/defaults.ts';
import type { Duration } from '../../../src/system/design/design.ts';
import { leavesOf, PARAMETERS, STRAY_ENTRIES } from '../../../src/system/design/parameters.ts';

describe('the table of parameters', () => {
  test('has one row for each leaf of the defaults, with value, unit and source', () => {
    expect(PARAMETERS.map((parameter) => parameter.path)).toEqual(
      leavesOf(DEFAULTS, '').map((leaf) => leaf.path),
    );
    expect(PARAMETERS.length).toBeGreaterThan(70);
    expect(
      PARAMETERS.filter(({ value, unit, source }) => value === '' || unit === '' || source === ''),
    ).toEqual([]);
  });

  test('has no row for what is no parameter', () => {
    expect(STRAY_ENTRIES).toEqual([]);
  });

  test('would notice a leaf without a row', () => {
    const more = { ...DEFAULTS, design: { ...DEFAULTS.design, lunch: { breakUs: 1 } } };
    const rows = new Set(PARAMETERS.map((parameter) => parameter.path));
    expect(
      leavesOf(more, '')
        .filter((leaf) => !rows.has(leaf.path))
        .map((leaf) => leaf.path),
    ).toEqual(['design.lunch.break']);
  });

  test('says values in words', () => {
    const value = (path: string): string | undefined => PARAMETERS.find((p) => p.path === path)?.value;
    expect(value('design.database.write')).toBe('median 2 ms, 99 % within 15 ms');
    expect(value('design.pubsub.perSubscriber')).toBe('1.5 us');
    expect(value('design.servers.maxConnections')).toBe('200,000');
    expect(value('workload.churnPerSecond')).toBe('0.0033');
  });

  test('gives each source as a name with a fact, or calls it an assumption', () => {
    const wrong = PARAMETERS.filter(
      ({ source }) => !/^(assumption: .|the lab text, .|[^:]+: .)/.test(source),
    );
    expect(wrong).toEqual([]);
  });
});

describe('the format of a scenario', () => {
  type Schema = { properties?: Record<string, Schema>; anyOf?: Schema[] };
  const writable = (schema: Schema, path: string): string[] => {
    const maps = [schema, ...(schema.anyOf ?? [])].filter((form) => form.properties !== undefined);
    return maps.flatMap((form) =>
      Object.entries(form.properties ?? {}).flatMap(([key, inner]) => {
        const at = path === '' ? key : `${path}.${key}`;
        return [at, ...writable(inner, at)];
      }),
    );
  };
  const written = new Set(writable(scenarioJsonSchema() as Schema, ''));

  test('can say every parameter of a design by its path', () => {
    const design = PARAMETERS.map((parameter) => parameter.path).filter((path) => path.startsWith('design.'));
    expect(design.filter((path) => !written.has(path))).toEqual([]);
  });

  test('has no key of a design that is no parameter', () => {
    const rows = PARAMETERS.map((parameter) => parameter.path);
    const keys = [...written].filter((path) => path.startsWith('design.'));
    const stray = keys.filter(
      (key) => !rows.some((row) => row === key || row.startsWith(`${key}.`) || key.startsWith(`${row}.`)),
    );
    expect(stray).toEqual([]);
  });

  test('says nothing when it says the defaults', () => {
    const said = parseScenario('scenario: a\ntitle: b\nworkload: { users: 1M }', 'a.yaml');
    expect(said.design).toEqual(DEFAULTS.design);
    expect(said.workload).toEqual(DEFAULTS.workload);
  });
});

describe('the defaults', () => {
  const mean = (of: Duration): number => {
    switch (of.kind) {
      case 'constant':
        return of.us;
      case 'uniform':
        return (of.minUs + of.maxUs) / 2;
      case 'exponential':
        return of.meanUs;
      case 'lognormal': {
        const sigma = Math.log(of.p99Us / of.medianUs) / 2.3263478740408408;
        return of.medianUs * Math.exp((sigma * sigma) / 2);
      }
      case 'empirical':
        return of.samplesUs.reduce((sum, us) => sum + us, 0) / of.samplesUs.length;
    }
  };

  const { design, workload } = DEFAULTS;
  const messages = (workload.users * workload.messages.perUserPerMinute) / 60;
  const sizes = workload.channels.groups.flatMap(({ count, size }) =>
    size.kind === 'uniform'
      ? Array.from({ length: size.max - size.min + 1 }, (_, i) => ({
          size: size.min + i,
          count: count / (size.max - size.min + 1),
        }))
      : [],
  );
  sizes.push({ size: 2, count: workload.channels.private });
  const memberships = sizes.reduce((sum, c) => sum + c.size * c.count, 0);
  // A user writes to each of its channels as often, so a channel is met as often as it has members.
  const told = (of: (size: number) => number): number =>
    sizes.reduce((sum, c) => sum + c.size * c.count * of(c.size), 0) / memberships;
  const servers = told((size) => design.servers.count * (1 - (1 - 1 / design.servers.count) ** size));
  const deliveries = told((size) => size - 1);

  test('put a user into 20 channels, tell 20 members of a message on 15 to 18 servers', () => {
    expect(memberships / workload.users).toBeCloseTo(20, 1);
    expect(deliveries).toBeGreaterThan(19);
    expect(deliveries).toBeLessThan(21);
    expect(servers).toBeGreaterThan(15);
    expect(servers).toBeLessThan(19);
  });

  test('keep every station of a million users busy, and none overloaded', () => {
    const busy = {
      shard:
        (messages * (mean(design.pubsub.publish) + design.pubsub.perSubscriberUs * servers)) /
        design.pubsub.shards,
      service: (messages * mean(design.service.service)) / design.service.workers,
      database: (messages * mean(design.database.write)) / design.database.workers,
      server:
        (messages *
          (mean(design.servers.receive) +
            servers * mean(design.servers.notify) +
            deliveries * design.servers.sendUs)) /
          design.servers.count +
        (workload.users * design.servers.heartbeatUs * 1e6) /
          design.heartbeat.intervalUs /
          design.servers.count,
    };
    for (const [name, usPerSecond] of Object.entries(busy)) {
      expect(usPerSecond / 1e6, name).toBeGreaterThan(0.05);
      expect(usPerSecond / 1e6, name).toBeLessThan(0.6);
    }
  });

  test('keep the database as busy as the table and the defaults say', () => {
    const renewals = workload.users * workload.churnPerSecond;
    const shares = [messages * mean(design.database.write), renewals * mean(design.database.read)].map(
      (us) => us / 1e6 / design.database.workers,
    );
    const [writes = 0, reads = 0] = shares;
    const said = PARAMETERS.find(({ path }) => path === 'design.database.workers')?.source ?? '';
    const figures = [...said.matchAll(/(\d+) %/g)].map(([, percent]) => Number(percent) / 100);
    // What is measured at a million users is 46.7 %: few are back in the first second.
    for (const [i, share] of [writes + reads, writes, reads].entries())
      expect(Math.abs(figures[i]! - share)).toBeLessThan(0.011);
    const defaults = readFileSync('src/system/design/defaults.ts', 'utf8');
    expect(defaults).toContain(`the database ${Math.round(figures[0]! * 100)} %`);
  });

  test('have a thicker tail for each mobile class of clients than for the wired one', () => {
    const tails = design.network.clients.map(({ latency }) => {
      if (latency.kind !== 'lognormal') throw new Error('a latency that has no tail');
      return latency.p99Us / latency.medianUs;
    });
    const [wired = 0, ...mobile] = tails;
    for (const tail of mobile) expect(tail).toBeGreaterThan(wired);
    // 4G, round trip: a median of 55 ms (Catchpoint 2013) and half of 100 ms with another 100 for the radio (HPBN chapter 7).
    expect(design.network.clients[1]?.latency).toEqual({
      kind: 'lognormal',
      medianUs: 27_000,
      p99Us: 150_000,
    });
  });

  test('admit the connections that are renewed', () => {
    expect(workload.users * workload.churnPerSecond).toBeLessThan(
      design.gateway.count * design.gateway.acceptsPerSecond,
    );
  });

  test.each([1, 2, 3, 10, 1000])('make channels for %d users that they can fill', (users) => {
    const channels = defaultChannels(users);
    for (const { size } of channels.groups)
      expect(size.kind === 'uniform' ? size.max : size).toBeLessThanOrEqual(users);
    expect(channels.private).toBe(Math.floor(users / 2));
  });
});
