import { mix32 } from '../base/hash.ts';
import type { CausalItems } from './causal-items.ts';
import { GrowingU32 } from './growing.ts';

/**
 * Whether a message is a cause, direct or through others, of something that a user was shown: the user's causal past, explored as far
 * as it is asked for.
 *
 * One sender's messages cause one another, so a past is, for each sender, everything up to some send: a vector clock, as a sparse map.
 * A user gets one only when asked about, it reaches back only to a horizon before which nobody asks, and it is brought up to date
 * by walking what is new: each send and showing of another user at most once. So users who are shown everything in the order in
 * which it was sent cost nothing, and delays cost what happened during them among those who caused what was shown. The worst case
 * is users x events; no way to decide this in near-linear time for every history is known, because it is reachability in a graph.
 */

/** A query resets the horizon to this many times as far back as it asks. */
const REACH = 2;
/** After so many queries the horizon follows the deepest of them. */
const QUERIES = 32;

export class CausalPasts {
  readonly #items: CausalItems;
  readonly #senderOf: (message: number) => number;

  // By user: which of its clocks counts (0: none yet), the horizon, the last item that was taken in, and how far back the deepest
  // query of this batch and of the one before asked; queries in this batch.
  readonly #version = new GrowingU32();
  readonly #horizon = new GrowingU32();
  readonly #upTo = new GrowingU32();
  readonly #deepest = new GrowingU32();
  readonly #deepestBefore = new GrowingU32();
  readonly #queries = new GrowingU32();

  /** Clocks: four words an entry: user + 1 (0: empty), sender, version, item of the sender's last send in the past. */
  #entries = 0;
  #mask = 63;
  #table = new Uint32Array(4 * 64);

  /** To be walked: a sender, down from an item to another. */
  readonly #senders: number[] = [];
  readonly #tops: number[] = [];
  readonly #bottoms: number[] = [];

  constructor(items: CausalItems, senderOf: (message: number) => number) {
    this.#items = items;
    this.#senderOf = senderOf;
  }

  /** Whether the message, which the user was not shown yet, is a cause of one that the user was shown. */
  includes(user: number, message: number): boolean {
    const sent = this.#items.sendOf.get(message);
    this.#setHorizon(user, sent);
    this.#takeIn(user);
    return this.#known(user, this.#senderOf(message)) >= sent;
  }

  #setHorizon(user: number, sent: number): void {
    const now = this.#items.count;
    const depth = now - sent + 1;
    const deepest = Math.max(this.#deepest.get(user), depth);
    this.#deepest.set(user, deepest);
    const queries = this.#queries.get(user) + 1;
    this.#queries.set(user, queries % QUERIES);
    const reach = REACH * Math.max(deepest, this.#deepestBefore.get(user));
    if (queries === QUERIES) {
      this.#deepestBefore.set(user, deepest);
      this.#deepest.set(user, 0);
    }
    const horizon = Math.max(0, now - reach);
    if (this.#version.get(user) === 0 || this.#horizon.get(user) >= sent) {
      // Asked about what is not explored: begin again from further back.
      this.#version.add(user, 1);
      this.#horizon.set(user, horizon);
      this.#upTo.set(user, 0);
    } else if (horizon > this.#horizon.get(user)) {
      this.#horizon.set(user, horizon);
    }
  }

  /** Adds what the user was shown since the last time, and its causes, to the clock. */
  #takeIn(user: number): void {
    const { last, before, message, isSend, sendOf } = this.#items;
    const horizon = this.#horizon.get(user);
    const end = Math.max(horizon, this.#upTo.get(user));
    for (let item = last.get(user); item > end; item = before.get(item)) {
      if (isSend.get(item) === 0) this.#raise(user, message.get(item), horizon);
    }
    this.#upTo.set(user, last.get(user));
    while (this.#senders.length > 0) {
      const sender = this.#senders.pop()!;
      const bottom = this.#bottoms.pop()!;
      for (let item = this.#tops.pop()!; item > bottom; item = before.get(item)) {
        const of = message.get(item);
        if (this.#senderOf(of) !== sender && sendOf.get(of) > horizon) this.#raise(user, of, horizon);
      }
    }
  }

  /** Raises the clock to the message's send; what its sender had between the old and the new place is to be walked. */
  #raise(user: number, message: number, horizon: number): void {
    const sent = this.#items.sendOf.get(message);
    if (sent <= horizon) return;
    const sender = this.#senderOf(message);
    const at = this.#entry(user, sender);
    const known = this.#table[at + 2] === this.#version.get(user) ? this.#table[at + 3] : 0;
    if (known >= sent) return;
    this.#table[at + 2] = this.#version.get(user);
    this.#table[at + 3] = sent;
    this.#senders.push(sender);
    this.#tops.push(this.#items.before.get(sent));
    this.#bottoms.push(Math.max(known, horizon));
  }

  #known(user: number, sender: number): number {
    const at = this.#find(user, sender);
    return this.#table[at] !== 0 && this.#table[at + 2] === this.#version.get(user) ? this.#table[at + 3] : 0;
  }

  #find(user: number, sender: number): number {
    let slot = mix32(Math.imul(user, 0x9e3779b1) ^ sender) & this.#mask;
    for (;;) {
      const at = 4 * slot;
      const key = this.#table[at];
      if (key === 0 || (key === user + 1 && this.#table[at + 1] === sender)) return at;
      slot = (slot + 1) & this.#mask;
    }
  }

  #entry(user: number, sender: number): number {
    let at = this.#find(user, sender);
    if (this.#table[at] !== 0) return at;
    if (3 * this.#entries > 2 * this.#mask) {
      this.#widen();
      at = this.#find(user, sender);
    }
    this.#entries++;
    this.#table[at] = user + 1;
    this.#table[at + 1] = sender;
    return at;
  }

  /** Entries of clocks that count no more are left behind; the table grows only if half of it is still in use. */
  #widen(): void {
    const old = this.#table;
    const counts = (at: number): boolean => old[at] !== 0 && old[at + 2] === this.#version.get(old[at] - 1);
    let live = 0;
    for (let at = 0; at < old.length; at += 4) if (counts(at)) live++;
    if (3 * live > this.#mask) this.#mask = 2 * this.#mask + 1;
    this.#table = new Uint32Array(4 * (this.#mask + 1));
    this.#entries = live;
    for (let from = 0; from < old.length; from += 4) {
      if (!counts(from)) continue;
      const at = this.#find(old[from] - 1, old[from + 1]);
      for (let word = 0; word < 4; word++) this.#table[at + word] = old[from + word];
    }
  }
}
