import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { HistoryEvent } from '../../../src/guarantees/history.ts';
import { checkHistory } from '../../../src/guarantees/judge.ts';
import { histories, LIMITS } from './histories.ts';
import { causes, rowsOf, type Showing, sentShowings, showings } from './oracle.ts';

/**
 * Checkers with the mistakes that people make. The random histories must tell each from the true one; otherwise the agreement with
 * the oracle would prove little.
 */

type Events = readonly HistoryEvent[];
type Of<T extends HistoryEvent['type']> = Extract<HistoryEvent, { type: T }>;

const all = <T extends HistoryEvent['type']>(events: Events, type: T): Of<T>[] =>
  events.filter((e): e is Of<T> => e.type === type);

const senderOf = (events: Events, message: string): string | undefined =>
  all(events, 'send').find((e) => e.message === message)?.user;

const isQuiescent = (events: Events): boolean => all(events, 'end').some((e) => e.quiescent);

/** Whether two showings are of one user, the first before the second, and `wrong` says that this is the wrong way round. */
const somePair = (shown: readonly Showing[], wrong: (early: Showing, late: Showing) => boolean): boolean =>
  shown.some((late) =>
    shown.some((early) => early.user === late.user && early.at < late.at && wrong(early, late)),
  );

const pairsInRow = (row: readonly string[]): string[] =>
  row.flatMap((early, i) => row.slice(i + 1).map((late) => `${early} ${late}`));
const neighbours = (row: readonly string[]): string[] => row.slice(1).map((late, i) => `${row[i]} ${late}`);
const turned = (pair: string): string => pair.split(' ').reverse().join(' ');

/** Whether two rows have a pair in opposite order. */
function someTurned(
  rows: readonly (readonly string[])[],
  pairsOf: (row: readonly string[]) => string[],
): boolean {
  return rows.some((one) =>
    rows.some((two) => pairsOf(one).some((pair) => pairsOf(two).includes(turned(pair)))),
  );
}

const perChannel = (events: Events, broken: (rows: string[][]) => boolean): boolean =>
  [...new Set(showings(events).map((s) => s.channel))].some((c) =>
    broken(rowsOf(showings(events).filter((s) => s.channel === c))),
  );

function membersAt(events: Events, channel: string, at: number): Set<string> {
  const members = new Set<string>();
  for (const e of events.slice(0, at)) {
    if (e.type === 'join' && e.channel === channel) members.add(e.user);
    if (e.type === 'leave' && e.channel === channel) members.delete(e.user);
  }
  return members;
}

/** No-loss with its parts to be got wrong: who counts, and which messages. */
function losesSome(
  events: Events,
  owes: (send: Of<'send'>, at: number, user: string) => boolean,
  counts: string,
): boolean {
  if (!isQuiescent(events)) return false;
  const shown = showings(events);
  return events.some((send, at) => {
    if (send.type !== 'send' || senderOf(events.slice(0, at), send.message) !== undefined) return false;
    if (!events.some((e) => e.type === counts && 'message' in e && e.message === send.message)) return false;
    const users = new Set(all(events, 'join').map((e) => e.user));
    return [...users].some(
      (user) => owes(send, at, user) && !shown.some((s) => s.user === user && s.message === send.message),
    );
  });
}

