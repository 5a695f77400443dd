import { counted, groupDigits } from '../base/text.ts';
import { type Hop, readHops } from '../trace/hops.ts';
import { isShown, messageKey } from '../trace/story.ts';
import type { Names, TraceRow } from '../trace/trace.ts';
import { label, lines, sequenceWriter } from './mermaid-text.ts';
import {
  type Clash,
  chooseMembers,
  chooseMessages,
  findClash,
  type OrderedMessage,
  ordersOf,
  tellingChannel,
} from './shown-orders.ts';
import { lostText, since } from './words.ts';

export interface OrderingOptions {
  /** The channel; when left out, the one in which most went out of order, or had to wait, or was sent. */
  readonly channel?: number;
  /** At most so many messages: around the first that a member was shown out of order, or those sent closest together. 4 when left out. */
  readonly maxMessages?: number;
  /** At most so many members, first those who disagree. 3 when left out. */
  readonly maxMembers?: number;
}

interface Step {
  readonly timeUs: number;
  readonly order: number;
  draw(): void;
}

/**
 * Messages of one channel and the order in which members were shown them, as a sequence diagram: where they cross, what waits in the
 * reorder buffer, and whether one order fits all (the lab's third decision, both of its pictures).
 *
 * Throws RangeError when the rows hold no message of the channel.
 */
export function ordering(rows: readonly TraceRow[], names: Names, options: OrderingOptions = {}): string {
  const channel = options.channel ?? tellingChannel(rows);
  const sent = rows.filter((row) => row.kind === 'send' && row.channel === channel);
  if (sent.length === 0) {
    throw new RangeError(
      channel < 0
        ? 'the trace holds no message: watch one'
        : `the trace has no message in ${names.channel(channel)}: watch that channel`,
    );
  }
  const messages = chooseMessages(rows, sent, Math.max(2, options.maxMessages ?? 4));
  const byName = new Map(messages.map((message) => [messageKey(message.send), message]));
  const messageOf = (row: TraceRow): OrderedMessage | undefined => byName.get(messageKey(row));
  const orders = ordersOf(messages);
  const clash = findClash(orders, messages.length);
  const members = chooseMembers(orders, messages, clash, Math.max(1, options.maxMembers ?? 3));

  const w = sequenceWriter();
  const ids = new Map<number, string>();
  const participant = (node: number, role: string): void => {
    if (!ids.has(node)) ids.set(node, w.participant(lines(label(names.node(node)), role)));
  };
  const senders = [...new Set(messages.map((message) => message.send.node))];
  for (const sender of senders)
    participant(sender, members.includes(sender) ? 'sender and member' : 'sender');
  const service = w.participant(lines('Chat service', 'and all between'));
  for (const member of members) participant(member, 'member');
  const [first, last] = [ids.get(senders[0]!)!, [...ids.values()].at(-1)!];

  const beginUs = messages[0]!.send.timeUs;
  const key = messages.map((m) => `${m.short} is ${label(names.message(m.send.sender, m.send.nth), 24)}`);
  w.note(
    first,
    last,
    lines(
      `${label(names.channel(channel), 24)}, ${key.join(', ')}`,
      ...leftOut(sent.length - messages.length, 'message'),
    ),
  );

  const steps: Step[] = [];
  for (const { short, send, story } of messages) {
    const { numbered } = story;
    const timeUs = numbered?.timeUs ?? send.timeUs;
    const number = numbered === null ? '' : `, number ${numbered.seq}`;
    const text = lines(`${short}${number}`, since(timeUs, beginUs));
    steps.push({
      timeUs,
      order: numbered?.id ?? send.id,
      draw: () => w.arrow(ids.get(send.node)!, service, 'call', text),
    });
  }
  const drawn = new Set(members);
  for (const hop of readHops(rows).hops) {
    const row = rows[hop.endRow >= 0 ? hop.endRow : hop.departRow]!;
    const message = messageOf(row);
    if (message === undefined || !drawn.has(hop.to) || row.kind === 'ack' || row.kind === 'nack') continue;
    // A hop to the sender that has not arrived may be an answer as well as a copy.
    if (hop.to === message.send.node && hop.outcome !== 'arrived') continue;
    const id = ids.get(hop.to)!;
    steps.push({ timeUs: hop.endUs, order: row.id, draw: () => arrival(hop, row, message, id) });
  }
  function arrival(hop: Hop, row: TraceRow, { short }: OrderedMessage, id: string): void {
    const time = since(hop.endUs, beginUs);
    if (hop.outcome === 'lost')
      w.arrow(service, id, 'lost', lines(short, `${lostText(hop.reason)}, ${time}`));
    else if (hop.outcome === 'under-way')
      w.arrow(service, id, 'async', lines(short, `under way, due ${time}`));
    else {
      w.arrow(service, id, 'call', lines(short, time));
      if (row.kind === 'buffer')
        w.note(
          id,
          id,
          `${short} waits in the reorder buffer${row.seq > 1 ? ` for number ${row.seq - 1}` : ''}`,
        );
      if (row.kind === 'duplicate') w.note(id, id, `${short} again#58; dropped`);
    }
  }
  for (const { short, story } of messages) {
    const waited = new Set<number>();
    for (const receipt of story.receipts) {
      const id = ids.get(receipt.node);
      if (id === undefined || !drawn.has(receipt.node)) continue;
      if (receipt.what === 'waits') waited.add(receipt.node);
      if (!isShown(receipt) || !waited.has(receipt.node)) continue;
      const { timeUs, id: order } = receipt.row;
      const text = lines(`show ${short}`, since(timeUs, beginUs));
      steps.push({ timeUs, order, draw: () => w.arrow(id, id, 'call', text) });
    }
  }
  steps.sort((a, b) => a.timeUs - b.timeUs || a.order - b.order);
  for (const step of steps) step.draw();

  for (const member of members) {
    const shown = orders.get(member) ?? [];
    w.note(
      ids.get(member)!,
      ids.get(member)!,
      lines('shown', shown.length === 0 ? 'nothing' : shown.map((i) => `m${i + 1}`).join(', ')),
    );
  }
  const missing = orders.size - members.filter((member) => orders.has(member)).length;
  w.note(first, last, lines(verdict(clash, orders, messages, names), ...leftOut(missing, 'member')));
  return w.text();
}

