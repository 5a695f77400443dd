import fc from 'fast-check';
import type { HistoryEvent } from '../../../src/guarantees/history.ts';

/** Small random histories: up to 6 messages, 4 users, 3 channels, in which each guarantee holds, breaks and stays unknown often. */

const USERS = ['alice', 'bob', 'carol', 'dave'];
const CHANNELS = ['c1', 'c2', 'c3'];
const MESSAGES = ['m1', 'm2', 'm3', 'm4', 'm5', 'm6'];

interface Op {
  readonly op: string;
  readonly m: number;
  readonly u: number;
  readonly v: number;
  readonly c: number;
  readonly dt: number;
  readonly odd: boolean;
}

const OPS: readonly [string, number][] = [
  ['send', 6],
  ['deliver', 14],
  ['ack', 4],
  ['persist', 4],
  ['join', 4],
  ['leave', 1],
  ['refuse', 1],
  ['give-up', 1],
  ['lost', 1],
  ['accept', 2],
  ['online', 2],
  ['offline', 1],
  ['presence', 3],
];

const op = (weights: readonly [string, number][]): fc.Arbitrary<Op> =>
  fc.record({
    op: fc.oneof(...weights.map(([name, weight]) => ({ weight, arbitrary: fc.constant(name) }))),
    m: fc.nat({ max: MESSAGES.length - 1 }),
    u: fc.nat({ max: USERS.length - 1 }),
    v: fc.nat({ max: USERS.length - 1 }),
    c: fc.nat({ max: CHANNELS.length - 1 }),
    dt: fc.constantFrom(0, 0, 1, 1, 2, 0.5),
    odd: fc.integer({ min: 0, max: 19 }).map((n) => n === 19),
  });

/** Who sends each message, and where. */
const authors = fc.tuple(
  fc.array(fc.nat({ max: USERS.length - 1 }), { minLength: MESSAGES.length, maxLength: MESSAGES.length }),
  fc.array(fc.nat({ max: CHANNELS.length - 1 }), { minLength: MESSAGES.length, maxLength: MESSAGES.length }),
);

function eventOf(o: Op, time: number, sender: readonly number[], channel: readonly number[]): HistoryEvent {
  const message = MESSAGES[o.m]!;
  const user = USERS[o.u]!;
  switch (o.op) {
    case 'send':
      return { type: 'send', message, user: USERS[sender[o.m]!]!, channel: CHANNELS[channel[o.m]!]!, time };
    case 'deliver':
      return { type: 'deliver', message, user, channel: CHANNELS[o.odd ? o.c : channel[o.m]!]!, time };
    case 'ack':
    case 'refuse':
    case 'give-up':
      return { type: o.op, message, user: USERS[sender[o.m]!]!, time };
    case 'persist':
    case 'lost':
      return { type: o.op, message, time };
    case 'join':
    case 'leave':
      return { type: o.op, user, channel: CHANNELS[o.c]!, time };
    case 'accept':
      return { type: 'accept', key: user, time };
    case 'online':
    case 'offline':
      return { type: o.op, user, time };
    default:
      return { type: 'presence', user, of: USERS[o.v]!, online: o.odd || o.c > 0, time };
  }
}

function historyOf(ops: readonly Op[], who: readonly [number[], number[]], end: string): HistoryEvent[] {
  let time = 0;
  const events: HistoryEvent[] = [];
  const sent = new Map<number, string>();
  for (const o of ops) {
    time += o.dt;
    const event = eventOf(o, time, who[0], who[1]);
    // What is shown before it is sent fixes its channel, so a send elsewhere would contradict it.
    if (event.type === 'deliver' && !sent.has(o.m)) sent.set(o.m, event.channel);
    if (event.type === 'send') {
      const known = sent.get(o.m);
      if (known !== undefined && known !== event.channel) continue;
      sent.set(o.m, event.channel);
    }
    events.push(event);
  }
  if (end !== 'none') events.push({ type: 'end', quiescent: end === 'quiescent', time: time + 1 });
  return events;
}

