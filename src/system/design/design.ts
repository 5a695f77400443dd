import type { RateLimitAlgorithm, RateLimitConfig } from '../../algorithms/rate-limit/config.ts';
import type { WrittenMistake } from './mistake-names.ts';

/**
 * A Design and a Workload, normalised: every duration in microseconds, every choice by name. The scenario room turns YAML into this;
 * the rest of the system reads it and nothing else.
 */

/** A distribution of durations. */
export type Duration =
  | { readonly kind: 'constant'; readonly us: number }
  | { readonly kind: 'uniform'; readonly minUs: number; readonly maxUs: number }
  | { readonly kind: 'exponential'; readonly meanUs: number }
  | { readonly kind: 'lognormal'; readonly medianUs: number; readonly p99Us: number }
  /** Measured: at least two samples, in any order. */
  | { readonly kind: 'empirical'; readonly samplesUs: readonly number[] };

export const PROTOCOLS = ['websocket', 'sse', 'long-polling'] as const;
export type Protocol = (typeof PROTOCOLS)[number];

export const BALANCINGS = [
  'round-robin',
  'least-connections',
  'random',
  'two-choices',
  'consistent-hashing',
] as const;
type Balancing = (typeof BALANCINGS)[number];

export const PUBSUB_KINDS = ['redis', 'redis-cluster', 'kafka', 'none'] as const;
export type PubsubKind = (typeof PUBSUB_KINDS)[number];

export const FLOW_STEPS = ['validate', 'persist', 'publish', 'ack'] as const;
type FlowStep = (typeof FLOW_STEPS)[number];

export const RATE_LIMIT_KEYS = ['user', 'address', 'channel'] as const;
type RateLimitKey = (typeof RATE_LIMIT_KEYS)[number];

export const ORDERINGS = [
  'best-effort',
  'per-channel',
  'causal',
  'global',
  'timestamp',
  'lamport',
  'hybrid-logical',
] as const;
export type Ordering = (typeof ORDERINGS)[number];

export const DELIVERIES = ['at-most-once', 'at-least-once', 'effectively-once'] as const;
type Delivery = (typeof DELIVERIES)[number];

/** Who gives a message its number in its channel. `server` is a mistake: each WebSocket server counts for itself. */
export const SEQUENCE_SOURCES = ['database', 'service', 'partition', 'server'] as const;
type SequenceSource = (typeof SEQUENCE_SOURCES)[number];

export const DEDUP_MEMORIES = ['all', 'window', 'bloom-filter'] as const;
type DedupMemory = (typeof DEDUP_MEMORIES)[number];

export const PRESENCE_STRATEGIES = ['broadcast', 'subscribe', 'poll', 'last-active', 'none'] as const;
type PresenceStrategy = (typeof PRESENCE_STRATEGIES)[number];

export const BACKOFFS = [
  'none',
  'constant',
  'exponential',
  'full-jitter',
  'equal-jitter',
  'decorrelated-jitter',
] as const;
type Backoff = (typeof BACKOFFS)[number];

/** A station: a FIFO queue of at most `queue` waiting jobs before `workers` workers, each taking `service` a job. */
interface StationDesign {
  readonly workers: number;
  readonly queue: number;
  readonly service: Duration;
}

/** One rate limit. The station is the limiter's own: there is one only where the placement is `service`. */
export interface RateLimit extends StationDesign {
  readonly algorithm: RateLimitAlgorithm;
  readonly limit: number;
  readonly windowUs: number;
  readonly burst: number;
  /** Whose requests are counted together. */
  readonly by: RateLimitKey;
  readonly placement: 'gateway' | 'server' | 'service';
  /** At the gateways: all share one counter, or each counts only what passes it. Servers always count each for itself. */
  readonly counters: 'shared' | 'each';
  readonly boundary: RateLimitConfig['boundary'];
  readonly leak: NonNullable<RateLimitConfig['leak']>;
  readonly align: NonNullable<RateLimitConfig['align']>;
  readonly rounding: NonNullable<RateLimitConfig['rounding']>;
  readonly refusedCount: boolean;
  /** As a service: how long a server waits for its answer, and what it does without one. */
  readonly timeoutUs: number;
  readonly whenDown: 'open' | 'closed';
  /** Beside each decision an exact log of what was let through is asked, and the difference counted. */
  readonly compareWithLog: boolean;
}

