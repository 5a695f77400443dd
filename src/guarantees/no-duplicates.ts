import { type Checker, type Finding, type Guarantee, HOLDS } from './checker.ts';
import { DELIVER } from './history.ts';
import type { Ledger } from './ledger.ts';
import { atMs, capital, deliverRow, witnessOf } from './speak.ts';
import { type Touched, TouchedCount } from './touched.ts';

class NoDuplicates implements Checker {
  readonly #ledger: Ledger;
  #violations = 0;
  readonly #touched = new TouchedCount();
  #first: Finding = HOLDS;

  constructor(ledger: Ledger) {
    ledger.wantShowings();
    this.#ledger = ledger;
  }

  push(_kind: number, message: number, user: number, channel: number, timeUs: number): void {
    const ledger = this.#ledger;
    if (ledger.fresh || ledger.channel.get(message) !== channel + 1) return;
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
    const { names } = this.#ledger;
    const firstUs = this.#ledger.shownUs.get(this.#ledger.findShowing(message, user));
    const again = `${capital(names.user(user))} was shown ${names.message(message)} at ${atMs(firstUs)} and again at ${atMs(timeUs)}.`;
    return {
      verdict: 'violated',
      violations: 1,
      witness: witnessOf(
        names,
        [deliverRow(message, user, channel, firstUs), deliverRow(message, user, channel, timeUs)],
        [],
        `${again} It is one message, to be shown once.`,
      ),
      sinceUs: timeUs,
      note: null,
    };
  }
}

export const noDuplicates: Guarantee = {
  name: 'no-duplicates',
  promise: 'No user is shown a message twice.',
  needs: 'deliver',
  counts: 'showings after the first to the same user',
  listens: [DELIVER],
  create: (ledger) => new NoDuplicates(ledger),
};
