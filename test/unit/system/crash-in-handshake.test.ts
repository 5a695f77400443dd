import { expect, test } from 'vitest';
import { createRun } from '../../../src/run/run.ts';
import { parseScenario } from '../../../src/scenario/parse.ts';

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
  users: 300
  channels: { private: 50 }
  messages: { perUserPerMinute: 0 }
  churnPerSecond: 50%
script:
  - { at: 3s, crash: ws-server-1, for: 1s }
  - { at: 5s, crash: ws-server-2, for: 1s }
`;

test('clients whose server dies during the handshake notice it and come to another', () => {
  const run = createRun(parseScenario(CHURN, 'test.yaml'));
  expect(run.advance(10_000_000, Number.POSITIVE_INFINITY)).toBe('end');
  const { gauges, stations } = run.system.context;
  expect(gauges[0]).toBeGreaterThan(150);
  expect(stations.isUp(1) && stations.isUp(2)).toBe(true);
});
