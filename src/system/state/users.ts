import { WINDOW, wasSeen } from '../../algorithms/dedup/sequence-window.ts';
import { columns, f64, type Opened, u32 } from '../../base/columns.ts';

/** The words of `own`, at [8 user + ...]: together, because they are asked for together. */
export const OWN = {
  /** Ticks of the workload's clock of this user. */
  TICKS: 0,
  /** Messages sent: the nth of the last one. */
  SENT: 1,
  /** Connections ever opened. */
  CONNECTIONS: 2,
  /** Attempts to connect since it was last online. */
  ATTEMPTS: 3,
  GATEWAY: 4,
  /** When the last thing it sent is at the gateway: low and high 32 bits. A connection keeps order. */
  UP_LOW: 5,
  UP_HIGH: 6,
  /** When it lost its connection, milliseconds + 1; 0: it has not. */
  LOST: 7,
} as const;

/** What a client knows of itself. What a delivery needs of a user is in one pair of words, so that it costs one cache miss. */
export const userColumns = (users: number) =>
  columns('users', {
    /** [2u] the user's word (see user-word.ts); [2u + 1] when the last delivery to it is due, in microseconds modulo 2^32. */
    pair: u32(2 * users),
    /** Eight words a user that are asked for when it sends or connects: see OWN. */
    own: u32(8 * users),
    /** When a connection was last closed of any user with these low bits of its number. */
    closedUs: f64(Math.min(CLOSED_PLACES, users)),
  });

/**
 * A delivery must not be taken by a later connection than the one it was sent to. Where no connection of these users was closed since the
 * message was sent, that needs no look at the user's word, which would be a miss of the cache for each delivery.
 */
const CLOSED_PLACES = 16_384;
export const closedPlace = (user: number): number => user & (CLOSED_PLACES - 1);

export type UserColumns = Opened<ReturnType<typeof userColumns>['columns']>;

/** A membership: who it is, and how far the client has been shown the channel; side by side, so that a delivery reads one place. */
export const membershipColumns = (slots: number, withMask: boolean) =>
  columns('memberships', {
    /**
     * [2 slot] the user; [2 slot + 1] the last sequence number shown in this channel, bit 31: something waits in the reorder buffer; all ones:
     * not a member now.
     */
    entry: u32(2 * slots),
    /** Which of the last 32 sequence numbers were shown, bit i for seen - i: only where messages may be shown out of order. */
    mask: u32(withMask ? slots : 1),
  });
export type MembershipColumns = Opened<ReturnType<typeof membershipColumns>['columns']>;

export const NOT_A_MEMBER = 0xffff_ffff;
export const WAITS = 0x8000_0000;
export const SEQ_MASK = 0x7fff_ffff;

/** Whether a number is too old for the window of a member's client. */
export const isPastWindow = ({ entry, mask }: MembershipColumns, slot: number, seq: number): boolean =>
  mask.length > 1 && (entry[2 * slot + 1] & SEQ_MASK) - seq >= WINDOW;

/** Whether the client of a member has been shown a number of the channel, or has given it up. */
export function hasNumber({ entry, mask }: MembershipColumns, slot: number, seq: number): boolean {
  const last = entry[2 * slot + 1] & SEQ_MASK;
  const hasMask = mask.length > 1;
  return hasMask ? wasSeen(last, mask[slot], seq) : seq <= last;
}
