import { messageKey, readStories, type Story, shownOrders } from '../trace/story.ts';
import { isUserNode, type TraceRow } from '../trace/trace.ts';

/** Which channel, messages and members tell most about order, and whether two members disagree. */

/** One message, called m1, m2, ... in the order in which they were sent. */
export interface OrderedMessage {
  readonly index: number;
  readonly short: string;
  readonly send: TraceRow;
  readonly story: Story;
}

/** The channel in which members were shown most messages out of the order of sending, then most had to wait, then most were sent; or -1. */
export function tellingChannel(rows: readonly TraceRow[]): number {
  const channels = new Map<number, { inversions: number; waits: number; sent: number }>();
  const sentAt = new Map<string, number>();
  const lastShown = new Map<string, number>();
  for (const row of rows) {
    const { kind, channel, node } = row;
    if (channel < 0) continue;
    const of = channels.get(channel) ?? { inversions: 0, waits: 0, sent: 0 };
    channels.set(channel, of);
    if (kind === 'send') sentAt.set(messageKey(row), of.sent++);
    if (kind === 'buffer') of.waits++;
    if (kind !== 'deliver') continue;
    const index = sentAt.get(messageKey(row)) ?? -1;
    const at = `${node} ${channel}`;
    if (index >= 0 && index < (lastShown.get(at) ?? -1)) of.inversions++;
    lastShown.set(at, Math.max(index, lastShown.get(at) ?? -1));
  }
  let best = -1;
  for (const [channel, of] of channels) {
    if (of.sent === 0) continue;
    const than = channels.get(best);
    const difference =
      than === undefined
        ? 1
        : of.inversions - than.inversions || of.waits - than.waits || of.sent - than.sent;
    if (difference > 0) best = channel;
  }
  return best;
}

/** At most `max` of the sent messages, in the order of sending. */
export function chooseMessages(
  rows: readonly TraceRow[],
  sent: readonly TraceRow[],
  max: number,
): OrderedMessage[] {
  const stories = readStories(rows);
  return chooseSent(rows, sent, max).map((send, index) => ({
    index,
    short: `m${index + 1}`,
    send,
    story: stories.get(messageKey(send))!,
  }));
}

function chooseSent(rows: readonly TraceRow[], sent: readonly TraceRow[], max: number): readonly TraceRow[] {
  if (sent.length <= max) return sent;
  const window = (first: number): readonly TraceRow[] => {
    const from = Math.max(0, Math.min(first, sent.length - max));
    return sent.slice(from, from + max);
  };
  const indexOf = new Map(sent.map((row, i) => [messageKey(row), i]));
  const lastShown = new Map<number, number>();
  let firstWait = -1;
  for (const row of rows) {
    const index = indexOf.get(messageKey(row));
    if (index === undefined) continue;
    if (row.kind === 'buffer' && firstWait < 0) firstWait = index;
    if (row.kind !== 'deliver') continue;
    const last = lastShown.get(row.node) ?? -1;
    // Shown after one that was sent later: these two, and what fits between them.
    if (index < last)
      return last - index < max ? window(index) : [...sent.slice(index, index + max - 1), sent[last]!];
    lastShown.set(row.node, index);
  }
  if (firstWait >= 0) return window(firstWait - 1);
  let closest = 0;
  const span = (i: number): number => sent[i + max - 1]!.timeUs - sent[i]!.timeUs;
  for (let i = 1; i + max <= sent.length; i++) if (span(i) < span(closest)) closest = i;
  return window(closest);
}

/** For each member the messages (by index) in the order in which it was first shown them. */
export function ordersOf(messages: readonly OrderedMessage[]): ReadonlyMap<number, readonly number[]> {
  const stories = messages.map(({ story }) => story);
  return new Map(
    [...shownOrders(stories)].map(([node, shown]) => [node, shown.map((story) => stories.indexOf(story))]),
  );
}

/** Two members and two messages that the one was shown in the opposite order of the other. */
export interface Clash {
  readonly one: number;
  readonly other: number;
  readonly earlier: number;
  readonly later: number;
}

export function findClash(orders: ReadonlyMap<number, readonly number[]>, count: number): Clash | null {
  for (let a = 0; a < count; a++) {
    for (let b = a + 1; b < count; b++) {
      let forward = -1;
      let backward = -1;
      for (const [member, order] of orders) {
        const [i, k] = [order.indexOf(a), order.indexOf(b)];
        if (i < 0 || k < 0) continue;
        if (i < k && forward < 0) forward = member;
        if (i > k && backward < 0) backward = member;
      }
      if (forward >= 0 && backward >= 0) return { one: forward, other: backward, earlier: a, later: b };
    }
  }
  return null;
}

/** Members to draw, at most `max`: first those who disagree, then one who had to wait, one whom something did not reach, and others. */
export function chooseMembers(
  orders: ReadonlyMap<number, readonly number[]>,
  messages: readonly OrderedMessage[],
  clash: Clash | null,
  max: number,
): number[] {
  const first = (rows: readonly TraceRow[]): TraceRow[] => [...rows].sort((a, b) => a.id - b.id).slice(0, 1);
  const waits = messages.flatMap(({ story }) => story.receipts.filter(({ what }) => what === 'waits'));
  const losses = messages.flatMap(({ story }) => story.losses.filter(({ peer }) => isUserNode(peer)));
  const wanted = [
    ...(clash === null ? [] : [clash.one, clash.other]),
    ...first(waits.map(({ row }) => row)).map(({ node }) => node),
    ...first(losses).map(({ peer }) => peer),
    ...orders.keys(),
  ];
  return [...new Set(wanted)].slice(0, max).sort((a, b) => a - b);
}
