import { formatDuration, formatExact } from '../../base/units.ts';
import { DEFAULTS } from './defaults.ts';
import type { Duration } from './design.ts';
import { clientsInWords, durationInWords, sizeInWords } from './distribution-words.ts';

/** The table of default parameters for people: what each is, in which unit, and who says so. */

export interface Parameter {
  /** As it is written in a scenario: `design.database.write`, `workload.churnPerSecond`. */
  readonly path: string;
  /** The default in words: `median 2 ms, 99 % within 15 ms`. */
  readonly value: string;
  readonly unit: string;
  /** A primary source with the fact that is taken from it, or a text that begins with `assumption`. */
  readonly source: string;
}

type Entry = readonly [path: string, unit: string, source: string];

const fact = (source: string, what: string): string => `${source}: ${what}`;
const assumption = (why: string): string => `assumption: ${why}`;

const CENTRIFUGO_DOCS = 'Centrifugo docs';
const KAFKA_CONSUMER = 'Kafka ConsumerConfig';
const FLOW = 'the lab text, message flow from user A to user B';

/** Paths are those of DEFAULTS without the unit suffix `Us`, as a scenario writes them. */
const ENTRIES: readonly Entry[] = [
  [
    'design.protocol',
    'name',
    'the lab text, key discussion points: WebSockets are generally preferred for chat',
  ],
  ['design.gateway.count', 'gateways', assumption('enough to admit 8,000 new connections a second')],
  ['design.gateway.balancing', 'name', assumption('the usual choice for long-lived connections')],
  [
    'design.gateway.tls',
    'name',
    'none: no load balancer before the gateways ends it, so it is part of their work',
  ],
  [
    'design.gateway.acceptsPerSecond',
    'connections/s',
    assumption(
      'between 500 new/s (AWS API Gateway WebSocket quotas) and 3,333/s for a million (Centrifugo blog 2020-02-10)',
    ),
  ],
  ['design.gateway.acceptQueue', 'connections', assumption('2.5 s of admissions; Linux somaxconn is 4,096')],
  ['design.gateway.workers', 'workers', assumption('a 4-core proxy')],
  ['design.gateway.queue', 'jobs', assumption('0.1 s of work at full speed')],
  ['design.gateway.service', 'us a message', assumption('TLS record and a copy in a proxy')],
  ['design.servers.count', 'servers', assumption('10,000 connections a server for a million users')],
  [
    'design.servers.maxConnections',
    'connections',
    fact(CENTRIFUGO_DOCS, 'a node holds 100 k-200 k connections'),
  ],
  [
    'design.servers.state',
    'name',
    assumption('subscriptions in the memory of the server, as most systems begin'),
  ],
  ['design.servers.queue', 'jobs', assumption('0.1 s of work of one event loop')],
  ['design.servers.receive', 'us a message', assumption('parse and check one inbound frame')],
  [
    'design.servers.notify',
    'us a notification',
    assumption('parse one broker message and look up its channel'),
  ],
  [
    'design.servers.send',
    'us a send',
    assumption(
      'a small write to a socket in a compiled language; Discord in Elixir took 30-70 us (discord.com/blog, Elixir to 5,000,000)',
    ),
  ],
  [
    'design.servers.heartbeat',
    'us a heartbeat',
    assumption(
      'an empty ping and pong; all of an idle tuned Go connection costs 2.3 us CPU/s (Centrifugo blog 2026-08-17)',
    ),
  ],
  [
    'design.servers.wakeUp',
    'us a wake-up',
    'none: a message costs the same at any load. Beside a real event loop (ws, Redis, PostgreSQL, 400 clients) a message took 1,300 us alone and 820 us under load, as with a wake-up of 480 us',
  ],
  ['design.pubsub.kind', 'name', 'the lab text, participants: Pub/Sub System (e.g. Redis Pub/Sub, Kafka)'],
  [
    'design.pubsub.shards',
    'shards',
    assumption('a quarter of the work of a million users each, with room for a tenfold peak'),
  ],
  ['design.pubsub.queue', 'jobs', assumption('a few seconds of publishes')],
  ['design.pubsub.publish', 'us a publish', assumption('command parsing of a single-threaded Redis')],
  [
    'design.pubsub.perSubscriber',
    'us a told server',
    fact(
      'Centrifugo blog 2026-06-29',
      'one Redis instance makes about 650 k deliveries/s (256 B), which is 1.5 us each',
    ),
  ],
  [
    'design.pubsub.socketBufferBytes',
    'bytes',
    fact(
      'Red Hat Enterprise Linux 10, network tuning',
      'net.ipv4.tcp_wmem 4096 16384 4194304, the most that Linux lets a send buffer grow to; a Redis on one machine with its subscriber was rid of 3.5 to 4 MB before its own buffer grew',
    ),
  ],
  [
    'design.pubsub.outputBuffer.hardBytes',
    'bytes',
    fact('redis.conf', 'client-output-buffer-limit pubsub 32mb 8mb 60'),
  ],
  [
    'design.pubsub.outputBuffer.softBytes',
    'bytes',
    fact('redis.conf', 'client-output-buffer-limit pubsub 32mb 8mb 60'),
  ],
  [
    'design.pubsub.outputBuffer.soft',
    's',
    fact('redis.conf', 'client-output-buffer-limit pubsub 32mb 8mb 60'),
  ],
  [
    'design.pubsub.fetch',
    'ms between fetches',
    assumption('half of the 10 ms that Kafka design docs give for a committed ack'),
  ],
  [
    'design.pubsub.fetchMaxRecords',
    'records a fetch',
    fact(KAFKA_CONSUMER, 'DEFAULT_MAX_POLL_RECORDS = 500'),
  ],
  ['design.pubsub.sessionTimeout', 's', fact(KAFKA_CONSUMER, 'session 45 s')],
  ['design.pubsub.autoCommit', 's', fact(KAFKA_CONSUMER, 'auto-commit 5 s')],
  ['design.pubsub.maxPollInterval', 's', fact(KAFKA_CONSUMER, 'max.poll 300 s')],
  [
    'design.service.workers',
    'workers',
    assumption('one machine of 64 cores; about 18 % busy with a million users'),
  ],
  ['design.service.queue', 'jobs', assumption('about 0.2 s of work at full speed')],
  [
    'design.service.service',
    'ms a message',
    assumption('validate, authorise and number a message with its data in memory'),
  ],
  [
    'design.database.workers',
    'connections',
    assumption(
      'writes and reads at once; with a million users about 47 % busy: 38 % with writes, 10 % with the reads of who comes back',
    ),
  ],
  ['design.database.queue', 'jobs', assumption('about 0.4 s of work at full speed')],
  [
    'design.database.write',
    'ms a write',
    assumption(
      'a median within the 0.5-3 ms of a commit to a synchronous standby; p99 within 5-70 ms (bytebytego.com on Discord)',
    ),
  ],
  [
    'design.database.read',
    'ms a read',
    fact('bytebytego.com on Discord', 'Scylla read p99 15 ms; the median is an assumption'),
  ],
  ['design.database.replicationLag', 's', assumption('a synchronous standby: a fail-over loses nothing')],
  ['design.outbox.enabled', 'yes or no', `${FLOW}: the chat service publishes itself`],
  ['design.outbox.poll', 'ms between reads', assumption('a relay that reads twenty times a second')],
  ['design.flow', 'steps', `${FLOW}: validation and persistence, publishing; then the sender is told`],
  ['design.rateLimit.algorithm', 'name', 'the lab text, rate limiting visualization: sliding window'],
  ['design.rateLimit.limit', 'requests', fact('Discord gateway.mdx', '120 events / 60 s')],
  ['design.rateLimit.window', 's', fact('Discord gateway.mdx', '120 events / 60 s')],
  ['design.rateLimit.burst', 'requests', assumption('as many as the limit')],
  [
    'design.rateLimit.by',
    'name',
    'the lab text, rate limiting visualization: requests from a specific user/IP',
  ],
  ['design.rateLimit.placement', 'name', 'the lab text, critical decision 2: at the API gateway'],
  ['design.rateLimit.counters', 'name', assumption('the gateways count as one, at no cost in time')],
  [
    'design.rateLimit.boundary',
    'name',
    fact('alisaifee/limits acquire_moving_window.lua', 'a request exactly one window old is counted'),
  ],
  ['design.rateLimit.leak', 'name', fact('ngx_http_limit_req_module.c', 'what is over the burst is refused')],
  ['design.rateLimit.align', 'name', fact('envoyproxy/ratelimit', 'key floor(now/u) u')],
  [
    'design.rateLimit.rounding',
    'name',
    fact('blog.cloudflare.com, counting things', 'the estimate is not rounded: 49.5'),
  ],
  [
    'design.rateLimit.refusedCount',
    'yes or no',
    assumption('a refused request costs no budget; Envoy counts it by default'),
  ],
  [
    'design.rateLimit.timeout',
    'ms',
    assumption('some twenty times the round trip to a limiter that is well'),
  ],
  ['design.rateLimit.whenDown', 'name', assumption('a chat would rather let too much through than nothing')],
  [
    'design.rateLimit.compareWithLog',
    'yes or no',
    'none: a second limiter beside the first is for measuring only',
  ],
  ['design.rateLimit.workers', 'workers', assumption('a single-threaded Redis with one counter for all')],
  ['design.rateLimit.queue', 'jobs', assumption('1 s of work')],
  ['design.rateLimit.service', 'us a decision', assumption('one script call on a sorted set')],
  ['design.ordering', 'name', 'the lab text, trade-off 1: per-channel order, medium consistency'],
  [
    'design.sequence.source',
    'name',
    assumption('a number is given with the commit, so that the history has no holes'),
  ],
  [
    'design.causal.scope',
    'name',
    fact('Birman, Schiper, Stephenson, TOCS 9(3) 1991', 'section 5 on groups that overlap'),
  ],
  ['design.sequencer.replicas', 'sequencers', assumption('one; three survive the death of one')],
  ['design.sequencer.queue', 'jobs', assumption('1 s of work at full speed')],
  ['design.sequencer.service', 'us a number', assumption('one event loop that numbers 20,000 messages/s')],
  ['design.sequencer.election', 's', assumption('a leader is missed for a few heartbeats, then replaced')],
  ['design.clocks.stamp', 'name', assumption('the phone knows when its user wrote')],
  [
    'design.clocks.skew',
    'ms, standard deviation',
    assumption('clocks kept by NTP over the internet; a fraction is off by far more'),
  ],
  ['design.clocks.holdBack', 'ms', assumption('as long as nearly every message is under way')],
  ['design.reorder.maxEntries', 'messages a user', assumption('more than a user misses in one time-out')],
  ['design.reorder.timeout', 's', assumption('a gap older than this is fetched from the history')],
  ['design.reorder.backfill', 'yes or no', fact('matrix-spec', 'a gap is back-filled from the history')],
  ['design.reorder.giveUpAfter', 's', assumption('0: what the history does not have is given up at once')],
  [
    'design.delivery',
    'name',
    'the lab text, critical decision 3: e.g. at-least-once delivery with deduplication',
  ],
  ['design.retry.timeout', 's', assumption('well above the 99th percentile of an acknowledgement')],
  ['design.retry.maxAttempts', 'attempts', assumption('about half a minute of trying')],
  ['design.retry.backoff', 'name', fact('AWS FullJitterBackoffStrategy', 'U(0, min(cap, base 2^n))')],
  ['design.retry.base', 's', assumption('as for reconnecting')],
  ['design.retry.cap', 's', assumption('as for reconnecting')],
  ['design.retry.maxInFlight', 'messages', assumption('no limit; the Kafka producer has 5 in flight')],
  [
    'design.dedup.by',
    'name',
    fact('discord-api-docs', 'a nonce given by the client dedups the past few minutes'),
  ],
  ['design.dedup.memory', 'name', assumption('a unique key in the database remembers for good')],
  ['design.dedup.window', 's', fact('nats.docs', 'JetStream dedup window 2 min')],
  [
    'design.dedup.bits',
    'bits',
    fact('redis/docs', '9.585 bits an item at 1 % false positives; this is room for 109,000'),
  ],
  ['design.dedup.hashes', 'hashes', fact('redis/docs', '7 hashes at 1 % false positives')],
  [
    'design.redelivery.timeout',
    's',
    fact(
      'Phoenix channels.md',
      'a server sends to a client at most once; a gap is noticed by the next number',
    ),
  ],
  ['design.redelivery.maxAttempts', 'attempts', assumption('as for the sender')],
  ['design.presence.strategy', 'name', 'none: switched on by the scenarios that are about presence'],
  ['design.heartbeat.interval', 's', fact(CENTRIFUGO_DOCS, 'heartbeats 25 + 8 s')],
  ['design.heartbeat.timeout', 's', fact(CENTRIFUGO_DOCS, 'heartbeats 25 + 8 s')],
  ['design.longPolling.hold', 's', fact('RFC 6202 5.5', '30 s are safe, up to 120 s have been tested')],
  ['design.reconnect.backoff', 'name', fact('AWS FullJitterBackoffStrategy', 'U(0, min(cap, base 2^n))')],
  ['design.reconnect.base', 's', fact('Socket.IO client-options.md', 'reconnection begins at 1 s')],
  [
    'design.reconnect.cap',
    's',
    assumption('long enough to spread a million clients; Socket.IO stops at 5 s'),
  ],
  [
    'design.reconnect.resume',
    'yes or no',
    fact('discord-api-docs', 'RESUME replays what was missed in order'),
  ],
  [
    'design.reconnect.catchUp',
    'name',
    fact('Centrifugo docs', 'a client subscribes and recovers in one step, what is live is kept meanwhile'),
  ],
  ['design.reconnect.offset', 'numbers', 'none: another is a mistake, for exercises'],
  [
    'design.network.clients',
    'ms one way, by class',
    fact(
      'HPBN chapter 7',
      '4G round trip under 100 ms, and up to 100 ms more when the phone must first wake its radio: half of one and the other are the 150 ms of its slowest hundredth; 3G 100-500 ms. Medians: wired 21 ms round trip, 4G 55 (Catchpoint, calendar.perfplanet.com 2013). The shares, the tail of the wired class, and that of 3G, as many times its median as that of 4G, are assumptions',
    ),
  ],
  ['design.network.internal', 'us one way', fact('flashgrid.io 2023', 'round trip across zones 0.5-1.5 ms')],
  ['design.message.bytes', 'bytes', assumption('the distribution of message sizes was not found')],
  ['design.mistakes', 'names', 'none: they are for exercises'],
  ['workload.users', 'users', 'the lab text, scenario: 1 million concurrent users'],
  ['workload.userNames', 'names', 'none: user-1, user-2, ...'],
  ['workload.channels.named', 'channels', 'none: a scenario names its own'],
  ['workload.channels.private', 'channels of two', assumption('half a private chat a user')],
  [
    'workload.channels.groups',
    'channels',
    assumption(
      '20 channels a user, about 20 members a chat as in private WhatsApp chats (Seufert, IEEE Access 2023)',
    ),
  ],
  ['workload.channels.everyone', 'channel', 'none: a scenario that has one names it'],
  ['workload.online', 'share of the users', 'the lab text, scenario: 1 million concurrent users'],
  [
    'workload.churnPerSecond',
    'share a second',
    fact('Centrifugo blog 2020-02-10', '0.33 % of a million connections renewed a second'),
  ],
  ['workload.usersPerAddress', 'users', assumption('every user has an address of their own')],
  ['workload.bots', 'bots', 'none: a scenario that has some says how they behave'],
  [
    'workload.messages.perUserPerMinute',
    'messages/min',
    assumption('an active minute; WhatsApp is 50 a user a day, Discord 2.2 events a user a second'),
  ],
  ['workload.messages.curve', 'name', assumption('the same rate all the time')],
  ['workload.messages.quietEveryone', 'yes or no', assumption('nobody writes to a million people by chance')],
];

