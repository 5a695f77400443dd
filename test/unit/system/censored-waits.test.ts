import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { metricDifferences } from '../../../src/app/compare/differences.ts';
import { findingsOf } from '../../../src/run/findings.ts';
import { lowerBounds, metricsOf } from '../../../src/run/metrics-of.ts';
import { combineReports, reportOf } from '../../../src/run/report.ts';
import { createRun, type Run } from '../../../src/run/run.ts';
import { parseScenario } from '../../../src/scenario/parse.ts';
import {
  bucketMiddleUs,
  bucketOf,
  HISTOGRAM_BUCKETS,
  quantileUs,
  waitQuantile,
} from '../../../src/system/state/histogram.ts';

const histogram = (waits: readonly number[]): Uint32Array => {
  const counts = new Uint32Array(HISTOGRAM_BUCKETS);
  for (const us of waits) counts[bucketOf(us)]!++;
  return counts;
};

/** Kaplan and Meier with whole fractions: at each end of a wait, those who wait at least so long are at risk. */
function exact(ended: readonly number[], going: readonly number[], percent: bigint): number | string {
  let [above, below] = [1n, 1n];
  for (const us of [...new Set(ended)].sort((a, b) => a - b)) {
    const atRisk = BigInt([...ended, ...going].filter((other) => other >= us).length);
    above *= atRisk - BigInt(ended.filter((other) => other === us).length);
    below *= atRisk;
    if (100n * above <= (100n - percent) * below) return us;
  }
  return `at least ${Math.max(...ended, ...going)}`;
}

const quantile = (ended: readonly number[], going: readonly number[], percent: number): number | string => {
  const { us, isAtLeast } = waitQuantile(histogram(ended), histogram(going), percent / 100);
  return isAtLeast ? `at least ${us}` : us;
};

describe('a quantile of waits of which some go on', () => {
  // The remission times of 6-MP in Freireich et al. 1963, the standard example: the median is 23 weeks.
  const ended = [6, 6, 6, 7, 10, 13, 16, 22, 23];
  const going = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35];

  test('is that of the textbook', () => {
    expect(quantile(ended, going, 50)).toBe(23);
    expect(quantile(ended, going, 25)).toBe(13);
    expect(quantile(ended, going, 99)).toBe('at least 35');
  });

  test('is that of whole fractions in any small case', () => {
    const waits = fc.array(fc.nat({ max: 31 }), { maxLength: 12 });
    fc.assert(
      fc.property(waits, waits, fc.integer({ min: 1, max: 99 }), (over, on, percent) => {
        fc.pre(over.length + on.length > 0);
        expect(quantile(over, on, percent)).toBe(exact(over, on, BigInt(percent)));
      }),
      { numRuns: 2_000 },
    );
  });

  test('is the plain quantile where all have ended, and at least the longest where none has', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat({ max: 1e9 }), { minLength: 1 }),
        fc.integer({ min: 1, max: 99 }),
        (waits, percent) => {
          const counts = histogram(waits);
          const none = new Uint32Array(HISTOGRAM_BUCKETS);
          expect(waitQuantile(counts, none, percent / 100).us).toBe(quantileUs(counts, percent / 100));
          const longest = bucketMiddleUs(bucketOf(Math.max(...waits)));
          expect(waitQuantile(none, counts, percent / 100)).toEqual({ us: longest, isAtLeast: true });
        },
      ),
    );
  });
});

const storm = (backoff: string, seconds: number): string => `scenario: storm
title: Storm
duration: ${seconds}s
design:
  gateway: { count: 1, acceptsPerSecond: 40, acceptQueue: 50 }
  servers: { count: 2 }
  rateLimit: none
  reconnect: { backoff: ${backoff}, base: 1s, cap: 30s }
workload:
  users: 2000
  channels: { private: 500 }
  messages: { perUserPerMinute: 0 }
  churnPerSecond: 0
script:
  - { at: 1s, crash: ws-server-1, for: 500ms }
expect:
  - { metric: reconnect.p99.s, below: 30 }
`;

function ran(text: string): Run {
  const run = createRun(parseScenario(text, 'storm.yaml'));
  while (run.advance(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY) !== 'end') run.script.answer();
  return run;
}

describe('the time to be back', () => {
  test('does not look better the more never come back', () => {
    const [without, jitter] = ['exponential', 'full-jitter'].map(
      (backoff) => ran(storm(backoff, 20)).system.context,
    );
    const metrics = [metricsOf(without!), metricsOf(jitter!)] as const;
    expect(metrics[0]['reconnect.stillOut']).toBeGreaterThan(metrics[1]['reconnect.stillOut']);
    expect(metrics[0]['reconnect.p99.s']).toBeGreaterThanOrEqual(18);
    expect(lowerBounds(findingsOf(without!))).toContain('reconnect.p99.s');
  });

  test('is at least as long in a shorter run as in a longer one that shows it', () => {
    const bounds = [5, 10, 20, 200].map((seconds) => {
      const { context } = ran(storm('full-jitter', seconds)).system;
      const metrics = metricsOf(context);
      const isBound = lowerBounds(findingsOf(context)).includes('reconnect.p99.s');
      expect(isBound).toBe(metrics['reconnect.stillOut'] > 0);
      return metrics['reconnect.p99.s'];
    });
    expect(bounds).toEqual([...bounds].sort((a, b) => a - b));
  });

  test('that is a lower bound is said so, and keeps no expectation to be below', () => {
    const run = ran(storm('exponential', 20));
    const report = reportOf(run, 'as written', { version: '0', wallSeconds: 0, peakMemoryMB: 0 });
    expect(report.atLeast).toContain('reconnect.p99.s');
    const [expected] = combineReports(run.scenario, [report]).expectations;
    expect(expected).toMatchObject({
      holds: false,
      found: expect.stringContaining(`at least ${report.metrics['reconnect.p99.s']},`),
    });
    const [line] = metricDifferences({ 'reconnect.p99.s': 20 }, { 'reconnect.p99.s': 30 }, [
      'reconnect.p99.s',
    ]);
    expect(line).toMatchObject({ first: 'at least 20 s', second: '30 s' });
  });

  test('is no wait of who has closed the app', () => {
    const text = storm('exponential', 20).replace(
      'crash: ws-server-1, for: 500ms',
      'disconnect: user-1, for: 10s',
    );
    const metrics = metricsOf(ran(text).system.context);
    expect([metrics['reconnect.p99.s'], metrics['reconnect.stillOut']]).toEqual([0, 0]);
  });
});

describe('the time to an acknowledgement', () => {
  test('of messages that the run leaves unanswered is at least their age', () => {
    const text = `scenario: quiet
title: Nobody answers
duration: 30s
design: { rateLimit: none }
workload: { users: [ann, ben], channels: { named: { one: [ann, ben] } } }
script:
  - { at: 1s, crash: chat-service }
  - { at: 25s, send: { from: ann, to: one, times: 3, every: 1s } }
`;
    const { context } = ran(text).system;
    expect(metricsOf(context)).toMatchObject({ 'messages.acked': 0, 'ack.stillOut': 3 });
    const ofAcks = lowerBounds(findingsOf(context)).filter((name) => name.includes('ack'));
    expect(ofAcks).toEqual(['honest.ack.p99.ms', 'ack.p50.ms', 'ack.p99.ms']);
    expect(metricsOf(context)['ack.p99.ms']).toBeGreaterThan(4_900);
  });
});
