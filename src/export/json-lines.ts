import { type Names, NO_NODE, type TraceRow } from '../trace/trace.ts';

/**
 * The trace as JSON Lines: one object a line, one line a row, in the order of the trace.
 *
 * | field | what it is |
 * |---|---|
 * | id | position in the trace |
 * | timeUs | virtual time in microseconds, a whole number |
 * | kind | what happened, one of `TRACE_KINDS` |
 * | node, nodeName | where: a station (0, 1, ...) or a user (2^30 + its number); -1 and null for nowhere |
 * | peer, peerName | the other node; -1 and null for none |
 * | sender, nth, message | the message: its sender's number, the how-manyth of that sender, its name; -1, 0 and null for none |
 * | channel, channelName | -1 and null for none |
 * | attempt | which copy: 0 the first transmission, 1 the first retry, ... |
 * | seq | number in its channel, 0 while it has none |
 * | cause | id of the row that led to this one, or -1 |
 * | departUs, dueUs | of a `forward`: when it leaves the node and is due at the peer; of an `arrive` that must wait departUs is -1, until a `begin`; else both are timeUs |
 * | reason | why it was lost or refused, one of `DROP_REASONS` |
 */
export interface JsonRow extends TraceRow {
  readonly nodeName: string | null;
  readonly peerName: string | null;
  readonly message: string | null;
  readonly channelName: string | null;
}

/** Yields lines, each with its line break. */
export function* toJsonLines(rows: Iterable<TraceRow>, names: Names): Iterable<string> {
  for (const row of rows) yield `${JSON.stringify(jsonRow(row, names))}\n`;
}

/** A row with its names, its fields in the order in which they are written. */
export function jsonRow(row: TraceRow, names: Names): JsonRow {
  const { id, timeUs, kind, node, peer, sender, nth, channel, attempt, seq, cause, departUs, dueUs, reason } =
    row;
  return {
    id,
    timeUs,
    kind,
    node,
    nodeName: node === NO_NODE ? null : names.node(node),
    peer,
    peerName: peer === NO_NODE ? null : names.node(peer),
    sender,
    nth,
    message: sender < 0 ? null : names.message(sender, nth),
    channel,
    channelName: channel < 0 ? null : names.channel(channel),
    attempt,
    seq,
    cause,
    departUs,
    dueUs,
    reason,
  };
}
