/**
 * A history: what users of a chat system did and were shown, one event after the other, in real-time order. It comes as plain
 * objects (JSON Lines, times in milliseconds) or, beside a simulation, as integers (times in whole microseconds).
 */

export type HistoryEvent =
  | { readonly type: 'join'; readonly user: string; readonly channel: string; readonly time: number }
  | { readonly type: 'leave'; readonly user: string; readonly channel: string; readonly time: number }
  | {
      readonly type: 'send';
      readonly message: string;
      readonly user: string;
      readonly channel: string;
      readonly time: number;
    }
  /** The store has it. */
  | { readonly type: 'persist'; readonly message: string; readonly time: number }
  /** Its sender has the acknowledgement. */
  | { readonly type: 'ack'; readonly message: string; readonly user: string; readonly time: number }
  /** Shown to the user. */
  | {
      readonly type: 'deliver';
      readonly message: string;
      readonly user: string;
      readonly channel: string;
      readonly time: number;
    }
  /** Its sender has the refusal. */
  | { readonly type: 'refuse'; readonly message: string; readonly user: string; readonly time: number }
  /** Its sender has given up waiting for an answer: whether the store has it is not known. */
  | { readonly type: 'give-up'; readonly message: string; readonly user: string; readonly time: number }
  /** The store has lost it. */
  | { readonly type: 'lost'; readonly message: string; readonly time: number }
  /** A rate limiter has let a request of this key pass. */
  | { readonly type: 'accept'; readonly key: string; readonly time: number }
  /** The truth about a user: connected, or not. A user is offline until the first of these. */
  | { readonly type: 'online'; readonly user: string; readonly time: number }
  | { readonly type: 'offline'; readonly user: string; readonly time: number }
  /** `user` is shown that `of` is online or offline. */
  | {
      readonly type: 'presence';
      readonly user: string;
      readonly of: string;
      readonly online: boolean;
      readonly time: number;
    }
  /** The last line. Quiescent: nothing is under way any more. */
  | { readonly type: 'end'; readonly quiescent: boolean; readonly time: number };

export type HistoryType = HistoryEvent['type'];

/** The integer form's kinds of event. */
export const JOIN = 0;
export const LEAVE = 1;
export const SEND = 2;
export const PERSIST = 3;
export const ACK = 4;
export const DELIVER = 5;
export const REFUSE = 6;
export const LOST = 7;
/** `user` is the key. */
export const ACCEPT = 8;
export const ONLINE = 9;
export const OFFLINE = 10;
/** `user` is shown the presence of the user in the place of `channel`. */
export const SHOWN_ONLINE = 11;
export const SHOWN_OFFLINE = 12;
export const END_QUIESCENT = 13;
export const END_CUT_SHORT = 14;
export const GIVE_UP = 15;

export const KINDS = 16;

export type FieldType = 'string' | 'number' | 'boolean';

/** The fields of each type beside `type` and `time`. All are required. */
export const FIELDS: Readonly<Record<HistoryType, Readonly<Record<string, FieldType>>>> = {
  join: { user: 'string', channel: 'string' },
  leave: { user: 'string', channel: 'string' },
  send: { message: 'string', user: 'string', channel: 'string' },
  persist: { message: 'string' },
  ack: { message: 'string', user: 'string' },
  deliver: { message: 'string', user: 'string', channel: 'string' },
  refuse: { message: 'string', user: 'string' },
  'give-up': { message: 'string', user: 'string' },
  lost: { message: 'string' },
  accept: { key: 'string' },
  online: { user: 'string' },
  offline: { user: 'string' },
  presence: { user: 'string', of: 'string', online: 'boolean' },
  end: { quiescent: 'boolean' },
};

export const HISTORY_TYPES = Object.keys(FIELDS) as readonly HistoryType[];

/** How people call what the integers stand for. */
export interface Names {
  user(user: number): string;
  channel(channel: number): string;
  message(message: number): string;
}

/** An integer event as a plain object. */
export function namedEvent(
  kind: number,
  message: number,
  user: number,
  channel: number,
  timeUs: number,
  names: Names,
): HistoryEvent {
  const time = timeUs / 1000;
  switch (kind) {
    case JOIN:
    case LEAVE:
      return {
        type: kind === JOIN ? 'join' : 'leave',
        user: names.user(user),
        channel: names.channel(channel),
        time,
      };
    case SEND:
    case DELIVER:
      return {
        type: kind === SEND ? 'send' : 'deliver',
        message: names.message(message),
        user: names.user(user),
        channel: names.channel(channel),
        time,
      };
    case PERSIST:
    case LOST:
      return { type: kind === PERSIST ? 'persist' : 'lost', message: names.message(message), time };
    case ACK:
    case REFUSE:
    case GIVE_UP:
      return {
        type: kind === ACK ? 'ack' : kind === REFUSE ? 'refuse' : 'give-up',
        message: names.message(message),
        user: names.user(user),
        time,
      };
    case ACCEPT:
      return { type: 'accept', key: names.user(user), time };
    case ONLINE:
    case OFFLINE:
      return { type: kind === ONLINE ? 'online' : 'offline', user: names.user(user), time };
    case SHOWN_ONLINE:
    case SHOWN_OFFLINE:
      return {
        type: 'presence',
        user: names.user(user),
        of: names.user(channel),
        online: kind === SHOWN_ONLINE,
        time,
      };
    default:
      return { type: 'end', quiescent: kind === END_QUIESCENT, time };
  }
}
