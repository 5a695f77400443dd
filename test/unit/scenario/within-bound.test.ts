import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { reportOf } from '../../../src/run/report.ts';
import { createRun, type Run } from '../../../src/run/run.ts';
import { isWithin, judgeFigure } from '../../../src/run/within-bound.ts';
import { parseScenario } from '../../../src/scenario/parse.ts';
import type { Bound } from '../../../src/scenario/types.ts';

const ON = Number.POSITIVE_INFINITY;

const bounds: fc.Arbitrary<Bound> = fc.oneof(
  fc.record({ is: fc.constantFrom('below', 'above', 'equals'), value: fc.nat({ max: 9 }) }),
  fc
    .tuple(fc.nat({ max: 9 }), fc.nat({ max: 9 }))
    .map(([a, b]): Bound => ({ is: 'between', min: Math.min(a, b), max: Math.max(a, b) })),
);

describe('a figure that is at least so much', () => {
  test('is within a bound, or not, exactly where every number that it may be is so', () => {
    fc.assert(
      fc.property(bounds, fc.nat({ max: 10 }), (bound, value) => {
        const may = Array.from({ length: 30 }, (_, i) =>
          isWithin(bound, { value: value + i / 2, isAtLeast: false }),
        );
        const expected = may.every((is) => is === true)
          ? true
          : may.every((is) => is === false)
            ? false
            : null;
        expect(isWithin(bound, { value, isAtLeast: true })).toBe(expected);
      }),
      { numRuns: 2_000 },
    );
  });

  test('keeps no expectation that it is below, and says why', () => {
    expect(judgeFigure({ is: 'below', value: 6000 }, { value: 4980, isAtLeast: true })).toEqual({
      holds: false,
      found: 'at least 4980, since what still waits decides it: whether it is below 6000 is not known yet',
    });
    expect(judgeFigure({ is: 'above', value: 4000 }, { value: 4980, isAtLeast: true })).toEqual({
      holds: true,
      found: 'at least 4980',
    });
  });
});

/** The server stands still from 2 s to 12 s: one message was shown before, forty are on their way. */
const stuck = `scenario: stuck
title: Stuck
duration: 16s
design: { rateLimit: none, servers: { count: 1 } }
workload: { users: [ann, ben], channels: { named: { one: [ann, ben] } }, messages: { perUserPerMinute: 0 } }
script:
  - { at: 1s, send: { from: ann, to: one } }
  - { at: 2s, block: ws-server-1, for: 10s }
  - { at: 2s, send: { from: ann, to: one, times: 40, every: 10ms } }
  - { at: 8s, expect: { metric: delivery.p99.ms, below: 7000 } }
  - { at: 8s, expect: { metric: delivery.p99.ms, above: 5000 } }
  - { at: 8s, say: 'One in a hundred takes {delivery.p99.ms}; {delivery.stillOut} are on their way.' }
  - { when: { metric: delivery.p99.ms, below: 20000 }, say: Now it is known. }
`;

function runTo(untilUs: number): Run {
  const run = createRun(parseScenario(stuck, 'stuck.yaml'));
  run.advance(untilUs, ON);
  return run;
}

describe('a script that asks for the latency of deliveries', () => {
  test('is told that it is at least so much while those on their way decide it', () => {
    const { script } = runTo(8_000_001);
    expect(script.expectations()).toMatchObject([
      {
        holds: false,
        found: expect.stringMatching(/^at least \d+(\.\d+)?, since what still waits decides it/),
      },
      { holds: true, found: expect.stringMatching(/^at least \d+(\.\d+)?$/) },
    ]);
    expect(script.saidWithFigures(5)?.text).toMatch(/takes at least 5\.\d+ s; 40 are on their way\.$/);
  });

  test('does not take a lower bound for below: the step waits until the figure is known', () => {
    expect(runTo(11_900_000).script.happened(6)).toBe(false);
    expect(runTo(15_000_000).script.happened(6)).toBe(true);
  });

  test('is reported with how many are still out when the run ends too early', () => {
    const run = createRun(parseScenario(stuck.replace('16s', '10s'), 'stuck.yaml'));
    run.advance(ON, ON);
    const report = reportOf(run, 'as written', { version: '0', wallSeconds: 0, peakMemoryMB: 0 });
    expect(report.metrics['delivery.stillOut']).toBe(40);
    expect(report.metrics['delivery.p99.ms']).toBeGreaterThan(7_000);
    expect(report.atLeast).toContain('delivery.p99.ms');
    expect(report.atLeast).not.toContain('deliveries.lost');
  });
});
