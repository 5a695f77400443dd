import { describe, expect, test } from 'vitest';
import { InputError } from '../../../src/base/errors.ts';
import { MODE_SETTINGS } from '../../../src/scenario/compile/idle-settings.ts';
import { parseScenario } from '../../../src/scenario/parse.ts';
import type { Override } from '../../../src/scenario/types.ts';

const TEXT = 'scenario: modes\ntitle: Modes\n';

type Settings = Readonly<Record<string, unknown>>;

const set = (settings: Settings): Override[] =>
  Object.entries(settings).map(([path, value]) => ({ kind: 'set', path, value }));

function problems(text: string, overrides: readonly Override[] = []): string[] {
  try {
    parseScenario(text, 'modes.yaml', overrides);
    return [];
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return error.problems.map(({ file, line, column, message }) => `${file}:${line}:${column}: ${message}`);
  }
}

const GLOBAL: Settings = { 'design.ordering': 'global' };
const ONCE: Settings = { 'design.delivery': 'effectively-once' };
const AT_MOST_ONCE: Settings = { 'design.delivery': 'at-most-once' };
const LONG_POLLING: Settings = { 'design.protocol': 'long-polling' };
const KAFKA: Settings = { 'design.pubsub.kind': 'kafka' };
const NO_BROKER: Settings = { 'design.pubsub.kind': 'none' };
const LOG: Settings = { 'design.rateLimit.algorithm': 'sliding-window-log' };
const BUCKET: Settings = { 'design.rateLimit.algorithm': 'leaky-bucket' };
const SERVER: Settings = { 'design.rateLimit.placement': 'server' };
const SERVICE: Settings = { 'design.rateLimit.placement': 'service' };
const ordering = (name: string): Settings => ({ 'design.ordering': name });
const memory = (name: string): Settings => ({ ...ONCE, 'design.dedup.memory': name });
const algorithm = (name: string): Settings => ({ 'design.rateLimit.algorithm': name });

/** Each setting with a value, a design where it does nothing, one where it works, and what the problem asks for. */
const CASES: Readonly<
  Record<string, readonly [value: unknown, idle: Settings, works: Settings, asks: string]>
