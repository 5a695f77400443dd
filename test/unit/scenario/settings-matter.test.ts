import { describe, expect, test } from 'vitest';
import { metricsOf } from '../../../src/run/metrics-of.ts';
import { createRun } from '../../../src/run/run.ts';
import { parseScenario } from '../../../src/scenario/parse.ts';
import { scenarioJsonSchema } from '../../../src/scenario/schema/json-schema.ts';
import type { Override } from '../../../src/scenario/types.ts';

/**
 * No setting pretends: each of the schema, changed by itself in a run in which it matters, changes what happens. The list of settings is
 * read from the schema, so a new one fails here until it says where it matters.
 */

/** Everything happens here that a setting can be about: full queues, a fail-over, crashes, slow and lossy links, people who come back. */
const BASE = `scenario: busy
title: Busy
seed: 3
duration: 16s
design:
  gateway: { count: 2 }
  servers: { count: 3 }
  rateLimit: none
workload:
  users: { count: 40, names: [alice, bob, carol, dan] }
  channels: { named: { general: [alice, bob, carol, dan] }, everyone: all, private: 10, groups: { count: 6, size: { min: 3, max: 12 } } }
  online: 0.9
  churnPerSecond: 0.02
  messages: { perUserPerMinute: 60 }
script:
  - { at: 100ms, send: { from: alice, to: general, times: 60, every: 20ms } }
  - { at: 2s, link: { from: clients, to: gateways, loss: 0.2, duplicate: 0.2, reorder: 0.2, delay: 400ms }, for: 2s }
  - { at: 3s, link: { from: pubsub, to: ws-servers, loss: 0.1, duplicate: 0.2, reorder: 0.3, delay: 400ms }, for: 2s }
  - { at: 3100ms, send: { from: carol, to: general, times: 60, every: 20ms } }
  - { at: 5s, slow: ws-server-2, factor: 2000, for: 1s }
  - { at: 7s, failover: database, for: 200ms }
  - { at: 8s, crash: ws-server-1, for: 1s }
  - { at: 10s, disconnect: [alice, bob, user-9, user-10], for: 1s }
  - { at: 11s, cut: { from: dan, to: gateways }, for: 3s }
  - { at: 12s, send: { from: bob, to: general, times: 20, every: 20ms } }
`;

type Settings = Readonly<Record<string, unknown>>;

interface Case {
  /** The other value. */
  readonly to: unknown;
  /** What else must be set, in both runs, for it to matter. */
  readonly where?: Settings;
}

const LIMIT = (more: Settings = {}): Settings => ({
  'design.rateLimit': {
    algorithm: 'sliding-window-log',
    limit: 3,
    window: '2s',
    placement: 'gateway',
    ...more,
  },
});
const KAFKA: Settings = { 'design.pubsub.kind': 'kafka', 'design.pubsub.shards': 2 };
const NO_SOCKETS: Settings = { 'design.pubsub.socketBufferBytes': 0 };
const BOTS = (more: Settings = {}): Settings => ({
  ...LIMIT(),
  'workload.bots': { share: 0.1, perUserPerMinute: 300, ...more },
});
const ONCE: Settings = { 'design.delivery': 'effectively-once' };

