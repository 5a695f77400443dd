import { type Checker, type Finding, type Guarantee, HOLDS } from './checker.ts';
import { FullWindows } from './full-windows.ts';
import { GrowingTimes, GrowingU8, GrowingU32 } from './growing.ts';
import { ACCEPT, ACK, DELIVER, PERSIST, REFUSE, SEND } from './history.ts';
import type { Ledger } from './ledger.ts';
import { atMs, capital, type Row, sendRow, witnessOf } from './speak.ts';
import { type Touched, TouchedCount } from './touched.ts';

const PENDING = 1;
const COUNTED = 2;

/**
 * Accepted requests are the `accept` events. A history without them is judged by its sends, key by user, at the time of the send: a
 * send was accepted when its message was acked, persisted or shown; a refused one counts only if it is sent again. From the
 * first `accept` on sends do not count.
 */
class RateBound implements Checker {
  readonly #ledger: Ledger;
  readonly #limit: number;
  readonly #windowUs: number;
  readonly #inclusive: boolean;
  #requests = 0;
  #windows: FullWindows;
  #bySends = true;
  judged = 0;
  #violations = 0;
  readonly #touched = new TouchedCount();
  #first: Finding = HOLDS;

  // By message: whether its request is pending or counted, and which.
  readonly #state = new GrowingU8();
  readonly #requestOf = new GrowingU32();
  // By request that is a send: its message, and what tells that it was accepted.
  readonly #message = new GrowingU32();
  readonly #proof = new GrowingU8();
  readonly #proofUser = new GrowingU32();
  readonly #proofChannel = new GrowingU32();
  readonly #proofUs = new GrowingTimes();

  constructor(ledger: Ledger, limit: number, windowUs: number, inclusive: boolean) {
    this.#ledger = ledger;
    this.#limit = limit;
    this.#windowUs = windowUs;
    this.#inclusive = inclusive;
    this.#windows = this.#newWindows();
  }

  push(kind: number, message: number, user: number, channel: number, timeUs: number): void {
    if (kind === ACCEPT) {
      if (this.#bySends) this.#windows = this.#newWindows();
      this.#bySends = false;
      this.#windows.us.set(++this.#requests, timeUs);
      this.#count(user, this.#requests, timeUs);
    } else if (this.#bySends) {
      this.#takeSend(kind, message, user, channel, timeUs);
    }
  }

  finding(): Finding {
    return { ...this.#first, violations: this.#violations };
  }

  touched(): Touched {
    return this.#touched.counts();
  }

  #newWindows(): FullWindows {
    const [windowUs, inclusive] = [this.#windowUs, this.#inclusive];
    return new FullWindows(this.#limit, (spanUs) => (inclusive ? spanUs <= windowUs : spanUs < windowUs));
  }

  #takeSend(kind: number, message: number, user: number, channel: number, timeUs: number): void {
    const state = this.#state.get(message);
    if (kind === SEND) {
      // A message that was shown before in another channel is not this one: the ledger does not count its send.
      if (state !== 0 || this.#ledger.sender.get(message) === 0) return;
      const request = ++this.#requests;
      this.#windows.us.set(request, timeUs);
      this.#state.set(message, PENDING);
      this.#requestOf.set(message, request);
      this.#message.set(request, message);
    } else if (state === PENDING) {
      this.#state.set(message, kind === REFUSE ? 0 : COUNTED);
      if (kind === REFUSE) return;
      const request = this.#requestOf.get(message);
      this.#proof.set(request, kind);
      this.#proofUser.set(request, user);
      // It may have been shown in a channel that is not its own; the witness says what the history says.
      this.#proofChannel.set(request, channel);
      this.#proofUs.set(request, timeUs);
      this.#count(this.#ledger.sender.get(message) - 1, request, timeUs);
    }
  }

  #count(key: number, request: number, timeUs: number): void {
    this.judged++;
    const first = this.#windows.count(key, request);
    if (first === 0) return;
    if (this.#violations++ === 0) this.#first = this.#found(key, this.#windows.window(first), timeUs);
    this.#touched.add(this.#bySends ? this.#message.get(request) : -1, key);
  }

  #found(key: number, requests: readonly number[], timeUs: number): Finding {
    const { names } = this.#ledger;
    const { us } = this.#windows;
    const rows = requests.map((request): Row => [ACCEPT, 0, key, 0, us.get(request)]);
    const sends = requests.flatMap((request) => this.#sendRows(key, request));
    const [from, to] = [us.get(requests[0]), us.get(requests[requests.length - 1])];
    const what = this.#bySends ? 'messages' : 'requests';
    const ends = this.#inclusive ? 'both ends included' : 'one end excluded';
    return {
      verdict: 'violated',
      violations: 1,
      witness: witnessOf(
        names,
        this.#bySends ? sends : rows,
        [],
        `${capital(names.user(key))} had ${requests.length} ${what} accepted from ${atMs(from)} to ${atMs(to)}. The limit is ${this.#limit} in any window of ${atMs(this.#windowUs)}, ${ends}.`,
      ),
      sinceUs: timeUs,
      reason: null,
    };
  }

  #sendRows(key: number, request: number): Row[] {
    const message = this.#message.get(request);
    const channel = this.#ledger.channel.get(message) - 1;
    return [
      sendRow(message, key, channel, this.#windows.us.get(request)),
      [
        this.#proof.get(request),
        message,
        this.#proofUser.get(request),
        this.#proofChannel.get(request),
        this.#proofUs.get(request),
      ],
    ];
  }
}

export const rateBound: Guarantee = {
  name: 'rate-bound',
  promise: 'No window of the configured length holds more accepted requests of one key than the limit.',
  needs:
    'a limit and a window, and accept; or send with ack, persist or deliver, and refuse: then the key is the user and the time that of the send',
  counts: 'accepted requests with which a window is too full',
  bears: ['accepted request', 'accepted requests'],
  notAtStake: 'the run has no limit by user, or no accepted request',
  listens: [ACCEPT, SEND, ACK, PERSIST, DELIVER, REFUSE],
  create(ledger, { limit, windowUs, boundary }) {
    if (limit === undefined || windowUs === undefined) {
      return { push: () => {}, judged: 0, finding: () => HOLDS };
    }
    return new RateBound(ledger, limit, windowUs, boundary !== 'exclusive');
  },
};
