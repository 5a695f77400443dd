import { shortestChain } from './causal-chain.ts';
import { CausalItems } from './causal-items.ts';
import { CausalPasts } from './causal-pasts.ts';
import { type Checker, type Finding, type Guarantee, HOLDS } from './checker.ts';
import { GrowingU8 } from './growing.ts';
import { DELIVER, SEND } from './history.ts';
import type { Ledger } from './ledger.ts';
import { capital, deliverRow, listed, MOST_LISTED, type Row, sendRow, witnessOf } from './speak.ts';

/** It stops at the first violation: whether there is one is what it says. */
class CausalOrder implements Checker {
  readonly #ledger: Ledger;
  readonly #items = new CausalItems();
  readonly #pasts: CausalPasts;
  /** By user: whether it has sent or been shown a message; by message: whether its sender had, before. */
  readonly #isActive = new GrowingU8();
  readonly #hasCauses = new GrowingU8();
  judged = 0;
  #finding: Finding = HOLDS;

  constructor(ledger: Ledger) {
    ledger.wantShowings();
    this.#ledger = ledger;
    this.#pasts = new CausalPasts(this.#items, this.#senderOf);
  }

  push(kind: number, message: number, user: number, _channel: number, timeUs: number): void {
    if (!this.#ledger.fresh) return;
    if (kind === SEND) this.#hasCauses.set(message, this.#isActive.get(user));
    else if (this.#ledger.sender.get(message) === 0) return;
    else this.judged += this.#hasCauses.get(message);
    this.#isActive.set(user, 1);
    if (this.#finding !== HOLDS) return;
    const items = this.#items;
    if (kind === SEND) {
      items.send(message, user);
      return;
    }
    const effect = items.firstEffect.get(message);
    // Nearly always this is enough: nothing that the user was shown was sent after the message's first effect.
    if (effect !== 0 && effect <= items.highestShown.get(user) && this.#pasts.includes(user, message)) {
      this.#finding = this.#found(message, user, timeUs);
      return;
    }
    items.show(message, user);
  }

  finding(): Finding {
    return this.#finding;
  }

  readonly #senderOf = (message: number): number => this.#ledger.sender.get(message) - 1;

  #found(message: number, user: number, timeUs: number): Finding {
    const { names } = this.#ledger;
    const chain = shortestChain(this.#items, this.#senderOf, user, message);
    const rows: Row[] = [this.#sendOf(message)];
    const said: string[] = [];
    for (let i = 1; i < chain.length; i++) {
      const [cause, effect] = [chain[i - 1], chain[i]];
      const sender = this.#senderOf(effect);
      const who = capital(names.user(sender));
      if (this.#senderOf(cause) === sender) {
        said.push(`${who} sent ${names.message(cause)} before ${names.message(effect)}`);
      } else {
        rows.push(this.#showingOf(cause, sender));
        said.push(`${who} had seen ${names.message(cause)} when sending ${names.message(effect)}`);
      }
      rows.push(this.#sendOf(effect));
    }
    const effect = chain[chain.length - 1];
    rows.push(this.#showingOf(effect, user));
    rows.push(deliverRow(message, user, this.#ledger.channel.get(message) - 1, timeUs));
    const [first, second] = [names.message(message), names.message(effect)];
    const more =
      said.length > MOST_LISTED ? `, and so on over ${said.length - MOST_LISTED} more messages` : '';
    const causes = `${more === '' ? listed(said) : said.slice(0, MOST_LISTED).join(', ')}${more}`;
    return {
      verdict: 'violated',
      violations: 1,
      witness: witnessOf(
        names,
        rows,
        [],
        `${causes}, so ${first} comes before ${second}. ${capital(names.user(user))} was shown ${second} before ${first}.`,
      ),
      sinceUs: timeUs,
      reason: null,
    };
  }

  #sendOf(message: number): Row {
    const { channel, sentUs } = this.#ledger;
    return sendRow(message, this.#senderOf(message), channel.get(message) - 1, sentUs.get(message));
  }

  #showingOf(message: number, user: number): Row {
    const { channel, shownUs } = this.#ledger;
    const showing = this.#ledger.findShowing(message, user);
    return deliverRow(message, user, channel.get(message) - 1, shownUs.get(showing));
  }
}

export const causalOrder: Guarantee = {
  name: 'causal-order',
  promise:
    'If m was sent, or shown to its sender, before r was sent by that user (in any channel, and so on through others), nobody who is shown both is shown r first.',
  needs: 'send, deliver',
  counts: 'histories in which an effect is shown before its cause',
  bears: ['delivery of a message with causes', 'deliveries of messages with causes'],
  notAtStake: 'nobody is shown a message whose sender had sent or seen another before',
  listens: [SEND, DELIVER],
  create: (ledger) => new CausalOrder(ledger),
};
