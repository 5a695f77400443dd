import { US_PER_MINUTE, US_PER_SECOND } from '../../base/units.ts';
import { keysOf, mostInWindow } from '../limits/limits.ts';
import { type Design, type Duration, type RateLimit, rateLimitsOf, type Workload } from './design.ts';
import { createLoadCurve } from './load-curve.ts';

/**
 * How large each column must be: from the scenario, with room to spare. A run of no more than some ten thousand messages has room for every attempt
 * that its clients can make, whatever goes wrong; in a larger one an overload comes to the end of the room, and `back-pressure.ts` says what happens then.
 */
export interface Sizes {
  readonly outgoing: number;
  readonly copies: number;
  readonly slices: number;
  readonly reorder: number;
  readonly history: number;
  readonly pending: number;
  /** Jobs that wait at all stations together. */
  readonly jobs: number;
  readonly kafkaLogRecords: number;
  /** Of each limit, in the order of the design. */
  readonly rateLimitEntries: readonly number[];
  /** Of the exact log beside the first. */
  readonly exactLogEntries: number;
  /** Deliveries that wait for their client's acknowledgement. */
  readonly unacked: number;
}

/** What the script adds to the workload. */
export interface ScriptLoad {
  readonly sends: number;
  readonly largestChannel: number;
  /** Members of a channel as a sender meets them. */
  readonly meanChannel?: number;
  /** No more room than a script of few messages needs. */
  readonly isLean?: boolean;
}

/** Attempts that a lean world has room for at one time. */
const LEAN_COPIES = 6;

/** For scripts of some dozen messages between some users: a world of tens of kilobytes, which is copied in microseconds. */
function leanSizes(design: Design, workload: Workload, total: number, script: ScriptLoad): Sizes {
  const { users } = workload;
  const sends = script.sends + Math.ceil(total * 1.5 + 6 * Math.sqrt(total));
  const copies = LEAN_COPIES * sends + 16;
  const attempts = sends * Math.min(LEAN_COPIES, design.retry.maxAttempts);
  return {
    outgoing: sends + 8,
    copies,
    slices: copies * Math.ceil(script.largestChannel / 30) + design.servers.count,
    reorder: sends * users + 16,
    history: attempts + 8,
    pending: copies * (2 + script.largestChannel) + 6 * users + 64,
    jobs: copies * (1 + design.servers.count) + 6 * users + 64,
    kafkaLogRecords: design.pubsub.kind === 'kafka' ? attempts + 8 : 1,
    unacked: copies * (1 + script.largestChannel) + 8,
    rateLimitEntries: rateLimitsOf(design).map((limit) => {
      const { one, instances } = keysOf(limit, design, workload);
      return 8 * (Math.min(one * instances, attempts + users) + attempts);
    }),
    exactLogEntries: 8 * (users + attempts),
  };
}

/** Of what a run could need at worst it has no more than this. */
const MOST = { underWay: 100_000, rows: 1_000_000, deliveries: 6_000_000, logRecords: 50_000 } as const;

/** What the slowest one way of a client takes, give or take, in seconds; one at least. */
const longestOneWayS = ({ network }: Design): number =>
  Math.max(US_PER_SECOND, ...network.clients.map(({ latency }) => longestUs(latency))) / US_PER_SECOND;

function longestUs(of: Duration): number {
  switch (of.kind) {
    case 'constant':
      return of.us;
    case 'uniform':
      return of.maxUs;
    case 'exponential':
      return 5 * of.meanUs;
    case 'lognormal':
      return of.p99Us;
    case 'empirical':
      return Math.max(...of.samplesUs);
  }
}

