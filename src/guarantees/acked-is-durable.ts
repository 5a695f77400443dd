import { type Checker, type Finding, type Guarantee, HOLDS } from './checker.ts';
import { GrowingTimes, GrowingU8, GrowingU32 } from './growing.ts';
import { ACK, LOST, PERSIST } from './history.ts';
import type { Ledger } from './ledger.ts';
import { atMs, capital, type Row, witnessOf } from './speak.ts';
import { type Touched, TouchedCount } from './touched.ts';

const STORED = 1;
const WAS_STORED = 2;
const ACKED = 4;
const BROKEN = 8;

class AckedIsDurable implements Checker {
  readonly #ledger: Ledger;
  /** By message: the bits above. */
  readonly #state = new GrowingU8();
  readonly #ackedUs = new GrowingTimes();
  readonly #ackedTo = new GrowingU32();
  readonly #persistedUs = new GrowingTimes();
  readonly #lostUs = new GrowingTimes();
  judged = 0;
  #violations = 0;
  readonly #touched = new TouchedCount();
  #first: Finding = HOLDS;

  constructor(ledger: Ledger) {
    this.#ledger = ledger;
  }

  push(kind: number, message: number, user: number, _channel: number, timeUs: number): void {
    let state = this.#state.get(message);
    if (kind === PERSIST) {
      this.#persistedUs.set(message, timeUs);
      state |= STORED | WAS_STORED;
    } else if (kind === LOST) {
      this.#lostUs.set(message, timeUs);
      state &= ~STORED;
    } else if ((state & ACKED) === 0) {
      this.judged++;
      this.#ackedUs.set(message, timeUs);
      this.#ackedTo.set(message, user);
      state |= ACKED;
    }
    if ((state & (ACKED | STORED | BROKEN)) === ACKED) {
      if (this.#violations++ === 0) this.#first = this.#found(kind, message, state, timeUs);
      this.#touched.add(message, this.#ackedTo.get(message));
      state |= BROKEN;
    }
    this.#state.set(message, state);
  }

  finding(): Finding {
    return { ...this.#first, violations: this.#violations };
  }

  touched(): Touched {
    return this.#touched.counts();
  }

  /**
   * The ack alone breaks the promise as a history: nothing says that the message was ever stored. So the ack is the witness; what
   * happened to the message in the store is context.
   */
  #found(kind: number, message: number, state: number, timeUs: number): Finding {
    const { names } = this.#ledger;
    const name = names.message(message);
    const user = this.#ackedTo.get(message);
    const ackedUs = this.#ackedUs.get(message);
    const persist: Row = [PERSIST, message, 0, 0, this.#persistedUs.get(message)];
    const lost: Row = [LOST, message, 0, 0, this.#lostUs.get(message)];
    let context: Row[] = [];
    let why = 'The store did not have it yet: it was not persisted before.';
    if (kind === LOST) {
      context = [persist, lost];
      why = `The store lost it at ${atMs(timeUs)}, so it is no longer safe.`;
    } else if ((state & WAS_STORED) !== 0) {
      context = [persist, lost];
      why = `The store had it at ${atMs(persist[4])} and had lost it at ${atMs(lost[4])}.`;
    }
    return {
      verdict: 'violated',
      violations: 1,
      witness: witnessOf(
        names,
        [[ACK, message, user, 0, ackedUs]],
        context,
        `Message ${name} was acked to ${capital(names.user(user))} at ${atMs(ackedUs)}. ${why}`,
      ),
      sinceUs: timeUs,
      reason: null,
    };
  }
}

export const ackedIsDurable: Guarantee = {
  name: 'acked-is-durable',
  promise:
    'At no moment is an acked message absent from the store: it was persisted before its ack, and not lost since.',
  needs: 'persist, ack, lost',
  counts: 'messages that were acked and absent from the store at some moment',
  bears: ['acked message', 'acked messages'],
  notAtStake: 'the run has no acked message',
  listens: [PERSIST, ACK, LOST],
  create: (ledger) => new AckedIsDurable(ledger),
};
