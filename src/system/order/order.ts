import type { Standing } from '../../algorithms/ordering/vector-clock.ts';

/**
 * An order other than that of arrival and that of numbers in a channel: what a message carries for it, and when a member may be shown a
 * message. A message is named by its sender and nth, or by its channel and number; a member by its slot.
 */
export interface Order {
  /**
   * `cause`: a message is shown as soon as it is READY, and waits for what is missing. `time`: it is shown when it has waited for
   * holdBackUs, after everything with a lower stamp.
   */
  readonly waitsFor: 'cause' | 'time';
  /** A client writes a message. Returns the bytes that its stamp adds. */
  atSend(user: number, nth: number, channel: number, slot: number): number;
  /** A message will never be shown to anybody: it was refused, and its client, which knows that, does not try again. */
  refused(sender: number, nth: number, slot: number): void;
  /** A WebSocket server receives a copy. Returns the bytes that its stamp adds. */
  atServer(sender: number, nth: number, server: number): number;
  /** The message gets its number in its channel. Returns the bytes that its stamp adds. */
  atNumber(sender: number, channel: number, seq: number): number;
  /** A client has received a message, shown or not. */
  received(slot: number, sender: number, nth: number): void;
  standing(slot: number, sender: number, nth: number, seq: number): Standing;
  /** The member is shown the message; everything before it that is still missing is given up. */
  show(slot: number, sender: number, nth: number, seq: number): void;
  /** Whether the one message comes before the other: which of two that wait is shown first. */
  isBefore(
    slot: number,
    sender: number,
    nth: number,
    seq: number,
    otherSlot: number,
    otherSender: number,
    otherNth: number,
    otherSeq: number,
  ): boolean;
  /** A user becomes a member: it begins with what comes next. */
  joined(slot: number): void;
}
