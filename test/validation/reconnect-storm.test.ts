import { describe, expect, test } from 'vitest';
import { metricsOf } from '../../src/run/metrics-of.ts';
import { createRun } from '../../src/run/run.ts';
import { parseScenario } from '../../src/scenario/parse.ts';
import { COUNT } from '../../src/system/state/counters.ts';

/**
 * The reconnect storm in our own simulation: the server dies for a moment, all clients lose their connection at once and try again after
 * their backoff (base 1 s, cap 30 s). The gateway admits all clients in 100 s, and lets what it admits in one second wait; a client that
 * it refuses backs off again. What comes out depends on these ratios only: FANOUT_STORM=200000 runs it whole (`npm test` a tenth).
 */
const CLIENTS = Number(process.env.FANOUT_STORM ?? 20_000);

function storm(backoff: string, clients: number, seed: number, seconds: number) {
  const perSecond = clients / 100;
  const text = `scenario: storm
title: A reconnect storm
seed: ${seed}
duration: ${seconds}s
design:
  gateway: { count: 1, acceptsPerSecond: ${perSecond}, acceptQueue: ${perSecond} }
  servers: { count: 1, maxConnections: ${2 * clients} }
  heartbeat: { interval: 2h }
  reconnect: { backoff: ${backoff}, base: 1s, cap: 30s, resume: false }
  network: { clients: [{ name: wire, share: 1, latency: 1ms }], internal: 100us }
workload:
  users: ${clients}
  channels: { groups: { count: 1, size: 2 } }
  messages: { perUserPerMinute: 0 }
  churnPerSecond: 0
script:
  - { at: 1s, crash: ws-server-1, for: 1ms }
`;
  const run = createRun(parseScenario(text, 'storm.yaml'), { isLean: true });
  while (run.advance(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY) !== 'end');
  const { values, gauges } = run.system.context;
  return {
    online: gauges[0]!,
    p99Seconds: metricsOf(run.system.context)['reconnect.p99.s'],
    attemptsPerClient: values[COUNT.connectsOffered]! / clients,
  };
}

const within = (share: number, of: number, found: number): void => {
  expect(found).toBeGreaterThan(of * (1 - share));
  expect(found).toBeLessThan(of * (1 + share));
};

describe(`${CLIENTS} clients, ${CLIENTS / 100} accepts a second, base 1 s, cap 30 s`, () => {
  test('without jitter come in waves of which one in a hundred gets in: 2,851 s and 50 attempts a client', () => {
    // 100 waves, at 1, 3, 7, 15, 31 s and then every 30 s: the 99th at 31 + 94 x 30 s, and the mean of 1 .. 100 attempts.
    const { online, p99Seconds, attemptsPerClient } = storm('exponential', CLIENTS, 1, 3200);
    expect(online).toBe(CLIENTS);
    within(0.05, 2851, p99Seconds);
    within(0.05, 50.5, attemptsPerClient);
  });

  test('with full jitter are back after 105 s and 7.4 attempts a client', () => {
    const { online, p99Seconds, attemptsPerClient } = storm('full-jitter', CLIENTS, 1, 300);
    expect(online).toBe(CLIENTS);
    within(0.05, 105, p99Seconds);
    within(0.05, 7.4, attemptsPerClient);
  });
});

test.each(['full-jitter', 'equal-jitter', 'decorrelated-jitter'] as const)(
  'with %s they are back between 98 s, which the gateway needs, and 125 s',
  (backoff) => {
    for (const seed of [1, 2, 3]) {
      const { p99Seconds, attemptsPerClient } = storm(backoff, 2_000, seed, 300);
      expect(p99Seconds).toBeGreaterThanOrEqual(97);
      expect(p99Seconds).toBeLessThan(125);
      expect(attemptsPerClient).toBeLessThan(9);
    }
  },
);
