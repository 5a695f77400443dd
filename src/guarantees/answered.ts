import { counted } from '../base/text.ts';
import { type Checker, type Finding, type Guarantee, HOLDS, unknown } from './checker.ts';
import { GrowingU8 } from './growing.ts';
import { ACK, END_QUIESCENT, GIVE_UP, REFUSE, SEND } from './history.ts';
import type { Ledger } from './ledger.ts';
import { atMs, capital, hash, sendRow, witnessOf } from './speak.ts';
import { type Touched, TouchedCount } from './touched.ts';

const SENT = 1;
const ANSWERED = 2;

/**
 * Liveness: an operation that begins ends, in one of the ways that Jepsen's histories know: ok (acknowledged), fail (refused), or info (its sender
 * has given up, and whether it was done is not known).
 */
class Answered implements Checker {
  readonly #ledger: Ledger;
  readonly #state = new GrowingU8();
  #messages = 0;
  #open = 0;
  judged = 0;
  readonly #touched = new TouchedCount();
  #end: Finding | null = null;

  constructor(ledger: Ledger) {
    this.#ledger = ledger;
  }

  push(kind: number, message: number, _user: number, _channel: number, timeUs: number): void {
    if (kind === END_QUIESCENT) {
      this.#end = this.#atRest(timeUs);
      return;
    }
    const was = this.#state.get(message);
    if (kind === SEND) {
      if (!this.#ledger.fresh) return;
      this.judged++;
      this.#messages = Math.max(this.#messages, message + 1);
      if (was === ANSWERED) return;
      this.#state.set(message, SENT);
      this.#open++;
    } else if (was !== ANSWERED) {
      this.#state.set(message, ANSWERED);
      if (was === SENT) this.#open--;
    }
  }

  /** Costs as much as there are messages, once, when the history ends at rest. */
  #atRest(timeUs: number): Finding {
    if (this.#open === 0) return HOLDS;
    const { sender, channel, sentUs, sendOrder, names } = this.#ledger;
    let first = -1;
    for (let message = 0; message < this.#messages; message++) {
      if (this.#state.get(message) !== SENT) continue;
      this.#touched.add(message, sender.get(message) - 1);
      if (first < 0 || sendOrder.get(message) < sendOrder.get(first)) first = message;
    }
    const user = sender.get(first) - 1;
    const where = channel.get(first) - 1;
    const who = capital(names.user(user));
    const sent = `${who} sent ${names.message(first)} to ${hash(names.channel(where))} at ${atMs(sentUs.get(first))}`;
    return {
      verdict: 'violated',
      violations: this.#open,
      witness: witnessOf(
        names,
        [sendRow(first, user, where, sentUs.get(first)), [END_QUIESCENT, 0, 0, 0, timeUs]],
        [],
        `${sent}. At ${atMs(timeUs)} nothing is under way any more, and ${who} has neither an answer nor given up.`,
      ),
      sinceUs: timeUs,
      reason: null,
    };
  }

  finding(): Finding {
    if (this.#end !== null) return this.#end;
    if (this.#open === 0) return HOLDS;
    return unknown(`${counted(this.#open, 'message')} had no answer yet`);
  }

  touched(): Touched {
    return this.#touched.counts();
  }
}

export const answered: Guarantee = {
  name: 'answered',
  promise:
    'Every message that is sent is at last acknowledged, refused, or given up by its sender: nobody waits for ever.',
  needs: 'send, ack, refuse, give-up, a quiescent end',
  counts: 'messages without an answer',
  bears: ['message', 'messages'],
  notAtStake: 'nothing is sent',
  listens: [SEND, ACK, REFUSE, GIVE_UP, END_QUIESCENT],
  create: (ledger) => new Answered(ledger),
};
