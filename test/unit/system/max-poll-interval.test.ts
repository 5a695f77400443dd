import { describe, expect, test } from 'vitest';
import { metricsOf } from '../../../src/run/metrics-of.ts';
import { createRun, type Run } from '../../../src/run/run.ts';
import { parseScenario } from '../../../src/scenario/parse.ts';
import { COUNT } from '../../../src/system/state/counters.ts';

/** Ten messages a second for everybody; the second server's event loop stands still from 8 s to 14 s. It commits at 5 s, and every 5 s. */
const text = (pubsub: string): string => `scenario: slow-handling
title: A consumer that is busy for too long
duration: 40s
design:
  gateway: { count: 1, balancing: round-robin }
  servers: { count: 2 }
  pubsub: { kind: kafka, shards: 1, autoCommit: 5s${pubsub} }
  rateLimit: none
  ordering: best-effort
  heartbeat: { interval: 1h }
  network: { clients: [{ name: wire, share: 1, latency: 10ms }], internal: 1ms }
workload:
  users: [alice, bob]
  channels: { named: { general: [alice, bob] } }
  messages: { perUserPerMinute: 0 }
  churnPerSecond: 0
script:
  - { at: 50ms, send: { from: alice, to: general, times: 300, every: 100ms } }
  - { at: 8s, block: ws-server-2, for: 6s }
`;

function started(pubsub: string): Run {
  return createRun(parseScenario(text(pubsub), 'slow-handling.yaml'), { snapshotBytes: 1e9 });
}
function figures(run: Run): { putOut: number; shown: number; twice: number } {
  run.advance(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY);
  const metrics = metricsOf(run.system.context);
  return {
    putOut: run.system.context.values[COUNT.brokerCuts]!,
    shown: metrics.deliveries - metrics['deliveries.duplicate'],
    twice: metrics['deliveries.duplicate'],
  };
}

describe('a consumer that handles what one poll gave it', () => {
  test('for less than max.poll.interval goes on where it was', () => {
    expect(figures(started(''))).toEqual({ putOut: 0, shown: 300, twice: 0 });
    expect(figures(started(', maxPollInterval: 7s'))).toEqual({ putOut: 0, shown: 300, twice: 0 });
  });

  test('for longer is out of its group once, and reads again what it had not committed: from 5 s on', () => {
    const { putOut, shown, twice } = figures(started(', maxPollInterval: 5s'));
    expect([putOut, shown]).toEqual([1, 300]);
    // Three seconds at ten a second, and what it handled late.
    expect(twice).toBeGreaterThanOrEqual(29);
    expect(twice).toBeLessThanOrEqual(33);
  });

  test('is given nothing more meanwhile: what is published waits in the log, not at the server', () => {
    const run = started('');
    run.advance(13e6, Number.POSITIVE_INFINITY);
    const { stations, nodes } = run.system.context;
    expect(stations.waiting(nodes.firstServer + 1)).toBeLessThan(5);
  });

  test('does the same again in a run that is rewound', () => {
    const run = started(', maxPollInterval: 5s');
    run.advance(10e6, Number.POSITIVE_INFINITY);
    run.keepSnapshot();
    figures(run);
    const hash = run.worldHash();
    run.rewindTo(11e6);
    figures(run);
    expect(run.worldHash()).toBe(hash);
  });
});
