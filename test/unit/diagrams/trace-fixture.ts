import {
  type DropReason,
  type Names,
  NO_NODE,
  type TraceKind,
  type TraceRow,
  USER_NODE,
} from '../../../src/trace/trace.ts';

/**
 * Traces made by hand, in the shape that a run leaves: every hop is a 'forward' (with departure and due time) and an 'arrive', every
 * row has the cause that the tracer gives it, the last row of the same message at the node that it came from.
 */

type FixtureStationKind = 'gateway' | 'ws-server' | 'pubsub' | 'chat-service' | 'database' | 'limiter';
export interface FixtureStation {
  readonly node: number;
  readonly name: string;
  readonly kind: FixtureStationKind;
}

export interface Step {
  readonly kind: TraceKind;
  readonly node: number;
  readonly peer?: number;
  /** Where the cause is: the last row of this message there. Left out: this row begins something. */
  readonly after?: number;
  readonly departUs?: number;
  readonly dueUs?: number;
  readonly sender?: number;
  readonly nth?: number;
  readonly channel?: number;
  readonly attempt?: number;
  readonly seq?: number;
  readonly reason?: DropReason;
}

/** Collects rows; `at` gives the time. Rows must be added in the order of time. */
export class TraceWriter {
  readonly rows: TraceRow[] = [];
  private readonly last = new Map<string, number>();

  add(timeUs: number, step: Step): TraceRow {
    const { sender = 0, nth = 1, channel = 0, attempt = 0, seq = 0, reason = 'none', peer = NO_NODE } = step;
    const name = (node: number): string => `${node} ${sender} ${nth}`;
    const row: TraceRow = {
      id: this.rows.length,
      timeUs,
      kind: step.kind,
      node: step.node,
      peer,
      sender,
      nth,
      channel,
      attempt,
      seq,
      cause: step.after === undefined ? -1 : (this.last.get(name(step.after)) ?? -1),
      departUs: step.departUs ?? timeUs,
      dueUs: step.dueUs ?? timeUs,
      reason,
    };
    this.rows.push(row);
    if (sender >= 0) this.last.set(name(step.node), row.id);
    return row;
  }
}

export interface Fixture {
  readonly rows: readonly TraceRow[];
  readonly names: Names;
  readonly stations: readonly FixtureStation[];
}

export const user = (n: number): number => USER_NODE + n;

/** gateway-1, ws-server-1 .. ws-server-N, pubsub-1, chat-service, database. */
export function fixtureStations(servers: number): readonly FixtureStation[] {
  const list: FixtureStation[] = [{ node: 0, name: 'gateway-1', kind: 'gateway' }];
  for (let i = 1; i <= servers; i++) list.push({ node: i, name: `ws-server-${i}`, kind: 'ws-server' });
  list.push({ node: servers + 1, name: 'pubsub-1', kind: 'pubsub' });
  list.push({ node: servers + 2, name: 'chat-service', kind: 'chat-service' });
  list.push({ node: servers + 3, name: 'database', kind: 'database' });
  return list;
}

export function fixtureNames(
  stations: readonly FixtureStation[],
  users: readonly string[],
  channels = ['general'],
): Names {
  const userName = (n: number): string => users[n] ?? `user-${n + 1}`;
  return {
    node: (node) =>
      node >= USER_NODE ? userName(node - USER_NODE) : (stations[node]?.name ?? `node-${node}`),
    channel: (channel) => `#${channels[channel] ?? `channel-${channel + 1}`}`,
    message: (sender, nth) => `${userName(sender)}/${nth}`,
  };
}

export interface MessageTraceOptions {
  /** Recipients: user number and the number (from 1) of its server. */
  readonly recipients: readonly { readonly user: number; readonly server: number }[];
  readonly servers?: number;
  readonly userNames?: readonly string[];
  readonly channels?: readonly string[];
  readonly sendUs?: number;
  /** How long the message is in the chat service's queue and at work there. */
  readonly chatUs?: number;
  /** Users whose copy the last link loses. */
  readonly lostFor?: readonly number[];
  /** Servers (from 1) that are down. */
  readonly down?: readonly number[];
  readonly ack?: boolean;
}

