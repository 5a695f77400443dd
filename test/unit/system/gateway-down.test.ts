import { describe, expect, test } from 'vitest';
import { metricsOf } from '../../../src/run/metrics-of.ts';
import { createRun, type Run } from '../../../src/run/run.ts';
import { parseScenario } from '../../../src/scenario/parse.ts';
import { COUNT, type Counter } from '../../../src/system/state/counters.ts';

/** A gateway relays every message: up from its client, and down to it, deliveries as well as acknowledgements. */

interface Case {
  readonly serviceUs: number;
  readonly workers?: number;
  readonly size: number;
  readonly perMinute: number;
  readonly script?: string;
  readonly seconds?: number;
}

function started({ serviceUs, workers = 1, size, perMinute, script = '', seconds = 20 }: Case): Run {
  const text = `scenario: relay
title: The way down
seed: 3
duration: ${seconds}s
design:
  gateway: { count: 2, workers: ${workers}, service: ${serviceUs}us }
  servers: { count: 4 }
  rateLimit: none
  ordering: best-effort
workload:
  users: 400
  channels: { groups: { count: 800, size: ${size} } }
  messages: { perUserPerMinute: ${perMinute} }
  churnPerSecond: 0
${script}`;
  return createRun(parseScenario(text, 'relay.yaml'));
}
const count = (run: Run, counter: Counter): number => run.system.context.values[COUNT[counter]]!;
const ended = (of: Case): Run => {
  const run = started(of);
  run.advance(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY);
  return run;
};

describe('the load of the gateways', () => {
  test.each<[string, Case]>([
    ['one worker, one receiver', { serviceUs: 200, size: 2, perMinute: 60 }],
    ['four workers, nine receivers', { serviceUs: 400, workers: 4, size: 10, perMinute: 60 }],
  ])('is (messages up + deliveries down + answers) x service time: %s', (_, of) => {
    const run = ended(of);
    const down = count(run, 'shown') + count(run, 'duplicates');
    const messages = count(run, 'transmissions') + down + count(run, 'acked');
    const expected = (100 * messages * of.serviceUs) / (2 * (of.workers ?? 1) * 20e6);
    expect(expected).toBeGreaterThan(10);
    expect(Math.abs(metricsOf(run.system.context)['gateway.busy.percent'] / expected - 1)).toBeLessThan(0.01);
  });

  test('above 1 it is a queue: deliveries come as fast as gateways relay them, and what they do not keeps growing', () => {
    const of = { serviceUs: 1_000, size: 10, perMinute: 60 };
    const run = ended(of);
    const metrics = metricsOf(run.system.context);
    // 400 messages a second make 4,400 a second for the gateways, which relay 2,000.
    expect(metrics['utilisation.gateway']).toBeGreaterThan(0.99);
    expect(metrics['queue.gateway.now']).toBeGreaterThan(10_000);
    const relayed = count(run, 'published') + count(run, 'shown') + count(run, 'acked');
    expect(relayed).toBeLessThan(2_000 * 20);
  });

  test('a gateway that was slow is at its speed again when the fault ends, with all that has waited', () => {
    const script = 'script:\n  - { at: 2s, slow: gateway, factor: 100, for: 5s }\n';
    const run = started({ serviceUs: 100, size: 10, perMinute: 60, script });
    run.advance(7_000_000, Number.POSITIVE_INFINITY);
    const { context } = run.system;
    const waiting = metricsOf(context)['queue.gateway.now'];
    expect(waiting).toBeGreaterThan(3_000);
    // 20,000 a second are relayed then, and 4,400 come. What has waited on its way up comes again on its way down: nine deliveries and an answer.
    const drainedUs = 7_000_000 + ((11 * waiting) / (20_000 - 4_400)) * 1e6;
    expect(drainedUs).toBeLessThan(20_000_000);
    run.advance(drainedUs, Number.POSITIVE_INFINITY);
    expect(metricsOf(context)['queue.gateway.now']).toBeLessThan(50);
  });
});
