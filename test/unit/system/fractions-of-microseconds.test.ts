import { describe, expect, test } from 'vitest';
import { metricsOf } from '../../../src/run/metrics-of.ts';
import { createRun, type Run } from '../../../src/run/run.ts';
import { parseScenario } from '../../../src/scenario/parse.ts';
import { PUBSUB_KINDS } from '../../../src/system/design/design.ts';

const text = (design: string): string => `scenario: fractions
title: Fractions of a microsecond
duration: 20s
design:
  servers: { count: 3, notify: 0us, receive: 0us${design}
  rateLimit: none
  heartbeat: { interval: 500ms }
workload:
  users: 40
  channels: { private: 0, groups: { count: 1, size: 40 } }
  messages: { perUserPerMinute: 30 }
  churnPerSecond: 0
`;

function ran(design: string): Run {
  const run = createRun(parseScenario(text(design), 'fractions.yaml'));
  while (run.advance(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY) !== 'end') run.script.answer();
  return run;
}

/** All work of the servers, in microseconds. */
function workUs(run: Run): number {
  const { stations, nodes } = run.system.context;
  const { busyUs } = stations.columns;
  return busyUs.slice(nodes.firstServer, nodes.firstServer + nodes.servers).reduce((sum, us) => sum + us, 0);
}

describe('a cost with a fraction of a microsecond', () => {
  test.each(PUBSUB_KINDS)('runs to the end with pub/sub %s', (kind) => {
    const perSubscriber = kind.startsWith('redis') ? ', perSubscriber: 1.7us' : '';
    const run = ran(`, send: 6.5us, heartbeat: 0.3us }\n  pubsub: { kind: ${kind}${perSubscriber} }`);
    expect(metricsOf(run.system.context).deliveries).toBeGreaterThan(10_000);
  });

  test('runs to the end where servers send again what is not acknowledged', () => {
    const run = ran(', send: 6.5us }\n  redelivery: { timeout: 1ms, maxAttempts: 3 }');
    expect(metricsOf(run.system.context).deliveries).toBeGreaterThan(10_000);
  });

  // 3,600 heartbeats of 0.3 us are 1,080 us; each rounded to the nearest would be none, each rounded up 3,600.
  test('takes as long on average as it says', () => {
    const of = (design: string): number => workUs(ran(`, ${design} }\n  pubsub: { kind: redis }`));
    expect(of('send: 0us, heartbeat: 0us')).toBe(0);
    const heartbeats = of('send: 0us, heartbeat: 1us');
    expect(heartbeats).toBeGreaterThan(1_000);
    const spread = 4 * Math.sqrt(heartbeats * 0.3 * 0.7);
    expect(Math.abs(of('send: 0us, heartbeat: 0.3us') - 0.3 * heartbeats)).toBeLessThan(spread);
  });

  test('is as long for many sends at once as between the two whole ones', () => {
    const of = (send: string): number => workUs(ran(`, send: ${send}, heartbeat: 0us }`));
    const [six, between, seven] = [of('6us'), of('6.5us'), of('7us')];
    expect(Math.abs(between - (six + seven) / 2) / between).toBeLessThan(0.001);
  });
});
