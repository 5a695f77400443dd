import type { GuaranteeName } from '../../scenario/guarantee-names.ts';
import type { FaultKind } from '../arbitraries.ts';
import type { DesignSettings } from '../small-scenario.ts';

/** A planted mistake: a design that looks right, and what it breaks. */
export interface Planted {
  readonly name: string;
  /** Settings over `RIGHT_DESIGN`. */
  readonly design: DesignSettings;
  readonly breaks: GuaranteeName;
  /** What must go wrong for it to show; nothing: it shows on any day. */
  readonly faults: readonly FaultKind[];
  /** The exercise, which does not give it away. */
  readonly question: string;
  readonly wrong: string;
  readonly right: string;
}

/**
 * The design that all of them are mistakes of: it numbers at commit, persists before it publishes and publishes before it acknowledges,
 * remembers ids, sends again what is not acknowledged on either side, and fills gaps from the history.
 */
export const RIGHT_DESIGN: DesignSettings = { redelivery: { timeout: '150ms', maxAttempts: 12 } };

const RATE_LIMIT = {
  algorithm: 'sliding-window-log',
  limit: 2,
  window: '100ms',
  placement: 'gateway',
} as const;

export const ZOO: readonly Planted[] = [
  {
    name: 'ack-before-persist',
    design: { flow: ['validate', 'ack', 'persist', 'publish'] },
    breaks: 'acked-is-durable',
    faults: ['crash'],
    question: 'The sender has seen the tick. May it close the app?',
    wrong: 'The server acknowledges before the database has the message.',
    right: 'Acknowledge after the write has been committed.',
  },
  {
    name: 'never-persisted',
    design: { flow: ['validate', 'publish', 'ack'] },
    breaks: 'acked-is-durable',
    faults: [],
    question: 'Everybody online gets the message at once. Who never will?',
    wrong: 'Nothing is written down: pub/sub keeps nothing.',
    right: 'Persist, then publish.',
  },
  {
    name: 'publish-after-ack',
    design: { flow: ['validate', 'persist', 'ack', 'publish'] },
    breaks: 'no-loss',
    faults: ['crash'],
    question: 'The message is in the database and acknowledged. What if the chat service stops right then?',
    wrong: 'Two writes with a moment between: what was acknowledged is stored, and never published.',
    right: 'Acknowledge last, so that the client sends again; or publish from an outbox.',
  },
  {
    name: 'retry-without-id',
    design: { delivery: 'at-least-once' },
    breaks: 'no-duplicates',
    faults: ['crash', 'client-link'],
    question: 'The acknowledgement is lost. What does the client do, and what do the others see?',
    wrong: 'A retry is a new message to the server.',
    right: 'A client message id, remembered by the server.',
  },
  {
    name: 'new-id-for-a-retry',
    design: { mistakes: ['new-id-for-a-retry'] },
    breaks: 'no-duplicates',
    faults: ['crash', 'client-link'],
    question: 'The server drops every id that it has seen before. Why is a message shown twice?',
    wrong: 'The client makes a new id for each attempt.',
    right: 'One id for a message, made when it is written.',
  },
  {
    name: 'dedup-by-content',
    design: { mistakes: ['dedup-by-content'] },
    breaks: 'no-loss',
    faults: [],
    question: 'Alice says "ok", and a little later "ok" again. How many does Bob see?',
    wrong: 'What was said before is taken for sent again.',
    right: 'Compare ids, not texts.',
  },
  {
    name: 'dedup-without-sender',
    design: { mistakes: ['dedup-without-sender'] },
    breaks: 'no-loss',
    faults: [],
    question: 'Clients number their messages from 1, and the server drops numbers that it has seen. Whose?',
    wrong: 'Ids are remembered without whose they are, so the first message of each client is one message.',
    right: 'An id is a pair: sender and number.',
  },
  {
    name: 'dedup-by-sequence',
    design: { dedup: { by: 'sequence' } },
    breaks: 'no-duplicates',
    faults: ['crash', 'client-link'],
    question: 'Clients drop a number that they have shown. What number does a retry get?',
    wrong: 'A retry that was committed again has a new number, so nobody recognises it.',
    right: 'Recognise a retry by its message id, before it gets a number.',
  },
  {
    name: 'window-too-short',
    design: { dedup: { memory: 'window', window: '200ms' } },
    breaks: 'no-duplicates',
    faults: ['crash', 'client-link'],
    question: 'Ids are forgotten after a while. After which while may they be?',
    wrong: 'The client goes on retrying for longer than the server remembers.',
    right: 'Remember ids for longer than all retries of a message can take.',
  },
  {
    name: 'bloom-filter-too-small',
    design: { dedup: { memory: 'bloom-filter', bits: 16, hashes: 2 } },
    breaks: 'no-loss',
    faults: [],
    question: 'A filter of 16 bits remembers ids. What does it say of one that it has never seen?',
    wrong: 'A false positive: a new message is taken for known, acknowledged and dropped.',
    right: 'A Bloom filter may only say what to look up; or size it for all ids that it will ever hold.',
  },
  {
    name: 'ack-what-was-seen',
    design: { mistakes: ['ack-what-was-seen'] },
    breaks: 'acked-is-durable',
    faults: ['crash'],
    question: 'A retry arrives, and the server has seen the first attempt. What does it know about it?',
    wrong: 'Seen is not stored: the first attempt may have died in the database.',
    right: 'Remember an id in the transaction that stores its message.',
  },
  {
    name: 'standby-behind',
    design: { database: { replicationLag: '100ms' } },
    breaks: 'acked-is-durable',
    faults: ['failover'],
    question: 'The database fails over to its standby within a second. What does the standby know?',
    wrong: 'The standby is behind: what was written last is gone, though it was acknowledged.',
    right: 'Synchronous replication, or an acknowledgement that waits for the standby.',
  },
  {
    name: 'order-of-arrival',
    design: { ordering: 'best-effort', pubsub: { kind: 'none' } },
    breaks: 'per-channel-order',
    faults: [],
    question: 'Bob and Carol sit beside each other. Do they see the same conversation?',
    wrong: 'Each server tells all others itself, and clients show messages as they arrive.',
    right: 'A number for each message of a channel, and a reorder buffer.',
  },
  {
    name: 'order-by-clock',
    design: { ordering: 'timestamp', clocks: { skew: '60ms', holdBack: '10ms' } },
    breaks: 'per-channel-order',
    faults: [],
    question: 'Messages are sorted by their time. Whose time?',
    wrong:
      'Clocks differ by more than the client waits, so an earlier stamp arrives after a later one was shown.',
    right: 'One counter for each channel, not clocks.',
  },
  {
    name: 'a-counter-for-each-server',
    design: { sequence: { source: 'server' } },
    breaks: 'no-loss',
    faults: ['crash', 'disconnect'],
    question: 'Each server numbers what it receives. What does a gap in the numbers mean?',
    wrong:
      'Numbers of several counters interleave as they please: a lower one that comes later is taken for a duplicate.',
    right: 'One counter for each channel.',
  },
  {
    name: 'retry-overtakes',
    design: {},
    breaks: 'per-sender-fifo',
    faults: ['client-link'],
    question: 'Alice sends two messages. The first is lost on the way and sent again. Which comes first?',
    wrong: 'The second does not wait for the first.',
    right: 'One message in flight at a time.',
  },
  {
    name: 'channels-apart',
    design: {},
    breaks: 'causal-order',
    faults: [],
    question: 'A question in #general, its answer in #random. May anyone see the answer first?',
    wrong: 'Each channel has its order, and none has anything to do with another.',
    right: 'Causal order over all channels.',
  },
  {
    name: 'vector-of-one-channel',
    design: { ordering: 'causal', causal: { scope: 'channel' } },
    breaks: 'causal-order',
    faults: [],
    question: 'There are vector clocks now. Which channels do they span?',
    wrong: 'A vector over one channel says nothing of what was read in another.',
    right: 'A vector over all that a sender may have read.',
  },
  {
    name: 'no-single-order',
    design: {},
    breaks: 'global-order',
    faults: ['slow'],
    question: 'Every channel is in order. Is there one order of everything that all have seen?',
    wrong: 'Two channels are numbered by two counters.',
    right: 'One sequencer for all channels, and its price.',
  },
  {
    name: 'no-resume',
    design: { reconnect: { resume: false } },
    breaks: 'no-loss',
    faults: ['disconnect', 'crash'],
    question: 'Bob was in a tunnel for a second. What does he see when he is back?',
    wrong: 'What passed meanwhile is not asked for.',
    right: 'Ask the history for all after the last number seen.',
  },
  {
    name: 'resume-off-by-one',
    design: { reconnect: { offset: 1 } },
    breaks: 'no-loss',
    faults: ['disconnect', 'crash'],
    question: 'A client that is back asks for what comes after the last it saw. How many does it miss?',
    wrong: 'It asks for one too late.',
    right: 'After the last seen: greater than, not greater than one more.',
  },
  {
    name: 'resume-one-too-early',
    design: { ordering: 'best-effort', delivery: 'at-least-once', reconnect: { offset: -1 } },
    breaks: 'no-duplicates',
    faults: ['disconnect'],
    question:
      'A client that is back shows all that the history gives it. What if it asked for a little more?',
    wrong: 'It asks from the last that it saw, itself included.',
    right: 'After the last seen; and drop what was shown.',
  },
  {
    name: 'subscribe-after-fetch',
    design: { reconnect: { catchUp: 'fetch-then-subscribe' } },
    breaks: 'no-loss',
    faults: ['disconnect', 'crash'],
    question: 'First fetch what was missed, then subscribe to what comes. What lies between?',
    wrong: 'What is published after the read and before the subscription reaches the client in neither way.',
    right: 'Subscribe first, then fetch, and drop what comes twice.',
  },
  {
    name: 'buffer-gives-up',
    design: { reorder: { backfill: false, timeout: '20ms' }, redelivery: { timeout: '0s' } },
    breaks: 'no-loss',
    faults: ['slow', 'crash', 'client-link'],
    question: 'Message 5 waits for message 4. For how long, and then?',
    wrong: 'The buffer skips the gap without a word, and what comes of it later is dropped as a duplicate.',
    right: 'Fill the gap from the history before giving it up.',
  },
  {
    name: 'gives-up-before-the-sender',
    design: { ordering: 'global' },
    breaks: 'no-loss',
    faults: ['crash', 'client-link'],
    question: 'Number 7 has been given, but the history does not have it. How long may a client wait for it?',
    wrong:
      'Its sender is still trying: when the message comes at last, the client has shown a later one and drops it as a duplicate.',
    right: 'Wait longer than all attempts of a message can take: reorder.giveUpAfter.',
  },
  {
    name: 'fire-and-forget',
    design: { redelivery: { timeout: '0s' } },
    breaks: 'no-loss',
    faults: ['client-link'],
    question: 'The last message of the day is lost between the server and Bob. Who notices?',
    wrong:
      'No message follows that would show the gap, and the server does not wait for an acknowledgement of the delivery.',
    right: 'The client acknowledges deliveries, and the server sends again.',
  },
  {
    name: 'broker-redelivers',
    design: { pubsub: { kind: 'kafka' }, ordering: 'best-effort', delivery: 'at-least-once' },
    breaks: 'no-duplicates',
    faults: ['crash'],
    question:
      'A consumer crashes and begins again at its last committed offset. What about the records since?',
    wrong: 'They are read, and shown, twice: offsets are committed later than messages are sent on.',
    right: 'Drop what was shown: by number, in the client.',
  },
  {
    name: 'fan-out-skips-the-last',
    design: { mistakes: ['fan-out-skips-the-last'] },
    breaks: 'no-loss',
    faults: [],
    question: 'Ten members, and nine get every message. Which one is it?',
    wrong: 'The loop over the members ends one too early.',
    right: 'To the last member, with a test that counts them.',
  },
  {
    name: 'fan-out-to-leavers',
    design: { mistakes: ['fan-out-to-leavers'] },
    breaks: 'authorised-only',
    faults: ['membership'],
    question: 'Carol has left the channel. What can she still read?',
    wrong: 'The fan-out uses a list of members that is not told of leaves.',
    right: 'Ask the membership when a message is sent, or invalidate the list with the leave.',
  },
  {
    name: 'fixed-window',
    design: { rateLimit: { ...RATE_LIMIT, algorithm: 'fixed-window' } },
    breaks: 'rate-bound',
    faults: [],
    question: 'Two messages in any 100 ms, counted from each full 100 ms. How many can pass within 100 ms?',
    wrong: 'Twice the limit passes around the edge of two windows.',
    right: 'A sliding window, or a bucket.',
  },
  {
    name: 'a-limit-for-each-server',
    design: { rateLimit: { ...RATE_LIMIT, window: '5s', placement: 'server' } },
    breaks: 'rate-bound',
    faults: ['disconnect', 'crash'],
    question: 'Each server allows two messages. What does a client do that has used them up?',
    wrong: 'It connects again, to a server that has not counted it yet.',
    right: 'One counter for a user, wherever it is connected.',
  },
  {
    name: 'limiter-fails-open',
    design: { rateLimit: { ...RATE_LIMIT, window: '5s', placement: 'service', whenDown: 'open' } },
    breaks: 'rate-bound',
    faults: ['limiter'],
    question: 'The limiter is a service of its own. What happens while it is down?',
    wrong: 'Everything is let through.',
    right: 'Decide which is worse, and say so; closed keeps the promise.',
  },
  {
    name: 'estimated-counter',
    design: { rateLimit: { ...RATE_LIMIT, algorithm: 'sliding-window-counter' } },
    breaks: 'rate-bound',
    faults: [],
    question: 'Two counters in place of a log: how many were there in the last 100 ms?',
    wrong: 'The previous window is taken to be spread evenly, which it is not.',
    right: 'A log where the bound must hold; the estimate where it may be missed now and then.',
  },
];