function leftOut(count: number, what: string): string[] {
  return count > 0 ? [`${groupDigits(count)} more ${count === 1 ? what : `${what}s`} not drawn`] : [];
}

function verdict(
  clash: Clash | null,
  orders: ReadonlyMap<number, readonly number[]>,
  messages: readonly OrderedMessage[],
  names: Names,
): string {
  if (clash !== null) {
    const [one, other] = [label(names.node(clash.one), 24), label(names.node(clash.other), 24)];
    const [m, n] = [messages[clash.earlier]!.short, messages[clash.later]!.short];
    return lines(`${one} was shown ${m} before ${n}, ${other} ${n} before ${m}`, 'no one order fits both');
  }
  if (orders.size === 0) return 'nobody was shown anything yet';
  const numberOf = (index: number): number => messages[index]!.story.numbered?.seq ?? 0;
  for (const [member, order] of orders) {
    const at = order.findIndex(
      (index, i) => i > 0 && numberOf(index) > 0 && numberOf(index) < numberOf(order[i - 1]!),
    );
    if (at < 0) continue;
    const [before, after] = [messages[order[at - 1]!]!, messages[order[at]!]!];
    return `${label(names.node(member), 24)} was shown ${before.short} before ${after.short}, against their numbers`;
  }
  return orders.size === 1
    ? 'one member was shown them'
    : `no two of ${counted(orders.size, 'member')} disagree on the order`;
}
