import type { HistoryEvent } from '../../../src/guarantees/history.ts';

/**
 * The guarantees once more, as slowly and as plainly as they can be said, for histories of a few messages. Shares nothing with the
 * checkers but the type of an event. Each returns how often the promise is broken, or 'unknown'.
 */

type Of<T extends HistoryEvent['type']> = Extract<HistoryEvent, { type: T }>;
export type Count = number | 'unknown';

const isType =
  <T extends HistoryEvent['type']>(type: T) =>
  (event: HistoryEvent): event is Of<T> =>
    event.type === type;

/** A message's channel: the first that is named. */
function channelOf(events: readonly HistoryEvent[], message: string): string | undefined {
  const first = events.find(
    (e): e is Of<'send' | 'deliver'> => (e.type === 'send' || e.type === 'deliver') && e.message === message,
  );
  return first?.channel;
}

const sendAt = (events: readonly HistoryEvent[], message: string): number =>
  events.findIndex((e) => e.type === 'send' && e.message === message);

export interface Showing {
  readonly message: string;
  readonly user: string;
  readonly channel: string;
  readonly at: number;
}

const known = new WeakMap<readonly HistoryEvent[], Showing[]>();

/** The first showing of each message to each user in the message's channel. */
export function showings(events: readonly HistoryEvent[]): Showing[] {
  const before = known.get(events);
  if (before !== undefined) return before;
  const found: Showing[] = [];
  events.forEach((e, at) => {
    if (e.type !== 'deliver' || e.channel !== channelOf(events, e.message)) return;
    if (found.some((s) => s.message === e.message && s.user === e.user)) return;
    found.push({ message: e.message, user: e.user, channel: e.channel, at });
  });
  known.set(events, found);
  return found;
}

/** Those of messages that had been sent. */
export const sentShowings = (events: readonly HistoryEvent[]): Showing[] =>
  showings(events).filter((s) => sendAt(events, s.message) !== -1 && sendAt(events, s.message) < s.at);

function* permutations<T>(items: readonly T[]): Generator<T[]> {
  if (items.length === 0) yield [];
  for (let i = 0; i < items.length; i++) {
    for (const rest of permutations([...items.slice(0, i), ...items.slice(i + 1)]))
      yield [items[i]!, ...rest];
  }
}

/** Whether some order of the messages fits all rows. */
export function someOrderFits(rows: readonly (readonly string[])[]): boolean {
  const fits = (order: readonly string[]): boolean =>
    rows.every((row) => row.every((m, i) => i === 0 || order.indexOf(row[i - 1]!) < order.indexOf(m)));
  for (const order of permutations([...new Set(rows.flat())])) if (fits(order)) return true;
  return false;
}

export function rowsOf(shown: readonly Showing[]): string[][] {
  const users = [...new Set(shown.map((s) => s.user))];
  return users.map((user) => shown.filter((s) => s.user === user).map((s) => s.message));
}

/** Pairs `cause effect`: direct ones, and unless only these are wanted those through others. */
export function causes(events: readonly HistoryEvent[], which: 'direct' | 'all' = 'all'): Set<string> {
  const sends = events
    .map((e, at) => ({ e, at }))
    .filter(({ e, at }) => e.type === 'send' && sendAt(events, e.message) === at);
  const shown = sentShowings(events);
  const pairs = new Set<string>();
  for (const r of sends as { e: Of<'send'>; at: number }[]) {
    for (const m of sends as { e: Of<'send'>; at: number }[]) {
      if (m.e.user === r.e.user && m.at < r.at) pairs.add(`${m.e.message} ${r.e.message}`);
    }
    for (const s of shown)
      if (s.user === r.e.user && s.at < r.at && s.message !== r.e.message)
        pairs.add(`${s.message} ${r.e.message}`);
  }
  for (let grown = which === 'all'; grown; ) {
    grown = false;
    for (const one of [...pairs]) {
      for (const two of [...pairs]) {
        const [a, b] = one.split(' ');
        const [c, d] = two.split(' ');
        if (b === c && !pairs.has(`${a} ${d}`)) {
          pairs.add(`${a} ${d}`);
          grown = true;
        }
      }
    }
  }
  return pairs;
}

function isMember(events: readonly HistoryEvent[], user: string, channel: string, at: number): boolean {
  let member = false;
  for (const e of events.slice(0, at)) {
    if ((e.type === 'join' || e.type === 'leave') && e.user === user && e.channel === channel)
      member = e.type === 'join';
  }
  return member;
}

const isQuiescent = (events: readonly HistoryEvent[]): boolean =>
  events.some((e) => e.type === 'end' && e.quiescent);

