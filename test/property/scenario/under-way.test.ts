import { describe, expect, test } from 'vitest';
import { metricsOf } from '../../../src/run/metrics-of.ts';
import { createRun } from '../../../src/run/run.ts';
import { parseScenario } from '../../../src/scenario/parse.ts';
import { COUNT } from '../../../src/system/state/counters.ts';

const ON = Number.POSITIVE_INFINITY;

/** Four people write to three channels in half a second, to a database that takes far longer; then nobody writes any more. */
const burst = (design: string): string => `scenario: burst
title: Burst
duration: 40s
seed: 3
design:
  rateLimit: none
  servers: { count: 3 }
  database: { write: 60ms, workers: 1 }
  ${design}
workload:
  users: 30
  channels:
    named:
      one: [user-1, user-2, user-3, user-4, user-5, user-6, user-7, user-8, user-9]
      two: [user-1, user-2, user-3, user-10, user-11]
      three: [user-4, user-2]
  messages: { perUserPerMinute: 0 }
script:
  - { at: 500ms, send: { from: user-1, to: one, times: 40, every: 10ms } }
  - { at: 505ms, send: { from: user-2, to: two, times: 40, every: 11ms } }
  - { at: 510ms, send: { from: user-3, to: one, times: 30, every: 13ms } }
  - { at: 520ms, send: { from: user-4, to: three, times: 20, every: 20ms } }
`;

const DESIGNS: Readonly<Record<string, string>> = {
  'as it is': 'retry: { timeout: 60s }',
  'at most once': 'delivery: at-most-once',
  'effectively once': 'delivery: effectively-once\n  retry: { timeout: 60s }',
  'best effort': 'ordering: best-effort',
  'causal order': 'ordering: causal',
  'global order': 'ordering: global',
  'order by a clock': 'ordering: lamport',
  Kafka: 'pubsub: { kind: kafka, shards: 2 }',
  'a classic cluster': 'pubsub: { kind: redis-cluster, shards: 3, publish: 20ms }',
  'no broker': 'pubsub: { kind: none }',
  'an outbox': 'outbox: { enabled: true, poll: 700ms }',
  'ack first': 'flow: [validate, ack, persist, publish]',
  'publish first': 'flow: [validate, publish, persist, ack]\n  pubsub: { shards: 1, publish: 50ms }',
  'never written': 'flow: [validate, publish, ack]\n  pubsub: { shards: 1, publish: 50ms }',
  'one at a time': 'delivery: effectively-once\n  retry: { timeout: 60s, maxInFlight: 1 }',
  'redelivery of what is not acknowledged': 'redelivery: { timeout: 20ms }',
};

describe('what is on its way', () => {
  test.each(Object.entries(DESIGNS))(
    'is what will be shown yet, where nothing is lost and nobody writes any more (%s)',
    (_name, design) => {
      const all = /retry|at-most/.test(design) ? design : `${design}\n  retry: { timeout: 60s }`;
      const run = createRun(parseScenario(burst(all), 'burst.yaml'));
      const moments: { shown: number; out: number }[] = [];
      for (let us = 1_050_000; us <= 40_000_000; us = Math.ceil(us * 1.15)) {
        run.advance(us, ON);
        const { context } = run.system;
        moments.push({
          shown: context.values[COUNT.shown]!,
          out: metricsOf(context)['delivery.stillOut'],
        });
      }
      run.advance(ON, ON);
      const end = run.system.context.values[COUNT.shown]!;
      expect(end).toBe(40 * 8 + 40 * 4 + 30 * 8 + 20);
      expect(moments[0]!.out).toBeGreaterThan(100);
      expect(moments.map(({ out }) => out)).toEqual(moments.map(({ shown }) => end - shown));
    },
  );
});
