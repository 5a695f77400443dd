/**
 * The trace: the append-only record of what happened to what is watched, every row with its cause. It is no part of
 * the world: watching more or less changes no byte of it.
 */

/** What a row records. The order is part of the trace's format. */
export const TRACE_KINDS = [
  'send', // the sender's client puts the message on its link
  'arrive', // the message reaches a station (node) from a peer
  'forward', // a station has served the message and puts it on the link to peer: departUs, dueUs
  'refuse', // a station refuses it: rate limit, full queue, not authorised
  'validate', // the chat service has validated it and given it its sequence number
  'persist', // the database has it
  'publish', // the broker has accepted it
  'ack', // the sender's client has the acknowledgement
  'nack', // the sender's client has the refusal
  'deliver', // shown to the user
  'buffer', // waits in the reorder buffer of the user
  'duplicate', // recognised as a duplicate and dropped
  'drop', // lost: see reason
  'retry', // the sender's client sends it again
  'fail', // the sender's client gives up
  'lost', // the store has lost it
  'connect', // the user is online on a server (peer)
  'disconnect', // the user's connection to a server (peer) is gone
  'reconnect', // the user's client tries again
  'resume', // the user has been given what it missed
  'join', // the user becomes a member of a channel
  'leave', // the user stops being a member
  'crash', // a station stops
  'restart', // a station is back
  'slow', // a station is slowed down, or back at its speed
  'cut', // a link is cut, or whole again
  'block', // an event loop is blocked
  'set', // a setting of the design changes
  'say', // narration
  'accept', // the rate limit of users has let the message pass
  'begin', // the message has waited at a station (node), where its work begins now
] as const;

export type TraceKind = (typeof TRACE_KINDS)[number];

export const DROP_REASONS = [
  'none',
  'station-down', // the station was down when it arrived
  'crashed', // the station crashed while it was in its queue
  'queue-full',
  'link-loss', // the link lost it
  'partition', // the link is cut
  'not-connected', // the user is not connected there any more
  'output-buffer', // the broker or server cut a subscriber that did not keep up
  'rate-limit',
  'not-authorised',
  'too-large',
  'duplicate',
  'superseded', // another copy of the same message has done this already
  'retention', // the broker's log did not keep it until the consumer came to it
  'storage-full', // the database has no room for another row
] as const;

export type DropReason = (typeof DROP_REASONS)[number];

/** A node is a station (0, 1, 2, ...) or a user (USER_NODE + its number). */
export const USER_NODE = 0x4000_0000;
export const NO_NODE = -1;
/** `departUs` of an arrival that waits in a queue. */
export const WAITING_US = -1;
export const isUserNode = (node: number): boolean => node >= USER_NODE;

export interface TraceRow {
  /** Position in the trace. */
  readonly id: number;
  readonly timeUs: number;
  readonly kind: TraceKind;
  readonly node: number;
  /** The other node, or NO_NODE. */
  readonly peer: number;
  /** The message by name: its sender and the how-manyth of that sender it is (from 1). -1 and 0 when it concerns none. */
  readonly sender: number;
  readonly nth: number;
  readonly channel: number;
  /** Which copy: 0 the first transmission, 1 the first retry, ... */
  readonly attempt: number;
  /** The per-channel sequence number, 0 while it has none. */
  readonly seq: number;
  /** The row that led to this one, or -1. */
  readonly cause: number;
  /**
   * For 'forward': when it leaves the node and when it is due at the peer. Otherwise both are timeUs, but for an 'arrive' at a station where
   * it must wait: departUs is WAITING_US, and a 'begin' comes when its work begins.
   */
  readonly departUs: number;
  readonly dueUs: number;
  readonly reason: DropReason;
}

/** How people call nodes, channels and messages: given by the scenario, `ws-server-3`, `alice`, `#general`, `alice/1`. */
export interface Names {
  node(node: number): string;
  channel(channel: number): string;
  message(sender: number, nth: number): string;
}