/** [message, user] of every acked message that a member has not been shown. */
function missing(events: readonly HistoryEvent[]): [string, string][] {
  const shown = showings(events);
  const found: [string, string][] = [];
  const users = new Set(events.flatMap((e) => ('user' in e ? [e.user] : [])));
  for (const message of new Set(events.filter(isType('ack')).map((e) => e.message))) {
    const at = sendAt(events, message);
    if (at === -1) continue;
    const send = events[at] as Of<'send'>;
    for (const user of users) {
      if (user === send.user || !isMember(events, user, send.channel, at)) continue;
      const left = events.some(
        (e, i) => i > at && e.type === 'leave' && e.user === user && e.channel === send.channel,
      );
      if (!left && !shown.some((s) => s.message === message && s.user === user)) found.push([message, user]);
    }
  }
  return found;
}

/** The times of the accepted requests of each key, in the order in which they are known to be accepted, in milliseconds. */
function accepted(events: readonly HistoryEvent[]): { key: string; time: number }[] {
  const firstAccept = events.findIndex((e) => e.type === 'accept');
  if (firstAccept !== -1) return events.filter(isType('accept')).map((e) => ({ key: e.key, time: e.time }));
  const found: { key: string; time: number }[] = [];
  const counted = new Set<string>();
  const pending = new Map<string, Of<'send'>>();
  for (const e of events) {
    if (e.type === 'send' && !counted.has(e.message) && !pending.has(e.message)) pending.set(e.message, e);
    if (e.type === 'refuse') pending.delete(e.message);
    if (e.type === 'ack' || e.type === 'persist' || e.type === 'deliver') {
      const send = pending.get(e.message);
      if (send === undefined) continue;
      pending.delete(e.message);
      counted.add(e.message);
      found.push({ key: send.user, time: send.time });
    }
  }
  return found;
}

function overfilled(
  requests: readonly { key: string; time: number }[],
  limit: number,
  windowMs: number,
): number {
  return requests.filter(({ key, time }, i) => {
    const times = requests
      .slice(0, i + 1)
      .filter((r) => r.key === key)
      .map((r) => r.time);
    // Every window that holds this request and begins with some request.
    return times.some(
      (from) =>
        from <= time &&
        time <= from + windowMs &&
        times.filter((t) => from <= t && t <= from + windowMs).length > limit,
    );
  }).length;
}

/** `limit` and `windowMs` are for the rate bound. */
export const ORACLE: Readonly<
  Record<string, (events: readonly HistoryEvent[], limit: number, windowMs: number) => Count>
> = {
  'per-sender-fifo': (events) => {
    const shown = sentShowings(events);
    const author = (m: string): string => (events[sendAt(events, m)] as Of<'send'>).user;
    return shown.filter((late) =>
      shown.some(
        (early) =>
          early.at < late.at &&
          early.user === late.user &&
          early.channel === late.channel &&
          author(early.message) === author(late.message) &&
          sendAt(events, early.message) > sendAt(events, late.message),
      ),
    ).length;
  },
  'per-channel-order': (events) => {
    const shown = showings(events);
    const channels = [...new Set(shown.map((s) => s.channel))];
    return channels.filter((c) => !someOrderFits(rowsOf(shown.filter((s) => s.channel === c)))).length;
  },
  'causal-order': (events) => {
    const shown = sentShowings(events);
    const pairs = causes(events);
    return shown.some((late) =>
      shown.some(
        (early) =>
          early.at < late.at && early.user === late.user && pairs.has(`${late.message} ${early.message}`),
      ),
    )
      ? 1
      : 0;
  },
  'global-order': (events) => (someOrderFits(rowsOf(showings(events))) ? 0 : 1),
  'no-loss': (events) => {
    const lost = missing(events).length;
    return lost === 0 || isQuiescent(events) ? lost : 'unknown';
  },
  'no-duplicates': (events) =>
    events.filter(isType('deliver')).length -
    new Set(events.filter(isType('deliver')).map((e) => `${e.message} ${e.user}`)).size,
  'no-phantoms': (events) =>
    events.filter(
      (e, at) =>
        e.type === 'deliver' &&
        !events
          .slice(0, at)
          .some((s) => s.type === 'send' && s.message === e.message && s.channel === e.channel),
    ).length,
  'authorised-only': (events) =>
    events.filter((e, at) => e.type === 'deliver' && !isMember(events, e.user, e.channel, at)).length,
  'acked-is-durable': (events) => {
    const broken = new Set<string>();
    for (const message of new Set(events.flatMap((e) => ('message' in e ? [e.message] : [])))) {
      let stored = false;
      let acked = false;
      for (const e of events) {
        if (!('message' in e) || e.message !== message) continue;
        if (e.type === 'persist') stored = true;
        if (e.type === 'lost') stored = false;
        if (e.type === 'ack') acked = true;
        if (acked && !stored) broken.add(message);
      }
    }
    return broken.size;
  },
  'rate-bound': (events, limit, windowMs) => {
    const firstAccept = events.findIndex((e) => e.type === 'accept');
    const before =
      firstAccept === -1 ? 0 : overfilled(accepted(events.slice(0, firstAccept)), limit, windowMs);
    return before + overfilled(accepted(events), limit, windowMs);
  },
  'presence-converges': (events) => {
    const users = [
      ...new Set(events.flatMap((e) => [...('user' in e ? [e.user] : []), ...('of' in e ? [e.of] : [])])),
    ];
    const truth = (user: string): string | undefined =>
      events.findLast((e) => (e.type === 'online' || e.type === 'offline') && e.user === user)?.type;
    const wrong = users.flatMap((viewer) =>
      users
        .map((of) => ({
          viewer,
          of,
          shown: events.filter(isType('presence')).findLast((e) => e.user === viewer && e.of === of),
        }))
        .filter(({ of, shown }) => shown !== undefined && shown.online !== (truth(of) === 'online')),
    );
    if (!isQuiescent(events)) return wrong.length === 0 ? 0 : 'unknown';
    return wrong.filter(({ viewer }) => truth(viewer) !== 'offline').length;
  },
  'joined-only': (events) =>
    saidAndShown(events).filter(({ user, channel, from, to }) => {
      for (let at = from; at <= to; at++) if (isMember(events, user, channel, at + 1)) return false;
      return !isMember(events, user, channel, from);
    }).length,
  answered: (events) => {
    const open = sentMessages(events).filter(
      (message) => !events.some((e) => isAnswer(e) && e.message === message),
    );
    return open.length === 0 || isQuiescent(events) ? open.length : 'unknown';
  },
};