const CASES: Readonly<Record<string, Case>> = {
  'design.protocol': { to: 'sse' },
  'design.gateway.count': { to: 3 },
  'design.gateway.balancing': { to: 'random' },
  // The balancer's units are for new connections here; elsewhere for bytes, which cost the same wherever TLS ends.
  'design.gateway.tls': { to: 'balancer', where: { 'workload.churnPerSecond': 0.9 } },
  'design.gateway.acceptsPerSecond': { to: 1 },
  'design.gateway.acceptQueue': { to: 0, where: { 'design.gateway.acceptsPerSecond': 1 } },
  'design.gateway.workers': { to: 1, where: { 'design.gateway.service': '20ms' } },
  'design.gateway.queue': { to: 0, where: { 'design.gateway.service': '50ms', 'design.gateway.workers': 1 } },
  'design.gateway.service': { to: '1ms' },
  'design.servers.count': { to: 4 },
  'design.servers.maxConnections': { to: 13 },
  'design.servers.state': { to: 'external' },
  'design.servers.queue': { to: 0 },
  'design.servers.receive': { to: '1ms' },
  'design.servers.notify': { to: '1ms' },
  'design.servers.send': { to: '1ms' },
  'design.servers.wakeUp': { to: '2ms' },
  'design.servers.heartbeat': { to: '5ms', where: { 'design.heartbeat.interval': '1s' } },
  'design.pubsub.kind': { to: 'kafka' },
  'design.pubsub.shards': { to: 1, where: { 'design.pubsub.publish': '5ms' } },
  'design.pubsub.queue': { to: 0, where: { 'design.pubsub.publish': '5ms' } },
  'design.pubsub.publish': { to: '5ms' },
  'design.pubsub.perSubscriber': { to: '2ms' },
  'design.pubsub.socketBufferBytes': {
    to: 0,
    where: { 'design.pubsub.outputBuffer.hardBytes': 300, 'design.pubsub.outputBuffer.softBytes': 300 },
  },
  'design.pubsub.outputBuffer.hardBytes': {
    to: 300,
    where: { ...NO_SOCKETS, 'design.pubsub.outputBuffer.softBytes': 300 },
  },
  'design.pubsub.outputBuffer.softBytes': {
    to: 300,
    where: { ...NO_SOCKETS, 'design.pubsub.outputBuffer.soft': '10ms' },
  },
  'design.pubsub.outputBuffer.soft': {
    to: '10ms',
    where: { ...NO_SOCKETS, 'design.pubsub.outputBuffer.softBytes': 300 },
  },
  'design.pubsub.fetch': { to: '80ms', where: KAFKA },
  'design.pubsub.fetchMaxRecords': { to: 1, where: KAFKA },
  'design.pubsub.sessionTimeout': { to: '2s', where: KAFKA },
  'design.pubsub.autoCommit': { to: '300ms', where: { ...KAFKA, 'design.pubsub.sessionTimeout': '2s' } },
  'design.pubsub.maxPollInterval': { to: '50ms', where: KAFKA },
  'design.service.workers': { to: 1, where: { 'design.service.service': '20ms' } },
  'design.service.queue': { to: 0, where: { 'design.service.service': '20ms', 'design.service.workers': 1 } },
  'design.service.service': { to: '5ms' },
  'design.database.workers': { to: 1, where: { 'design.database.write': '20ms' } },
  'design.database.queue': {
    to: 0,
    where: { 'design.database.write': '50ms', 'design.database.workers': 1 },
  },
  'design.database.write': { to: '50ms' },
  'design.database.read': { to: '50ms' },
  'design.database.replicationLag': { to: '2s' },
  'design.flow': { to: ['ack', 'validate', 'persist', 'publish'] },
  'design.rateLimit.algorithm': { to: 'token-bucket', where: LIMIT() },
  'design.rateLimit.limit': { to: 4, where: LIMIT() },
  'design.rateLimit.window': { to: '3s', where: LIMIT() },
  'design.rateLimit.burst': { to: 6, where: LIMIT({ algorithm: 'token-bucket' }) },
  'design.rateLimit.by': { to: 'channel', where: LIMIT() },
  'design.rateLimit.placement': { to: 'server', where: LIMIT() },
  'design.rateLimit.counters': { to: 'each', where: LIMIT({ by: 'channel' }) },
  // Sends of the script come every 20 ms exactly.
  'design.rateLimit.boundary': {
    to: 'exclusive',
    where: {
      ...LIMIT({ window: '20ms', limit: 1 }),
      'design.network.clients': [{ name: 'wire', share: 1, latency: '10ms' }],
    },
  },
  'design.rateLimit.leak': { to: 'queue', where: LIMIT({ algorithm: 'leaky-bucket' }) },
  'design.rateLimit.align': { to: 'first-request', where: LIMIT({ algorithm: 'fixed-window' }) },
  'design.rateLimit.rounding': { to: 'floor', where: LIMIT({ algorithm: 'sliding-window-counter' }) },
  'design.rateLimit.refusedCount': { to: true, where: LIMIT() },
  'design.rateLimit.timeout': { to: '1ms', where: LIMIT({ placement: 'service', service: '5ms' }) },
  'design.rateLimit.whenDown': {
    to: 'closed',
    where: LIMIT({ placement: 'service', service: '5ms', timeout: '1ms' }),
  },
  'design.rateLimit.compareWithLog': { to: true, where: LIMIT({ algorithm: 'sliding-window-counter' }) },
  'design.rateLimit.workers': { to: 1, where: LIMIT({ placement: 'service', service: '20ms', workers: 4 }) },
  'design.rateLimit.queue': { to: 0, where: LIMIT({ placement: 'service', service: '20ms', workers: 1 }) },
  'design.rateLimit.service': { to: '5ms', where: LIMIT({ placement: 'service' }) },
  'design.outbox.enabled': { to: true, where: { 'design.flow': ['validate', 'persist', 'ack', 'publish'] } },
  'design.outbox.poll': {
    to: '500ms',
    where: { 'design.flow': ['validate', 'persist', 'ack', 'publish'], 'design.outbox.enabled': true },
  },
  'design.ordering': { to: 'best-effort' },
  'design.sequence.source': { to: 'service' },
  'design.causal.scope': {
    to: 'channel',
    where: { 'design.ordering': 'causal', 'design.causal.scope': 'all' },
  },
  'design.sequencer.replicas': { to: 3, where: { 'design.ordering': 'global' } },
  'design.sequencer.queue': {
    to: 0,
    where: { 'design.ordering': 'global', 'design.sequencer.service': '20ms' },
  },
  'design.sequencer.service': { to: '5ms', where: { 'design.ordering': 'global' } },
  'design.sequencer.election': {
    to: '3s',
    where: { 'design.ordering': 'global', 'design.sequencer.replicas': 3 },
  },
  'design.clocks.stamp': { to: 'server', where: { 'design.ordering': 'timestamp' } },
  'design.clocks.skew': { to: '500ms', where: { 'design.ordering': 'timestamp' } },
  'design.clocks.holdBack': { to: '1s', where: { 'design.ordering': 'timestamp' } },
  'design.reorder.maxEntries': { to: 1 },
  'design.reorder.timeout': { to: '20ms' },
  'design.reorder.backfill': { to: false },
  'design.reorder.giveUpAfter': { to: '6s', where: { 'design.ordering': 'global' } },
  'design.delivery': { to: 'at-most-once' },
  'design.dedup.by': { to: 'sequence', where: ONCE },
  'design.dedup.memory': { to: 'bloom-filter', where: ONCE },
  'design.dedup.window': { to: '10ms', where: { ...ONCE, 'design.dedup.memory': 'window' } },
  'design.dedup.bits': { to: 8, where: { ...ONCE, 'design.dedup.memory': 'bloom-filter' } },
  'design.dedup.hashes': {
    to: 1,
    where: { ...ONCE, 'design.dedup.memory': 'bloom-filter', 'design.dedup.bits': 64 },
  },
  'design.redelivery.timeout': { to: '300ms' },
  'design.redelivery.maxAttempts': { to: 1, where: { 'design.redelivery.timeout': '300ms' } },
  'design.retry.timeout': { to: '300ms' },
  'design.retry.maxAttempts': { to: 1 },
  'design.retry.backoff': { to: 'none' },
  'design.retry.base': { to: '10ms' },
  'design.retry.cap': {
    to: '120ms',
    where: { 'design.retry.base': '100ms', 'design.retry.timeout': '100ms' },
  },
  'design.retry.maxInFlight': { to: 1 },
  'design.heartbeat.interval': { to: '1s' },
  'design.heartbeat.timeout': { to: '20ms', where: { 'design.heartbeat.interval': '1s' } },
  'design.longPolling.hold': { to: '5s', where: { 'design.protocol': 'long-polling' } },
  'design.reconnect.backoff': { to: 'constant' },
  'design.reconnect.base': { to: '10ms' },
  'design.reconnect.cap': {
    to: '600ms',
    where: {
      'design.reconnect.base': '500ms',
      'design.gateway.acceptsPerSecond': 1,
      'design.gateway.acceptQueue': 0,
    },
  },
  'design.reconnect.resume': { to: false },
  'design.reconnect.catchUp': { to: 'fetch-then-subscribe' },
  'design.reconnect.offset': { to: 1 },
  'design.network.clients': { to: [{ name: 'far', share: 1, latency: '200ms' }] },
  'design.network.internal': { to: '5ms' },
  'design.message.bytes': { to: 2000 },
  'design.mistakes': { to: ['dedup-by-content'], where: ONCE },
  'workload.users.count': { to: 41 },
  'workload.channels.named': { to: { general: ['alice', 'bob', 'carol'] } },
  'workload.channels.private': { to: 11 },
  'workload.channels.groups.count': { to: 7 },
  'workload.channels.groups.size': { to: 4 },
  'workload.channels.membershipsPerUser': { to: 4 },
  'workload.online': { to: 0.5 },
  'workload.churnPerSecond': { to: 0.1 },
  'workload.usersPerAddress': { to: 10, where: LIMIT({ by: 'address' }) },
  'workload.bots.share': { to: 0.3, where: BOTS() },
  'workload.bots.users': {
    to: ['alice', 'bob'],
    where: { ...LIMIT(), 'workload.bots': { users: ['alice'], perUserPerMinute: 300 } },
  },
  'workload.bots.perUserPerMinute': { to: 600, where: BOTS() },
  'workload.bots.from': { to: '5s', where: BOTS() },
  'workload.bots.waits': { to: true, where: BOTS({ waits: false }) },
  'workload.bots.resend': { to: '10ms', where: BOTS({ waits: false, resend: '500ms' }) },
  'workload.bots.reconnects': { to: true, where: BOTS({ waits: false }) },
  'workload.messages.perUserPerMinute': { to: 30 },
  'workload.messages.curve': { to: 'daily' },
  'workload.messages.quietEveryone': { to: false },
};

