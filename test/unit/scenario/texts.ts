import { InputError } from '../../../src/base/errors.ts';
import { parseScenario } from '../../../src/scenario/parse.ts';

/** Small scenarios that several tests read. */

export const TINY = `scenario: two-friends
title: Two friends
duration: 10s
workload:
  users: [alice, bob]
`;

/** Uses every key of the format at least once. */
export const EVERYTHING = `# yaml-language-server: $schema=./scenario.schema.json
scenario: everything
title: Everything at once
summary: Uses each key of the format.
teaches: [message-ordering, persistence]
seed: 7
duration: 5m
design:
  protocol: websocket
  gateway: { count: 2, balancing: two-choices, acceptsPerSecond: 2k, acceptQueue: 1_000, workers: 2, queue: 10k, service: 20us }
  servers: { count: 10, maxConnections: 120k, state: external, queue: 1k, receive: { mean: 20us }, notify: { min: 5us, max: 15us }, send: 10us, heartbeat: 1.5us }
  pubsub:
    kind: kafka
    shards: 4
    queue: 10k
    publish: 5us
    perSubscriber: 1.5us
    socketBufferBytes: 4MiB
    outputBuffer: { hardBytes: 32MiB, softBytes: 8MiB, soft: 60s }
    fetch: 5ms
    fetchMaxRecords: 500
    sessionTimeout: 45s
    autoCommit: 5s
  service: { workers: 64, queue: 2k, service: { median: 500us, p99: 3ms } }
  database: { workers: 128, queue: 2k, write: { median: 2ms, p99: 15ms }, read: 3ms }
  flow: [validate, ack, persist, publish]
  rateLimit: { algorithm: token-bucket, limit: 5, window: 60s, burst: 3, placement: service, boundary: exclusive, whenDown: closed, workers: 1, queue: 100, service: 10us }
  ordering: causal
  reorder: { maxEntries: 16, timeout: 500ms }
  delivery: effectively-once
  retry: { timeout: 3s, maxAttempts: 4, backoff: exponential, base: 1s, cap: 10s }
  presence: { strategy: subscribe }
  heartbeat: { interval: 25s, timeout: 8s }
  reconnect: { backoff: decorrelated-jitter, base: 1s, cap: 30s, resume: false }
  network:
    clients:
      - { name: wired, share: 60%, latency: 10ms }
      - { name: 4g, share: 0.4, latency: { median: 25ms, p99: 50ms } }
    internal: { min: 250us, max: 750us }
  message: { bytes: 200 }
workload:
  users: { count: 10k, names: [alice, bob, carol] }
  channels:
    named: { general: [alice, bob, carol], pair: [alice, bob] }
    everyone: town-hall
    private: 5k
    groups:
      - { count: 100, size: { zipf: { exponent: 1.2, max: 500 } } }
      - { count: 50, size: { min: 3, max: 32 } }
      - { count: 10, size: 40 }
  online: 90%
  churnPerSecond: 0.0033
  messages: { perUserPerMinute: 0.5, curve: daily, quietEveryone: true }
script:
  - say: Welcome.
  - { at: 1s, send: { from: alice, to: general, bytes: 200, times: 10, every: 10ms } }
  - { at: 2s, send: { from: bob, to: alice } }
  - { when: { message: alice/1, is: delivered, to: bob }, after: 2s, crash: database, for: 2s }
  - { when: { station: ws-server-3, is: down }, restart: [ws-server-3, pubsub-1] }
  - { when: { metric: connections, above: 9k }, slow: chat-service, factor: 10, for: 5s }
  - { at: 20s, block: ws-server-2, for: 50ms }
  - { at: 21s, cut: { from: ws-servers, to: pubsub }, for: 1s }
  - { at: 22s, link: { from: [alice, bob], to: gateway, loss: 1%, duplicate: 0.02, reorder: 0.1, delay: 20ms } }
  - { at: 23s, heal: { from: clients, to: gateway } }
  - { at: 24s, disconnect: alice, for: 5s }
  - { at: 25s, connect: [alice, user-77] }
  - { at: 26s, join: { user: carol, channel: pair } }
  - { at: 27s, leave: { user: carol, channel: pair } }
  - { at: 28s, watch: { message: alice/1 } }
  - { at: 28s, watch: { user: alice } }
  - { at: 28s, watch: { channel: general } }
  - { at: 29s, set: { design.retry.timeout: 2s, design.message.bytes: 64KiB } }
  - { at: 30s, expect: { metric: delivery.p99.ms, between: [1, 250] } }
  - when: { guarantee: acked-is-durable, is: violated }
    say: |
      A message that the sender believes is safe
      no longer exists.
  - ask: Which two steps would you swap?
    choices: [validate and ack, ack and persist, persist and publish]
    answer: ack and persist
    explain: Then nothing is acked that is not durable.
  - pause: true
compare:
  - { name: persist first, set: { design.flow: [validate, persist, ack, publish], workload.users: { count: 9k, names: [alice, bob, carol] } } }
  - { name: a log on redis, set: { design.pubsub.kind: redis, design.rateLimit.algorithm: sliding-window-log } }
  - { name: partitions, set: { design.pubsub.kind: kafka } }
expect:
  - { guarantee: acked-is-durable, is: violated }
  - { world: persist first, guarantee: acked-is-durable, is: holds }
  - { metric: delivery.p99.ms, below: 250 }
  - { metric: deliveries, equals: 12 }
`;

/** The lines of the InputError that reading the text ends with; an empty list when it can be used. */
export function problemsOf(text: string): readonly string[] {
  try {
    parseScenario(text, 'x.yaml');
    return [];
  } catch (error) {
    if (error instanceof InputError) return error.message.split('\n');
    throw error;
  }
}

/** EVERYTHING with a piece of it replaced; throws when the piece is not in it exactly once. */
export function everythingBut(piece: string, by: string): string {
  const parts = EVERYTHING.split(piece);
  if (parts.length !== 2) throw new Error(`"${piece}" is ${parts.length - 1} times in the text`);
  return parts.join(by);
}

/** `x.yaml:LINE:COLUMN` of an offset. */
export function placeOf(text: string, offset: number): string {
  const before = text.slice(0, offset).split('\n');
  return `x.yaml:${before.length}:${before[before.length - 1]!.length + 1}`;
}
