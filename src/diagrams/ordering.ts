import { counted, groupDigits } from '../base/text.ts';
import { type Hop, readHops } from '../kernel/hops.ts';
import { isUserNode, type Names, type TraceRow } from '../kernel/trace.ts';
import { label, lines, sequenceWriter } from './mermaid-text.ts';
import { lostText, since } from './words.ts';

export interface OrderingOptions {
  /** The channel; when left out, the one with most messages in the rows. */
  readonly channel?: number;
  /** At most so many messages, the first sent ones. 6 when left out. */
  readonly maxMessages?: number;
  /** At most so many members, first those who disagree. 3 when left out. */
  readonly maxMembers?: number;
}

/** One message of the channel, called m1, m2, ... in the order in which they were sent. */
interface Message {
  readonly short: string;
  readonly send: TraceRow;
  /** Where and when it got its number; null while it has none. */
  readonly numbered: TraceRow | null;
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
  const channel = options.channel ?? busiestChannel(rows);
  const maxMessages = options.maxMessages ?? 6;
  const maxMembers = options.maxMembers ?? 3;
  const sent = rows.filter((row) => row.kind === 'send' && row.channel === channel);
  if (sent.length === 0) {
    throw new RangeError(
      channel < 0
        ? 'the trace holds no message: watch one'
        : `the trace has no message in ${names.channel(channel)}: watch that channel`,
    );
  }
  const messages = sent.slice(0, maxMessages).map((send, i): Message => {
    const numbered = rows.find((row) => row.seq > 0 && isOf(row, send)) ?? null;
    return { short: `m${i + 1}`, send, numbered };
  });
  const byName = new Map(messages.map((message) => [`${message.send.sender} ${message.send.nth}`, message]));
  const messageOf = (row: TraceRow): Message | undefined => byName.get(`${row.sender} ${row.nth}`);
  const orders = shownOrders(rows, messageOf);
  const clash = findClash(orders, messages.length);
  const members = chooseMembers(orders, rows, messageOf, clash, maxMembers);

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
  for (const { short, send, numbered } of messages) {
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
    const id = ids.get(hop.to)!;
    steps.push({ timeUs: hop.endUs, order: row.id, draw: () => arrival(hop, row, message, id) });
  }
  function arrival(hop: Hop, row: TraceRow, { short }: Message, id: string): void {
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
  const buffered = new Set<string>();
  for (const row of rows) {
    const message = messageOf(row);
    if (message === undefined || !drawn.has(row.node)) continue;
    const at = `${row.node} ${message.short}`;
    if (row.kind === 'buffer') buffered.add(at);
    if (row.kind !== 'deliver' || !buffered.has(at)) continue;
    const id = ids.get(row.node)!;
    const text = lines(`show ${message.short}`, since(row.timeUs, beginUs));
    steps.push({ timeUs: row.timeUs, order: row.id, draw: () => w.arrow(id, id, 'call', text) });
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

const isOf = (row: TraceRow, send: TraceRow): boolean => row.sender === send.sender && row.nth === send.nth;

function leftOut(count: number, what: string): string[] {
  return count > 0 ? [`${groupDigits(count)} more ${count === 1 ? what : `${what}s`} not drawn`] : [];
}

function busiestChannel(rows: readonly TraceRow[]): number {
  const counts = new Map<number, number>();
  for (const row of rows)
    if (row.kind === 'send') counts.set(row.channel, (counts.get(row.channel) ?? 0) + 1);
  let busiest = -1;
  for (const [channel, count] of counts) if (count > (counts.get(busiest) ?? 0)) busiest = channel;
  return busiest;
}

/** For each member the messages (by index) in the order in which it was first shown them. */
function shownOrders(
  rows: readonly TraceRow[],
  messageOf: (row: TraceRow) => Message | undefined,
): Map<number, number[]> {
  const orders = new Map<number, number[]>();
  for (const row of rows) {
    const message = messageOf(row);
    if (row.kind !== 'deliver' || message === undefined) continue;
    const index = Number(message.short.slice(1)) - 1;
    const order = orders.get(row.node);
    if (order === undefined) orders.set(row.node, [index]);
    else if (!order.includes(index)) order.push(index);
  }
  return orders;
}

/** Two members and two messages that the one was shown in the opposite order of the other. */
interface Clash {
  readonly one: number;
  readonly other: number;
  readonly earlier: number;
  readonly later: number;
}

function findClash(orders: ReadonlyMap<number, readonly number[]>, count: number): Clash | null {
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

function chooseMembers(
  orders: ReadonlyMap<number, readonly number[]>,
  rows: readonly TraceRow[],
  messageOf: (row: TraceRow) => Message | undefined,
  clash: Clash | null,
  max: number,
): number[] {
  const waited = rows
    .filter((row) => row.kind === 'buffer' && messageOf(row) !== undefined)
    .map((row) => row.node);
  const lost = rows
    .filter((row) => row.kind === 'drop' && messageOf(row) !== undefined && isUserNode(row.peer))
    .map((row) => row.peer);
  const wanted = [
    ...(clash === null ? [] : [clash.one, clash.other]),
    ...waited.slice(0, 1),
    ...lost.slice(0, 1),
    ...orders.keys(),
  ];
  return [...new Set(wanted)].slice(0, max).sort((a, b) => a - b);
}

function verdict(
  clash: Clash | null,
  orders: ReadonlyMap<number, readonly number[]>,
  messages: readonly Message[],
  names: Names,
): string {
  if (clash !== null) {
    const [one, other] = [label(names.node(clash.one), 24), label(names.node(clash.other), 24)];
    const [m, n] = [messages[clash.earlier]!.short, messages[clash.later]!.short];
    return lines(`${one} was shown ${m} before ${n}, ${other} ${n} before ${m}`, 'no one order fits both');
  }
  if (orders.size === 0) return 'nobody was shown anything yet';
  const numberOf = (index: number): number => messages[index]!.numbered?.seq ?? 0;
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