/** `durationUs`: how long the run can last. */
export function sizesOf(design: Design, workload: Workload, durationUs: number, script: ScriptLoad): Sizes {
  const { bots } = workload;
  // How many bots are drawn, with room: a share has its spread.
  const botCount =
    bots === null
      ? 0
      : Math.min(
          workload.users,
          Math.ceil(workload.users * bots.share + 6 * Math.sqrt(workload.users * bots.share)) +
            bots.users.length,
        );
  const botsPerSecond =
    bots === null ? 0 : (botCount * bots.perUserPerMinute * US_PER_SECOND) / US_PER_MINUTE;
  const perSecond =
    (workload.users *
      workload.messages.perUserPerMinute *
      createLoadCurve(workload.messages.curve).highest *
      US_PER_SECOND) /
      US_PER_MINUTE +
    botsPerSecond;
  const limits = rateLimitsOf(design);
  const seconds = durationUs / US_PER_SECOND;
  const attempts = design.delivery === 'at-most-once' ? 1 : 2;
  const total = perSecond * seconds;
  if (script.isLean === true) return leanSizes(design, workload, total, script);
  // All messages, and all attempts at them: retries have rows of their own, unless the database knows them.
  const most = total * 1.1 + 6 * Math.sqrt(total) + script.sends;
  const mostAttempts = most * (design.delivery === 'at-most-once' ? 1 : design.retry.maxAttempts);
  const mostRows = design.delivery === 'effectively-once' ? most : mostAttempts;
  const outgoing = Math.ceil(
    Math.max(Math.min(total * 1.1, perSecond * 40) + script.sends, Math.min(most, MOST.underWay)) + 1024,
  );
  const copies = Math.ceil(
    Math.max(
      Math.min(total * 1.1, perSecond * 20) * attempts + script.sends * attempts,
      Math.min(mostAttempts * 1.25, MOST.underWay),
    ) + 1024,
  );
  const history = Math.ceil(Math.max(most + script.sends, Math.min(mostRows, MOST.rows)) + 256);
  // Deliveries on their way at one time, and those of three messages to the largest channel.
  const memberships = Math.max(24, script.meanChannel ?? 0);
  const deliveries =
    Math.min(perSecond * memberships * longestOneWayS(design), MOST.deliveries) + 3 * script.largestChannel;
  const slices = Math.ceil(
    Math.max(4096, perSecond * 2) + (3 * script.largestChannel) / 15 + design.servers.count * 4,
  );
  const unacked =
    design.redelivery.timeoutUs > 0
      ? Math.ceil(
          (deliveries * design.redelivery.timeoutUs) / US_PER_SECOND + deliveries + script.sends * 64 + 1024,
        )
      : 0;
  const pending = Math.ceil(
    2.2 * workload.users + deliveries + copies + outgoing * 2 + unacked + script.sends * 8 + 65_536,
  );
  return {
    outgoing,
    copies,
    slices,
    reorder: Math.ceil(
      Math.max(
        1024,
        perSecond * 8 + script.sends * 64,
        Math.min(workload.users * design.reorder.maxEntries, MOST.underWay),
      ),
    ),
    history,
    pending,
    // Whatever waits was under way before; a million waiting jobs are an overload that is seen by then.
    jobs: Math.min(pending, 1_000_000),
    kafkaLogRecords:
      design.pubsub.kind === 'kafka'
        ? Math.ceil(
            Math.max(
              Math.min(total + script.sends, perSecond * 120) / design.pubsub.shards,
              Math.min(mostAttempts, MOST.logRecords),
            ) + 1024,
          )
        : 1,
    unacked,
    rateLimitEntries: limits.map((limit) => {
      const { one, instances } = keysOf(limit, design, workload);
      return limitEntries(limit, limit.limit, one * instances, perSecond, total + script.sends);
    }),
    exactLogEntries: limits[0]?.compareWithLog
      ? limitEntries(
          limits[0],
          mostInWindow(limits[0]),
          keysOf(limits[0], design, workload).one * keysOf(limits[0], design, workload).instances,
          perSecond,
          total + script.sends,
        )
      : 0,
  };
}

/** The log keeps the accepted requests of a window, in pages of up to eight; a key that has sent holds a page. */
function limitEntries(
  { windowUs, refusedCount }: RateLimit,
  limit: number,
  keys: number,
  perSecond: number,
  total: number,
): number {
  // Where refused requests count, every attempt may be kept.
  const attempts = refusedCount ? 5 : 1;
  const inWindow = Math.min(total, (perSecond * windowUs) / US_PER_SECOND) * 1.3 * attempts + 4096;
  return Math.ceil(Math.min(limit, 8) * Math.min(keys, inWindow) + Math.min(inWindow, keys * limit));
}
