import { type Checker, type Finding, type Guarantee, HOLDS } from './checker.ts';
import { GrowingU8, GrowingU32 } from './growing.ts';
import { DELIVER, SEND } from './history.ts';
import type { Ledger } from './ledger.ts';
import { PairValues } from './pair-values.ts';
import { capital, deliverRow, hash, sendRow, witnessOf } from './speak.ts';
import { type Touched, TouchedCount } from './touched.ts';

/** How many showings are walked back before the pair gets an index. */
const SHORT_WALK = 64;

/**
 * A showing is out of order when the pair (user, channel) was shown a later message of its sender before. In order of sending (the
 * usual case) one comparison tells that it is not. Otherwise the pair's showings are walked back, no further than to those before
 * it was sent; where that is far, the pair keeps the last message shown of each sender from then on. Constant time, amortised.
 */
class PerSenderFifo implements Checker {
  readonly #ledger: Ledger;
  /** By pair: the highest send order shown, of any sender. */
  readonly #highest = new GrowingU32();
  /** By pair: whether it has an index; by (pair, sender): 1 + the message shown that was sent last. */
  readonly #indexed = new GrowingU8();
  readonly #lastOf = new PairValues();
  /** By pair: whether the user has sent to the channel; by message: whether its sender had sent another to its channel. */
  readonly #hasSent = new GrowingU8();
  readonly #follows = new GrowingU8();
  judged = 0;
  #violations = 0;
  readonly #touched = new TouchedCount();
  #first: Finding = HOLDS;

  constructor(ledger: Ledger) {
    ledger.wantShowings();
    this.#ledger = ledger;
  }

  push(kind: number, message: number, user: number, channel: number, timeUs: number): void {
    const { fresh, sender, pair, sendOrder } = this.#ledger;
    if (!fresh || sender.get(message) === 0) return;
    if (kind === SEND) {
      this.#follows.set(message, this.#hasSent.get(pair));
      this.#hasSent.set(pair, 1);
      return;
    }
    this.judged += this.#follows.get(message);
    const order = sendOrder.get(message);
    const indexed = this.#indexed.get(pair) === 1;
    if (order >= this.#highest.get(pair)) {
      this.#highest.set(pair, order);
    } else {
      const later = indexed ? this.#lastShown(pair, message) : this.#walkBack(pair, message);
      if (later !== -1 && order < sendOrder.get(later)) {
        if (this.#violations++ === 0) this.#first = this.#found(later, message, user, channel, timeUs);
        this.#touched.add(message, user);
        this.#touched.add(later, -1);
        return;
      }
    }
    // The walk may have made the index, of the showings before this one.
    if (this.#indexed.get(pair) === 1) this.#lastOf.set(pair, sender.get(message), message + 1);
  }

  finding(): Finding {
    return { ...this.#first, violations: this.#violations };
  }

  touched(): Touched {
    return this.#touched.counts();
  }

  #lastShown(pair: number, message: number): number {
    return this.#lastOf.get(pair, this.#ledger.sender.get(message)) - 1;
  }

  /** A later message of the same sender among the showings before this one, or -1. */
  #walkBack(pair: number, message: number): number {
    const { sender, sendOrder, showingOf, showingBefore, showingsBefore, showings } = this.#ledger;
    const order = sendOrder.get(message);
    const oldest = showingsBefore.get(message);
    let showing = showingBefore.get(showings);
    for (let step = 0; showing > oldest; step++) {
      const shown = showingOf.get(showing);
      if (
        sender.get(shown) === sender.get(message) &&
        this.#counted(showing) &&
        sendOrder.get(shown) > order
      ) {
        return shown;
      }
      if (step === SHORT_WALK) {
        this.#index(pair);
        return this.#lastShown(pair, message);
      }
      showing = showingBefore.get(showing);
    }
    return -1;
  }

  /** Whether the message had been sent before it was shown. */
  #counted(showing: number): boolean {
    return this.#ledger.showingsBefore.get(this.#ledger.showingOf.get(showing)) < showing;
  }

  #index(pair: number): void {
    const { sender, sendOrder, showingOf, showingBefore, showings } = this.#ledger;
    this.#indexed.set(pair, 1);
    for (let showing = showingBefore.get(showings); showing !== 0; showing = showingBefore.get(showing)) {
      const shown = showingOf.get(showing);
      const by = sender.get(shown);
      if (by === 0 || !this.#counted(showing)) continue;
      const last = this.#lastOf.get(pair, by);
      if (last === 0 || sendOrder.get(shown) > sendOrder.get(last - 1)) this.#lastOf.set(pair, by, shown + 1);
    }
  }

  #found(later: number, message: number, user: number, channel: number, timeUs: number): Finding {
    const { names, sender, sentUs, shownUs } = this.#ledger;
    const by = sender.get(message) - 1;
    const laterUs = shownUs.get(this.#ledger.findShowing(later, user));
    const [one, two] = [names.message(message), names.message(later)];
    return {
      verdict: 'violated',
      violations: 1,
      witness: witnessOf(
        names,
        [
          sendRow(message, by, channel, sentUs.get(message)),
          sendRow(later, by, channel, sentUs.get(later)),
          deliverRow(later, user, channel, laterUs),
          deliverRow(message, user, channel, timeUs),
        ],
        [],
        `${capital(names.user(by))} sent ${one} before ${two} to ${hash(names.channel(channel))}, but ${capital(names.user(user))} was shown ${two} before ${one}. The messages of one sender are to be shown in the order they were sent.`,
      ),
      sinceUs: timeUs,
      reason: null,
    };
  }
}

export const perSenderFifo: Guarantee = {
  name: 'per-sender-fifo',
  promise: "Within a channel, each member is shown one sender's messages in the order they were sent.",
  needs: 'send, deliver',
  counts: 'showings after a later message of the same sender',
  bears: [
    'delivery of a message after the first of its sender',
    'deliveries of messages after the first of their sender',
  ],
  notAtStake: 'nobody is shown a second message of one sender in one channel',
  listens: [SEND, DELIVER],
  create: (ledger) => new PerSenderFifo(ledger),
};
