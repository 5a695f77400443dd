import { type Checker, type Finding, type Guarantee, HOLDS } from './checker.ts';
import { GrowingTimes, GrowingU32 } from './growing.ts';
import { DELIVER } from './history.ts';
import type { Ledger } from './ledger.ts';
import { PairValues } from './pair-values.ts';
import { atMs, capital, deliverRow, hash, witnessOf } from './speak.ts';
import { type Touched, TouchedCount } from './touched.ts';

/** What the ledger counts nowhere, because it is in another channel than the message's, is shown all the same: it counts here. */
class NoDuplicates implements Checker {
  readonly #ledger: Ledger;
  /** By (message, user): the first showing in another channel than the message's own, from 1; by such a showing: where and when. */
  readonly #strayOf = new PairValues();
  readonly #strayIn = new GrowingU32();
  readonly #strayUs = new GrowingTimes();
  #strays = 0;
  judged = 0;
  #violations = 0;
  readonly #touched = new TouchedCount();
  #first: Finding = HOLDS;

  constructor(ledger: Ledger) {
    ledger.wantShowings();
    this.#ledger = ledger;
  }

  push(_kind: number, message: number, user: number, channel: number, timeUs: number): void {
    this.judged++;
    const { fresh, channel: channels, memberships, shown } = this.#ledger;
    const own = channels.get(message) - 1;
    const stray = this.#strays === 0 ? 0 : this.#strayOf.get(message, user);
    const isFirst =
      stray === 0 &&
      (channel === own ? fresh : !shown.has(message, memberships.placeOf(memberships.of(user, own))));
    if (channel !== own && stray === 0) {
      this.#strayOf.set(message, user, ++this.#strays);
      this.#strayIn.set(this.#strays, channel);
      this.#strayUs.set(this.#strays, timeUs);
    }
    if (isFirst) return;
    if (this.#violations++ === 0) this.#first = this.#found(message, user, channel, timeUs, stray);
    this.#touched.add(message, user);
  }

  finding(): Finding {
    return { ...this.#first, violations: this.#violations };
  }

  touched(): Touched {
    return this.#touched.counts();
  }

  /** `stray`: the showing before it that was in another channel than the message's own; 0: it was in its own. */
  #found(message: number, user: number, channel: number, timeUs: number, stray: number): Finding {
    const { names, channel: channels, shownUs } = this.#ledger;
    const firstIn = stray === 0 ? channels.get(message) - 1 : this.#strayIn.get(stray);
    const firstUs =
      stray === 0 ? shownUs.get(this.#ledger.findShowing(message, user)) : this.#strayUs.get(stray);
    const [here, there] =
      firstIn === channel
        ? ['', '']
        : [` in ${hash(names.channel(firstIn))}`, ` in ${hash(names.channel(channel))}`];
    const again = `${capital(names.user(user))} was shown ${names.message(message)}${here} at ${atMs(firstUs)} and again${there} at ${atMs(timeUs)}.`;
    return {
      verdict: 'violated',
      violations: 1,
      witness: witnessOf(
        names,
        [deliverRow(message, user, firstIn, firstUs), deliverRow(message, user, channel, timeUs)],
        [],
        `${again} It is one message, to be shown once.`,
      ),
      sinceUs: timeUs,
      reason: null,
    };
  }
}

export const noDuplicates: Guarantee = {
  name: 'no-duplicates',
  promise: 'No user is shown a message twice.',
  needs: 'deliver',
  counts: 'showings after the first to the same user',
  bears: ['delivery', 'deliveries'],
  notAtStake: 'nobody is shown anything',
  listens: [DELIVER],
  create: (ledger) => new NoDuplicates(ledger),
};
