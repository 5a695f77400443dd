import { type Checker, type Finding, type Guarantee, HOLDS, unknown } from './checker.ts';
import { GrowingTimes, GrowingU8, GrowingU32 } from './growing.ts';
import { ACK, DELIVER, END_QUIESCENT, JOIN, LEAVE, SEND } from './history.ts';
import type { Ledger } from './ledger.ts';
import { atMs, capital, hash, sendRow, witnessOf } from './speak.ts';
import { type Touched, TouchedCount } from './touched.ts';
import { UnackedMessages } from './unacked-messages.ts';

const EARLY = 1;
const ACKED = 2;

/**
 * Counts what is owed: each message, once sent, to each other member, until it is shown or the member leaves. Owed of acked
 * messages = owed in all - owed of messages that are not acked (yet). What one member is owed is the number of messages of the channel
 * less those that the member `has`: sent before the join, sent by the member, or shown. So every event takes constant time, except a
 * leave with something owed, which looks at the channel's messages without an ack.
 */
class NoLoss implements Checker {
  readonly #ledger: Ledger;
  #owed = 0;
  readonly #unacked: UnackedMessages;
  /** By message: shown before it was sent; acked. */
  readonly #state = new GrowingU8();
  readonly #ackedUs = new GrowingTimes();
  readonly #ackedTo = new GrowingU32();
  /** By message: its number in its channel, from 1; the one before it + 1. */
  readonly #number = new GrowingU32();
  readonly #before = new GrowingU32();
  /** By channel: messages sent, the last one + 1, members now. */
  readonly #sent = new GrowingU32();
  readonly #last = new GrowingU32();
  readonly #members = new GrowingU32();
  /** By pair: messages of the channel at the join; messages that the member has; when it joined. */
  readonly #joinedAfter = new GrowingU32();
  readonly #has = new GrowingU32();
  readonly #joinedUs = new GrowingTimes();
  /** By message: how many members it was owed to when it was sent. */
  readonly #toBeShown = new GrowingU32();
  judged = 0;
  #channels = 0;
  #end: Finding | null = null;

  constructor(ledger: Ledger) {
    ledger.wantShowings();
    this.#ledger = ledger;
    this.#unacked = new UnackedMessages(ledger, this.#number);
    const { memberships } = ledger;
    this.#channels = memberships.givenChannels;
    for (let channel = 0; channel < this.#channels; channel++) {
      this.#members.set(channel, memberships.membersAtStart(channel));
    }
  }

