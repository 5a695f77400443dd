import { type Checker, type Finding, type Guarantee, HOLDS } from './checker.ts';
import { GrowingTimes } from './growing.ts';
import { DELIVER, LEAVE } from './history.ts';
import type { Ledger } from './ledger.ts';
import { atMs, capital, deliverRow, hash, type Row, witnessOf } from './speak.ts';
import { type Touched, TouchedCount } from './touched.ts';

class AuthorisedOnly implements Checker {
  readonly #ledger: Ledger;
  /** By pair: when it left last. */
  readonly #leftUs = new GrowingTimes();
  judged = 0;
  #violations = 0;
  readonly #touched = new TouchedCount();
  #first: Finding = HOLDS;

  constructor(ledger: Ledger) {
    ledger.wantPairs();
    this.#ledger = ledger;
  }

  push(kind: number, message: number, user: number, channel: number, timeUs: number): void {
    const ledger = this.#ledger;
    if (kind === LEAVE) {
      // Only the sentence needs it, and only the first violation has one.
      if (this.#violations === 0 && ledger.fresh) this.#leftUs.set(ledger.pair, timeUs);
      return;
    }
    this.judged++;
    if (ledger.isMember(ledger.pair)) return;
    if (this.#violations++ === 0) this.#first = this.#found(message, user, channel, timeUs);
    this.#touched.add(message, user);
  }

  finding(): Finding {
    return { ...this.#first, violations: this.#violations };
  }

  touched(): Touched {
    return this.#touched.counts();
  }

  #found(message: number, user: number, channel: number, timeUs: number): Finding {
    const { names, pair } = this.#ledger;
    const who = capital(names.user(user));
    const gone = this.#ledger.hasLeft(pair);
    const leftUs = this.#leftUs.get(pair);
    const left: Row[] = gone ? [[LEAVE, 0, user, channel, leftUs]] : [];
    const why = gone
      ? `${who} had left the channel at ${atMs(leftUs)}.`
      : `${who} had not joined the channel before.`;
    return {
      verdict: 'violated',
      violations: 1,
      witness: witnessOf(
        names,
        [deliverRow(message, user, channel, timeUs)],
        left,
        `${who} was shown ${names.message(message)} in ${hash(names.channel(channel))} at ${atMs(timeUs)}. ${why}`,
      ),
      sinceUs: timeUs,
      reason: null,
    };
  }
}

export const authorisedOnly: Guarantee = {
  name: 'authorised-only',
  promise: 'Nothing is shown to a user who is not a member of the channel at that moment.',
  needs: 'join, leave, deliver',
  counts: 'showings to users who were not members',
  bears: ['delivery', 'deliveries'],
  notAtStake: 'nobody is shown anything',
  listens: [LEAVE, DELIVER],
  create: (ledger) => new AuthorisedOnly(ledger),
};
