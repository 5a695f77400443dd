import { describe, expect, test } from 'vitest';
import { metricsOf } from '../../../src/run/metrics-of.ts';
import { createRun, type Run } from '../../../src/run/run.ts';
import { parseScenario } from '../../../src/scenario/parse.ts';
import { COUNT, type Counter } from '../../../src/system/state/counters.ts';

/** A design that cannot do its work is shown as it is: queues grow to their bounds, what they refuse is counted and traced, and the run goes on. */

interface Overload {
  readonly users: number;
  readonly perMinute: number;
  readonly seconds: number;
  readonly design: string;
  readonly channels?: string;
  readonly script?: string;
}

function ended({ users, perMinute, seconds, design, channels = '', script = '' }: Overload): Run {
  const text = `scenario: overload
title: More than a design can do
seed: 1
duration: ${seconds}s
design:
  rateLimit: none
${design}
workload:
  users: ${users}
${channels}
  messages: { perUserPerMinute: ${perMinute} }
  churnPerSecond: 0
${script}`;
  const run = createRun(parseScenario(text, 'overload.yaml'), { maxTraceRows: 3_000_000 });
  run.advance(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY);
  return run;
}
const count = (run: Run, counter: Counter): number => run.system.context.values[COUNT[counter]]!;
const lines = (...all: string[]): string => all.map((line) => `  ${line}`).join('\n');

describe('an overloaded design', () => {
  test('whose broker takes 50 ms for a message goes on to the end, with its queue growing and clients that send again', () => {
    const seconds = 60;
    const run = ended({
      users: 20_000,
      perMinute: 1,
      seconds,
      design: lines('servers: { count: 10 }', 'pubsub: { kind: redis, shards: 4, publish: 50ms }'),
    });
    const metrics = metricsOf(run.system.context);
    // Four shards publish 20 messages a second each, and nothing else.
    expect(count(run, 'published')).toBeGreaterThan(0.95 * 4 * 20 * seconds);
    expect(count(run, 'published')).toBeLessThanOrEqual(4 * 20 * seconds);
    expect(metrics['utilisation.pubsub']).toBeGreaterThan(0.99);
    // What is sent again has a row of its own each time, and each waits at the broker.
    expect(count(run, 'persisted')).toBeGreaterThan(1.3 * metrics['messages.sent']);
    expect(metrics['queue.pubsub.now']).toBeGreaterThan(
      count(run, 'persisted') - count(run, 'published') - 200,
    );
  });

  test('whose servers call each other, 5 ms a call, goes on: their queues are full, and they refuse what comes then', () => {
    const run = ended({
      users: 20_000,
      perMinute: 6,
      seconds: 30,
      design: lines('servers: { count: 20, send: 5ms, queue: 1000 }', 'pubsub: { kind: none }'),
    });
    const metrics = metricsOf(run.system.context);
    expect(metrics['utilisation.ws-server']).toBeGreaterThan(0.99);
    // Pings of a thousand clients a server come on top: they are never refused.
    expect(metrics['queue.ws-server.peak']).toBeGreaterThanOrEqual(1_000);
    expect(metrics['queue.ws-server.peak']).toBeLessThan(2_000);
    expect(count(run, 'dropQueueFull')).toBeGreaterThan(0);
    expect(metrics['messages.sent']).toBeGreaterThan(0.95 * 2_000 * 30);
  });

  test('where more is under way than there is room for holds messages back at their clients, and goes on', () => {
    const run = ended({
      users: 5_000,
      perMinute: 60,
      seconds: 8,
      design: lines(
        'servers: { count: 4 }',
        'service: { workers: 1, service: 1ms, queue: 10M }',
        'retry: { timeout: 500ms, backoff: none, maxAttempts: 20 }',
      ),
    });
    expect(count(run, 'heldBack')).toBeGreaterThan(10_000);
    expect(metricsOf(run.system.context)['utilisation.chat-service']).toBeGreaterThan(0.99);
    expect(run.nowUs).toBe(8_000_000);
  });
});

describe('a Kafka consumer that lags further than its log reaches', () => {
  test('goes on with the oldest record there is; what lay before it is counted and traced as lost', () => {
    const run = ended({
      users: 4,
      perMinute: 6_000,
      seconds: 180,
      design: lines('servers: { count: 2 }', 'pubsub: { kind: kafka, shards: 4 }', 'ordering: best-effort'),
      channels: '  channels: { groups: { count: 1, size: 4 } }',
      script: 'script:\n  - { at: 1s, link: { from: pubsub, to: ws-server-2, cut: true }, for: 170s }\n',
    });
    const { context, sizes } = run.system;
    // 400 records a second, all in the partition of the one channel, each for one or two of the two members at the second server.
    const unreadThen = 400 * 170;
    const lost = (unreadThen - sizes.kafkaLogRecords) * 1.5;
    expect(lost).toBeGreaterThan(5_000);
    expect(count(run, 'dropRetention')).toBeGreaterThan(0.9 * lost);
    expect(count(run, 'dropRetention')).toBeLessThan(1.1 * lost);
    const { tracer } = context.watching;
    const traced = tracer.rows().filter((row) => row.kind === 'drop' && row.reason === 'retention');
    expect(tracer.leftOut).toBe(0);
    // A row for each message and server.
    expect(traced.length).toBeGreaterThan(0.9 * (unreadThen - sizes.kafkaLogRecords));
    expect(traced.length).toBeLessThan(count(run, 'dropRetention'));
    // It has caught up, and what it has lost is all that was lost.
    const { appended, position } = context.brokerState;
    expect(appended[0]! - position[4]!).toBeLessThan(100);
  });
});
