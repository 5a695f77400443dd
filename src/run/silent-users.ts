import type { Context } from '../system/context.ts';
import { channelNumbers } from '../system/design/names.ts';
import { channelOfSlot } from '../system/design/topology.ts';

/**
 * Users who never write by themselves, because they are in no channel that anybody writes to at random: in none at all, or in the one of
 * everybody that only the script writes to. 0 where nobody writes by themselves.
 */
export function silentUsers({ topology, workload }: Context): number {
  const { messages, users } = workload;
  if (messages.perUserPerMinute === 0) return 0;
  const quiet = messages.quietEveryone ? channelNumbers(workload).everyone : -1;
  const { userStart, slots } = topology;
  let silent = 0;
  for (let user = 0; user < users; user++) {
    const memberships = userStart[user + 1]! - userStart[user]!;
    // A user is in each channel once, so with two there is one to write to.
    if (
      memberships === 0 ||
      (memberships === 1 && channelOfSlot(topology, slots[userStart[user]!]!) === quiet)
    )
      silent++;
  }
  return silent;
}
