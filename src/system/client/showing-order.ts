import type { GapRule } from './gaps.ts';

/** In which order a client shows what it receives. */
export interface ShowingOrder {
  /** A copy has arrived: it is shown, or waits, or is dropped as a duplicate. */
  receive(slot: number, user: number, copy: number): void;
  /** The sender's client has its own message: it takes its place among the others without being shown. */
  ownMessage(slot: number, copy: number): void;
  /**
   * Shows what the history has for this slot beyond what was shown (and `offset`), up to a number of rows. Returns how many.
   */
  catchUp(slot: number, historyRows: number, offset: number): number;
  /** The user of this slot has become a member, and begins with what comes next. */
  joined(slot: number): void;
  /** The user of this slot is no member any more: what waits for it is thrown away. */
  left(slot: number): void;
  /** Null where nothing ever waits for what is missing. */
  readonly gaps: GapRule | null;
  /** What was held back since `then` has waited long enough: for orders without gaps. */
  heldLongEnough(slot: number, then: number): void;
}
