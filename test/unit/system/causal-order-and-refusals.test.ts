import { describe, expect, test } from 'vitest';
import { metricsOf } from '../../../src/run/metrics-of.ts';
import { createRun } from '../../../src/run/run.ts';
import { parseScenario } from '../../../src/scenario/parse.ts';

/** Causal order beside a rate limit: nobody waits for a message that was refused for good. */

const SCOPES = ['channel', 'all'] as const;

interface Case {
  readonly scope: (typeof SCOPES)[number];
  readonly script: readonly string[];
  readonly delivery?: string;
}

/** The longest that any message was under way until it was shown, in milliseconds; how many were shown and refused. */
function outcome({ scope, script, delivery = 'at-most-once' }: Case) {
  const text = `scenario: refused
title: A refused message
seed: 1
duration: 60s
design:
  gateway: { count: 1, balancing: round-robin }
  servers: { count: 2 }
  rateLimit: { algorithm: fixed-window, limit: 1, window: 2s }
  ordering: causal
  causal: { scope: ${scope} }
  delivery: ${delivery}
  network: { clients: [{ name: wire, share: 1, latency: 10ms }] }
workload:
  users: [alice, bob]
  channels: { named: { general: [alice, bob] } }
  messages: { perUserPerMinute: 0 }
  churnPerSecond: 0
script:
${script.map((line) => `  - ${line}\n`).join('')}`;
  const run = createRun(parseScenario(text, 'refused.yaml'), { isLean: true });
  run.advance(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY);
  const metrics = metricsOf(run.system.context);
  return {
    shown: metrics.deliveries,
    refused: metrics['requests.refused'],
    longestMs: metrics['delivery.max.ms'],
  };
}

const send = (at: string): string => `{ at: ${at}, send: { from: alice, to: general } }`;

describe.each(SCOPES)('with vector clocks over %s', (scope) => {
  test('a message after a refused one is shown at once', () => {
    const { shown, refused, longestMs } = outcome({
      scope,
      script: [send('1s'), send('1500ms'), send('3s')],
    });
    expect([shown, refused]).toEqual([2, 1]);
    expect(longestMs).toBeLessThan(100);
  });

  test('so is one after several that were refused together', () => {
    const script = [
      send('1s'),
      '{ at: 1500ms, send: { from: alice, to: general, times: 20, every: 1ms } }',
      send('3s'),
      send('5s'),
    ];
    const { shown, refused, longestMs } = outcome({ scope, script });
    expect([shown, refused]).toEqual([3, 20]);
    expect(longestMs).toBeLessThan(100);
  });

  test('one that was sent before the refusal was known waits for what is missing, and those after it do not', () => {
    // The window ends between the two: 1,985 ms is refused, and what is sent at 1,995 ms is accepted while the refusal is on its way.
    const script = [send('1s'), send('1985ms'), send('1995ms'), send('5s')];
    const { shown, refused, longestMs } = outcome({ scope, script });
    expect([shown, refused]).toEqual([3, 1]);
    expect(longestMs).toBeGreaterThan(1_000);
    const more = outcome({ scope, script: [...script, send('7s'), send('9s')] });
    expect(more.shown).toBe(5);
    expect(more.longestMs).toBe(longestMs);
  });

  test('one that is sent again after its refusal keeps its place: what was written after it waits for it', () => {
    // Refused at 1.5 s, it may come back at 2 s, and what is written at 1.6 s at 4 s.
    const script = [send('1s'), send('1500ms'), send('1600ms')];
    const { shown, refused } = outcome({ scope, script, delivery: 'at-least-once' });
    expect(shown).toBe(3);
    expect(refused).toBeGreaterThan(1);
  });
});