/** One message of user 0 (connected to ws-server-1) through all eight participants of the lab's sequence diagram. */
function messageTrace(options: MessageTraceOptions): Fixture {
  const {
    recipients,
    servers = 10,
    sendUs: t0 = 12_345_678,
    chatUs = 600,
    lostFor = [],
    down = [],
  } = options;
  const stations = fixtureStations(servers);
  const [gateway, serverA, pubsub, chat, database] = [0, 1, servers + 1, servers + 2, servers + 3];
  const alice = user(0);
  type Pending = Step & { readonly timeUs: number };
  const pending: Pending[] = [];
  const at = (timeUs: number, step: Step): void => {
    pending.push({ timeUs, ...step });
  };
  /** A forward and its arrival. Returns the time of the arrival. */
  const hop = (
    timeUs: number,
    from: number,
    to: number,
    linkUs: number,
    more: Partial<Step> = {},
  ): number => {
    at(timeUs, {
      kind: 'forward',
      node: from,
      peer: to,
      after: from,
      departUs: timeUs,
      dueUs: timeUs + linkUs,
      ...more,
    });
    at(timeUs + linkUs, { kind: 'arrive', node: to, peer: from, after: from, ...more });
    return timeUs + linkUs;
  };

  at(t0, { kind: 'send', node: alice, peer: gateway });
  const atGateway = hop(t0, alice, gateway, 24_310);
  const atServer = hop(atGateway + 20, gateway, serverA, 410);
  const atChat = hop(atServer + 20, serverA, chat, 520);
  const validated = atChat + chatUs;
  const seq = 42;
  at(validated, { kind: 'validate', node: chat, after: chat, seq });
  const atDatabase = hop(validated, chat, database, 340, { seq });
  const stored = atDatabase + 2_130;
  at(stored, { kind: 'persist', node: database, after: database, seq });
  const back = hop(stored, database, chat, 610, { seq });
  const atPubsub = hop(back, chat, pubsub, 480, { seq });
  const published = atPubsub + 5;
  at(published, { kind: 'publish', node: pubsub, peer: chat, after: pubsub, seq });
  if (options.ack !== false) {
    const told = hop(published, pubsub, chat, 620, { seq });
    const ackAtServer = hop(told, chat, serverA, 450, { seq });
    const departUs = ackAtServer + 10;
    const dueUs = departUs + 22_870;
    at(ackAtServer, { kind: 'forward', node: serverA, peer: alice, after: serverA, seq, departUs, dueUs });
    at(dueUs, { kind: 'ack', node: alice, after: serverA, seq });
  }
  const told = [...new Set(recipients.map((r) => r.server))].sort((a, b) => a - b);
  for (const [i, server] of told.entries()) {
    const link = 300 + ((i * 37) % 400);
    if (down.includes(server)) {
      const dueUs = published + link;
      at(published, {
        kind: 'forward',
        node: pubsub,
        peer: server,
        after: pubsub,
        seq,
        departUs: published,
        dueUs,
      });
      at(dueUs, { kind: 'drop', node: server, peer: pubsub, after: pubsub, seq, reason: 'station-down' });
      continue;
    }
    const notified = hop(published, pubsub, server, link, { seq });
    const members = recipients.filter((r) => r.server === server);
    for (const [k, member] of members.entries()) {
      const departUs = notified + 10 * (k + 1);
      const dueUs = departUs + 10_000 + ((member.user * 7_919) % 60_000);
      const to = user(member.user);
      at(departUs, { kind: 'forward', node: server, peer: to, after: server, seq, departUs, dueUs });
      if (lostFor.includes(member.user)) {
        at(departUs + 1, { kind: 'drop', node: server, peer: to, after: server, seq, reason: 'link-loss' });
      } else {
        at(dueUs, { kind: 'deliver', node: to, after: server, seq });
      }
    }
  }
  pending.sort((a, b) => a.timeUs - b.timeUs);
  const writer = new TraceWriter();
  for (const { timeUs, ...step } of pending) writer.add(timeUs, step);
  const names = fixtureNames(stations, options.userNames ?? ['alice', 'bob', 'carol'], [
    ...(options.channels ?? ['general']),
  ]);
  return { rows: writer.rows, names, stations };
}

