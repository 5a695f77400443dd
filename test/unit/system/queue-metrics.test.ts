import { describe, expect, it } from 'vitest';
import { formatReport } from '../../../src/cli/report-text.ts';
import { metricsOf } from '../../../src/run/metrics-of.ts';
import { reportOf } from '../../../src/run/report.ts';
import { createRun } from '../../../src/run/run.ts';
import { parseScenario } from '../../../src/scenario/parse.ts';

/** Ten messages reach the database, which has one worker, at 1.004 s; each takes it 100 ms. */
const TEXT = `scenario: queues
title: Queues
duration: 3s
design:
  gateway: { count: 1, service: 0us }
  servers: { count: 1, receive: 0us, notify: 0us, send: 0us, heartbeat: 0us }
  service: { service: 0us }
  database: { workers: 1, write: 100ms }
  network: { internal: 1ms, clients: [{ name: wired, share: 1, latency: 1ms }] }
  rateLimit: none
workload:
  users: [ann, bob]
  channels: { named: { general: [ann, bob] } }
  messages: { perUserPerMinute: 0 }
  churnPerSecond: 0
script:
  - { at: 1s, send: { from: ann, to: general, times: 10 } }
  - when: { metric: queue.database.now, above: 100 }
    crash: database
  - { after: 1s, say: Too many }
expect:
  - { metric: queue.database.peak, equals: 9 }
`;

describe('queues as metrics, by hand', () => {
  const run = createRun(parseScenario(TEXT, 'queues.yaml'));
  const to = (us: number) => {
    run.advance(us, Number.POSITIVE_INFINITY);
    return metricsOf(run.system.context);
  };

  it('counts who waits now, at most, and on average since the start', () => {
    const metrics = to(1_254_000);
    expect(metrics['queue.database.now']).toBe(7);
    expect(metrics['queue.database.peak']).toBe(9);
    // Nine waited for 100 ms, eight for the next, seven for 50 ms.
    expect(metrics['queue.database.mean']).toBeCloseTo(2_050 / 1_254, 3);
    expect(metrics['queue.gateway.peak']).toBe(0);
    expect(metrics['queue.limiter.now']).toBe(0);
  });

  it('tells how busy the workers were in the last full second', () => {
    expect(to(1_999_999)['utilisation.database']).toBe(0);
    expect(to(2_000_000)['utilisation.database']).toBe(0.996);
    expect(to(3_000_000)['utilisation.database']).toBe(0.004);
  });

  it('a step whose condition never came is reported with its line, and the one that waits for it', () => {
    to(Number.POSITIVE_INFINITY);
    const report = reportOf(run, 'as written', { version: '0', wallSeconds: 1, peakMemoryMB: 0 });
    const [waits, follows] = JSON.parse(JSON.stringify(report)).script.neverCame;
    expect(waits.line).toBe(18);
    expect(waits.step).toContain('when: { metric: queue.database.now, above: 100 } crash: database');
    expect(follows).toEqual({ line: 20, step: expect.stringContaining('say: Too many') });
    expect(formatReport(report)).toMatch(/^never came: line 18: .*\nnever came: line 20: /m);
  });
});