const ends = fc.constantFrom('none', 'cut', 'quiescent', 'quiescent');

/** Anything in any order. */
const wild = fc
  .tuple(fc.array(op(OPS), { maxLength: 45, size: 'max' }), authors, ends)
  .map(([ops, who, end]) => historyOf(ops, who, end));

const MEMBERS_COME_AND_GO: readonly [string, number][] = [
  ['deliver', 12],
  ['send', 5],
  ['ack', 3],
  ['persist', 3],
  ['leave', 2],
  ['join', 1],
];

const TALK_ONLY: readonly [string, number][] = [
  ['deliver', 5],
  ['send', 2],
];

/** All are members of all channels; each message is sent before it is shown, and mostly shown once: so it is the order that matters. */
const tame = fc
  .record({
    ops: fc
      .constantFrom(MEMBERS_COME_AND_GO, TALK_ONLY)
      .chain((weights) => fc.array(op(weights), { minLength: 8, maxLength: 40, size: 'max' })),
    who: authors,
    end: ends,
    users: fc.integer({ min: 2, max: 4 }),
    channels: fc.constantFrom(1, 1, 2, 3),
    messages: fc.constantFrom(3, 4, MESSAGES.length),
    /** In the end everybody is shown the rest, except those who had left before. */
    complete: fc.boolean(),
  })
  .map(({ ops, who, end, users, channels, messages, complete }) => {
    const joins = USERS.flatMap((user) =>
      CHANNELS.map((channel): HistoryEvent => ({ type: 'join', user, channel, time: 0 })),
    );
    let sent = 0;
    const shown = new Set<string>();
    const kept: Op[] = [];
    for (const o of ops) {
      const u = o.u % users;
      if (o.op === 'send') {
        if (sent < messages) kept.push({ ...o, m: sent++ });
      } else if (o.op === 'deliver') {
        const waiting = MESSAGES.map((_, m) => m).filter(
          (m) => m < sent && (o.odd || !shown.has(`${m} ${u}`)),
        );
        if (waiting.length === 0) continue;
        const m = waiting[o.m % waiting.length]!;
        shown.add(`${m} ${u}`);
        // Of the odd ones, which may be repeated, some are in the wrong channel.
        kept.push({ ...o, m, u, odd: o.odd && o.v === 0 });
      } else if (sent > 0) {
        kept.push({ ...o, m: o.m % sent, u, c: o.c % channels });
      }
    }
    const [senders, places] = [who[0].map((u) => u % users), who[1].map((c) => c % channels)];
    for (let m = 0; complete && m < sent; m++) {
      for (let u = 0; u < USERS.length; u++) {
        const hadLeft = kept.some((o) => o.op === 'leave' && o.u === u && o.c === places[m]);
        if (hadLeft || shown.has(`${m} ${u}`)) continue;
        kept.push({ op: 'deliver', m, u, v: 0, c: 0, dt: 0, odd: false });
      }
    }
    return [...joins, ...historyOf(kept, [senders, places], end)];
  });

/** A few requests of few keys, close together. */
const requests = fc
  .tuple(
    fc.array(
      op([
        ['accept', 6],
        ['online', 2],
        ['offline', 2],
        ['presence', 6],
      ]),
      { maxLength: 14, size: 'max' },
    ),
    authors,
    ends,
  )
  .map(([ops, who, end]) =>
    historyOf(
      ops.map((o) => ({ ...o, u: o.u & 1, v: o.v & 1 })),
      who,
      end,
    ),
  );

export const histories: fc.Arbitrary<HistoryEvent[]> = fc.oneof(
  { weight: 2, arbitrary: wild },
  { weight: 5, arbitrary: tame },
  { weight: 1, arbitrary: requests },
);

/** For the rate bound. */
export const LIMITS = { limit: 2, windowUs: 3000 } as const;

/** How many random histories a property looks at. */
export function depth(runs: number): number {
  const asked = Number(process.env.FANOUT_DEPTH ?? 0);
  return Number.isSafeInteger(asked) && asked > 0 ? asked : runs;
}
