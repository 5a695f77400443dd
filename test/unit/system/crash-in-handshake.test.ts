import { expect, test } from 'vitest';
import { createRun } from '../../../src/run/run.ts';
import { parseScenario } from '../../../src/scenario/parse.ts';
import { CONNECTION } from '../../../src/system/state/tables.ts';
import { serverOf, stateOf } from '../../../src/system/state/user-word.ts';
import { WATCH_NOTHING } from '../../../src/system/watching.ts';

const USERS = 300;

/** Handshakes take half a second, and everybody changes networks all the time: a crash always meets some in the middle of one. */
const CHURN = `scenario: churn
title: A crash in the middle of handshakes
duration: 10s
design:
  gateway: { count: 1, balancing: round-robin }
  servers: { count: 3 }
  pubsub: { kind: redis, shards: 1 }
  reconnect: { backoff: constant, base: 200ms }
  network: { clients: [{ name: far, share: 100%, latency: 100ms }] }
workload:
  users: ${USERS}
  channels: { private: 50 }
  messages: { perUserPerMinute: 0 }
  churnPerSecond: 50%
script:
  - { at: 3s, crash: ws-server-1, for: 1s }
  - { at: 5s, crash: ws-server-2, for: 1s }
`;

test('clients whose server dies during the handshake notice it and come to another', () => {
  const users = Array.from({ length: USERS }, (_, user) => user);
  const run = createRun(parseScenario(CHURN, 'test.yaml'), { watch: { ...WATCH_NOTHING, users } });
  const { pair } = run.system.context.users;
  const { firstServer } = run.system.context.nodes;
  for (const { server, downFromUs } of [
    { server: 0, downFromUs: 3_000_000 },
    { server: 1, downFromUs: 5_000_000 },
  ]) {
    run.advance(downFromUs - 1, Number.POSITIVE_INFINITY);
    const shakingHands = users.filter(
      (user) =>
        stateOf(pair[2 * user]!) === CONNECTION.state.handshaking && serverOf(pair[2 * user]!) === server,
    );
    expect(shakingHands.length).toBeGreaterThan(5);
  }
  expect(run.advance(10_000_000, Number.POSITIVE_INFINITY)).toBe('end');

  const { gauges, stations, watching } = run.system.context;
  const connects = watching.tracer.rows().filter(({ kind }) => kind === 'connect');
  expect(connects.length).toBeGreaterThan(500);
  const isDown = (node: number, atUs: number): boolean =>
    (node === firstServer && atUs >= 3_000_000 && atUs < 4_000_000) ||
    (node === firstServer + 1 && atUs >= 5_000_000 && atUs < 6_000_000);
  const servers = [firstServer, firstServer + 1, firstServer + 2];
  expect(connects.filter(({ peer, timeUs }) => !servers.includes(peer) || isDown(peer, timeUs))).toEqual([]);
  expect(gauges[0]).toBeGreaterThan(150);
  expect(stations.isUp(firstServer) && stations.isUp(firstServer + 1)).toBe(true);
});
