import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { metricsOf } from '../../../src/run/metrics-of.ts';
import { type Chat, runChat, type Send, verdictsOf } from './chat.ts';

/** What each mechanism of delivery promises, and that the same choices break the promise without it. */

const sends: fc.Arbitrary<readonly Send[]> = fc
  .array(fc.record({ from: fc.nat(2), to: fc.constant(0), atMs: fc.nat(4_000) }), {
    minLength: 3,
    maxLength: 10,
  })
  .map((all) => [...all].sort((a, b) => a.atMs - b.atMs));

interface Case {
  readonly what: string;
  readonly promise: string;
  readonly kept: readonly string[];
  readonly broken: readonly string[];
  readonly script: readonly string[];
  /** What once broke it. */
  readonly examples?: readonly [seed: number, sends: readonly Send[]][];
}

const at = (...of: readonly (readonly [from: number, atMs: number])[]): readonly Send[] =>
  of.map(([from, atMs]) => ({ from, to: 0, atMs }));

const LOSSY = [
  '- { at: 0s, link: { from: clients, to: gateway-1, loss: 0.25 } }',
  '- { at: 8s, heal: { from: clients, to: gateway-1 } }',
];
const FLOW_ACK_FIRST = 'flow: [validate, ack, persist, publish]';
const FLOW_PERSIST_FIRST = 'flow: [validate, persist, ack, publish]';
/** A client that is back asks for what it has missed: whatever else was to bring it there would not be seen to fail. */
const NO_RESUME = 'reconnect: { resume: false }';
const ONCE = 'delivery: effectively-once';

const CASES: readonly Case[] = [
  {
    what: 'an id that is remembered',
    promise: 'no-duplicates',
    kept: [ONCE],
    broken: ['delivery: at-least-once'],
    script: LOSSY,
  },
  {
    what: 'an id that is remembered for longer than a sender tries',
    promise: 'no-duplicates',
    kept: [ONCE, 'dedup: { memory: window, window: 5m }'],
    broken: [ONCE, 'dedup: { memory: window, window: 100ms }'],
    script: LOSSY,
  },
  {
    what: 'an id, and no number, by which a retry is known',
    promise: 'no-duplicates',
    kept: [ONCE, 'dedup: { by: message-id }'],
    broken: [ONCE, 'dedup: { by: sequence }'],
    script: LOSSY,
  },
  {
    what: 'a Bloom filter with enough bits',
    promise: 'acked-is-durable',
    kept: [ONCE, 'dedup: { memory: bloom-filter, bits: 1000000, hashes: 7 }'],
    broken: [ONCE, 'dedup: { memory: bloom-filter, bits: 16, hashes: 2 }'],
    script: [],
  },
  {
    what: 'redelivery of what the receiver has not acknowledged',
    promise: 'no-loss',
    kept: [ONCE, 'ordering: best-effort', NO_RESUME, 'redelivery: { timeout: 500ms, maxAttempts: 20 }'],
    broken: [ONCE, 'ordering: best-effort', NO_RESUME],
    script: LOSSY,
  },
  {
    what: 'a gap that is filled from the history',
    promise: 'no-loss',
    kept: [ONCE, 'ordering: per-channel', 'redelivery: { timeout: 500ms, maxAttempts: 3 }'],
    broken: [ONCE, 'ordering: per-channel', 'reorder: { timeout: 50ms, backfill: false }'],
    script: ['- { at: 0s, link: { from: pubsub, to: ws-servers, reorder: 0.4, delay: 600ms } }'],
  },
  {
    what: 'an acknowledgement after the message is durable',
    promise: 'acked-is-durable',
    kept: [ONCE, FLOW_PERSIST_FIRST],
    broken: [ONCE, FLOW_ACK_FIRST],
    script: ['- { at: 500ms, crash: database, for: 3s }'],
  },
  {
    what: 'a standby that has what was written',
    promise: 'acked-is-durable',
    kept: [ONCE],
    broken: [ONCE, 'database: { replicationLag: 3s }'],
    script: ['- { at: 3s, failover: database, for: 1s }'],
  },
  {
    what: 'an outbox',
    promise: 'no-loss',
    kept: [ONCE, FLOW_PERSIST_FIRST, 'outbox: { enabled: true }', 'ordering: best-effort', NO_RESUME],
    broken: [ONCE, FLOW_PERSIST_FIRST, 'ordering: best-effort', NO_RESUME],
    // The shards are away, so what the chat service publishes then is gone.
    script: ['- { at: 1s, crash: pubsub, for: 2s }'],
  },
  {
    what: 'subscribing before the history is fetched',
    promise: 'no-loss',
    kept: [ONCE, 'ordering: best-effort', 'reconnect: { catchUp: subscribe-then-fetch }'],
    broken: [ONCE, 'ordering: best-effort', 'reconnect: { catchUp: fetch-then-subscribe }'],
    script: [
      '- { at: 800ms, disconnect: [bob, carol, dan], for: 200ms }',
      '- { at: 1100ms, send: { from: alice, to: general, times: 40, every: 5ms } }',
    ],
  },
  {
    what: 'dropping what came live and came again with the history',
    promise: 'no-duplicates',
    kept: [ONCE, 'ordering: best-effort'],
    broken: ['delivery: at-least-once', 'ordering: best-effort'],
    script: [
      '- { at: 800ms, disconnect: [bob, carol, dan], for: 200ms }',
      '- { at: 1100ms, send: { from: alice, to: general, times: 40, every: 5ms } }',
    ],
    examples: [
      // A retry is published when forty later messages have been shown: its number is older than the mask.
      [0, at([0, 0], [0, 0], [0, 0], [1, 766])],
      // The second message to come live after the return has a lower number than the first.
      [652941088, at([0, 0], [0, 1106], [0, 1106], [0, 1106])],
    ],
  },
  {
    what: 'asking for what lies behind the last number, and not one further',
    promise: 'no-loss',
    kept: [ONCE],
    broken: [ONCE, 'reconnect: { offset: 1 }'],
    script: ['- { at: 500ms, disconnect: [bob, carol, dan], for: 4s }'],
  },
  {
    what: 'one message in flight at a time',
    promise: 'per-sender-fifo',
    kept: [ONCE, 'retry: { maxInFlight: 1, timeout: 1s }'],
    broken: [ONCE, 'retry: { timeout: 1s }'],
    script: LOSSY,
  },
  {
    what: 'one counter of a channel for all servers',
    promise: 'no-loss',
    kept: [ONCE],
    broken: [ONCE, 'sequence: { source: server }'],
    script: [],
  },
];

