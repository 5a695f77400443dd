import { maskAfter, WINDOW, wasSeen } from '../../algorithms/dedup/sequence-window.ts';
import { KIND } from '../../trace/tracer.ts';
import type { Context } from '../context.ts';
import { CHANNEL, channelOfSlot } from '../design/topology.ts';
import { COUNT } from '../state/counters.ts';
import { NOT_A_MEMBER } from '../state/users.ts';
import { leavesHoles } from './passed-holes.ts';
import { cameLive, wasSeenSince } from './resume-position.ts';
import type { Showing } from './showing.ts';
import type { ShowingOrder } from './showing-order.ts';

/**
 * Best effort: everything is shown as it arrives. What is known of a membership is the highest number seen, and which of the last 32 were: that
 * tells duplicates, and what came too late.
 */
export function showAsItComes(ctx: Context, showing: Showing): ShowingOrder {
  const { topology, memberships, copies, history, values } = ctx;
  const { entry, mask } = memberships;
  const { sender, seq, sentUs } = copies;
  const { resumeFrom } = ctx.mechanisms;
  const passed = ctx.mechanisms.passed!;
  const dropsDuplicates = ctx.design.delivery === 'effectively-once';

  const know = (slot: number, s: number): void => {
    const last = entry[2 * slot + 1];
    if (s > last) {
      if (leavesHoles(last, mask[slot], s)) passed.moveOn(slot, last, mask[slot], s);
      entry[2 * slot + 1] = s;
    }
    mask[slot] = maskAfter(last, mask[slot], s);
  };

  return {
    receive(slot, user, copy) {
      const last = entry[2 * slot + 1];
      const s = seq[copy];
      if (resumeFrom !== null) cameLive(resumeFrom, slot, s);
      // A later copy may come before the first one, so the mask decides; of what is older than the mask, a later copy counts as seen.
      const isKnown = last - s >= WINDOW ? copies.again[copy] === 1 : wasSeen(last, mask[slot], s);
      const isShown = !(isKnown && dropsDuplicates);
      know(slot, s);
      if (isShown) {
        if (last - s >= WINDOW) passed.shown(slot, s);
        if (isKnown || copies.again[copy] === 1) values[COUNT.duplicates]++;
        if (!isKnown && s <= last) values[COUNT.outOfOrder]++;
        showing.countLive(sender[copy], sentUs[copy]);
      } else values[COUNT.duplicatesDropped]++;
      showing.recordCopy(isShown ? KIND.deliver : KIND.duplicate, user, copy);
    },
    ownMessage: (slot, copy) => know(slot, seq[copy]),
    /**
     * What is missing, and everything since the client began to come back, is shown. What came live meanwhile is shown a second time, unless
     * duplicates are dropped.
     */
    catchUp(slot, historyRows, offset) {
      if (entry[2 * slot + 1] === NOT_A_MEMBER) return 0;
      const c = channelOfSlot(topology, slot);
      const newest = topology.channel[4 * c + CHANNEL.PERSISTED];
      const user = entry[2 * slot];
      let count = 0;
      const from = resumeFrom === null ? entry[2 * slot + 1] : resumeFrom.seq[slot];
      const first = from + 1 + offset;
      for (let s = Math.max(1, Math.min(first, from + 2 - WINDOW)); s <= newest; s++) {
        const last = entry[2 * slot + 1];
        const isDuplicate =
          resumeFrom === null
            ? wasSeen(last, mask[slot], s)
            : wasSeenSince(resumeFrom, slot, last, mask[slot], s);
        // What was on its way to the lost connection may lie below the highest number shown.
        if (s < first && (isDuplicate || s > from)) continue;
        const row = history.find(c, s);
        if (row < 0 || row >= historyRows) continue;
        know(slot, s);
        if (history.columns.sender[row] === user) continue;
        count++;
        if (isDuplicate && dropsDuplicates) {
          values[COUNT.duplicatesDropped]++;
          continue;
        }
        if (isDuplicate) values[COUNT.duplicates]++;
        if (last - s >= WINDOW) passed.shown(slot, s);
        showing.countFromHistory();
        showing.recordFromHistory(slot, history.columns.sender[row], history.columns.nth[row], s);
      }
      return count;
    },
    joined(slot) {
      // What was numbered before is not for it, also when it is told of it later.
      mask[slot] = 0xffff_ffff;
      passed.forget(slot, 1);
    },
    left() {},
    heldLongEnough() {},
    gaps: null,
  };
}
