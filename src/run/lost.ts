import type { Context } from '../system/context.ts';
import { CHANNEL, channelOfSlot } from '../system/design/topology.ts';
import { CONNECTION } from '../system/state/tables.ts';
import { stateOf } from '../system/state/user-word.ts';
import { NOT_A_MEMBER, SEQ_MASK } from '../system/state/users.ts';
import { findUnderWay, type UnderWay } from './under-way.ts';

/** What is not on its way after so long will not be shown by itself. Longer than any client waits for a gap. */
const SETTLED_US = 5_000_000;

/**
 * Deliveries that are owed to a member who is online, of a persisted message sent more than five seconds ago, that the client does not know of
 * and that are not on their way: numbers beyond the last one shown; where messages are shown as they come, holes among the last 32; and what
 * the client has left behind (`PassedHoles`). Reads every membership.
 */
export function countLost(context: Context, underWay: UnderWay = findUnderWay(context)): number {
  const { topology, memberships, users, history, events, mechanisms, reorder } = context;
  const { channel: channels } = topology;
  const { entry, mask } = memberships;
  const { online } = CONNECTION.state;
  const settledUs = events.nowUs() - SETTLED_US;
  const hasMask = mask.length > 1;
  const isLost = (channel: number, slot: number, seq: number): boolean => {
    const row = history.find(channel, seq);
    return (
      row >= 0 &&
      history.columns.sentUs[row]! < settledUs &&
      history.columns.sender[row] !== entry[2 * slot] &&
      // Nor is what its client holds back.
      reorder.sentUs(slot, seq) === 0 &&
      !underWay.reaches(channel, seq, slot)
    );
  };
  const isOnline = (slot: number): boolean => stateOf(users.pair[2 * entry[2 * slot]!]!) === online;
  let lost = 0;
  // In the order of memory; nearly every membership has been shown all there is, and needs no look at its user.
  for (let channel = 0; channel < channels.length / 4; channel++) {
    const newest = channels[4 * channel + CHANNEL.PERSISTED]!;
    if (newest === 0) continue;
    const end = channels[4 * channel + CHANNEL.END]!;
    for (let slot = channels[4 * channel + CHANNEL.FIRST]!; slot < end; slot++) {
      const word = entry[2 * slot + 1]!;
      if (word === NOT_A_MEMBER) continue;
      const last = word & SEQ_MASK;
      const holes = hasMask ? ~mask[slot]! & maskOf(last) : 0;
      if ((last >= newest && holes === 0) || !isOnline(slot)) continue;
      for (let seq = last + 1; seq <= newest; seq++) if (isLost(channel, slot, seq)) lost++;
      for (let back = 1; back < 32; back++)
        if ((holes & (1 << back)) !== 0 && isLost(channel, slot, last - back)) lost++;
    }
  }
  mechanisms.passed?.visit((slot, seq) => {
    if (entry[2 * slot + 1] === NOT_A_MEMBER || !isOnline(slot)) return;
    if (isLost(channelOfSlot(topology, slot), slot, seq)) lost++;
  });
  return lost;
}

/** The bits of a membership's mask for the numbers before the last one shown: bit i for last - i, from 1 on. */
const maskOf = (last: number): number => (last >= 32 ? -1 : (1 << last) - 1) & ~1;