export interface Design {
  readonly protocol: Protocol;
  readonly gateway: StationDesign & {
    readonly count: number;
    readonly balancing: Balancing;
    /** Where TLS ends: in the gateway's own work, or at the load balancer of a cloud before it, which is paid for by the connection. */
    readonly tls: 'gateway' | 'balancer';
    /** New connections that one gateway admits in a second. */
    readonly acceptsPerSecond: number;
    /** Connections that wait for admission at one gateway before it refuses. */
    readonly acceptQueue: number;
  };
  readonly servers: {
    readonly count: number;
    readonly maxConnections: number;
    /** Where subscriptions and resume positions live: lost with the server, or in a store asked at each reconnect. */
    readonly state: 'local' | 'external';
    /** A server is one event loop: one worker. */
    readonly queue: number;
    /** CPU of an inbound message, of a notification, of one send to a client, of a heartbeat. */
    readonly receive: Duration;
    readonly notify: Duration;
    readonly sendUs: number;
    readonly heartbeatUs: number;
    /** CPU of a wake-up of the event loop, shared by all that waits when it wakes. */
    readonly wakeUpUs: number;
  };
  readonly pubsub: {
    readonly kind: PubsubKind;
    /** Redis shards, cluster nodes, or Kafka partitions. */
    readonly shards: number;
    readonly queue: number;
    /** Fixed cost of a publish, and what each told server adds. */
    readonly publish: Duration;
    readonly perSubscriberUs: number;
    /** Redis: what the kernel's socket buffers between the broker and a server take of what the server does not read. */
    readonly socketBufferBytes: number;
    /** Redis: a server's output buffer at the broker, behind the sockets; the server is cut when it is over the hard limit, or over the soft limit for so long. */
    readonly outputBuffer: {
      readonly hardBytes: number;
      readonly softBytes: number;
      readonly softUs: number;
    };
    /** Kafka: a consumer fetches every so often at most so many records; a crashed consumer's session times out after this. */
    readonly fetchUs: number;
    readonly fetchMaxRecords: number;
    readonly sessionTimeoutUs: number;
    readonly autoCommitUs: number;
    /** Kafka: a consumer that has not handled after this what a poll gave it is out of its group. */
    readonly maxPollIntervalUs: number;
  };
  readonly service: StationDesign;
  readonly database: {
    readonly workers: number;
    readonly queue: number;
    readonly write: Duration;
    readonly read: Duration;
    /** What a fail-over loses: rows written so shortly before it that the standby does not have them. 0: the standby is synchronous. */
    readonly replicationLagUs: number;
  };
  /** Who publishes: the chat service after it has written (two writes, with a moment between), or a relay that reads what was written. */
  readonly outbox: { readonly enabled: boolean; readonly pollUs: number };
  readonly flow: readonly FlowStep[];
  readonly rateLimit: RateLimit | null;
  /** Where a scenario names several limits: those after the first. A request must be within all of them. */
  readonly furtherRateLimits?: readonly RateLimit[];
  readonly ordering: Ordering;
  readonly sequence: { readonly source: SequenceSource };
  /** Causal order: what a message's vector clock spans. Over one channel it says nothing of what was read in another. */
  readonly causal: { readonly scope: 'channel' | 'all' };
  /** Global order: one sequencer, or three of which a majority must have each number. One worker each. */
  readonly sequencer: {
    readonly replicas: number;
    readonly queue: number;
    readonly service: Duration;
    /** How long nobody numbers after the leader of three has died. */
    readonly electionUs: number;
  };
  /** Order by clock: whose clock stamps a message, how far the clocks are apart, how long a client waits for earlier stamps. */
  readonly clocks: {
    readonly stamp: 'client' | 'server';
    /** Standard deviation of a clock's offset from true time; normal. */
    readonly skewUs: number;
    readonly holdBackUs: number;
  };
  /** The client's reorder buffer: entries a user, and how long it waits for a gap before it asks the history, or gives the gap up. */
  readonly reorder: {
    readonly maxEntries: number;
    readonly timeoutUs: number;
    readonly backfill: boolean;
    /**
     * A gap is given up when the history does not have what is missing and the message that waits was sent so long ago; 0: as soon as the history
     * does not have it.
     */
    readonly giveUpAfterUs: number;
  };
  readonly delivery: Delivery;
  readonly retry: {
    readonly timeoutUs: number;
    readonly maxAttempts: number;
    readonly backoff: Backoff;
    readonly baseUs: number;
    readonly capUs: number;
    /** Messages of one client that wait for their acknowledgement at most; 0: no limit. With 1 a retry is never overtaken. */
    readonly maxInFlight: number;
  };
  /** Effectively once: how what was sent again is recognised, and for how long it is remembered. */
  readonly dedup: {
    /** The client's message id is known before there is a number; the number alone does not know a retry. */
    readonly by: 'message-id' | 'sequence';
    readonly memory: DedupMemory;
    readonly windowUs: number;
    readonly bits: number;
    readonly hashes: number;
  };
  /** The server sends again what the receiving client has not acknowledged; 0: never. */
  readonly redelivery: { readonly timeoutUs: number; readonly maxAttempts: number };
  readonly presence: { readonly strategy: PresenceStrategy };
  readonly heartbeat: { readonly intervalUs: number; readonly timeoutUs: number };
  /** Long polling: how long a server holds a request before it answers without a message. */
  readonly longPolling: { readonly holdUs: number };
  readonly reconnect: {
    readonly backoff: Backoff;
    readonly baseUs: number;
    readonly capUs: number;
    /** On return the client asks for what it missed. */
    readonly resume: boolean;
    readonly catchUp: 'subscribe-then-fetch' | 'fetch-then-subscribe';
    /** Added to the last number seen when it asks; anything but 0 is a mistake. */
    readonly offset: number;
  };
  readonly network: {
    /** One way between client and gateway, by class of client; shares add up to 1. */
    readonly clients: readonly {
      readonly name: string;
      readonly share: number;
      readonly latency: Duration;
    }[];
    /** One way between two stations. */
    readonly internal: Duration;
  };
  readonly message: { readonly bytes: number };
  /** Made on purpose, for exercises (mistakes.ts). */
  readonly mistakes: readonly WrittenMistake[];
}

