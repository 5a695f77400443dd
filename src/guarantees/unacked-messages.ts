import { GrowingU32 } from './growing.ts';
import type { Ledger } from './ledger.ts';

/** The messages without an ack, by channel, and what is owed of them: to how many members each is still to be shown. */
export class UnackedMessages {
  /** In all. */
  owed = 0;
  readonly #ledger: Ledger;
  /** By message: its number in its channel. Messages are added in this order. */
  readonly #number: GrowingU32;
  /** By message. */
  readonly #owedOf = new GrowingU32();
  /** By channel: the newest + 1. By message: the next older and the next newer + 1. */
  readonly #newest = new GrowingU32();
  readonly #older = new GrowingU32();
  readonly #newer = new GrowingU32();

  constructor(ledger: Ledger, number: GrowingU32) {
    this.#ledger = ledger;
    this.#number = number;
  }

  add(message: number, channel: number, owed: number): void {
    this.owed += owed;
    this.#owedOf.set(message, owed);
    const newest = this.#newest.get(channel);
    this.#older.set(message, newest);
    this.#newer.set(message, 0);
    if (newest !== 0) this.#newer.set(newest - 1, message + 1);
    this.#newest.set(channel, message + 1);
  }

  /** It has its ack. */
  remove(message: number, channel: number): void {
    this.owed -= this.#owedOf.get(message);
    const [older, newer] = [this.#older.get(message), this.#newer.get(message)];
    if (newer === 0) this.#newest.set(channel, older);
    else this.#older.set(newer - 1, older);
    if (older !== 0) this.#newer.set(older - 1, newer);
  }

  /** It was shown to one to whom it was owed. */
  show(message: number): void {
    this.owed--;
    this.#owedOf.add(message, -1);
  }

  /** Nothing is owed to the pair any more: it joined after message number `after`, and at most `atMost` were owed. */
  forgive(channel: number, pair: number, after: number, atMost: number): void {
    this.#forEachOwed(channel, pair, after, atMost, (message) => this.show(message));
  }

  /** How many of these messages are owed to the pair, which joined after message number `after`; at most `atMost`. */
  owedTo(channel: number, pair: number, after: number, atMost: number): number {
    return this.#forEachOwed(channel, pair, after, atMost, () => {});
  }

  #forEachOwed(
    channel: number,
    pair: number,
    after: number,
    atMost: number,
    visit: (message: number) => void,
  ): number {
    const { memberships, sender, shown } = this.#ledger;
    const user = memberships.userOf(pair);
    const place = memberships.placeOf(pair);
    let found = 0;
    for (let entry = this.#newest.get(channel); entry !== 0 && found < atMost; ) {
      const message = entry - 1;
      if (this.#number.get(message) <= after) break;
      if (sender.get(message) !== user + 1 && !shown.has(message, place)) {
        found++;
        visit(message);
      }
      entry = this.#older.get(message);
    }
    return found;
  }
}