const isAnswer = (e: HistoryEvent): e is Of<'ack' | 'refuse' | 'give-up'> =>
  e.type === 'ack' || e.type === 'refuse' || e.type === 'give-up';

const sentMessages = (events: readonly HistoryEvent[]): string[] => [
  ...new Set(events.filter(isType('send')).map((e) => e.message)),
];

/** Showings of sent and stored messages to members, with the places of the sending and the storing, the earlier first. */
function saidAndShown(events: readonly HistoryEvent[]) {
  return events.flatMap((e, at) => {
    if (e.type !== 'deliver' || e.channel !== channelOf(events, e.message)) return [];
    const sent = sendAt(events, e.message);
    const stored = events.findIndex((p) => p.type === 'persist' && p.message === e.message);
    if (sent < 0 || stored < 0 || sent > at || stored > at || !isMember(events, e.user, e.channel, at))
      return [];
    return [{ ...e, from: Math.min(sent, stored), to: Math.max(sent, stored) }];
  });
}

const deliveries = (events: readonly HistoryEvent[]): number => events.filter(isType('deliver')).length;

/** How many events bear on each guarantee: without any it is not at stake. */
export const STAKES: Readonly<Record<string, (events: readonly HistoryEvent[]) => number>> = {
  'per-sender-fifo': (events) => {
    const sends = events.filter(isType('send'));
    return sentShowings(events).filter(({ message }) => {
      const at = sendAt(events, message);
      const { user, channel } = events[at] as Of<'send'>;
      return sends.some((e) => e.user === user && e.channel === channel && sendAt(events, e.message) < at);
    }).length;
  },
  'per-channel-order': (events) =>
    showings(events).filter((s) =>
      showings(events).some((e) => e.at < s.at && e.user === s.user && e.channel === s.channel),
    ).length,
  'causal-order': (events) => {
    const effects = new Set([...causes(events, 'direct')].map((pair) => pair.split(' ')[1]));
    return sentShowings(events).filter(({ message }) => effects.has(message)).length;
  },
  'global-order': (events) =>
    showings(events).filter((s) => showings(events).some((e) => e.at < s.at && e.user === s.user)).length,
  'no-loss': (events) => {
    const users = [...new Set(events.flatMap((e) => ('user' in e ? [e.user] : [])))];
    let owed = 0;
    for (const message of new Set(events.filter(isType('ack')).map((e) => e.message))) {
      const at = sendAt(events, message);
      if (at === -1) continue;
      const { user, channel } = events[at] as Of<'send'>;
      owed += users.filter((other) => other !== user && isMember(events, other, channel, at)).length;
    }
    return owed;
  },
  'no-duplicates': deliveries,
  'no-phantoms': deliveries,
  'authorised-only': deliveries,
  'acked-is-durable': (events) => new Set(events.filter(isType('ack')).map((e) => e.message)).size,
  'rate-bound': (events) => {
    const firstAccept = events.findIndex((e) => e.type === 'accept');
    const before = firstAccept === -1 ? 0 : accepted(events.slice(0, firstAccept)).length;
    return before + accepted(events).length;
  },
  'presence-converges': (events) => events.filter(isType('presence')).length,
  'joined-only': (events) => saidAndShown(events).length,
  answered: (events) => sentMessages(events).length,
};
