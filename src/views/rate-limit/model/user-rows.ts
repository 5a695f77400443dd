import { type TraceRow, USER_NODE } from '../../../worker/protocol.ts';

/** The rows of one user among all that the store keeps. It reads on from where it was: a long trace is not searched at every frame. */
export class UserRows {
  /** The rows that concern the user, in order. */
  readonly rows: TraceRow[] = [];
  /** Who was refused last by a rate limit, or null. */
  refused: number | null = null;
  #user = -1;
  #read = 0;
  #last: TraceRow | undefined;

  /** @param all grows at its end; after a rewind its end is replaced by new rows */
  update(all: readonly TraceRow[], user: number): void {
    const isSame = user === this.#user && all.length >= this.#read && all[this.#read - 1] === this.#last;
    if (!isSame) {
      this.rows.length = 0;
      this.refused = null;
      this.#user = user;
      this.#read = 0;
    }
    for (; this.#read < all.length; this.#read++) {
      const row = all[this.#read]!;
      if (row.sender === user || row.node === USER_NODE + user) this.rows.push(row);
      if (row.kind === 'refuse' && row.reason === 'rate-limit') this.refused = row.sender;
    }
    this.#last = all[this.#read - 1];
  }
}
