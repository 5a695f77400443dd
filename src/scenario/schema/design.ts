import type { z } from 'zod';
import {
  BACKOFFS,
  BALANCINGS,
  FLOW_STEPS,
  PRESENCE_STRATEGIES,
  PROTOCOLS,
  PUBSUB_KINDS,
} from '../../system/design/design.ts';
import { MISTAKE_NUMBERS, MISTAKES } from '../../system/design/mistake-names.ts';
import * as limits from '../bounds.ts';
import { durations, queue, workers } from './durations.ts';
import { orderingShape } from './ordering.ts';
import { rateLimit } from './rate-limit.ts';
import { bytes, count, duration, name, number, oneOf, share, smallDuration, yesOrNo } from './scalars.ts';
import { list, map } from './shapes.ts';

/** The keys of `design:`. What is left out has the default of src/system/defaults.ts. */

const gateway = map(
  'The load balancer or API gateway: it admits connections and passes on what clients send.',
  {
    count: count('How many gateways there are.', { min: 1, max: limits.MAX_GATEWAYS }).optional(),
    balancing: oneOf(BALANCINGS, 'How a gateway chooses the server of a new connection.').optional(),
    tls: oneOf(
      ['gateway', 'balancer'],
      'Where TLS ends: gateway: in the gateways, as part of their work; balancer: at the load balancer of a cloud before them. Changes the cost only: such a balancer is paid for by the connection.',
    ).optional(),
    acceptsPerSecond: count('New connections that one gateway admits in a second.', {
      min: 1,
      max: 1_000_000,
    }).optional(),
    acceptQueue: count('Connections that may wait for admission at one gateway; more are refused.', {
      max: limits.MAX_QUEUE,
    }).optional(),
    workers: workers('a gateway'),
    queue: queue('a gateway'),
    service: durations('Time that a gateway needs for one message.').optional(),
  },
).optional();

const servers = map('The WebSocket servers that hold the connections; each is one event loop.', {
  count: count('How many servers there are.', { min: 1, max: limits.MAX_SERVERS }).optional(),
  maxConnections: count('Connections that one server can hold; more are refused.', {
    min: 1,
    max: limits.MAX_USERS,
  }).optional(),
  state: oneOf(
    ['local', 'external'],
    'Where subscriptions and resume positions live: in the memory of the server, lost with it, or in a store that is asked at each reconnect.',
  ).optional(),
  queue: queue('one server'),
  receive: durations('CPU time of a message from a client.').optional(),
  notify: durations('CPU time of a message from pub/sub, before it is sent to any client.').optional(),
  send: smallDuration('CPU time of sending a message to one client.').optional(),
  heartbeat: smallDuration('CPU time of one heartbeat.').optional(),
  wakeUp: duration(
    'CPU time that the event loop of a server takes each time that it wakes, on top of that of each message: all that waits then is taken in one batch, so a message costs less under load. This is all that is claimed of an event loop: no garbage collection, no system calls that several messages share.',
  ).optional(),
}).optional();

const pubsub = map('The publish/subscribe system that tells the servers of a message.', {
  kind: oneOf(
    PUBSUB_KINDS,
    'redis: at most once, each channel on one shard; redis-cluster: every node gets every message; kafka: partitions with offsets; none: the server of the sender calls all others.',
  ).optional(),
  shards: count('Redis shards, cluster nodes, or Kafka partitions.', {
    min: 1,
    max: limits.MAX_SHARDS,
  }).optional(),
  queue: queue('one shard'),
  publish: durations('Time that a publish takes, before any subscriber is told.').optional(),
  perSubscriber: smallDuration('Time that each told server adds to a publish; 1.5us is fine.').optional(),
  socketBufferBytes: bytes(
    "Redis: what the kernel's socket buffers between the broker and one server take of what the server does not read, before anything waits at the broker.",
    { min: 0, max: limits.MAX_BYTES },
  ).optional(),
  outputBuffer: map(
    'Redis: what may wait for one server at the broker, behind the socket buffers, before the broker cuts it off.',
    {
      hardBytes: bytes('The server is cut off as soon as more bytes wait.', {
        min: 1,
        max: limits.MAX_BYTES,
      }).optional(),
      softBytes: bytes('The server is cut off when more bytes wait for as long as `soft`.', {
        min: 1,
        max: limits.MAX_BYTES,
      }).optional(),
      soft: duration('How long more than softBytes may wait.').optional(),
    },
  ).optional(),
  fetch: duration('Kafka: time between two fetches of a consumer.', { min: 1 }).optional(),
  fetchMaxRecords: count('Kafka: records that one fetch brings at most.', {
    min: 1,
    max: 1_000_000,
  }).optional(),
  sessionTimeout: duration('Kafka: how long a crashed consumer keeps its partitions.', { min: 1 }).optional(),
  maxPollInterval: duration(
    'Kafka: a consumer that takes longer to handle what one fetch has brought is out of its group; when it is done it joins again, and reads again what it had not committed.',
    { min: 1 },
  ).optional(),
  autoCommit: duration(
    'Kafka: time between two commits of the offsets; what came since the last is read again after a crash.',
    { min: 1 },
  ).optional(),
}).optional();

