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
  'deliveries.lost': 'copies that never reached a member who should have been shown the message',
  'deliveries.outOfOrder': 'messages shown after a later message of the same channel',
  'requests.refused': 'messages that the rate limiter has refused',
  'delivery.p50.ms': 'median time from send to shown, milliseconds',
  'delivery.p90.ms': '90th percentile of the time from send to shown, milliseconds',
  'delivery.p99.ms': '99th percentile of the time from send to shown, milliseconds',
  'delivery.max.ms': 'longest time from send to shown, milliseconds',
  'ack.p50.ms': 'median time from send to acknowledgement, milliseconds',
  'ack.p99.ms': '99th percentile of the time from send to acknowledgement, milliseconds',
  connections: 'connections that are open now',
  'connections.peak': 'most connections that were open at once',
  'reconnect.p50.s': 'median time from a lost connection to the next, seconds',
  'reconnect.p99.s': '99th percentile of the time from a lost connection to the next, seconds',
  'reconnect.attempts': 'attempts to connect again',
  'bytes.up': 'bytes that clients have sent',
  'bytes.down': 'bytes that clients were sent',
  'cost.perHour.usd': 'what the design would cost in an hour at this load, US dollars',
} as const;

export type MetricName = keyof typeof METRICS;

export const METRIC_NAMES = Object.keys(METRICS) as readonly MetricName[];
