import type { EventReader } from '../kernel/event-list.ts';
import type { Context } from './context.ts';
import { SLICE } from './fanout/fan-out.ts';
import { EVENT } from './kinds.ts';
import { OWN } from './state/users.ts';

/**
 * Reads what the most frequent events will look for in memory that no cache holds: who a delivery is for, and what is known of a user. Read
 * one by one while the events are handled, each would be waited for; read many in a row, they are fetched at the same time.
 */
export function createReadAhead(ctx: Context): EventReader {
  const { topology, users, memberships } = ctx;
  const { userStart } = topology;
  const { pair, own } = users;
  const { entry } = memberships;
  return (kind, a, b) => {
    switch (kind) {
      case EVENT.DELIVER:
        return entry[2 * a];
      case EVENT.NOTIFY:
        return b < SLICE - 1 ? pair[2 * entry[2 * b]] ^ own[8 * entry[2 * b] + OWN.GATEWAY] : 0;
      case EVENT.USER_TICK:
        return (own[8 * a] ^ pair[2 * a] ^ userStart[a]) | 0;
      case EVENT.HEARTBEAT:
      case EVENT.POLL_HELD:
        return pair[2 * a];
      default:
        return 0;
    }
  };
}