> = {
  'design.sequencer': [{ queue: 5 }, ordering('causal'), GLOBAL, 'ordering: global'],
  'design.sequencer.election': [
    '2s',
    GLOBAL,
    { ...GLOBAL, 'design.sequencer.replicas': 3 },
    'sequencer.replicas: 3',
  ],
  'design.causal': [{ scope: 'channel' }, GLOBAL, ordering('causal'), 'ordering: causal'],
  'design.clocks.stamp': ['server', ordering('lamport'), ordering('timestamp'), 'ordering: timestamp'],
  'design.clocks.skew': ['5ms', ordering('lamport'), ordering('hybrid-logical'), 'timestamp or hybrid'],
  'design.clocks.holdBack': ['5ms', GLOBAL, ordering('lamport'), 'timestamp or lamport or hybrid-logical'],
  'design.reorder': [
    { timeout: '1s' },
    ordering('best-effort'),
    ordering('per-channel'),
    'an ordering other than best-effort',
  ],
  'design.dedup.by': ['sequence', {}, ONCE, 'delivery: effectively-once'],
  'design.dedup.memory': ['window', {}, ONCE, 'delivery: effectively-once'],
  'design.dedup.window': ['5s', ONCE, memory('window'), 'dedup.memory: window'],
  'design.dedup.bits': [5000, memory('window'), memory('bloom-filter'), 'dedup.memory: bloom-filter'],
  'design.dedup.hashes': [5, memory('all'), memory('bloom-filter'), 'dedup.memory: bloom-filter'],
  'design.redelivery.maxAttempts': [3, {}, { 'design.redelivery.timeout': '2s' }, 'a redelivery.timeout'],
  'design.outbox.poll': ['20ms', {}, { 'design.outbox.enabled': true }, 'outbox.enabled: true'],
  'design.retry.timeout': ['3s', AT_MOST_ONCE, {}, 'a delivery other than at-most-once'],
  'design.retry.maxAttempts': [3, AT_MOST_ONCE, ONCE, 'a delivery other than at-most-once'],
  'design.retry.backoff': ['none', AT_MOST_ONCE, {}, 'a delivery other than at-most-once'],
  'design.retry.base': ['2s', { 'design.retry.backoff': 'none' }, {}, 'a retry.backoff other than none'],
  'design.retry.cap': ['50s', { 'design.retry.backoff': 'constant' }, {}, 'a retry.backoff that grows'],
  'design.reconnect.base': [
    '2s',
    { 'design.reconnect.backoff': 'none' },
    { 'design.reconnect.backoff': 'constant' },
    'a reconnect.backoff other than none',
  ],
  'design.reconnect.cap': [
    '50s',
    { 'design.reconnect.backoff': 'constant' },
    {},
    'a reconnect.backoff that grows',
  ],
  'design.reconnect.catchUp': [
    'fetch-then-subscribe',
    { 'design.reconnect.resume': false },
    {},
    'reconnect.resume: true',
  ],
  'design.reconnect.offset': [1, { 'design.reconnect.resume': false }, {}, 'reconnect.resume: true'],
  'design.longPolling': [
    { hold: '20s' },
    { 'design.protocol': 'sse' },
    LONG_POLLING,
    'protocol: long-polling',
  ],
  'design.heartbeat.interval': [
    '20s',
    LONG_POLLING,
    { 'design.protocol': 'sse' },
    'protocol: websocket or sse',
  ],
  'design.servers.heartbeat': ['20us', LONG_POLLING, {}, 'protocol: websocket or sse'],
  'design.pubsub.shards': [2, NO_BROKER, KAFKA, 'a broker'],
  'design.pubsub.queue': [20, NO_BROKER, KAFKA, 'a broker'],
  'design.pubsub.publish': ['20us', NO_BROKER, KAFKA, 'a broker'],
  'design.pubsub.perSubscriber': ['1.7us', KAFKA, {}, 'pubsub.kind: redis or redis-cluster'],
  'design.pubsub.socketBufferBytes': ['1MiB', KAFKA, {}, 'pubsub.kind: redis or redis-cluster'],
  'design.pubsub.outputBuffer': [{ soft: '5s' }, KAFKA, {}, 'pubsub.kind: redis or redis-cluster'],
  'design.pubsub.fetch': ['20ms', {}, KAFKA, 'pubsub.kind: kafka'],
  'design.pubsub.fetchMaxRecords': [20, {}, KAFKA, 'pubsub.kind: kafka'],
  'design.pubsub.sessionTimeout': ['20s', {}, KAFKA, 'pubsub.kind: kafka'],
  'design.pubsub.autoCommit': ['20s', {}, KAFKA, 'pubsub.kind: kafka'],
  'design.pubsub.maxPollInterval': ['20s', {}, KAFKA, 'pubsub.kind: kafka'],
  'design.rateLimit.*.burst': [5, LOG, BUCKET, 'rateLimit.algorithm: token-bucket or leaky-bucket or gcra'],
  'design.rateLimit.*.leak': ['queue', LOG, BUCKET, 'rateLimit.algorithm: leaky-bucket'],
  'design.rateLimit.*.boundary': ['exclusive', BUCKET, LOG, 'rateLimit.algorithm: sliding-window-log'],
  'design.rateLimit.*.align': [
    'first-request',
    LOG,
    algorithm('fixed-window'),
    'rateLimit.algorithm: fixed-window',
  ],
  'design.rateLimit.*.rounding': [
    'floor',
    LOG,
    algorithm('sliding-window-counter'),
    'rateLimit.algorithm: sliding-window-counter',
  ],
  'design.rateLimit.*.refusedCount': [true, BUCKET, LOG, 'rateLimit.algorithm: fixed-window or'],
  'design.rateLimit.*.counters': ['each', SERVICE, { 'design.rateLimit.placement': 'gateway' }, 'gateway'],
  'design.rateLimit.*.timeout': ['5ms', SERVER, SERVICE, 'rateLimit.placement: service'],
  'design.rateLimit.*.whenDown': ['closed', SERVER, SERVICE, 'rateLimit.placement: service'],
  'design.rateLimit.*.workers': [2, SERVER, SERVICE, 'rateLimit.placement: service'],
  'design.rateLimit.*.queue': [20, SERVER, SERVICE, 'rateLimit.placement: service'],
  'design.rateLimit.*.service': ['20us', SERVER, SERVICE, 'rateLimit.placement: service'],
  'workload.usersPerAddress': [
    50,
    { 'design.rateLimit.by': 'user' },
    { 'design.rateLimit.by': 'address' },
    'a limit by address',
  ],
  'workload.bots.resend': [
    '2s',
    { 'workload.bots.share': 0.1, 'workload.bots.waits': true },
    { 'workload.bots.share': 0.1 },
    'workload.bots.waits: false',
  ],
  'workload.messages.quietEveryone': [
    false,
    {},
    { 'workload.channels.everyone': 'town' },
    'a channel for everyone',
  ],
};

