import { US_PER_MINUTE, US_PER_MS, US_PER_SECOND } from '../../base/units.ts';
import type { Bots, Design, RateLimit, Workload } from './design.ts';

/**
 * Every parameter that a scenario leaves out, as data. `parameters.ts` says for each where its value comes from.
 *
 * The defaults fit together. A million users write once a minute (16,667 messages/s) to channels of 21 on average as a sender meets
 * them, so that 20 members and about 18 of 100 servers are told of a message: 333,000 deliveries/s. Then the chat service is about
 * 18 % busy, the database 47 %, each of 4 Redis shards 13 %, each server 9 % (and about 50 % when there are only 10 of them).
 */

const constant = (us: number) => ({ kind: 'constant', us }) as const;
const lognormal = (medianUs: number, p99Us: number) => ({ kind: 'lognormal', medianUs, p99Us }) as const;

/** A limit before any is chosen, for designs that switch the rate limit on with only some of its settings. */
export const DEFAULT_RATE_LIMIT: RateLimit = {
  algorithm: 'sliding-window-log',
  limit: 120,
  windowUs: US_PER_MINUTE,
  burst: 120,
  by: 'user',
  placement: 'gateway',
  counters: 'shared',
  boundary: 'inclusive',
  leak: 'meter',
  align: 'clock',
  rounding: 'exact',
  refusedCount: false,
  timeoutUs: 50 * US_PER_MS,
  whenDown: 'open',
  compareWithLog: false,
  workers: 1,
  queue: 100_000,
  service: constant(10),
};

export const DEFAULT_DESIGN: Design = {
  protocol: 'websocket',
  gateway: {
    count: 4,
    balancing: 'least-connections',
    tls: 'gateway',
    acceptsPerSecond: 2_000,
    acceptQueue: 5_000,
    workers: 4,
    queue: 20_000,
    service: constant(20),
  },
  servers: {
    count: 100,
    maxConnections: 200_000,
    state: 'local',
    queue: 10_000,
    receive: constant(20),
    notify: constant(10),
    sendUs: 10,
    heartbeatUs: 5,
    wakeUpUs: 0,
  },
  pubsub: {
    kind: 'redis',
    shards: 4,
    queue: 100_000,
    publish: constant(5),
    perSubscriberUs: 1.5,
    socketBufferBytes: 4_194_304,
    outputBuffer: { hardBytes: 33_554_432, softBytes: 8_388_608, softUs: 60 * US_PER_SECOND },
    fetchUs: 5 * US_PER_MS,
    fetchMaxRecords: 500,
    sessionTimeoutUs: 45 * US_PER_SECOND,
    autoCommitUs: 5 * US_PER_SECOND,
    maxPollIntervalUs: 300 * US_PER_SECOND,
  },
  service: { workers: 64, queue: 20_000, service: lognormal(500, 3 * US_PER_MS) },
  database: {
    workers: 128,
    queue: 20_000,
    write: lognormal(2 * US_PER_MS, 15 * US_PER_MS),
    read: lognormal(3 * US_PER_MS, 15 * US_PER_MS),
    replicationLagUs: 0,
  },
  outbox: { enabled: false, pollUs: 50 * US_PER_MS },
  flow: ['validate', 'persist', 'publish', 'ack'],
  rateLimit: DEFAULT_RATE_LIMIT,
  ordering: 'per-channel',
  sequence: { source: 'database' },
  causal: { scope: 'all' },
  sequencer: { replicas: 1, queue: 20_000, service: constant(50), electionUs: US_PER_SECOND },
  clocks: { stamp: 'client', skewUs: 10 * US_PER_MS, holdBackUs: 200 * US_PER_MS },
  reorder: { maxEntries: 64, timeoutUs: US_PER_SECOND, backfill: true, giveUpAfterUs: 0 },
  delivery: 'at-least-once',
  retry: {
    timeoutUs: 5 * US_PER_SECOND,
    maxAttempts: 5,
    backoff: 'full-jitter',
    baseUs: US_PER_SECOND,
    capUs: 30 * US_PER_SECOND,
    maxInFlight: 0,
  },
  dedup: {
    by: 'message-id',
    memory: 'all',
    windowUs: 2 * US_PER_MINUTE,
    bits: 1_048_576,
    hashes: 7,
  },
  redelivery: { timeoutUs: 0, maxAttempts: 5 },
  presence: { strategy: 'none' },
  heartbeat: { intervalUs: 25 * US_PER_SECOND, timeoutUs: 8 * US_PER_SECOND },
  longPolling: { holdUs: 30 * US_PER_SECOND },
  reconnect: {
    backoff: 'full-jitter',
    baseUs: US_PER_SECOND,
    capUs: 30 * US_PER_SECOND,
    resume: true,
    catchUp: 'subscribe-then-fetch',
    offset: 0,
  },
  network: {
    clients: [
      { name: 'wired', share: 0.5, latency: lognormal(10 * US_PER_MS, 40 * US_PER_MS) },
      { name: '4g', share: 0.4, latency: lognormal(27 * US_PER_MS, 150 * US_PER_MS) },
      { name: '3g', share: 0.1, latency: lognormal(75 * US_PER_MS, 420 * US_PER_MS) },
    ],
    internal: { kind: 'uniform', minUs: 250, maxUs: 750 },
  },
  message: { bytes: 200 },
  mistakes: [],
};

/** How many memberships a user has where the scenario says nothing of channels, and how large its groups are. */
const DEFAULT_MEMBERSHIPS_PER_USER = 20;
export const DEFAULT_GROUP_SIZE = { kind: 'uniform', min: 3, max: 32 } as const;

/**
 * Channels for so many users where the scenario names none: half a private chat a user, and groups of 3 to 32 members so that
 * each user is in 20 channels on average.
 */
export function defaultChannels(users: number): Workload['channels'] {
  const pairs = Math.floor(users / 2);
  const size = { ...DEFAULT_GROUP_SIZE, max: Math.min(DEFAULT_GROUP_SIZE.max, users) };
  const memberships = DEFAULT_MEMBERSHIPS_PER_USER * users - 2 * pairs;
  const count = Math.round(memberships / ((size.min + size.max) / 2));
  return {
    named: [],
    private: pairs,
    groups: users < DEFAULT_GROUP_SIZE.min ? [] : [{ count, size, meanSize: null }],
    everyone: null,
  };
}

/** Bots before any are there, for workloads that have some. */
export const DEFAULT_BOTS: Bots = {
  share: 0,
  users: [],
  perUserPerMinute: 300,
  fromUs: 0,
  waits: false,
  resendUs: 100 * US_PER_MS,
  reconnects: false,
};

const DEFAULT_USERS = 1_000_000;

export const DEFAULT_WORKLOAD: Workload = {
  users: DEFAULT_USERS,
  userNames: [],
  channels: defaultChannels(DEFAULT_USERS),
  online: 1,
  churnPerSecond: 0.0033,
  usersPerAddress: 1,
  bots: null,
  messages: { perUserPerMinute: 1, curve: 'flat', quietEveryone: true },
};

export const DEFAULTS: { readonly design: Design; readonly workload: Workload } = {
  design: DEFAULT_DESIGN,
  workload: DEFAULT_WORKLOAD,
};
