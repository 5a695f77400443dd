import { type Checker, type Finding, type Guarantee, HOLDS } from './checker.ts';
import { DELIVER } from './history.ts';
import type { Ledger } from './ledger.ts';
import { atMs, capital, deliverRow, hash, sendRow, witnessOf } from './speak.ts';
import { type Touched, TouchedCount } from './touched.ts';

class NoPhantoms implements Checker {
  readonly #ledger: Ledger;
  judged = 0;
  #violations = 0;
  readonly #touched = new TouchedCount();
  #first: Finding = HOLDS;

  constructor(ledger: Ledger) {
    this.#ledger = ledger;
  }

  push(_kind: number, message: number, user: number, channel: number, timeUs: number): void {
    this.judged++;
    const ledger = this.#ledger;
    if (ledger.sender.get(message) !== 0 && ledger.channel.get(message) === channel + 1) return;
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
    const { names, sender, channel: channels, sentUs } = this.#ledger;
    const shown = `${capital(names.user(user))} was shown ${names.message(message)} in ${hash(names.channel(channel))} at ${atMs(timeUs)}.`;
    const wasSent = sender.get(message) !== 0;
    const sentTo = channels.get(message) - 1;
    const sent = wasSent ? [sendRow(message, sender.get(message) - 1, sentTo, sentUs.get(message))] : [];
    const text = wasSent
      ? `${shown} It had been sent to ${hash(names.channel(sentTo))} only.`
      : `${shown} Nobody had sent it before.`;
    return {
      verdict: 'violated',
      violations: 1,
      witness: witnessOf(names, [deliverRow(message, user, channel, timeUs)], sent, text),
      sinceUs: timeUs,
      reason: null,
    };
  }
}

export const noPhantoms: Guarantee = {
  name: 'no-phantoms',
  promise: 'Nothing is shown that was not sent before.',
  needs: 'send, deliver',
  counts: 'showings of what had not been sent to that channel',
  bears: ['delivery', 'deliveries'],
  notAtStake: 'nobody is shown anything',
  listens: [DELIVER],
  create: (ledger) => new NoPhantoms(ledger),
};