const { design, workload } = DEFAULTS;

/** Values that are made of parts and read better in words than as data. */
const IN_WORDS: Readonly<Record<string, string>> = {
  'design.network.clients': clientsInWords(design.network.clients),
  'workload.channels.groups': workload.channels.groups
    .map((g) => `${formatExact(g.count)} groups of ${sizeInWords(g.size)} members`)
    .join(', '),
};

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isDuration = (value: unknown): value is Duration =>
  isRecord(value) && 'kind' in value && !('shards' in value);

/** Every parameter of DEFAULTS with its path as a scenario writes it: a duration is one, and so is a list. */
export function leavesOf(
  of: unknown,
  path: string,
): { readonly path: string; readonly key: string; readonly value: unknown }[] {
  if (!isRecord(of) || isDuration(of)) return [];
  return Object.entries(of).flatMap(([key, value]) => {
    const written = `${path}${path === '' ? '' : '.'}${key.replace(/Us$/, '')}`;
    return isRecord(value) && !isDuration(value) ? leavesOf(value, written) : [{ path: written, key, value }];
  });
}

const inWords = (path: string, key: string, value: unknown): string =>
  IN_WORDS[path] ?? valueInWords(key, value);

/** The value of a leaf in words; its key says by its ending what a number counts. */
export function valueInWords(key: string, value: unknown): string {
  if (isDuration(value)) return durationInWords(value);
  if (typeof value === 'number') return key.endsWith('Us') ? formatDuration(value) : formatExact(value);
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.join(', ');
  return value === null ? 'none' : String(value);
}

/** One row for each parameter of DEFAULTS, in their order. */
export const PARAMETERS: readonly Parameter[] = leavesOf(DEFAULTS, '').map(({ path, key, value }) => {
  const entry = ENTRIES.find(([of]) => of === path);
  return {
    path,
    value: inWords(path, key, value),
    unit: entry?.[1] ?? '',
    source: entry?.[2] ?? '',
  };
});

/** Whether nobody says what a parameter is: its value is then shown as an assumption. */
export const isAssumption = ({ source }: Parameter): boolean => source.startsWith('assumption');

/** Paths of the table that are no parameter (for the test: none). */
export const STRAY_ENTRIES: readonly string[] = ENTRIES.map(([path]) => path).filter(
  (path) => !PARAMETERS.some((parameter) => parameter.path === path),
);
