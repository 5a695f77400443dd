import { describe, expect, test } from 'vitest';
import { metricsOf } from '../../../src/run/metrics-of.ts';
import { createRun } from '../../../src/run/run.ts';
import { parseScenario } from '../../../src/scenario/parse.ts';

/** Causal order over all channels: a client waits for what comes before only in channels that it is in at that moment. */

/** When carol has been shown the one message of `general`, in milliseconds after it was sent at 3 s. */
function shownAfterMs(script: readonly string[]): number {
  const text = `scenario: leaving
title: Someone leaves a channel
seed: 1
duration: 20s
design:
  gateway: { count: 1, balancing: round-robin }
  servers: { count: 3 }
  rateLimit: none
  ordering: causal
  network: { clients: [{ name: wire, share: 1, latency: 10ms }] }
workload:
  users: [alice, bob, carol]
  channels: { named: { general: [alice, carol], random: [alice, bob, carol] } }
  messages: { perUserPerMinute: 0 }
  churnPerSecond: 0
script:
${script.map((line) => `  - ${line}\n`).join('')}  - { at: 2s, send: { from: alice, to: random } }
  - { at: 3s, send: { from: alice, to: general } }
`;
  const run = createRun(parseScenario(text, 'leaving.yaml'), { isLean: true });
  run.advance(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY);
  return metricsOf(run.system.context)['delivery.max.ms'];
}

describe('a client under causal order', () => {
  test('does not wait for a message of a channel that it had left before', () => {
    expect(shownAfterMs(['{ at: 1s, leave: { user: carol, channel: random } }'])).toBeLessThan(100);
  });

  test('waits no longer when it leaves the channel that the missing message was for', () => {
    const lost = [
      '{ at: 1900ms, link: { from: pubsub, to: ws-server-3, loss: 1 }, for: 500ms }',
      '{ at: 3500ms, leave: { user: carol, channel: random } }',
    ];
    const waited = shownAfterMs(lost);
    expect(waited).toBeGreaterThan(400);
    expect(waited).toBeLessThan(600);
    // As a member it waits until it knows what is missing.
    expect(shownAfterMs(lost.slice(0, 1))).toBeGreaterThan(1_000);
  });

  test('does not wait for what was sent while it was away from a channel to which it is back', () => {
    expect(
      shownAfterMs([
        '{ at: 1s, leave: { user: carol, channel: random } }',
        '{ at: 2500ms, join: { user: carol, channel: random } }',
      ]),
    ).toBeLessThan(100);
  });
});