const service = map('The chat service: it validates, authorises and numbers each message.', {
  workers: workers('the chat service'),
  queue: queue('the chat service'),
  service: durations('Time that the chat service needs for one message.').optional(),
}).optional();

const database = map('The database that holds the history.', {
  workers: workers('the database'),
  queue: queue('the database'),
  write: durations('Time until a message is durable.').optional(),
  read: durations('Time of a read of the history.').optional(),
  replicationLag: duration(
    'How far the standby is behind: a fail-over loses the messages written in this time.',
  ).optional(),
}).optional();

const outbox = map('Publishing by a relay that reads what was written, in place of a second write.', {
  enabled: yesOrNo('Whether the relay publishes; if not, the chat service does, in its flow.').optional(),
  poll: duration('Time between two reads of the relay.', { min: 1_000 }).optional(),
}).optional();

const flow = list(
  'What the chat service does with a message, in this order; leave a step out or swap two and see what it costs.',
  oneOf(
    FLOW_STEPS,
    'validate: check it and give it its number; persist: write it to the database; publish: tell the servers; ack: tell the sender.',
  ),
  FLOW_STEPS.length,
  1,
).optional();

const backoff = {
  backoff: oneOf(
    BACKOFFS,
    'How the wait grows from attempt to attempt, and how much of it is chance.',
  ).optional(),
  base: duration('The first wait.', { min: 1 }).optional(),
  cap: duration('The longest wait, at least the base.', { min: 1 }).optional(),
};

const network = map('How long a message is on its way.', {
  clients: list(
    'One way between client and gateway, by class of client; the shares add up to 1.',
    map('A class of clients.', {
      name: name(
        'Name of the class.',
        /^[\p{L}\p{N}][\p{L}\p{N}_ -]{0,31}$/u,
        'write up to 32 letters, digits, spaces, - or _',
      ),
      share: share('Share of the users who are in this class.'),
      latency: durations('One way between client and gateway.'),
    }),
    limits.MAX_CLIENT_CLASSES,
    1,
  ).optional(),
  internal: durations('One way between two stations.').optional(),
}).optional();

export const designSchema = map(
  'The architecture: what is left out has a default that fits a million users.',
  {
    protocol: oneOf(
      PROTOCOLS,
      'How clients are connected. In a run websocket and sse differ in the bytes that each message and each sign of life adds; with long-polling a client asks again after each answer, at the cost of a message, and what is sent while no request is held waits for the next one.',
    ).optional(),
    gateway,
    servers,
    pubsub,
    service,
    database,
    flow,
    rateLimit,
    outbox,
    ...orderingShape,
    retry: map("How a sender's client tries again when no acknowledgement comes.", {
      timeout: duration('How long it waits for the acknowledgement.', { min: 1 }).optional(),
      maxAttempts: count('Attempts in all before it gives up.', { min: 1, max: 100 }).optional(),
      ...backoff,
      maxInFlight: count(
        'Messages of one client that wait for their acknowledgement at most; 0: no limit. With 1 a retry is never overtaken.',
        { max: 1_000 },
      ).optional(),
    }).optional(),
    presence: map('How users learn who is online.', {
      strategy: oneOf(
        PRESENCE_STRATEGIES,
        'Drawn in the diagrams of the design only: a run does not simulate presence yet, and presence-converges is not at stake. broadcast: everybody is told; subscribe: those who look are told; poll: clients ask; last-active: shown with the message; none: not at all.',
      ).optional(),
    }).optional(),
    heartbeat: map('How a dead connection is noticed.', {
      interval: duration('Time between two heartbeats.', { min: 1000 }).optional(),
      timeout: duration('How long a heartbeat may be late before the connection counts as dead.', {
        min: 1,
      }).optional(),
    }).optional(),
    longPolling: map('How a client asks for messages where the protocol is long-polling.', {
      hold: duration(
        'How long a server holds a request before it answers without a message, and the client asks again: also how a dead connection is noticed.',
        { min: 1000, max: limits.MAX_HOLD_US },
      ).optional(),
    }).optional(),
    reconnect: map('How a client comes back after its connection is lost.', {
      ...backoff,
      resume: yesOrNo('On return the client asks for what it missed.').optional(),
      catchUp: oneOf(
        ['subscribe-then-fetch', 'fetch-then-subscribe'],
        'Which comes first: what is sent in between comes twice, or not at all.',
      ).optional(),
      offset: number('Added to the last number seen when it asks; anything but 0 is a mistake.', {
        min: -10,
        max: 10,
      }).optional(),
    }).optional(),
    network,
    message: map('The messages.', {
      bytes: bytes('Size of the text of a message.', { min: 1, max: limits.MAX_MESSAGE_BYTES }).optional(),
    }).optional(),
    mistakes: list(
      'Mistakes on purpose, for exercises, that no setting stands for. A design to be proud of has none.',
      oneOf(
        [...MISTAKES, ...Object.values(MISTAKE_NUMBERS)],
        'A mistake that real systems have made, by its name, or by a number that does not tell what it is.',
      ),
      MISTAKES.length,
    ).optional(),
  },
);

export type WrittenDesign = z.output<typeof designSchema>;
