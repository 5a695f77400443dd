import { columns, type Opened, u32 } from '../../base/columns.ts';
import { EARLY, READY, SEEN, type Standing } from './vector-clock.ts';

/**
 * Total order by one sequencer (Défago, Schiper, Urbán, "Total order broadcast and multicast algorithms", ACM Computing Surveys 36(4) 2004,
 * section 4.1, fixed sequencer). The sequencer takes messages one at a time; at that moment each receiver's inbox counts up. So what a receiver
 * gets is numbered without holes, whichever channels it is in, and all inboxes are parts of the one order. The number is what
 * Telegram calls pts: one counter for each user.
 */

/** The number in the receiver's inbox. */
export const INBOX_BYTES = 8;

export const inboxColumns = (receivers: number) =>
  columns('inbox', {
    /** Last number given out for a receiver, and last one it was shown. */
    given: u32(receivers),
    shown: u32(receivers),
  });
export type InboxColumns = Opened<ReturnType<typeof inboxColumns>['columns']>;

export interface Inboxes {
  /** The next number of a receiver. */
  give(receiver: number): number;
  standing(receiver: number, number: number): Standing;
  /** A receiver was shown this number; what lies below it is given up. */
  show(receiver: number, number: number): void;
  shown(receiver: number): number;
  given(receiver: number): number;
}

export function openInboxes({ given, shown }: InboxColumns): Inboxes {
  return {
    give(receiver) {
      const next = given[receiver] + 1;
      given[receiver] = next;
      return next;
    },
    standing(receiver, number) {
      const last = shown[receiver];
      if (number === last + 1) return READY;
      return number <= last ? SEEN : EARLY;
    },
    show(receiver, number) {
      if (number > shown[receiver]) shown[receiver] = number;
    },
    shown: (receiver) => shown[receiver],
    given: (receiver) => given[receiver],
  };
}
