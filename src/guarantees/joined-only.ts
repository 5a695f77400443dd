import { type Checker, type Finding, type Guarantee, HOLDS } from './checker.ts';
import { GrowingTimes, GrowingU32 } from './growing.ts';
import { DELIVER, JOIN, LEAVE, PERSIST, SEND } from './history.ts';
import type { Ledger } from './ledger.ts';
import { atMs, capital, deliverRow, hash, type Row, sendRow, witnessOf } from './speak.ts';
import { type Touched, TouchedCount } from './touched.ts';

/**
 * Access by the time of sending, as Matrix's history visibility `joined` has it: who joins is not shown what was said before, nor, joining again,
 * what was said meanwhile. A message is said from when it is sent until it is stored; who was a member at any moment of that may see it.
 */
class JoinedOnly implements Checker {
  readonly #ledger: Ledger;
  /** Events are numbered from 1, for all that follow. */
  #event = 0;
  /** By message: the events of its first send and its first storing; when it was stored. */
  readonly #sent = new GrowingU32();
  readonly #stored = new GrowingU32();
  readonly #storedUs = new GrowingTimes();
  /** By pair: the event of its last join, and when; the last of its memberships that are over, + 1. */
  readonly #joined = new GrowingU32();
  readonly #joinedUs = new GrowingTimes();
  readonly #last = new GrowingU32();
  /** Memberships that are over: from, to, and the one of the same pair before it, + 1. */
  readonly #from = new GrowingU32();
  readonly #to = new GrowingU32();
  readonly #before = new GrowingU32();
  #over = 0;
  judged = 0;
  #violations = 0;
  readonly #touched = new TouchedCount();
  #first: Finding = HOLDS;

  constructor(ledger: Ledger) {
    ledger.wantPairs();
    this.#ledger = ledger;
  }

  push(kind: number, message: number, user: number, channel: number, timeUs: number): void {
    const event = ++this.#event;
    const { fresh, pair } = this.#ledger;
    switch (kind) {
      case SEND:
        if (fresh) this.#sent.set(message, event);
        break;
      case PERSIST:
        if (this.#stored.get(message) !== 0) break;
        this.#stored.set(message, event);
        this.#storedUs.set(message, timeUs);
        break;
      case JOIN:
        if (!fresh) break;
        this.#joined.set(pair, event);
        this.#joinedUs.set(pair, timeUs);
        break;
      case LEAVE:
        if (!fresh) break;
        this.#from.set(this.#over, this.#joined.get(pair));
        this.#to.set(this.#over, event);
        this.#before.set(this.#over, this.#last.get(pair));
        this.#last.set(pair, ++this.#over);
        break;
      default:
        this.#deliver(message, user, channel, timeUs);
    }
  }

  #deliver(message: number, user: number, channel: number, timeUs: number): void {
    const { pair } = this.#ledger;
    const sent = this.#sent.get(message);
    const stored = this.#stored.get(message);
    if (sent === 0 || stored === 0 || this.#ledger.channel.get(message) !== channel + 1) return;
    // Who is no member now is for `authorised-only`.
    if (!this.#ledger.isMember(pair)) return;
    this.judged++;
    if (this.#joined.get(pair) <= Math.max(sent, stored)) return;
    for (let over = this.#last.get(pair); over !== 0; over = this.#before.get(over - 1))
      if (
        this.#from.get(over - 1) <= Math.max(sent, stored) &&
        this.#to.get(over - 1) >= Math.min(sent, stored)
      )
        return;
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
    const { names, pair, sender, sentUs } = this.#ledger;
    const who = capital(names.user(user));
    const joinedUs = this.#joinedUs.get(pair);
    const storedUs = this.#storedUs.get(message);
    const rows: readonly Row[] = [
      sendRow(message, sender.get(message) - 1, channel, sentUs.get(message)),
      [PERSIST, message, 0, 0, storedUs],
      [JOIN, 0, user, channel, joinedUs],
      deliverRow(message, user, channel, timeUs),
    ];
    // What was stored before it was sent stands in that order.
    const inOrder =
      this.#stored.get(message) < this.#sent.get(message) ? [rows[1], rows[0], rows[2], rows[3]] : rows;
    return {
      verdict: 'violated',
      violations: 1,
      witness: witnessOf(
        names,
        inOrder,
        [],
        `${who} joined ${hash(names.channel(channel))} at ${atMs(joinedUs)}, when ${names.message(message)} had been said and stored. ${who} was shown it all the same, at ${atMs(timeUs)}.`,
      ),
      sinceUs: timeUs,
      reason: null,
    };
  }
}

export const joinedOnly: Guarantee = {
  name: 'joined-only',
  promise:
    'Nothing is shown to a member who was none when it was said: neither what was said before a join, nor between two.',
  needs: 'join, leave, send, persist, deliver',
  counts: 'showings of what was said while the user was no member',
  bears: ['delivery of a stored message', 'deliveries of stored messages'],
  notAtStake: 'nobody is shown what was stored before',
  listens: [SEND, PERSIST, JOIN, LEAVE, DELIVER],
  create: (ledger) => new JoinedOnly(ledger),
};