const chatOf = (
  seed: number,
  of: readonly Send[],
  design: readonly string[],
  script: readonly string[],
): Chat => ({
  seed,
  sends: of,
  design: ['ordering: per-channel', ...design].filter(
    (_line, i, all) => i > 0 || !all.slice(1).some((other) => other.startsWith('ordering')),
  ),
  script: [...script, '- { at: 20s, disconnect: [alice, bob, carol, dan], for: 1s }'],
});

describe.each(CASES)('$what', ({ promise, kept, broken, script, examples = [] }) => {
  test(`keeps ${promise}`, () => {
    fc.assert(
      fc.property(fc.nat(), sends, (seed, of) => {
        const chat = chatOf(seed, of, kept, script);
        expect(verdictsOf(chat)[promise]).not.toBe('violated');
      }),
      { numRuns: 4, examples: [...examples] },
    );
  });
  test(`is what keeps ${promise}: without it some of the same choices break it`, () => {
    const result = fc.check(
      fc.property(fc.nat(), sends, (seed, of) => {
        const chat = chatOf(seed, of, broken, script);
        return verdictsOf(chat)[promise] !== 'violated';
      }),
      { numRuns: 150, seed: 7, endOnFailure: true },
    );
    expect(result.failed).toBe(true);
  });
});

describe('a Bloom filter in the chat service', () => {
  test('drops exactly the new messages that its metric counts', () => {
    const of = Array.from({ length: 40 }, (_, i) => ({ from: i % 3, to: 0, atMs: 100 + 20 * i }));
    const run = runChat({
      seed: 3,
      sends: of,
      design: [ONCE, 'dedup: { memory: bloom-filter, bits: 120, hashes: 3 }'],
    });
    const metrics = metricsOf(run.system.context);
    expect(metrics['dedup.falsePositives']).toBeGreaterThan(0);
    expect(metrics['messages.persisted']).toBe(40 - metrics['dedup.falsePositives']);
    expect(metrics['messages.acked']).toBe(40);
    expect(metrics['dedup.rate']).toBeCloseTo(metrics['dedup.falsePositives'] / 40, 6);
  });
});
