import type { ChoiceList } from '../run/choice-list.ts';

/** A scenario that a hunt can make, run in a millisecond, and make smaller: plain data, times in milliseconds. */
export interface SmallScenario {
  /** The settings of the design, as `design:` of a scenario writes them, over those of `SMALL_DESIGN`. */
  readonly design: DesignSettings;
  readonly users: number;
  /** Every user is a member of every channel, but for `guests`. */
  readonly channels: number;
  readonly messages: readonly SmallMessage[];
  readonly faults: readonly SmallFault[];
  /** Answers what is left: delays and chances of bad links (scenario/choice-list.ts). */
  readonly choices: ChoiceList;
}

/** Settings of `design:` by their names, as a scenario writes them. */
export type DesignSettings = Readonly<Record<string, unknown>>;

/** A message: the user of this number sends to the channel of this number. */
export interface SmallMessage {
  readonly atMs: number;
  readonly from: number;
  readonly to: number;
}

/** Something that goes wrong, or a user who comes or goes. */
export type SmallFault =
  | {
      readonly do: 'crash' | 'block';
      readonly station: string;
      readonly atMs: number;
      readonly forMs: number;
    }
  | {
      readonly do: 'slow';
      readonly station: string;
      readonly factor: number;
      readonly atMs: number;
      readonly forMs: number;
    }
  | { readonly do: 'failover'; readonly atMs: number; readonly forMs: number }
  | { readonly do: 'disconnect'; readonly user: number; readonly atMs: number; readonly forMs: number }
  | { readonly do: 'cut'; readonly between: Ends; readonly atMs: number; readonly forMs: number }
  | {
      readonly do: 'link';
      readonly between: Ends;
      readonly loss: number;
      readonly duplicate: number;
      readonly reorder: number;
      readonly delayMs: number;
      readonly atMs: number;
      readonly forMs: number;
    }
  | { readonly do: 'leave' | 'join'; readonly user: number; readonly channel: number; readonly atMs: number };

export type Ends = readonly [from: string, to: string];

export const userNames = ['alice', 'bob', 'carol', 'dan', 'erin', 'frank'] as const;
export const channelNames = ['general', 'random', 'help'] as const;

/** The design that hunts begin from: one small station of each kind, and delays that overtake each other. */
export const SMALL_DESIGN: DesignSettings = {
  gateway: {
    count: 1,
    balancing: 'round-robin',
    workers: 1,
    queue: 200,
    acceptsPerSecond: 1000,
    acceptQueue: 100,
    service: '100us',
  },
  servers: { count: 2, queue: 200, maxConnections: 50 },
  pubsub: {
    kind: 'redis',
    shards: 1,
    queue: 200,
    autoCommit: '400ms',
    sessionTimeout: '300ms',
    fetch: '5ms',
  },
  service: { workers: 4, queue: 200, service: { min: '200us', max: '3ms' } },
  database: {
    workers: 4,
    queue: 200,
    write: { min: '500us', max: '8ms' },
    read: { min: '500us', max: '8ms' },
  },
  flow: ['validate', 'persist', 'publish', 'ack'],
  rateLimit: 'none',
  ordering: 'per-channel',
  delivery: 'effectively-once',
  reorder: { maxEntries: 16, timeout: '150ms' },
  retry: { timeout: '300ms', maxAttempts: 8, backoff: 'full-jitter', base: '50ms', cap: '400ms' },
  heartbeat: { interval: '1s', timeout: '400ms' },
  longPolling: { hold: '1s' },
  reconnect: { backoff: 'full-jitter', base: '50ms', cap: '400ms', resume: true },
  network: {
    clients: [{ name: 'any', share: 1, latency: { min: '2ms', max: '60ms' } }],
    internal: { min: '200us', max: '4ms' },
  },
};
