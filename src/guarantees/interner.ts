import { GrowingU32 } from './growing.ts';
import {
  ACCEPT,
  ACK,
  DELIVER,
  END_CUT_SHORT,
  END_QUIESCENT,
  GIVE_UP,
  type HistoryEvent,
  type HistoryType,
  JOIN,
  LEAVE,
  LOST,
  type Names,
  OFFLINE,
  ONLINE,
  PERSIST,
  REFUSE,
  SEND,
  SHOWN_OFFLINE,
  SHOWN_ONLINE,
} from './history.ts';

/** An event that contradicts an earlier one: the history cannot be of one system. */
export class HistoryContradiction extends Error {
  override readonly name = 'HistoryContradiction';
  /** The field that is wrong. */
  readonly field: string;
  constructor(field: string, message: string) {
    super(message);
    this.field = field;
  }
}

/** Numbers for the names in a history, from 0 in the order in which they appear. */
class Numbers {
  readonly names: string[] = [];
  readonly #numberOf = new Map<string, number>();

  of(name: string): number {
    const known = this.#numberOf.get(name);
    if (known !== undefined) return known;
    const number = this.names.length;
    this.names.push(name);
    this.#numberOf.set(name, number);
    return number;
  }
}

/** The kinds of the types that have one; `presence` and `end` have two. */
const KIND_OF: Readonly<Record<Exclude<HistoryType, 'presence' | 'end'>, number>> = {
  join: JOIN,
  leave: LEAVE,
  send: SEND,
  persist: PERSIST,
  ack: ACK,
  deliver: DELIVER,
  refuse: REFUSE,
  'give-up': GIVE_UP,
  lost: LOST,
  accept: ACCEPT,
  online: ONLINE,
  offline: OFFLINE,
};

const ANSWERS = { ack: 'an ack is for', refuse: 'a refusal is for', 'give-up': 'giving up is for' } as const;

/** Turns plain events into integers, and integers back into names. */
export class Interner implements Names {
  readonly #users = new Numbers();
  readonly #channels = new Numbers();
  readonly #messages = new Numbers();
  /** By message: its sender + 1, once it was sent or answered; its channel + 1, once it was named. */
  readonly #sender = new GrowingU32();
  readonly #channel = new GrowingU32();
  #lastTime = 0;
  #ended = false;

  // The event read last.
  kind = 0;
  messageNumber = 0;
  userNumber = 0;
  channelNumber = 0;
  timeUs = 0;

  user(user: number): string {
    return this.#users.names[user];
  }

  channel(channel: number): string {
    return this.#channels.names[channel];
  }

  message(message: number): string {
    return this.#messages.names[message];
  }

  /** Throws HistoryContradiction; the event is forgotten then. */
  read(event: HistoryEvent): void {
    if (this.#ended) {
      throw new HistoryContradiction('type', `${event.type} after the end; "end" is the last event`);
    }
    if (event.time < this.#lastTime) {
      throw new HistoryContradiction(
        'time',
        `time goes back from ${this.#lastTime} to ${event.time}; events are in real-time order`,
      );
    }
    if (event.type === 'send') this.#checkSend(event.message, event.user, event.channel);
    if (event.type === 'ack' || event.type === 'refuse' || event.type === 'give-up')
      this.#checkAnswer(event.type, event.message, event.user);
    this.#lastTime = event.time;
    this.timeUs = Math.round(event.time * 1000);
    this.messageNumber = 'message' in event ? this.#messages.of(event.message) : 0;
    this.userNumber = 'user' in event ? this.#users.of(event.user) : 0;
    this.channelNumber = 'channel' in event ? this.#channels.of(event.channel) : 0;
    switch (event.type) {
      case 'presence':
        this.kind = event.online ? SHOWN_ONLINE : SHOWN_OFFLINE;
        this.channelNumber = this.#users.of(event.of);
        break;
      case 'end':
        this.kind = event.quiescent ? END_QUIESCENT : END_CUT_SHORT;
        this.#ended = true;
        break;
      case 'accept':
        this.kind = ACCEPT;
        this.userNumber = this.#users.of(event.key);
        break;
      default:
        this.kind = KIND_OF[event.type];
    }
    if (
      event.type === 'send' ||
      event.type === 'ack' ||
      event.type === 'refuse' ||
      event.type === 'give-up'
    ) {
      this.#sender.set(this.messageNumber, this.userNumber + 1);
    }
    if (event.type === 'send' || event.type === 'deliver') {
      if (this.#channel.get(this.messageNumber) === 0)
        this.#channel.set(this.messageNumber, this.channelNumber + 1);
    }
  }

  #checkAnswer(type: 'ack' | 'refuse' | 'give-up', message: string, user: string): void {
    const sender = this.#sender.get(this.#messages.of(message));
    if (sender === 0 || this.user(sender - 1) === user) return;
    const right = JSON.stringify(this.user(sender - 1));
    throw new HistoryContradiction(
      'user',
      `${JSON.stringify(message)} is of ${right}, and ${ANSWERS[type]} the sender; write ${right}`,
    );
  }

  #checkSend(message: string, user: string, channel: string): void {
    const number = this.#messages.of(message);
    const sender = this.#sender.get(number);
    if (sender !== 0 && this.user(sender - 1) !== user) {
      throw new HistoryContradiction(
        'message',
        `${JSON.stringify(message)} is of ${JSON.stringify(this.user(sender - 1))}, by an earlier line; each message has a name of its own`,
      );
    }
    const known = this.#channel.get(number);
    if (known !== 0 && this.channel(known - 1) !== channel) {
      throw new HistoryContradiction(
        'channel',
        `${JSON.stringify(message)} was in ${JSON.stringify(this.channel(known - 1))} before; a message has one channel`,
      );
    }
  }
}
