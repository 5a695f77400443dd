import { STATION_KINDS, type StationKind } from '../system/design/stations.ts';

/** What is told of the queues and workers of each kind of station; 0 where a design has none of the kind. */
export type QueueMetric = `queue.${StationKind}.${'now' | 'mean' | 'peak'}` | `utilisation.${StationKind}`;

function queueMetrics(): Record<QueueMetric, string> {
  const all = STATION_KINDS.flatMap((kind): [QueueMetric, string][] => [
    [`queue.${kind}.now`, `jobs that wait now at all stations of the kind ${kind}`],
    [`queue.${kind}.mean`, `the mean of that number over the time since the start`],
    [`queue.${kind}.peak`, `most jobs that have waited at one station of the kind ${kind}`],
    [`utilisation.${kind}`, `share of its workers' time that work took in the last full second, from 0 to 1`],
  ]);
  return Object.fromEntries(all) as Record<QueueMetric, string>;
}

/**
 * The figures of a run that a scenario can wait for and expect, and that `run --json` prints. Each is a number at any moment of the
 * run: counters so far, quantiles of everything so far, `connections` of this moment.
 */
export const METRICS = {
  'messages.sent': 'messages that users have sent, each counted once however often it is retried',
  'messages.acked': "messages whose sender's client has the acknowledgement",
  'messages.persisted': 'messages that the database has written',
  'messages.failed': 'messages that the client gave up on after its last attempt',
  'messages.retries': 'attempts after the first',
  deliveries: 'messages shown to users, each user counted',
  'deliveries.duplicate': 'messages shown to a user who had been shown them before',
  'deliveries.lost':
    'copies that never reached a member who should have been shown the message; those still on their way are not among them',
  'deliveries.outOfOrder': 'messages shown after a later message of the same channel',
  'requests.refused': 'messages that the rate limiter has refused',
  'requests.unanswered': 'messages that were let through or refused without the answer of the rate limiter',
  'limiter.wronglyAllowed.percent':
    'share of decisions that let through what an exact log of all let through would have refused',
  'limiter.wronglyRefused.percent':
    'share of decisions that refused what an exact log of all let through would have let through',
  'honest.refused': 'refusals of users who are no bots, with or without the answer of the rate limiter',
  'honest.failed': 'messages of users who are no bots that the client gave up on',
  'honest.delivery.p50.ms':
    'median time from send to shown of messages of users who are no bots, milliseconds',
  'honest.delivery.p99.ms': '99th percentile of the time from send to shown of these messages, milliseconds',
  'honest.delivery.stillOut': 'deliveries of these messages that are on their way now',
  'honest.ack.p99.ms':
    '99th percentile of the time from send to acknowledgement of these messages, milliseconds',
  'honest.ack.stillOut': 'of these messages, those whose sender still waits for the acknowledgement',
  'bots.sent': 'messages that bots have sent, each counted once however often it is sent again',
  'bots.persisted': 'messages of bots that the database has written',
  'gateway.busy.percent': 'share of the time of all workers of the gateways that was taken by work',
  'ws-server.busy.percent': 'share of the time of the WebSocket servers that was taken by work',
  'chat-service.busy.percent': 'share of the time of all workers of the chat service that was taken by work',
  'database.busy.percent': 'share of the time of all workers of the database that was taken by work',
  'limiter.busy.percent':
    'share of the time of the rate limiter that was taken by work, where it is a service',
  'delivery.p50.ms': 'median time from send to shown, milliseconds',
  'delivery.p90.ms': '90th percentile of the time from send to shown, milliseconds',
  'delivery.p99.ms':
    '99th percentile of the time from send to shown, milliseconds; what is still on its way counts with how long it has been, what was lost is in deliveries.lost',
  'delivery.max.ms': 'longest time from send to shown, milliseconds',
  'delivery.stillOut':
    'deliveries on their way now to a member who is connected and has not been shown the message',
  'ack.p50.ms': 'median time from send to acknowledgement, milliseconds',
  'ack.p99.ms':
    '99th percentile of the time from send to acknowledgement, milliseconds; who still waits counts with how long it has waited',
  'ack.stillOut': 'messages whose sender still waits for the acknowledgement',
  connections: 'connections that are open now',
  'connections.peak': 'most connections that were open at once',
  'reconnect.p50.s': 'median time from a lost connection to the next, seconds',
  'reconnect.p99.s':
    '99th percentile of the time from a lost connection to the next, seconds; who is still out counts with how long it has been',
  'reconnect.stillOut': 'users who have lost their connection and are not back',
  'reconnect.attempts': 'attempts to connect again',
  'bytes.up':
    'bytes that clients have sent, on the wire: with the headers of their protocol, of TLS, TCP and IP',
  'bytes.down': 'bytes that clients were sent, on the wire; only these are paid for as egress',
  polls: 'requests of long polling that clients have made, for messages that are still to come',
  'polls.empty':
    'of these, requests that were answered without a message, having been held as long as they may be',
  'ordering.bytes':
    'bytes that the ordering adds to a message, on average; a number in its channel is part of design.message.bytes',
  'sequencer.busy.percent':
    'how much of its time the sequencer that leads has worked, percent; of three the one with the highest number',
  'dedup.falsePositives': 'new messages that the Bloom filter took for known ones: dropped, and acknowledged',
  'dedup.rate': 'share of the new messages that the Bloom filter took for known ones',
  'dedup.rate.expected':
    'the share that the formula gives for its next message: (bits set / bits) to the power of the hashes',
  'cost.perHour.usd': 'what the design would cost in an hour at this load, US dollars',
  ...queueMetrics(),
} as const;

/** The name of a metric; its last part is its unit. */
export type MetricName = keyof typeof METRICS;

export const METRIC_NAMES = Object.keys(METRICS) as readonly MetricName[];
