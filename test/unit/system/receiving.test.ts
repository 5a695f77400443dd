import { describe, expect, test } from 'vitest';
import { createRun, type Run } from '../../../src/run/run.ts';
import { parseScenario } from '../../../src/scenario/parse.ts';
import { ORDERINGS, type Ordering } from '../../../src/system/design/design.ts';
import { COUNT, type Counter } from '../../../src/system/state/counters.ts';

/** Four people and a bot that says nothing write to each other while links hold messages back, lose them, and one client is away. */
function ran(ordering: Ordering, design: readonly string[] = []): Run {
  const text = `scenario: receiving
title: What every order counts
seed: 3
duration: 30s
design:
  servers: { count: 3 }
  ordering: ${ordering}
  rateLimit: none
${design.map((line) => `  ${line}\n`).join('')}workload:
  users: [ann, ben, cat, dan, bot]
  channels: { named: { one: [ann, ben, cat, dan], two: [ann, ben, cat, bot] } }
  messages: { perUserPerMinute: 120 }
  churnPerSecond: 0
  bots: { users: [bot], perUserPerMinute: 0 }
script:
  - { at: 100ms, link: { from: pubsub, to: ws-servers, reorder: 50%, delay: 400ms, loss: 10% }, for: 20s }
  - { at: 5s, disconnect: ann, for: 3s }
  - { at: 8s, leave: { user: dan, channel: one } }
`;
  const run = createRun(parseScenario(text, 'receiving.yaml'));
  run.advance(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY);
  return run;
}

const counted = (run: Run, counter: Counter): number => run.system.context.values[COUNT[counter]]!;

/** Best effort shows at once, and what is held back for a time waits for nothing that is missing. */
const WAITS: Readonly<Record<Ordering, boolean>> = {
  'best-effort': false,
  'per-channel': true,
  causal: true,
  global: true,
  timestamp: true,
  lamport: true,
  'hybrid-logical': true,
};
const FILLS_GAPS: readonly Ordering[] = ['per-channel', 'causal', 'global'];

describe.each(ORDERINGS)('under the order %s', (ordering) => {
  test('the time to be shown is measured of honest users as it is of all', () => {
    const { latency, latencyNow, bots } = ran(ordering).system.context;
    const all = latency.counts.map((count, bucket) => count + latencyNow.counts[bucket]!);
    expect(all.some((count) => count > 0)).toBe(true);
    expect(bots?.honestLatency.counts).toEqual(all);
  });

  test('everything that can happen to a message at its receiver is counted', () => {
    const run = ran(ordering);
    const happened = (['shown', 'shownFromHistory', 'buffered', 'gaps'] as const).filter(
      (name) => counted(run, name) > 0,
    );
    expect(happened).toEqual([
      'shown',
      'shownFromHistory',
      ...(WAITS[ordering] ? ['buffered'] : []),
      ...(FILLS_GAPS.includes(ordering) ? ['gaps'] : []),
    ]);
  });

  test('without backfill the history is never asked about a gap, not even when the buffer is full', () => {
    // Under best effort there is no reorder buffer to set.
    const buffer = 'reorder: { backfill: false, maxEntries: 2, timeout: 2s, giveUpAfter: 0s }';
    const run = ran(ordering, ordering === 'best-effort' ? [] : [buffer]);
    expect(counted(run, 'buffered') > 0).toBe(WAITS[ordering]);
    expect(counted(run, 'gaps')).toBe(0);
  });

  test('a fan-out that tells those who have left is seen for what it is', () => {
    const verdictOf = (run: Run): string | undefined =>
      run.judge.final(run.nowUs).find(({ name }) => name === 'authorised-only')?.verdict;
    expect(verdictOf(ran(ordering))).toBe('holds');
    expect(verdictOf(ran(ordering, ['mistakes: [fan-out-to-leavers]']))).toBe('violated');
  });
});