export type SizeDistribution =
  | { readonly kind: 'constant'; readonly size: number }
  | { readonly kind: 'uniform'; readonly min: number; readonly max: number }
  | { readonly kind: 'zipf'; readonly exponent: number; readonly min: number; readonly max: number };

/** Clients that flood. */
export interface Bots {
  /** Share of the users who are bots, drawn; and users who are bots by name. */
  readonly share: number;
  readonly users: readonly number[];
  /** Messages that one of them sends in a minute, from `fromUs` on. */
  readonly perUserPerMinute: number;
  readonly fromUs: number;
  /** A refused one waits until it may come back, as every client does that behaves; or it sends again after `resendUs`. */
  readonly waits: boolean;
  readonly resendUs: number;
  /** A refused one closes its connection and opens another. */
  readonly reconnects: boolean;
}

export interface Workload {
  readonly users: number;
  /** Names of the first users; user number n beyond them is called `user-${n + 1}`. */
  readonly userNames: readonly string[];
  /** Numbered in this order: the named, then everyone's, then the private ones, then the groups (see names.ts). */
  readonly channels: {
    /** Channels with named members, first in number. */
    readonly named: readonly { readonly name: string; readonly members: readonly number[] }[];
    /** Channels of two. */
    readonly private: number;
    /**
     * Groups whose sizes are drawn from `size`; with a `meanSize` every drawn size is scaled by meanSize / (mean of the
     * distribution), at least 2 and at most all users, so that count x meanSize memberships come out.
     */
    readonly groups: readonly {
      readonly count: number;
      readonly size: SizeDistribution;
      readonly meanSize: number | null;
    }[];
    /** Name of one channel with every user in it, or null. */
    readonly everyone: string | null;
  };
  /** Share of the users who are connected when the run begins. */
  readonly online: number;
  /** Share of the connections that are closed and opened again in each second. */
  readonly churnPerSecond: number;
  /** Users who reach the gateways from one address (NAT): user n has address floor(n / usersPerAddress). */
  readonly usersPerAddress: number;
  readonly bots: Bots | null;
  readonly messages: {
    readonly perUserPerMinute: number;
    /** How the rate changes: flat, a day's curve, a spike at the top of each hour. */
    readonly curve: 'flat' | 'daily' | 'top-of-the-hour';
    /** Channels that are not written to at random: only script sends go there. */
    readonly quietEveryone: boolean;
  };
}

/** All rate limits of a design, in the order in which they are written. */
export function rateLimitsOf(design: Design): readonly RateLimit[] {
  return design.rateLimit === null ? [] : [design.rateLimit, ...(design.furtherRateLimits ?? [])];
}

/** The limits that a service of its own decides; the station is that of the first. */
export const serviceLimits = (design: Design): readonly RateLimit[] =>
  rateLimitsOf(design).filter(({ placement }) => placement === 'service');