describe('a setting that works in a mode only', () => {
  test('is tried below, each of them', () => {
    expect(Object.keys(CASES).sort()).toEqual(MODE_SETTINGS.map(({ setting }) => setting).sort());
  });

  test.each(Object.entries(CASES))('%s is refused without its mode', (setting, [value, idle, , asks]) => {
    const path = setting.replace('.*', '');
    const found = problems(TEXT, set({ ...idle, [path]: value }));
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(/^--set:1:1: .* works only with .*; set that, or leave it out$/);
    expect(found[0]).toContain(path);
    expect(found[0]).toContain(asks);
  });

  test.each(Object.entries(CASES))('%s is taken in its mode', (setting, [value, , works]) => {
    expect(problems(TEXT, set({ ...works, [setting.replace('.*', '')]: value }))).toEqual([]);
  });
});

describe('the line that refuses it', () => {
  const design = (lines: string): string => `${TEXT}design:\n${lines}`;

  test('stands where the setting does', () => {
    expect(problems(design('  ordering: causal\n  sequencer: { replicas: 3, election: 2s }\n'))).toEqual([
      'modes.yaml:5:3: sequencer works only with ordering: global; set that, or leave it out',
    ]);
    expect(
      problems(
        design('  rateLimit: [{ algorithm: gcra, burst: 3 }, { algorithm: fixed-window, burst: 3 }]\n'),
      ),
    ).toEqual([
      'modes.yaml:4:73: rateLimit.1.burst works only with rateLimit.algorithm: token-bucket or leaky-bucket or gcra; set that, or leave it out',
    ]);
  });

  test('names everything that is missing', () => {
    expect(problems(design('  dedup: { window: 5s }\n'))[0]).toContain(
      'dedup.window works only with delivery: effectively-once and dedup.memory: window;',
    );
  });

  test('is not said of what another world of the file needs, nor of what is laid over it', () => {
    const clocks = '  ordering: timestamp\n  clocks: { skew: 20ms }\n';
    const world = 'compare:\n  - { name: other, set: { design.ordering: NAME } }\n';
    expect(problems(design(clocks) + world.replace('NAME', 'lamport'))).toEqual([]);
    expect(problems(design(clocks), set({ 'design.ordering': 'lamport' }))).toEqual([]);
    const idle = clocks.replace('timestamp', 'per-channel');
    expect(problems(design(idle) + world.replace('NAME', 'timestamp'))).toEqual([]);
    expect(problems(design(idle) + world.replace('NAME', 'causal'))).toHaveLength(1);
  });

  test('is said of what a world or a step of the script sets for itself', () => {
    expect(problems(`${TEXT}compare:\n  - { name: w, set: { design.pubsub.fetch: 20ms } }\n`)).toEqual([
      'modes.yaml:4:23: pubsub.fetch works only with pubsub.kind: kafka; set that, or leave it out',
    ]);
    expect(problems(`${TEXT}script:\n  - { at: 1s, set: { design.pubsub.fetch: 20ms } }\n`)).toEqual([
      'modes.yaml:4:22: pubsub.fetch works only with pubsub.kind: kafka; set that, or leave it out',
    ]);
  });

  test('is not said of a limit that is switched off, nor before a step of the script sets the mode', () => {
    expect(problems(design('  rateLimit: { placement: none, burst: 3, leak: queue }\n'))).toEqual([]);
    const capped = '  reconnect: { backoff: none, cap: 20s }\n';
    expect(problems(design(capped))).toHaveLength(1);
    const later = 'script:\n  - { at: 1s, set: { design.reconnect.backoff: full-jitter } }\n';
    expect(problems(design(capped) + later)).toEqual([]);
  });
});
