import { messageKey, type Receipt, readStories, type Story, shownOrders } from '../../trace/story.ts';
import type { TraceRow } from '../../worker/protocol.ts';

/** What the members of one channel were shown of its messages, read from a trace. */
export interface ChannelHistory {
  readonly channel: number;
  /** In the order of sending; `short` is m1, m2, ... in that order. */
  readonly messages: readonly ChannelMessage[];
  /** Messages of the channel that are not among them. */
  readonly messagesLeftOut: number;
  /** In the order in which they first appear. */
  readonly members: readonly Member[];
}

interface ChannelMessage {
  readonly index: number;
  readonly short: string;
  readonly sender: number;
  readonly nth: number;
  readonly sentUs: number;
  /** Its number in the channel, 0 while it has none. */
  readonly seq: number;
}

export interface Member {
  readonly node: number;
  readonly events: readonly MemberEvent[];
  /** Messages (by index) in the order in which they were first shown. */
  readonly shown: readonly number[];
}

export interface MemberEvent {
  readonly kind: 'sent' | Receipt['what'];
  readonly message: number;
  readonly timeUs: number;
  /** When it came out of the reorder buffer; null while it waits, and for what does not wait. */
  readonly untilUs: number | null;
  readonly rowId: number;
}

/**
 * The history of a channel: at most `most` of its messages, those around the `wanted` ones (by key), else the last.
 */
export function channelHistory(
  rows: readonly TraceRow[],
  channel: number,
  most: number,
  wanted: ReadonlySet<string>,
): ChannelHistory {
  const sent = rows.filter((row) => row.kind === 'send' && row.channel === channel);
  const first = sent.findIndex((row) => wanted.has(messageKey(row)));
  const last = sent.findLastIndex((row) => wanted.has(messageKey(row)));
  const spare = Math.max(0, most - (last - first + 1));
  const latest = Math.max(0, sent.length - most);
  // The wanted ones in the middle; of more than there is room for, the last.
  const from =
    first < 0 ? latest : Math.max(0, Math.min(latest, Math.max(first - (spare >> 1), last + 1 - most)));
  const chosen = sent.slice(from, from + most).map(messageKey);
  const stories = readStories(rows.filter((row) => row.channel === channel && row.sender >= 0));
  const told = chosen.flatMap((key) => stories.get(key) ?? []);
  const events = told
    .flatMap((story, message) => eventsOf(story, message))
    .sort((a, b) => a.event.rowId - b.event.rowId);
  const orders = shownOrders(told);
  return {
    channel,
    messages: told.map(({ sender, nth, sent, numbered }, index) => ({
      index,
      short: `m${index + 1}`,
      sender,
      nth,
      sentUs: sent?.timeUs ?? 0,
      seq: numbered?.seq ?? 0,
    })),
    messagesLeftOut: sent.length - told.length,
    members: [...new Set(events.map(({ node }) => node))].map((node) => ({
      node,
      events: events.filter((one) => one.node === node).map(({ event }) => event),
      shown: (orders.get(node) ?? []).map((story) => told.indexOf(story)),
    })),
  };
}

/** What happened to a message at its sender and its receivers, and at whose node. */
function eventsOf({ sent, receipts }: Story, message: number): { node: number; event: MemberEvent }[] {
  const at = (row: TraceRow, node: number, kind: MemberEvent['kind'], untilUs: number | null) => ({
    node,
    event: { kind, message, timeUs: row.timeUs, untilUs, rowId: row.id },
  });
  return [
    ...(sent === null ? [] : [at(sent, sent.node, 'sent', null)]),
    ...receipts.map(({ what, node, row, untilUs }) => at(row, node, what, untilUs)),
  ];
}
