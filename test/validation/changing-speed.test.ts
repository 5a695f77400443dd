import { describe, expect, it } from 'vitest';
import { metricsOf } from '../../src/run/metrics-of.ts';
import { createRun, type Run } from '../../src/run/run.ts';
import { parseScenario } from '../../src/scenario/parse.ts';

/** A queue whose speed changes while jobs wait: exact small cases, and the fluid limit (G. F. Newell, "Applications of Queueing Theory", 1982). */

function runTo(text: string, untilUs = Number.POSITIVE_INFINITY): Run {
  const run = createRun(parseScenario(text, 'speed.yaml'));
  for (;;) {
    const stop = run.advance(untilUs, Number.POSITIVE_INFINITY);
    if (stop === 'end' || stop === 'time') return run;
  }
}

/** Ten messages reach the database, which has one worker, at 1.004 s; each takes it 100 ms. */
const ten = (script: string): string => `scenario: speed
title: Speed
duration: 20s
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
${script}`;

const ARRIVAL_MS = 1004;
/** When each was written, milliseconds after all ten had arrived. */
function writtenMs(script: string): number[] {
  return runTo(ten(script))
    .system.context.watching.tracer.rows()
    .filter(({ kind }) => kind === 'persist')
    .map(({ timeUs }) => timeUs / 1000 - ARRIVAL_MS);
}

describe('what waits is served at the speed that holds when it is served', () => {
  it('at a constant speed one job after the other', () => {
    expect(writtenMs('')).toEqual([100, 200, 300, 400, 500, 600, 700, 800, 900, 1000]);
  });

  it('slowed down tenfold for a second', () => {
    // The third is in service and ends as it has begun, and so does the fourth, which begins slowly; the fifth begins when the fault is over.
    const written = writtenMs(`  - { at: 1254ms, slow: database, factor: 10, for: 1s }`);
    expect(written).toEqual([100, 200, 300, 1300, 1400, 1500, 1600, 1700, 1800, 1900]);
  });

  it('a new time for writes holds for all that wait', () => {
    const written = writtenMs(`  - { at: 1254ms, set: { design.database.write: 10ms } }`);
    expect(written).toEqual([100, 200, 300, 310, 320, 330, 340, 350, 360, 370]);
  });

  it('a blocked event loop begins nothing before its time', () => {
    const written = writtenMs(`  - { at: 1254ms, block: database, for: 1s }`);
    expect(written).toEqual([100, 200, 300, 1400, 1500, 1600, 1700, 1800, 1900, 2000]);
  });

  it('what waits at a station that crashes is lost with it, and told so at once', () => {
    const rows = runTo(
      ten(`  - { at: 1254ms, crash: database, for: 100ms }`),
    ).system.context.watching.tracer.rows();
    const lost = rows.filter(({ kind, reason }) => kind === 'drop' && reason === 'crashed');
    expect(lost.filter(({ timeUs }) => timeUs === 1_254_000)).toHaveLength(7);
  });
});

describe('a slow database', () => {
  const text = `scenario: slow
title: Slow
duration: 40s
design:
  servers: { count: 4 }
  database: { workers: 8, write: 10ms }
  rateLimit: none
  delivery: at-most-once
workload:
  users: 10k
  messages: { perUserPerMinute: 3 }
  churnPerSecond: 0
script:
  - { at: 10s, slow: database, factor: 10, for: 10s }
`;

  it('drains at full speed afterwards: 500/s come, 80/s are served for 10 s, then 800/s until 34 s; in the end all is written', () => {
    const run = createRun(parseScenario(text, 'slow.yaml'));
    const waitingAt = (atS: number): number => {
      run.advance(atS * 1e6, Number.POSITIVE_INFINITY);
      const { stations, nodes } = run.system.context;
      return stations.waiting(nodes.database);
    };
    // Fluid limit: 10 s x (500 - 80) = 4,200 wait at 20 s, and go at 800 - 500 = 300/s.
    for (const [atS, waiting] of [
      [15, 2_100],
      [20, 4_200],
      [27, 2_100],
    ] as const) {
      // Four standard deviations of a Poisson stream of that length.
      const spread = 4 * Math.sqrt(500 * (atS - 10));
      expect(Math.abs(waitingAt(atS) - waiting), `at ${atS} s`).toBeLessThan(spread + 16);
    }
    expect(waitingAt(38)).toBe(0);
    const metrics = metricsOf(run.system.context);
    expect(metrics['messages.persisted']).toBeGreaterThan(metrics['messages.sent'] - 30);
  });
});
