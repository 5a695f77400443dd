import { isUserNode, NO_NODE, type TraceRow, USER_NODE } from '../../worker/protocol.ts';

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
  readonly kind: 'sent' | 'shown' | 'from-history' | 'waits' | 'duplicate' | 'lost';
  readonly message: number;
  readonly timeUs: number;
  /** When it came out of the reorder buffer; null while it waits, and for what does not wait. */
  readonly untilUs: number | null;
  readonly rowId: number;
}

const KINDS: Readonly<Partial<Record<TraceRow['kind'], MemberEvent['kind']>>> = {
  send: 'sent',
  deliver: 'shown',
  buffer: 'waits',
  duplicate: 'duplicate',
  drop: 'lost',
};

export const messageKey = (of: { readonly sender: number; readonly nth: number }): string =>
  `${of.sender}/${of.nth}`;

/**
 * The history of a channel: at most `most` of its messages, those around the `wanted` ones (by key), else the last. `isHistory` says
 * whether a node is where messages are read back from.
 */
export function channelHistory(
  rows: readonly TraceRow[],
  channel: number,
  most: number,
  wanted: ReadonlySet<string>,
  isHistory: (node: number) => boolean,
): ChannelHistory {
  const sent = rows.filter((row) => row.kind === 'send' && row.channel === channel);
  const first = sent.findIndex((row) => wanted.has(messageKey(row)));
  const last = sent.findLastIndex((row) => wanted.has(messageKey(row)));
  const spare = Math.max(0, most - (last - first + 1));
  const latest = Math.max(0, sent.length - most);
  // The wanted ones in the middle; of more than there is room for, the last.
  const from =
    first < 0 ? latest : Math.max(0, Math.min(latest, Math.max(first - (spare >> 1), last + 1 - most)));
  const chosen = sent.slice(from, from + most);
  const indexOf = new Map(chosen.map((row, index) => [messageKey(row), index]));
  const seqs = new Map<number, number>();
  const byId = new Map<number, TraceRow>();
  const members = new Map<number, { events: MemberEvent[]; shown: number[] }>();
  for (const row of rows) {
    if (row.channel !== channel || row.sender < 0) continue;
    const message = indexOf.get(messageKey(row));
    if (message === undefined) continue;
    byId.set(row.id, row);
    if (row.seq > 0 && !seqs.has(message)) seqs.set(message, row.seq);
    const node = userOf(row);
    const kind = KINDS[row.kind];
    if (node === NO_NODE || kind === undefined) continue;
    const member = members.get(node) ?? { events: [], shown: [] };
    members.set(node, member);
    if (kind === 'lost' && node === USER_NODE + row.sender) continue;
    const { timeUs, id: rowId } = row;
    if (kind === 'shown') {
      const waiting = member.events.findLast((e) => e.kind === 'waits' && e.message === message);
      if (waiting !== undefined && waiting.untilUs === null)
        member.events[member.events.indexOf(waiting)] = { ...waiting, untilUs: timeUs };
      if (!member.shown.includes(message)) member.shown.push(message);
    }
    const cause = byId.get(row.cause);
    const isFromHistory = kind === 'shown' && cause !== undefined && isHistory(cause.node);
    member.events.push({
      kind: isFromHistory ? 'from-history' : kind,
      message,
      timeUs,
      untilUs: null,
      rowId,
    });
  }
  return {
    channel,
    messages: chosen.map(({ sender, nth, timeUs }, index) => ({
      index,
      short: `m${index + 1}`,
      sender,
      nth,
      sentUs: timeUs,
      seq: seqs.get(index) ?? 0,
    })),
    messagesLeftOut: sent.length - chosen.length,
    members: [...members].map(([node, { events, shown }]) => ({ node, events, shown })),
  };
}

/** The user that a row is about, if it is about one. */
function userOf(row: TraceRow): number {
  if (isUserNode(row.node)) return row.node;
  return row.kind === 'drop' && isUserNode(row.peer) ? row.peer : NO_NODE;
}