/** alice on ws-server-1 writes to bob on ws-server-7: the lab's first diagram. */
export const privateMessage = (more: Partial<MessageTraceOptions> = {}): Fixture =>
  messageTrace({ recipients: [{ user: 1, server: 7 }], ...more });

/** alice writes to a channel of so many others, spread over so many servers. */
export function groupMessage(
  members: number,
  servers: number,
  more: Partial<MessageTraceOptions> = {},
): Fixture {
  const recipients = Array.from({ length: members }, (_, i) => ({
    user: i + 1,
    server: 1 + ((i + 1) % servers),
  }));
  return messageTrace({ recipients, servers, ...more });
}

/**
 * alice and bob write to #general at nearly the same time. Carol is nearer to alice's message, dave to bob's: without a reorder buffer
 * they are shown the two in opposite order; with one, dave's second waits for the first.
 */
export function crossingMessages(reorderBuffer: boolean): Fixture {
  const stations = fixtureStations(2);
  const names = fixtureNames(stations, ['alice', 'bob', 'carol', 'dave']);
  const [pubsub, chat, ws1, ws2] = [3, 4, 1, 2];
  const w = new TraceWriter();
  const m1 = { sender: 0, nth: 1, seq: 41 };
  const m2 = { sender: 1, nth: 1, seq: 42 };
  const hop = (t: number, from: number, to: number, dueUs: number, m: typeof m1): void => {
    w.add(t, { kind: 'forward', node: from, peer: to, after: from, departUs: t, dueUs, ...m });
  };
  w.add(0, { kind: 'send', node: user(0), peer: ws1, ...m1, seq: 0 });
  w.add(1_000, { kind: 'send', node: user(1), peer: ws2, ...m2, seq: 0 });
  for (const [t, m, ws] of [
    [12_000, m1, ws1],
    [13_000, m2, ws2],
  ] as const) {
    w.add(t, { kind: 'arrive', node: ws, peer: user(m.sender), after: user(m.sender), ...m, seq: 0 });
    hop(t, ws, chat, t + 500, { ...m, seq: 0 });
    w.add(t + 500, { kind: 'arrive', node: chat, peer: ws, after: ws, ...m, seq: 0 });
    w.add(t + 600, { kind: 'validate', node: chat, after: chat, ...m });
    hop(t + 600, chat, pubsub, t + 900, m);
    w.add(t + 900, { kind: 'arrive', node: pubsub, peer: chat, after: chat, ...m });
  }
  for (const [t, m] of [
    [14_000, m1],
    [14_001, m2],
  ] as const) {
    hop(t, pubsub, ws1, t + 300, m);
    hop(t, pubsub, ws2, t + 300, m);
  }
  for (const [t, m] of [
    [14_300, m1],
    [14_301, m2],
  ] as const) {
    w.add(t, { kind: 'arrive', node: ws1, peer: pubsub, after: pubsub, ...m });
    w.add(t, { kind: 'arrive', node: ws2, peer: pubsub, after: pubsub, ...m });
  }
  hop(14_310, ws1, user(2), 30_000, m1);
  hop(14_320, ws1, user(2), 36_000, m2);
  hop(14_330, ws2, user(3), 52_000, m1);
  hop(14_340, ws2, user(3), 33_000, m2);
  w.add(30_000, { kind: 'deliver', node: user(2), peer: ws1, after: ws1, ...m1 });
  w.add(33_000, { kind: reorderBuffer ? 'buffer' : 'deliver', node: user(3), peer: ws2, after: ws2, ...m2 });
  w.add(36_000, { kind: 'deliver', node: user(2), peer: ws1, after: ws1, ...m2 });
  w.add(52_000, { kind: 'deliver', node: user(3), peer: ws2, after: ws2, ...m1 });
  if (reorderBuffer) w.add(52_000, { kind: 'deliver', node: user(3), peer: ws2, after: user(3), ...m2 });
  return { rows: w.rows, names, stations };
}