/** Settings that a run has no reader for, each with the reason. */
const WORDS: Readonly<Record<string, string>> = {
  'workload.users.names': 'names: what people are called changes nothing that happens',
  'workload.channels.everyone':
    'a name; that there is such a channel matters, and is tried with quietEveryone',
  'design.presence.strategy': 'drawn in the diagrams of a design only, as its description says',
};

interface JsonSchema {
  readonly type?: unknown;
  readonly anyOf?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly enum?: unknown;
  readonly description?: string;
}

/** Ways of writing one value, not settings of their own. */
const DISTRIBUTIONS = ['median', 'mean', 'min', 'zipf'];

/** The paths of the settings below a part of the schema. A map that is one way to write a number or a duration is one setting. */
function settingsBelow(schema: JsonSchema, path: string): string[] {
  const forms = schema.anyOf ?? [schema];
  const maps = forms.filter(({ properties }) => properties !== undefined);
  const isDistribution = maps.some(({ properties }) => DISTRIBUTIONS.some((key) => key in properties!));
  if (maps.length === 0 || isDistribution) return [path];
  return maps.flatMap(({ properties }) =>
    Object.entries(properties!).flatMap(([key, inner]) => settingsBelow(inner, `${path}.${key}`)),
  );
}

const schema = scenarioJsonSchema() as JsonSchema;
const settings = ['design', 'workload'].flatMap((part) => settingsBelow(schema.properties![part]!, part));

