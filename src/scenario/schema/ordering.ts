import { DEDUP_MEMORIES, DELIVERIES, ORDERINGS, SEQUENCE_SOURCES } from '../../system/design/design.ts';
import * as limits from '../bounds.ts';
import { durations } from './durations.ts';
import { count, duration, oneOf, yesOrNo } from './scalars.ts';
import { map } from './shapes.ts';

/** The keys of `design:` that say in which order messages are shown, and how often. */

export const orderingShape = {
  ordering: oneOf(
    ORDERINGS,
    'The order that a client shows messages in: best-effort: as they come; per-channel: by numbers in the channel; causal: after what caused them; global: one order for all; timestamp, lamport, hybrid-logical: by a clock.',
  ).optional(),
  sequence: map('The numbers of messages in their channel.', {
    source: oneOf(
      SEQUENCE_SOURCES,
      'database: given with the commit; service: given by the chat service before anything is written; partition: given by the Kafka partition; server: a mistake, each WebSocket server counts for itself.',
    ).optional(),
  }).optional(),
  causal: map('Causal order by vector clocks.', {
    scope: oneOf(
      ['channel', 'all'],
      'What a vector clock spans: the members of one channel, or of all channels.',
    ).optional(),
  }).optional(),
  sequencer: map('The station that numbers all messages where the ordering is global.', {
    replicas: count('1, or 3 of which a majority must have each number.', { min: 1, max: 3 }).optional(),
    queue: count('Jobs that may wait at the sequencer; what comes when they are that many is refused.', {
      max: limits.MAX_QUEUE,
    }).optional(),
    service: durations('Time that the sequencer needs for one number.').optional(),
    election: duration(
      'How long nobody numbers after the leader of three, the highest of those that are up, has died.',
    ).optional(),
  }).optional(),
  clocks: map('The clocks where the ordering is by clock.', {
    stamp: oneOf(['client', 'server'], 'Whose clock stamps a message.').optional(),
    skew: duration('How far clocks are from true time: the standard deviation.').optional(),
    holdBack: duration('How long a client waits for earlier stamps before it shows a message.').optional(),
  }).optional(),
  reorder: map("The client's buffer for messages that come too early.", {
    maxEntries: count('Messages that wait in the buffer of one user at most.', {
      min: 1,
      max: 10_000,
    }).optional(),
    timeout: duration('How long a client waits for a missing message before it asks the history.', {
      min: 1,
    }).optional(),
    backfill: yesOrNo(
      'Whether it asks the history at all; if not, it gives up the missing message in silence.',
    ).optional(),
    giveUpAfter: duration(
      'How long after it was sent a message waits for one that the history does not have; 0s: no longer than that answer takes.',
    ).optional(),
  }).optional(),
  delivery: oneOf(
    DELIVERIES,
    'at-most-once: sent once; at-least-once: sent again until acknowledged; effectively-once: the same, and duplicates are dropped.',
  ).optional(),
  dedup: map('Effectively once: how what was sent again is recognised.', {
    by: oneOf(
      ['message-id', 'sequence'],
      'message-id: given by the client, so that a retry is known; sequence: the number alone, which a retry gets anew.',
    ).optional(),
    memory: oneOf(
      DEDUP_MEMORIES,
      'all: every id for good; window: the ids of the last while; bloom-filter: bits, with false positives that drop new messages.',
    ).optional(),
    window: duration('How long an id is remembered.', { min: 1 }).optional(),
    bits: count('Bits of the Bloom filter.', { min: 8, max: 1_073_741_824 }).optional(),
    hashes: count('Bits that each id sets.', { min: 1, max: 32 }).optional(),
  }).optional(),
  redelivery: map('The server sends again what the receiving client has not acknowledged.', {
    timeout: duration('How long it waits for the acknowledgement; 0s: it never sends again.').optional(),
    maxAttempts: count('Attempts in all before it gives up.', { min: 1, max: 100 }).optional(),
  }).optional(),
};
