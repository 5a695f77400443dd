import { GrowingTimes, GrowingU8, GrowingU32 } from './growing.ts';
import { DELIVER, JOIN, LEAVE, type Names, SEND } from './history.ts';
import { type GivenMemberships, Memberships } from './memberships.ts';
import { ShownSet } from './shown-set.ts';

/**
 * What a history says so far, as far as several checkers need it. It takes each event before the checkers do, and only it writes.
 *
 * What counts, for all checkers alike:
 * - A message's channel is that of the first line that names one. A showing in another channel (a phantom) counts nowhere else.
 * - Of several sends of one message the first counts (the others are retries), and of several showings to one user the first.
 * - A join by a member and a leave by one who is none change nothing.
 */
export class Ledger {
  readonly names: Names;
  readonly memberships: Memberships;
  readonly shown = new ShownSet();

  // By message. What is 0 has not been.
  /** Its sender + 1, once it was sent. */
  readonly sender = new GrowingU32();
  /** Its channel + 1, once it was named. */
  readonly channel = new GrowingU32();
  /** Its place among all sends, from 1. */
  readonly sendOrder = new GrowingU32();
  /** The last showing (see below) before it was sent. */
  readonly showingsBefore = new GrowingU32();
  readonly sentUs = new GrowingTimes();
  sends = 0;

  // By pair (user, channel).
  readonly member = new GrowingU8();
  /** The last showing to the user in the channel, 0 for none. */
  readonly lastShowing = new GrowingU32();

  // Showings that count, numbered from 1 in real-time order; by showing: its message, the one before it of the same pair, when.
  readonly showingOf = new GrowingU32();
  readonly showingBefore = new GrowingU32();
  readonly shownUs = new GrowingTimes();
  showings = 0;

  // The event taken last.
  /** Whether it says something new: a first send, a showing that counts, a true join or leave. */
  fresh = false;
  /** The number of its (user, channel), where a checker asked for pairs. */
  pair = 0;

  #wantsPairs = false;
  #wantsShowings = false;

  constructor(names: Names, given: GivenMemberships | null = null) {
    this.names = names;
    this.memberships = new Memberships(given);
  }

  /** Asks for pairs and memberships; before the first event. */
  wantPairs(): void {
    this.#wantsPairs = true;
  }

  /** Asks for pairs and showings; before the first event. */
  wantShowings(): void {
    this.#wantsPairs = true;
    this.#wantsShowings = true;
  }

  isMember(pair: number): boolean {
    const word = this.member.get(pair);
    return word === 0 ? this.memberships.memberAtStart(pair) : word === MEMBER;
  }

  hasLeft(pair: number): boolean {
    return this.member.get(pair) === GONE;
  }

  /** Integers are numbered densely from 0; times are whole microseconds and do not go back. */
  push(kind: number, message: number, user: number, channel: number, timeUs: number): void {
    this.fresh = false;
    switch (kind) {
      case SEND:
        this.#send(message, user, channel, timeUs);
        break;
      case DELIVER:
        this.#deliver(message, user, channel, timeUs);
        break;
      case JOIN:
      case LEAVE: {
        if (!this.#wantsPairs) break;
        this.pair = this.memberships.of(user, channel);
        this.fresh = this.isMember(this.pair) !== (kind === JOIN);
        if (this.fresh) this.member.set(this.pair, kind === JOIN ? MEMBER : GONE);
        break;
      }
    }
  }

  /** The showing of a message to a user in its own channel, or 0: walks back over the showings of the pair. */
  findShowing(message: number, user: number): number {
    const pair = this.memberships.of(user, this.channel.get(message) - 1);
    let showing = this.lastShowing.get(pair);
    while (showing !== 0 && this.showingOf.get(showing) !== message)
      showing = this.showingBefore.get(showing);
    return showing;
  }

  #send(message: number, user: number, channel: number, timeUs: number): void {
    if (this.#wantsPairs) this.pair = this.memberships.of(user, channel);
    if (this.sender.get(message) !== 0) return;
    if (this.channel.get(message) === 0) this.channel.set(message, channel + 1);
    else if (this.channel.get(message) !== channel + 1) return;
    this.fresh = true;
    this.sender.set(message, user + 1);
    this.sendOrder.set(message, ++this.sends);
    this.showingsBefore.set(message, this.showings);
    this.sentUs.set(message, timeUs);
  }

  #deliver(message: number, user: number, channel: number, timeUs: number): void {
    if (this.#wantsPairs) this.pair = this.memberships.of(user, channel);
    if (this.channel.get(message) === 0) this.channel.set(message, channel + 1);
    else if (this.channel.get(message) !== channel + 1) return;
    if (!this.#wantsShowings) return;
    if (!this.shown.add(message, this.memberships.placeOf(this.pair))) return;
    this.fresh = true;
    const showing = ++this.showings;
    this.showingOf.set(showing, message);
    this.showingBefore.set(showing, this.lastShowing.get(this.pair));
    this.shownUs.set(showing, timeUs);
    this.lastShowing.set(this.pair, showing);
  }
}

const MEMBER = 1;
const GONE = 2;
