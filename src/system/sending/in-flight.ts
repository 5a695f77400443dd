import { columns, u32 } from '../../base/columns.ts';

/**
 * How many messages of one client may wait for their acknowledgement: the others wait in line at the client. With one, a message is
 * never overtaken by the next of the same sender, not even when it must be sent again (Kafka's max.in.flight.requests.per.connection).
 */

export const inFlightColumns = (users: number, outgoing: number) =>
  columns('inFlight', {
    count: u32(users),
    /** A line for each user: the first and last outgoing message in it + 1, and for each message the one behind it + 1. */
    first: u32(users),
    last: u32(users),
    behind: u32(outgoing),
  });

export interface InFlight {
  /** Whether the message may go at once; else it stands in line. */
  enter(user: number, outgoing: number): boolean;
  /** One is done. The next in line, which may go now, or -1. */
  leave(user: number): number;
}

export function openInFlight(
  c: { readonly [K in 'count' | 'first' | 'last' | 'behind']: Uint32Array },
  most: number,
): InFlight {
  const { count, first, last, behind } = c;
  return {
    enter(user, outgoing) {
      if (count[user] < most) {
        count[user]++;
        return true;
      }
      behind[outgoing] = 0;
      if (first[user] === 0) first[user] = outgoing + 1;
      else behind[last[user] - 1] = outgoing + 1;
      last[user] = outgoing + 1;
      return false;
    },
    leave(user) {
      const next = first[user];
      if (next === 0) {
        count[user]--;
        return -1;
      }
      first[user] = behind[next - 1];
      return next - 1;
    },
  };
}
