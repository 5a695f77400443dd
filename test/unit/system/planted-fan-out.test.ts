import { describe, expect, test } from 'vitest';
import { createRun } from '../../../src/run/run.ts';
import { parseScenario } from '../../../src/scenario/parse.ts';
import { COUNT } from '../../../src/system/state/counters.ts';

const text = (kind: string, mistake: string): string => `scenario: planted
title: A planted mistake
summary: A message to four people, of whom one has left.
teaches: []
seed: 1
duration: 4s
design:
  servers: { count: 2 }
  pubsub: { kind: ${kind} }
  rateLimit: none
  mistakes: [${mistake}]
workload:
  users: [alice, bob, carol, dan]
  channels: { named: { general: [alice, bob, carol, dan] } }
  messages: { perUserPerMinute: 0 }
  churnPerSecond: 0
script:
  - { at: 100ms, leave: { user: carol, channel: general } }
  - { at: 1s, send: { from: alice, to: general } }
`;

/** Deliveries that were due: Bob's and Dan's, if nobody makes a mistake. */
function outcome(kind: string, mistake: string) {
  const run = createRun(parseScenario(text(kind, mistake), 'planted.yaml'));
  run.advance(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY);
  const broken = run.judge.final(run.nowUs).flatMap((v) => (v.verdict === 'violated' ? [v.name] : []));
  return { shown: run.system.context.values[COUNT.shown], broken };
}

describe.each(['redis', 'redis-cluster', 'kafka', 'none'])('with pub/sub %s', (kind) => {
  test('who is told is the same, and a planted mistake of the fan-out shows', () => {
    expect(outcome(kind, '')).toEqual({ shown: 2, broken: [] });
    expect(outcome(kind, 'fan-out-skips-the-last')).toEqual({ shown: 1, broken: ['no-loss'] });
    expect(outcome(kind, 'fan-out-to-leavers').broken).toEqual(['authorised-only']);
  });
});