/** Sequencers are there in a global order only. */
const textFor = (over: Settings): string =>
  over['design.sequencer.replicas'] === 3 ? `${BASE}  - { at: 7s, crash: sequencer-3, for: 5s }\n` : BASE;

/** What happens: every figure, and every row of the trace. */
function outcome(over: Settings): string {
  const overrides = Object.entries(over).map(([path, value]): Override => ({ kind: 'set', path, value }));
  const run = createRun(parseScenario(textFor(over), 'busy.yaml', overrides), { maxTraceRows: 400_000 });
  while (run.advance(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY) !== 'end') run.script.answer();
  return JSON.stringify([metricsOf(run.system.context), run.traceHash()]);
}

const known = new Map<string, string>();
function outcomeOf(over: Settings): string {
  const key = JSON.stringify(over);
  const found = known.get(key) ?? outcome(over);
  known.set(key, found);
  return found;
}

test('every setting of the schema is tried below, or is listed with the reason why it only names or draws', () => {
  const unique = [...new Set(settings)];
  expect(unique.length).toBeGreaterThan(100);
  const accounted = [...Object.keys(CASES), ...Object.keys(WORDS)];
  expect([...accounted].sort()).toEqual([...unique].sort());
});

describe('changes what happens', () => {
  test.each(Object.keys(CASES))('%s', (path) => {
    const { to, where = {} } = CASES[path]!;
    expect(outcomeOf({ ...where, [path]: to })).not.toBe(outcomeOf(where));
  });
});
