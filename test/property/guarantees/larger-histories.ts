import fc from 'fast-check';
import type { HistoryEvent } from '../../../src/guarantees/history.ts';

/**
 * Histories of some hundreds of events, from a small simulation: each member is shown each message after a delay of its own. Long
 * enough for the checkers' shortcuts (indexes, horizons, searches put off) to matter; most promises hold for long stretches.
 */
export interface Shape {
  readonly seed: number;
  readonly users: number;
  readonly channels: number;
  readonly messages: number;
  /** Only so many of the users send. */
  readonly senders: number;
  /** Steps that each channel's messages take, at least and at most. */
  readonly delay: readonly [number, number];
  /** Of 100 showings, so many take up to this many steps more. */
  readonly late: readonly [number, number];
  readonly lost: number;
  readonly twice: number;
  readonly unacked: number;
  /** Of 100 steps, so many in which somebody joins or leaves. */
  readonly churn: number;
}

export const shapes: fc.Arbitrary<Shape> = fc.record({
  seed: fc.integer({ min: 1, max: 0x7fff_ffff }),
  users: fc.integer({ min: 2, max: 8 }),
  channels: fc.integer({ min: 1, max: 4 }),
  messages: fc.integer({ min: 20, max: 130 }),
  senders: fc.integer({ min: 1, max: 8 }),
  delay: fc.constantFrom([1, 1], [1, 9], [1, 70], [30, 90]),
  late: fc.constantFrom([0, 0], [0, 0], [3, 5], [3, 100], [50, 100]),
  lost: fc.constantFrom(0, 0, 5),
  twice: fc.constantFrom(0, 0, 5),
  unacked: fc.constantFrom(0, 10, 100),
  churn: fc.constantFrom(0, 0, 5, 40),
});

/** The multiplicative generator of Park and Miller: small integers from a seed. */
function drawing(seed: number): (below: number) => number {
  let state = seed % 2147483647 || 1;
  return (below) => {
    state = (state * 48271) % 2147483647;
    return state % below;
  };
}

export function largerHistory(shape: Shape): HistoryEvent[] {
  const draw = drawing(shape.seed);
  const events: HistoryEvent[] = [];
  const members = Array.from({ length: shape.channels }, () => new Set<number>());
  const [least, most] = shape.delay;
  const delays = members.map(() => least + draw(most - least + 1));
  const due = new Map<number, HistoryEvent[]>();
  const schedule = (time: number, event: HistoryEvent): void => {
    due.set(time, [...(due.get(time) ?? []), event]);
  };
  const name = (user: number): string => `u${user}`;
  const turn = (user: number, channel: number, time: number): void => {
    const wasMember = members[channel]!.delete(user);
    if (!wasMember) members[channel]!.add(user);
    events.push({ type: wasMember ? 'leave' : 'join', user: name(user), channel: `c${channel}`, time });
  };
  members.forEach((_, c) => {
    for (let u = 0; u < shape.users; u++) if (c === 0 || draw(3) > 0) turn(u, c, 0);
  });
  const end = shape.messages + most + shape.late[1] + 1;
  for (let time = 1; time <= end; time++) {
    for (const event of due.get(time) ?? []) events.push(event);
    if (draw(100) < shape.churn) turn(draw(shape.users), draw(shape.channels), time);
    if (time > shape.messages) continue;
    const sender = draw(Math.min(shape.senders, shape.users));
    const channel = draw(shape.channels);
    const of = { message: `m${time}`, channel: `c${channel}` };
    events.push({ type: 'send', ...of, user: name(sender), time });
    if (draw(100) >= shape.unacked) {
      const acked = time + 1 + draw(20);
      schedule(acked - 1, { type: 'persist', message: of.message, time: acked - 1 });
      if (acked - 1 === time) events.push({ type: 'persist', message: of.message, time });
      schedule(acked, { type: 'ack', message: of.message, user: name(sender), time: acked });
    }
    for (const user of members[channel]!) {
      if (user === sender || draw(100) < shape.lost) continue;
      const late = draw(100) < shape.late[0] ? draw(shape.late[1] + 1) : 0;
      const times = draw(100) < shape.twice ? 2 : 1;
      for (let i = 0; i < times; i++) {
        const shown = time + delays[channel]! + late + i;
        if (shown <= end) schedule(shown, { type: 'deliver', ...of, user: name(user), time: shown });
      }
    }
  }
  events.push({ type: 'end', quiescent: true, time: end });
  return events;
}