/** By name of the guarantee and of the mistake: whether the mistaken checker finds it violated. */
const MISTAKES: readonly (readonly [string, string, (events: Events) => boolean])[] = [
  [
    'per-channel-order',
    'compares only what two members were shown one right after the other',
    (events) => perChannel(events, (rows) => someTurned(rows, neighbours)),
  ],
  [
    'per-channel-order',
    'compares members two by two, so a ring of three escapes',
    (events) => perChannel(events, (rows) => someTurned(rows, pairsInRow)),
  ],
  [
    'per-channel-order',
    'expects the order of sending',
    (events) =>
      somePair(sentShowings(events), (early, late) => {
        const order = all(events, 'send').map((e) => e.message);
        return early.channel === late.channel && order.indexOf(early.message) > order.indexOf(late.message);
      }),
  ],
  [
    'global-order',
    'judges each channel by itself',
    (events) => perChannel(events, (rows) => someTurned(rows, pairsInRow)),
  ],
  [
    'global-order',
    'compares users two by two, so a ring of three escapes',
    (events) => someTurned(rowsOf(showings(events)), pairsInRow),
  ],
  [
    'per-sender-fifo',
    'takes all senders for one',
    (events) =>
      somePair(sentShowings(events), (early, late) => {
        const order = all(events, 'send').map((e) => e.message);
        return early.channel === late.channel && order.indexOf(early.message) > order.indexOf(late.message);
      }),
  ],
  [
    'per-sender-fifo',
    'looks at the showing right before only',
    (events) =>
      rowsOf(sentShowings(events)).some((row) =>
        neighbours(row).some((pair) => {
          const [early, late] = pair.split(' ') as [string, string];
          const order = all(events, 'send');
          const [a, b] = [order.find((e) => e.message === early)!, order.find((e) => e.message === late)!];
          return a.user === b.user && a.channel === b.channel && order.indexOf(a) > order.indexOf(b);
        }),
      ),
  ],
  [
    'per-sender-fifo',
    'counts a repeated showing as one in the wrong place',
    (events) =>
      somePair(
        events.flatMap((e, at) => (e.type === 'deliver' ? [{ ...e, at }] : [])),
        (early, late) => {
          const order = all(events, 'send').map((e) => e.message);
          return (
            early.channel === late.channel &&
            senderOf(events, early.message) === senderOf(events, late.message) &&
            order.indexOf(early.message) > order.indexOf(late.message)
          );
        },
      ),
  ],
  [
    'causal-order',
    'knows direct causes only',
    (events) => {
      const pairs = causes(events, 'direct');
      return somePair(sentShowings(events), (early, late) => pairs.has(`${late.message} ${early.message}`));
    },
  ],
  [
    'causal-order',
    'looks within one channel only',
    (events) => {
      const pairs = causes(events);
      return somePair(
        sentShowings(events),
        (early, late) => early.channel === late.channel && pairs.has(`${late.message} ${early.message}`),
      );
    },
  ],
  [
    'causal-order',
    "forgets that a sender's own messages are causes",
    (events) => {
      const pairs = causes(events, 'direct');
      return somePair(
        sentShowings(events),
        (early, late) =>
          senderOf(events, early.message) !== senderOf(events, late.message) &&
          pairs.has(`${late.message} ${early.message}`),
      );
    },
  ],
  [
    'no-loss',
    'counts the members of the end in place of those of the send',
    (events) =>
      losesSome(
        events,
        (send, _, user) => user !== send.user && membersAt(events, send.channel, events.length).has(user),
        'ack',
      ),
  ],
  [
    'no-loss',
    'does not let those go who leave',
    (events) =>
      losesSome(
        events,
        (send, at, user) => user !== send.user && membersAt(events, send.channel, at).has(user),
        'ack',
      ),
  ],
  [
    'no-loss',
    'takes one who has left and come back for one who stayed',
    (events) =>
      losesSome(
        events,
        (send, at, user) =>
          user !== send.user &&
          membersAt(events, send.channel, at).has(user) &&
          membersAt(events, send.channel, events.length).has(user),
        'ack',
      ),
  ],
  [
    'no-loss',
    'demands the showing to the sender too',
    (events) =>
      losesSome(
        events,
        (send, at, user) =>
          membersAt(events, send.channel, at).has(user) &&
          !events.some(
            (e, i) => i > at && e.type === 'leave' && e.user === user && e.channel === send.channel,
          ),
        'ack',
      ),
  ],
  [
    'no-loss',
    'demands what was persisted in place of what was acked',
    (events) =>
      losesSome(
        events,
        (send, at, user) =>
          user !== send.user &&
          membersAt(events, send.channel, at).has(user) &&
          !events.some(
            (e, i) => i > at && e.type === 'leave' && e.user === user && e.channel === send.channel,
          ),
        'persist',
      ),
  ],
  [
    'no-duplicates',
    'looks at the showing right before only',
    (events) => {
      const shown = all(events, 'deliver');
      return shown.some(
        (late, i) => i > 0 && shown[i - 1]!.user === late.user && shown[i - 1]!.message === late.message,
      );
    },
  ],
  [
    'no-phantoms',
    'accepts a send that comes later',
    (events) => all(events, 'deliver').some((e) => senderOf(events, e.message) === undefined),
  ],
  [
    'no-phantoms',
    'does not look at the channel',
    (events) =>
      events.some((e, at) => e.type === 'deliver' && senderOf(events.slice(0, at), e.message) === undefined),
  ],
  [
    'authorised-only',
    'asks who was a member when it was sent',
    (events) =>
      all(events, 'deliver').some((e) => {
        const at = events.findIndex((s) => s.type === 'send' && s.message === e.message);
        return !membersAt(events, e.channel, at === -1 ? 0 : at).has(e.user);
      }),
  ],
  [
    'authorised-only',
    'forgets that members leave',
    (events) =>
      events.some(
        (e, at) =>
          e.type === 'deliver' &&
          !all(events.slice(0, at), 'join').some((j) => j.user === e.user && j.channel === e.channel),
      ),
  ],
  [
    'acked-is-durable',
    'is content with a persist at any time',
    (events) => all(events, 'ack').some((a) => !all(events, 'persist').some((p) => p.message === a.message)),
  ],
  [
    'acked-is-durable',
    'forgets that the store can lose it afterwards',
    (events) =>
      events.some(
        (e, at) =>
          e.type === 'ack' && !all(events.slice(0, at), 'persist').some((p) => p.message === e.message),
      ),
  ],
  [
    'acked-is-durable',
    'asks the store only when the run is over',
    (events) =>
      all(events, 'ack').some(
        (a) =>
          events.findLast((e) => (e.type === 'persist' || e.type === 'lost') && e.message === a.message)
            ?.type !== 'persist',
      ),
  ],
  [
    'rate-bound',
    'counts in windows that begin at multiples of their length',
    (events) => {
      const windowMs = LIMITS.windowUs / 1000;
      const requests = all(events, 'accept');
      return requests.some(
        (r) =>
          requests.filter(
            (o) => o.key === r.key && Math.floor(o.time / windowMs) === Math.floor(r.time / windowMs),
          ).length > LIMITS.limit,
      );
    },
  ],
  [
    'rate-bound',
    'takes all keys for one',
    (events) => {
      const times = all(events, 'accept').map((r) => r.time);
      return times.some(
        (from) => times.filter((t) => t >= from && t <= from + LIMITS.windowUs / 1000).length > LIMITS.limit,
      );
    },
  ],
  [
    'presence-converges',
    'wants it to have been true once',
    (events) =>
      isQuiescent(events) &&
      all(events, 'presence').some((p) => {
        const truth =
          events.findLast((e) => (e.type === 'online' || e.type === 'offline') && e.user === p.of)?.type ??
          'offline';
        const views = all(events, 'presence').filter((o) => o.user === p.user && o.of === p.of);
        return !views.some((o) => o.online === (truth === 'online'));
      }),
  ],
  [
    'presence-converges',
    'blames those who are offline and look at nothing',
    (events) =>
      isQuiescent(events) &&
      all(events, 'presence').some((p) => {
        const truth =
          events.findLast((e) => (e.type === 'online' || e.type === 'offline') && e.user === p.of)?.type ??
          'offline';
        const last = all(events, 'presence').findLast((o) => o.user === p.user && o.of === p.of)!;
        return last.online !== (truth === 'online');
      }),
  ],
  [
    'joined-only',
    'asks only for the last join',
    (events) =>
      events.some((shown, at) => {
        if (shown.type !== 'deliver') return false;
        const before = events.slice(0, at);
        const place = (type: string): number =>
          before.findIndex((e) => e.type === type && 'message' in e && e.message === shown.message);
        const joined = before.findLastIndex(
          (e) => e.type === 'join' && e.user === shown.user && e.channel === shown.channel,
        );
        const isSaid =
          place('send') >= 0 && place('persist') >= 0 && membersAt(events, shown.channel, at).has(shown.user);
        return isSaid && joined > Math.max(place('send'), place('persist'));
      }),
  ],
  [
    'answered',
    'takes what is stored for answered',
    (events) =>
      isQuiescent(events) &&
      all(events, 'send').some(
        ({ message }) =>
          !events.some(
            (e) =>
              ['ack', 'refuse', 'give-up', 'persist'].includes(e.type) &&
              'message' in e &&
              e.message === message,
          ),
      ),
  ],
];

describe('the random histories tell the true checker of', () => {
  test.each(MISTAKES)('%s from one that %s', (name, _, findsViolated) => {
    const result = fc.check(
      fc.property(histories, (events) => {
        const [verdict] = checkHistory(events, [name], LIMITS);
        return (verdict!.verdict === 'violated') === findsViolated(events);
      }),
      { seed: 1, numRuns: 20_000, endOnFailure: true },
    );
    expect(result.failed).toBe(true);
  });
});
