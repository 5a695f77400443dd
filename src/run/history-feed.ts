import {
  ACCEPT,
  ACK,
  DELIVER,
  GIVE_UP,
  JOIN,
  LEAVE,
  LOST,
  PERSIST,
  REFUSE,
  SEND,
} from '../guarantees/history.ts';
import type { Context } from '../system/context.ts';
import { CHANNEL, type LaterMember } from '../system/design/topology.ts';
import { eventOf } from '../trace/story.ts';
import { USER_NODE } from '../trace/trace.ts';
import type { Tracer } from '../trace/tracer.ts';

/** Receives a history in its integer form: times in microseconds. */
export type HistorySink = (
  kind: number,
  message: number,
  user: number,
  channel: number,
  timeUs: number,
) => void;

/**
 * Turns the rows of a trace into the history that the guarantees judge: only messages whose rows are all kept. Members are told
 * of as soon as their channel first appears. Messages are numbered in the order of their first row.
 */
export interface HistoryFeed {
  /** Feeds the rows that came since the last call. */
  fold(tracer: Tracer): void;
  /** Begins anew. */
  reset(): void;
  /** What the numbers of the history stand for: they are dense, from 0, in the order of first appearance. */
  messageOf(message: number): { sender: number; nth: number };
  userOf(user: number): number;
  channelOf(channel: number): number;
  /** Users of the run that the history knows. */
  users(): readonly number[];
  messages(): number;
}

const KIND_OF = {
  accept: ACCEPT,
  ack: ACK,
  refuse: REFUSE,
  'give-up': GIVE_UP,
  persist: PERSIST,
  lost: LOST,
} as const;

/** Gives dense numbers, from 0. */
class Numbering {
  readonly of = new Map<number, number>();
  readonly keys: number[] = [];
  number(key: number): number {
    let number = this.of.get(key);
    if (number === undefined) {
      number = this.keys.length;
      this.of.set(key, number);
      this.keys.push(key);
    }
    return number;
  }
}

export function createHistoryFeed(
  context: () => Context,
  later: readonly LaterMember[],
  sink: HistorySink,
): HistoryFeed {
  let next = 0;
  let messages = new Numbering();
  let users = new Numbering();
  let channels = new Numbering();
  let introduced = new Set<number>();

  const introduce = (channel: number, timeUs: number): void => {
    if (introduced.has(channel)) return;
    introduced.add(channel);
    const { topology, memberships } = context();
    const end = topology.channel[4 * channel + CHANNEL.END]!;
    for (let slot = topology.channel[4 * channel + CHANNEL.FIRST]!; slot < end; slot++) {
      const user = memberships.entry[2 * slot]!;
      if (!later.some((l) => l.user === user && l.channel === channel))
        sink(JOIN, 0, users.number(user), channels.number(channel), timeUs);
    }
  };

  return {
    fold(tracer) {
      const { watching } = context();
      for (; next < tracer.length; next++) {
        const row = tracer.row(next);
        const { timeUs, channel } = row;
        const user = row.node - USER_NODE;
        if (row.sender < 0) {
          if (row.kind !== 'join' && row.kind !== 'leave') continue;
          introduce(channel, timeUs);
          sink(row.kind === 'join' ? JOIN : LEAVE, 0, users.number(user), channels.number(channel), timeUs);
          continue;
        }
        if (!watching.messageIsWhole(row.sender, row.nth, channel)) continue;
        const key = row.sender * 0x400000 + row.nth;
        // Watched only since it was under way: what happened before is not in the trace.
        if (row.kind !== 'send' && !messages.of.has(key)) continue;
        const message = messages.number(key);
        const event = eventOf(row.kind);
        switch (event) {
          case 'send':
          case 'deliver':
            introduce(channel, timeUs);
            sink(
              event === 'send' ? SEND : DELIVER,
              message,
              users.number(event === 'send' ? row.sender : user),
              channels.number(channel),
              timeUs,
            );
            break;
          case 'accept':
          case 'ack':
          case 'refuse':
          case 'give-up':
            sink(KIND_OF[event], message, users.number(row.sender), 0, timeUs);
            break;
          case 'persist':
          case 'lost':
            sink(KIND_OF[event], message, 0, 0, timeUs);
            break;
          case null:
        }
      }
    },
    reset() {
      next = 0;
      messages = new Numbering();
      users = new Numbering();
      channels = new Numbering();
      introduced = new Set();
    },
    messageOf(message) {
      const key = messages.keys[message] ?? -1;
      return { sender: Math.floor(key / 0x400000), nth: key % 0x400000 };
    },
    userOf: (user) => users.keys[user] ?? -1,
    channelOf: (channel) => channels.keys[channel] ?? -1,
    users: () => users.keys,
    messages: () => messages.keys.length,
  };
}
