/** Kinds of events of the simulated system. A kind says what happens and where; the operands say to whom. */
export const EVENT = {
  /** a: user. The workload's clock of one user ticks: it may send. */
  USER_TICK: 1,
  /** a: timer (outgoing message). No acknowledgement came in time. */
  OUTGOING_TIMER: 2,
  /** a: copy. A copy of a message arrives at, or has been served by, a station. */
  GATEWAY_ARRIVE: 3,
  GATEWAY_DEPART: 4,
  SERVER_ARRIVE: 5,
  SERVER_DEPART: 6,
  LIMITER_ARRIVE: 7,
  LIMITER_DEPART: 8,
  LIMITER_BACK: 9,
  SERVICE_ARRIVE: 10,
  SERVICE_DEPART: 11,
  DATABASE_ARRIVE: 12,
  DATABASE_DEPART: 13,
  SERVICE_BACK: 14,
  BROKER_ARRIVE: 15,
  BROKER_DEPART: 16,
  /** a: copy, b: who on that server (a slot, or a slice of many), c: server. */
  NOTIFY: 17,
  /** a: slot, b: copy, c: generation of the connection. */
  DELIVER: 18,
  /** a: copy. */
  ACK_AT_SERVER: 19,
  ACK_AT_CLIENT: 20,
  NACK_AT_CLIENT: 21,
  /** a: user, c: generation of the connection. */
  HEARTBEAT: 22,
  HEARTBEAT_TIMEOUT: 23,
  CONNECTION_LOST: 24,
  CONNECT: 25,
  CONNECT_AT_GATEWAY: 26,
  CONNECT_REFUSED: 27,
  CONNECT_ACCEPTED: 42,
  /** a: user, b: server, c: generation. */
  CONNECTED: 28,
  /** a: user, b: rows of the history when it was read, c: generation. */
  RESUME_AT_DATABASE: 29,
  RESUMED: 30,
  /** a: slot, b: last sequence number shown when the gap was noticed, c: generation. */
  GAP_TIMEOUT: 31,
  /** a: slot, b: rows of the history when it was read, c: generation. */
  BACKFILLED: 32,
  /** The workload closes and reopens a connection. */
  CHURN: 33,
  /** a: server, b: partition. A Kafka consumer polls. */
  CONSUMER_POLL: 34,
  /** a: server. A Kafka consumer commits its offsets. */
  CONSUMER_COMMIT: 35,
  /** a: station, b: number of the fault. A fault ends by itself. */
  RESTART: 36,
  SLOW_ENDS: 37,
  LINK_ENDS: 38,
  /** a: copy, b: place. A leaky bucket as queue lets go of what it held back. */
  HELD: 40,
  /** a: copy. The server waits no longer for the rate limiter's answer. */
  LIMITER_TIMEOUT: 43,
  /** The statistics of one interval are complete. */
  INTERVAL: 39,
  /** a: user. Comes back after having been away on purpose. */
  RETURN: 41,
  /** a: copy. At the sequencer that numbers all messages, and back at the chat service. */
  SEQUENCER_ARRIVE: 44,
  SEQUENCER_DEPART: 45,
  SEQUENCER_BACK: 46,
  /** a: delivery that its client has not acknowledged in time. */
  REDELIVER: 47,
  /** a: copy. The relay of the outbox publishes it. */
  RELAY: 48,
  /** a: outgoing message. It stood in line at its client, and goes now. */
  NEXT_IN_LINE: 49,
  /** a: user, c: generation. The server subscribes the user to its channels, after it has caught up. */
  SUBSCRIBED: 50,
  /** a: station. A worker is free for the first job that waits. */
  NEXT_JOB: 51,
  /** a: user, c: generation. The request to subscribe is at the server. */
  SUBSCRIBE_AT_SERVER: 52,
  /** Jobs that wait and never were events. a: slot, b: name of its draws, c: generation. The history is to be read for a gap. */
  HISTORY_READ: 53,
  /** a: sender, b: nth. A record that concerns no user of this server. */
  RECORD_FOR_NOBODY: 54,
  /** b: microseconds of work at full speed. Another node of the cluster has published a message. */
  CLUSTER_BUS: 55,
  /** a: user, c: generation. A request of long polling may have been held for as long as it is. */
  POLL_HELD: 56,
  /** Waits and never was an event. a: server, b: partition, c: session of the consumer. All records that it was given have had their turn. */
  RECORDS_HANDLED: 57,
  /** What a server sends is at the gateway, which has no worker for it at once. a: slot, b: copy and how often it was sent again, c: generation. */
  DELIVERY_AT_GATEWAY: 58,
  /** a: copy, b: kind of the event at its client. */
  ANSWER_AT_GATEWAY: 59,
} as const;

/**
 * A hop, as a name of choices (see `choiceCount`), is the kind of the event that ends it. Where one kind of event ends two kinds of hop, or a hop has
 * more than one choice, the second has a name here: above all kinds of events, and like them in 6 bits.
 */
export const HOP = {
  BACK_FROM_BROKER: 60,
  BACK_FROM_LIMITER: 61,
  TO_SEQUENCER: 62,
  BACK_FROM_SEQUENCER: 63,
} as const;
