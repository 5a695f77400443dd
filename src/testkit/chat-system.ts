import type { HistoryEvent } from '../guarantees/history.ts';
import type { SystemStep, SystemUse } from './system-use.ts';

/** A real chat system, or one in memory, as the testkit uses it: four functions. Whatever they throw fails the test. */
export interface ChatSystem {
  /**
   * The user's client comes online. From now on it calls `show` with everything that it shows to its user, in the order in which it shows
   * it; a client that catches up does so too.
   */
  connect(user: string, show: ShowMessage): void | Promise<void>;
  /**
   * The user, who is connected, sends the text `message` to a channel. The answer is true when the system has acknowledged it, false when
   * it has refused it, and null when the client cannot know, because its connection went away first.
   */
  send(user: string, channel: string, message: string): boolean | null | Promise<boolean | null>;
  /** The user's connection is cut, as a network does it. */
  disconnect(user: string): void | Promise<void>;
  /** Comes back when nothing is under way any more: every message that will ever be shown has been. */
  settle(): void | Promise<void>;
  /** Frees what the system holds; it is not used afterwards. */
  stop?(): void | Promise<void>;
}

/** Tells that a client shows a message to its user. */
export type ShowMessage = (channel: string, message: string) => void;

/** Starts a system whose channels have these members, and nobody connected. Each test of a use has one of its own. */
export type StartSystem = (
  members: SystemUse['members'],
  record: RecordEvent,
) => ChatSystem | Promise<ChatSystem>;

/** Tells what only the system itself knows: that a message was persisted or lost, or that a limiter has accepted a request. */
export type RecordEvent = (
  event:
    | { readonly type: 'persist' | 'lost'; readonly message: string }
    | { readonly type: 'accept'; readonly key: string },
) => void;

/** Each kind of event without its time. */
type Untimed<E> = E extends unknown ? Omit<E, 'time'> : never;

/**
 * Uses a system and records what its users did and were shown. At the end everybody is connected and the system is at rest. Times are
 * `nowMs` of each event, or, without a clock, 1 ms from event to event. Throws what the system throws.
 */
export async function recordUse(
  start: StartSystem,
  { members, rounds }: SystemUse,
  nowMs?: () => number,
): Promise<HistoryEvent[]> {
  const history: HistoryEvent[] = [];
  const beginMs = nowMs?.() ?? 0;
  let time = 0;
  let isOver = false;
  const record = (event: Untimed<HistoryEvent>): void => {
    if (isOver) return;
    time = nowMs === undefined ? time + 1 : Math.max(time, nowMs() - beginMs);
    history.push({ ...event, time } as HistoryEvent);
  };
  for (const [channel, users] of Object.entries(members))
    for (const user of users) record({ type: 'join', user, channel });

  const system = await start(members, record);
  const connected = new Set<string>();
  let sent = 0;

  const connect = (user: string): void | Promise<void> => {
    connected.add(user);
    return system.connect(user, (channel, message) => record({ type: 'deliver', message, user, channel }));
  };
  const send = async (user: string, channel: string): Promise<void> => {
    const message = `m${++sent}`;
    record({ type: 'send', message, user, channel });
    const answer = await system.send(user, channel, message);
    if (answer !== null) record({ type: answer ? 'ack' : 'refuse', message, user });
  };
  const begin = async (step: SystemStep): Promise<void> => {
    if (step.do === 'send') return send(step.user, step.channel);
    if (step.do === 'connect') return connect(step.user);
    connected.delete(step.user);
    await system.disconnect(step.user);
  };

  try {
    const everybody = [...new Set(Object.values(members).flat())];
    for (const user of everybody) await connect(user);
    for (const round of rounds) await Promise.all(round.map(begin));
    for (const user of everybody) if (!connected.has(user)) await connect(user);
    await system.settle();
    record({ type: 'end', quiescent: true });
  } finally {
    isOver = true;
    await system.stop?.();
  }
  return history;
}
