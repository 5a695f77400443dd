import { columns, f64 } from '../../base/columns.ts';

/** What is counted exactly, for all users, at any scale. Doubles count exactly up to 2^53. */
const COUNTERS = [
  'sent', // messages that a user sent, each once
  'transmissions', // copies put on the wire: first ones and retries
  'acked',
  'refused', // requests refused by the rate limit
  'failed', // given up by their sender
  'persisted',
  'published',
  'notified', // servers told of a message
  'owed', // members to whom a published message is due: all but its sender
  'owedOffline', // of these, members who were not connected
  'shown', // shown live
  'shownFromHistory',
  'duplicates', // shown a second time
  'duplicatesDropped',
  'outOfOrder', // shown after a later message of the same channel
  'buffered', // had to wait in a reorder buffer
  'gaps', // gaps that the history had to fill
  'dropped', // deliveries lost on the way, for whatever reason
  'dropStationDown',
  'dropCrashed',
  'dropQueueFull',
  'dropLink',
  'dropNotConnected',
  'dropOutputBuffer',
  'dropRetention', // a log no longer had them when their consumer came to them
  'heldBack', // times that a client could put nothing on the wire because too much was under way
  'lostCopies', // copies of a message lost before they were published
  'connectsOffered',
  'connectsRefused',
  'connects',
  'disconnects',
  'heartbeats',
  'polls', // requests of long polling
  'emptyPolls', // of these, answered without a message
  'resumes',
  'bytesUp',
  'bytesDown',
  'brokerCuts', // servers cut by the broker, or out of their consumer group, for not keeping up
  'events',
] as const;

export type Counter = (typeof COUNTERS)[number];
export const COUNT = Object.fromEntries(COUNTERS.map((name, i) => [name, i])) as Record<Counter, number>;

export const counterColumns = columns('counters', {
  values: f64(COUNTERS.length),
  /** Values at the end of the last interval, to make rates of. */
  before: f64(COUNTERS.length),
  /**
   * [0] users online, [1] the most there ever were, [2] when the last interval ended, [3] intervals so far, [4] users who have lost their
   * connection and are not back.
   */
  gauges: f64(5),
});