  push(kind: number, message: number, user: number, channel: number, timeUs: number): void {
    switch (kind) {
      case JOIN:
        if (this.#ledger.fresh) this.#join(channel, timeUs);
        break;
      case LEAVE:
        if (this.#ledger.fresh) this.#leave(channel);
        break;
      case SEND:
        if (this.#ledger.fresh) this.#send(message, channel);
        break;
      case DELIVER:
        if (this.#ledger.fresh) this.#deliver(message, user);
        break;
      case ACK:
        this.#ack(message, user, timeUs);
        break;
      case END_QUIESCENT:
        this.#end = this.#judge(timeUs);
        break;
    }
  }

  finding(): Finding {
    if (this.#end !== null) return this.#end;
    const owed = this.#owed - this.#unacked.owed;
    return owed === 0
      ? HOLDS
      : unknown(`acked, and not shown yet to everybody who is to see it: ${owed} showings`);
  }

  /** At the end: in each channel, what those who miss something miss. Takes as long as these times the messages of the channel. */
  touched(): Touched {
    const count = new TouchedCount();
    if (this.#end?.verdict !== 'violated') return count.counts();
    const { memberships } = this.#ledger;
    for (let channel = 0; channel < this.#channels; channel++) {
      const losers = this.#losersOf(channel);
      for (const pair of losers) count.add(-1, memberships.userOf(pair));
      for (let entry = losers.length === 0 ? 0 : this.#last.get(channel); entry !== 0; ) {
        const message = entry - 1;
        const isAcked = (this.#state.get(message) & ACKED) !== 0;
        if (isAcked && losers.some((pair) => this.#isOwed(message, pair))) count.add(message, -1);
        entry = this.#before.get(message);
      }
    }
    return count.counts();
  }

  #losersOf(channel: number): number[] {
    const losers: number[] = [];
    this.#ledger.memberships.forEachIn(channel, (pair) => {
      if (!this.#ledger.isMember(pair)) return;
      const owed = this.#sent.get(channel) - this.#has.get(pair);
      if (owed > this.#unacked.owedTo(channel, pair, this.#joinedAfter.get(pair), owed)) losers.push(pair);
    });
    return losers;
  }

  #join(channel: number, timeUs: number): void {
    const { pair } = this.#ledger;
    this.#channels = Math.max(this.#channels, channel + 1);
    this.#members.add(channel, 1);
    this.#joinedAfter.set(pair, this.#sent.get(channel));
    this.#has.set(pair, this.#sent.get(channel));
    this.#joinedUs.set(pair, timeUs);
  }

  #leave(channel: number): void {
    const { pair } = this.#ledger;
    this.#members.add(channel, -1);
    const owed = this.#sent.get(channel) - this.#has.get(pair);
    this.#owed -= owed;
    this.#unacked.forgive(channel, pair, this.#joinedAfter.get(pair), owed);
  }

  #send(message: number, channel: number): void {
    const { pair, memberships, shown } = this.#ledger;
    this.#sent.add(channel, 1);
    this.#number.set(message, this.#sent.get(channel));
    this.#before.set(message, this.#last.get(channel));
    this.#last.set(channel, message + 1);
    let owed = this.#members.get(channel);
    if (this.#ledger.isMember(pair)) {
      owed--;
      this.#has.add(pair, 1);
    }
    const acked = (this.#state.get(message) & ACKED) !== 0;
    this.#toBeShown.set(message, owed);
    if (acked) this.judged += owed;
    if ((this.#state.get(message) & EARLY) !== 0) {
      memberships.forEachIn(channel, (other) => {
        if (other === pair || !this.#ledger.isMember(other)) return;
        if (!shown.has(message, memberships.placeOf(other))) return;
        owed--;
        this.#has.add(other, 1);
      });
    }
    this.#owed += owed;
    if (!acked) this.#unacked.add(message, channel, owed);
  }

  #deliver(message: number, user: number): void {
    const { sender, pair } = this.#ledger;
    const by = sender.get(message);
    if (by === 0) {
      this.#state.set(message, this.#state.get(message) | EARLY);
      return;
    }
    if (by === user + 1 || !this.#isObliged(message, pair)) return;
    this.#owed--;
    this.#has.add(pair, 1);
    if ((this.#state.get(message) & ACKED) === 0) this.#unacked.show(message);
  }

  #ack(message: number, user: number, timeUs: number): void {
    const state = this.#state.get(message);
    if ((state & ACKED) !== 0) return;
    this.#state.set(message, state | ACKED);
    this.#ackedUs.set(message, timeUs);
    this.#ackedTo.set(message, user);
    if (this.#number.get(message) === 0) return;
    this.judged += this.#toBeShown.get(message);
    this.#unacked.remove(message, this.#ledger.channel.get(message) - 1);
  }

  /** Whether the pair is a member, and was one when the message was sent, without a leave between. */
  #isObliged(message: number, pair: number): boolean {
    return this.#ledger.isMember(pair) && this.#number.get(message) > this.#joinedAfter.get(pair);
  }

  /** Whether the message is owed to the pair, which is a member. */
  #isOwed(message: number, pair: number): boolean {
    const { sender, memberships, shown } = this.#ledger;
    return (
      this.#number.get(message) > this.#joinedAfter.get(pair) &&
      sender.get(message) !== memberships.userOf(pair) + 1 &&
      !shown.has(message, memberships.placeOf(pair))
    );
  }

  #judge(timeUs: number): Finding {
    const violations = this.#owed - this.#unacked.owed;
    if (violations === 0) return HOLDS;
    for (let channel = 0; channel < this.#channels; channel++) {
      const loser = this.#losersOf(channel).at(-1) ?? -1;
      if (loser >= 0) return { ...this.#found(channel, loser, timeUs), violations };
    }
    throw new Error('defect: a message is owed, but to no member');
  }

  /** The first acked message that the pair was not shown. */
  #found(channel: number, pair: number, timeUs: number): Finding {
    const { names, memberships, sender, sentUs } = this.#ledger;
    let lost = -1;
    for (let entry = this.#last.get(channel); entry !== 0; entry = this.#before.get(entry - 1)) {
      const message = entry - 1;
      if ((this.#state.get(message) & ACKED) !== 0 && this.#isOwed(message, pair)) lost = message;
    }
    const user = memberships.userOf(pair);
    const by = sender.get(lost) - 1;
    const ackedUs = this.#ackedUs.get(lost);
    const ackedTo = this.#ackedTo.get(lost);
    const [who, what] = [capital(names.user(user)), names.message(lost)];
    return {
      verdict: 'violated',
      violations: 1,
      witness: witnessOf(
        names,
        [
          [JOIN, 0, user, channel, pair < memberships.given ? 0 : this.#joinedUs.get(pair)],
          sendRow(lost, by, channel, sentUs.get(lost)),
          [ACK, lost, ackedTo, 0, ackedUs],
          [END_QUIESCENT, 0, 0, 0, timeUs],
        ],
        [],
        `Message ${what} was acked to ${capital(names.user(ackedTo))} at ${atMs(ackedUs)}, and ${who} was in ${hash(names.channel(channel))} when it was sent and has not left. At ${atMs(timeUs)} nothing is under way any more, and ${who} has not been shown it.`,
      ),
      sinceUs: timeUs,
      reason: null,
    };
  }
}

export const noLoss: Guarantee = {
  name: 'no-loss',
  promise:
    'Every acked message is shown to each other user who was a member when it was sent and has not left since.',
  needs: 'join, leave, send, ack, deliver, and a quiescent end',
  counts: 'acked messages, each for each member who was not shown it',
  bears: ['acked message for a member', 'acked messages, each for each other member'],
  notAtStake: 'no acked message has another member to be shown to',
  listens: [JOIN, LEAVE, SEND, DELIVER, ACK, END_QUIESCENT],
  create: (ledger) => new NoLoss(ledger),
};
