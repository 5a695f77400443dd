import { describe, expect, test } from 'vitest';
import { limiterRequests } from '../../../src/diagrams/limiter-requests.ts';
import { createRun } from '../../../src/run/run.ts';
import { parseScenario } from '../../../src/scenario/parse.ts';
import { stationList } from '../../../src/system/design/stations.ts';
import { runTimeline } from '../../../src/views/rate-limit/drawing/timeline.ts';
import { settingsOf } from '../../../src/views/rate-limit/model/settings.ts';
import { UserRows } from '../../../src/views/rate-limit/model/user-rows.ts';
import { createCrowd } from '../../../src/worker/crowd.ts';
import { inspect } from '../../../src/worker/inspect/inspect.ts';
import { isUserNode, type TraceRow, USER_NODE } from '../../../src/worker/protocol.ts';

/** A small chat in which everybody writes more than is allowed. */
const scenario = (placement: string, algorithm: string): string => `
scenario: limited
title: Limited
summary: Everybody writes more than is allowed.
teaches: [rate-limiting]
seed: 5
duration: 20s
design:
  servers: { count: 2, maxConnections: 40 }
  rateLimit: { algorithm: ${algorithm}, limit: 3, window: 2s, placement: ${placement} }
workload:
  users: 6
  channels: { groups: { count: 2, size: 4 } }
  messages: { perUserPerMinute: 120 }
`;

describe.each(['gateway', 'server', 'service'])('with the limiter at the %s', (placement) => {
  test.each(['sliding-window-log', 'token-bucket'])(
    'the requests of the trace are those that the %s has decided, and explain every verdict',
    (algorithm) => {
      const run = createRun(parseScenario(scenario(placement, algorithm), 'test.yaml'));
      run.advance(20_000_000, Number.POSITIVE_INFINITY);
      const { watching } = run.system.context;
      const stations = stationList(run.system.spec.design);
      const rows = watching.tracer.rows();
      const crowd = createCrowd(run.system);
      crowd.fill(run.nowUs, 50_000);
      let refused = 0;
      let all = 0;
      let begunAnew = 0;
      for (let user = 0; user < 6; user++) {
        const found = inspect(run, crowd, { kind: 'user', user });
        const window = found?.structures.find((structure) => structure.kind === 'window');
        if (window?.kind !== 'window') throw new Error('a limited user has a window');
        const { requests, sinceUs } = limiterRequests(rows, user, window.placement, (node) =>
          node < 0 || isUserNode(node) ? undefined : stations[node]?.kind,
        );
        all += requests.length;
        refused += requests.filter(({ allowed }) => !allowed).length;
        const timeline = runTimeline(
          {
            name: 'one',
            settings: settingsOf(window.config),
            algorithm: window.config.algorithm,
            requests,
            leftOut: 0,
            sinceUs,
            untilUs: 22_000_000,
          },
          window.config.algorithm,
        );
        // Replayed alone, they give the verdicts that the run gave.
        expect(timeline.note).not.toContain('otherwise');
        begunAnew += sinceUs > 0 ? 1 : 0;
      }
      expect(all).toBeGreaterThan(100);
      expect(refused).toBeGreaterThan(20);
      expect(begunAnew > 0).toBe(placement === 'server');
    },
  );
});

test('the rows of a user are read on, and anew after a rewind or for another user', () => {
  const run = createRun(parseScenario(scenario('gateway', 'gcra'), 'test.yaml'));
  run.advance(20_000_000, Number.POSITIVE_INFINITY);
  const rows = run.system.context.watching.tracer.rows();
  const of = (all: readonly TraceRow[], user: number) =>
    all.filter((row) => row.sender === user || row.node === USER_NODE + user);
  const reader = new UserRows();
  const store = rows.slice(0, 900);
  reader.update(store, 3);
  expect(reader.rows).toEqual(of(store, 3));
  store.push(...rows.slice(900, 1500));
  reader.update(store, 3);
  expect(reader.rows).toEqual(of(store, 3));
  // Back, and another way forward: as many rows as before, but not the same.
  store.length = 600;
  store.push(...rows.slice(2000, 2900));
  reader.update(store, 3);
  expect(reader.rows).toEqual(of(store, 3));
  reader.update(store, 4);
  expect(reader.rows).toEqual(of(store, 4));
  const refused = store.findLast((row) => row.kind === 'refuse' && row.reason === 'rate-limit');
  expect(reader.refused).toBe(refused?.sender);
});
