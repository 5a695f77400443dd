import { GrowingU8 } from './growing.ts';

/** How many messages and users the violations of a promise touch, each counted once. */
export interface Touched {
  readonly messages: number;
  readonly users: number;
}

/** Counts what violations touch: constant time for each, a byte for each message and user. */
export class TouchedCount {
  readonly #isMessage = new GrowingU8();
  readonly #isUser = new GrowingU8();
  #messages = 0;
  #users = 0;

  /** What a violation touches: a message, a user, or both (-1: none). */
  add(message: number, user: number): void {
    if (message >= 0 && this.#isMessage.get(message) === 0) {
      this.#isMessage.set(message, 1);
      this.#messages++;
    }
    if (user >= 0 && this.#isUser.get(user) === 0) {
      this.#isUser.set(user, 1);
      this.#users++;
    }
  }

  counts(): Touched {
    return { messages: this.#messages, users: this.#users };
  }
}
