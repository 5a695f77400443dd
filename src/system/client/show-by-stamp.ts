import { maskAfter, WINDOW, wasSeen } from '../../algorithms/dedup/sequence-window.ts';
import { EARLY, SEEN } from '../../algorithms/ordering/vector-clock.ts';
import { KIND } from '../../trace/tracer.ts';
import type { Context } from '../context.ts';
import { makes } from '../design/mistakes.ts';
import { CHANNEL, channelOfSlot } from '../design/topology.ts';
import { EVENT } from '../kinds.ts';
import type { Order } from '../order/order.ts';
import { COUNT } from '../state/counters.ts';
import type { HeldColumns } from '../state/mechanism-columns.ts';
import { NOT_A_MEMBER } from '../state/users.ts';
import { leavesHoles } from './passed-holes.ts';
import { FROM_HISTORY } from './reorder-buffer.ts';
import { cameLive, wasSeenSince } from './resume-position.ts';
import type { Showing } from './showing.ts';
import type { ShowingOrder } from './showing-order.ts';

/** Numbers below the highest one shown that a catch-up looks at again: those of the mask. */
const LOOK_BACK = 31;

/**
 * Causal and global order, and order by a clock: an Order compares what messages carry and says when one may be shown. What must wait lies in
 * the reorder buffer of its membership; what is shown may be in the way of what waits in any channel of the user. As under best effort, the
 * highest number seen of a channel and the mask below it know a second copy, and what to ask the history for.
 */
export function showByStamp(
  ctx: Context,
  showing: Showing,
  waits: (slot: number, count: number) => void,
  order: Order,
  { waiting, shown }: HeldColumns,
): ShowingOrder {
  const { design, events, topology, memberships, copies, history, values, reorder } = ctx;
  const { entry, mask } = memberships;
  const { sender, nth, seq, sentUs } = copies;
  const { slots, userStart } = topology;
  const { resumeFrom } = ctx.mechanisms;
  const passed = ctx.mechanisms.passed!;
  /** A message that is sent again has no second number. */
  const hasOneNumber = design.delivery !== 'at-least-once';
  const fillsOne = makes(design, 'fills-one-channel');
  const byTime = order.waitsFor === 'time';

  const isKnown = (slot: number, ofSeq: number): boolean =>
    resumeFrom === null
      ? wasSeen(entry[2 * slot + 1], mask[slot], ofSeq)
      : wasSeenSince(resumeFrom, slot, entry[2 * slot + 1], mask[slot], ofSeq);
  const know = (slot: number, ofSeq: number): void => {
    const last = entry[2 * slot + 1];
    if (ofSeq > last) {
      if (leavesHoles(last, mask[slot], ofSeq)) passed.moveOn(slot, last, mask[slot], ofSeq);
      entry[2 * slot + 1] = ofSeq;
    }
    mask[slot] = maskAfter(last, mask[slot], ofSeq);
  };

  /**
   * The order has gone on without a message: it is dropped, and never shown. `isFirst`: what is dropped is not a second copy, which the order
   * has seen because the first was shown.
   */
  const passOver = (slot: number, ofSeq: number, isFirst: boolean): void => {
    if (isFirst && !isKnown(slot, ofSeq)) passed.skip(slot, ofSeq, ofSeq + 1);
    know(slot, ofSeq);
  };

  /** The member is shown a message: remembers it. */
  const remember = (slot: number, ofSender: number, ofNth: number, ofSeq: number): void => {
    if (ofSeq < entry[2 * slot + 1]) values[COUNT.outOfOrder]++;
    if (entry[2 * slot + 1] - ofSeq >= WINDOW) passed.shown(slot, ofSeq);
    know(slot, ofSeq);
    shown[entry[2 * slot]]++;
    order.show(slot, ofSender, ofNth, ofSeq);
  };

  /** Shows what waits at a place of the buffer. */
  const showWaiting = (slot: number, ofSeq: number): void => {
    if (!reorder.take(slot, ofSeq)) return;
    waiting[entry[2 * slot]]--;
    remember(slot, reorder.taken.sender, reorder.taken.nth, ofSeq);
    showing.showTaken(slot);
  };

  /** Finds among what waits at a client the first that is allowed. */
  const first = { slot: 0, seq: 0, sender: 0, nth: 0 };
  const findFirst = (user: number, readyOnly: boolean): boolean => {
    let any = false;
    const { at } = reorder;
    for (let i = userStart[user]; i < userStart[user + 1]; i++) {
      const slot = slots[i];
      if (entry[2 * slot + 1] === NOT_A_MEMBER) continue;
      for (let e = reorder.first(slot); e !== 0; e = reorder.after(slot, e - 1)) {
        const s = at.seq[e - 1];
        const from = at.sender[e - 1];
        const n = at.nth[e - 1];
        if (readyOnly && order.standing(slot, from, n, s) === EARLY) continue;
        if (any && !order.isBefore(slot, from, n, s, first.slot, first.sender, first.nth, first.seq))
          continue;
        any = true;
        first.slot = slot;
        first.seq = s;
        first.sender = from;
        first.nth = n;
      }
    }
    return any;
  };

  /** Cause: shows everything that nothing stands in the way of any more. */
  const drain = (user: number): void => {
    while (waiting[user] > 0 && findFirst(user, true)) {
      if (order.standing(first.slot, first.sender, first.nth, first.seq) === SEEN) {
        reorder.take(first.slot, first.seq);
        passOver(first.slot, first.seq, reorder.taken.attempt === 0);
        waiting[user]--;
      } else showWaiting(first.slot, first.seq);
    }
  };

  const isHeld = (slot: number, ofSeq: number): boolean => {
    for (let e = reorder.first(slot); e !== 0; e = reorder.after(slot, e - 1))
      if (reorder.at.seq[e - 1] === ofSeq) return true;
    return false;
  };

  /** Puts a message in the buffer; false when it is there already, or there is no room. */
  const hold = (
    slot: number,
    ofSeq: number,
    ofSender: number,
    ofNth: number,
    flags: number,
    atUs: number,
  ): boolean => {
    if (!reorder.hasRoom() || !reorder.add(slot, ofSeq, ofSender, ofNth, flags, atUs)) return false;
    const user = entry[2 * slot];
    waiting[user]++;
    if (byTime) {
      // What the history tells is old: it has waited already.
      const waitUs = (flags & FROM_HISTORY) !== 0 ? 0 : design.clocks.holdBackUs;
      events.schedule(events.nowUs() + waitUs, EVENT.GAP_TIMEOUT, slot, ofSeq, 0);
    } else waits(slot, waiting[user]);
    return true;
  };

  /** Holds what the history has of this membership's channel and the client does not know. Returns how many. */
  const collect = (slot: number, historyRows: number, offset: number): number => {
    if (entry[2 * slot + 1] === NOT_A_MEMBER) return 0;
    const c = channelOfSlot(topology, slot);
    const user = entry[2 * slot];
    const newest = topology.channel[4 * c + CHANNEL.PERSISTED];
    const last = entry[2 * slot + 1] - LOOK_BACK;
    const from = Math.max(0, resumeFrom === null ? last : Math.min(last, resumeFrom.seq[slot])) + offset;
    let added = 0;
    for (let s = from + 1; s <= newest; s++) {
      const row = history.find(c, s);
      if (row < 0 || row >= historyRows || isKnown(slot, s)) continue;
      const ofSender = history.columns.sender[row];
      const ofNth = history.columns.nth[row];
      if (ofSender === user) continue;
      if (order.standing(slot, ofSender, ofNth, s) === SEEN) passOver(slot, s, hasOneNumber);
      else if (hold(slot, s, ofSender, ofNth, FROM_HISTORY, history.columns.sentUs[row])) added++;
    }
    return added;
  };

  return {
    receive(slot, user, copy) {
      const s = seq[copy];
      const from = sender[copy];
      const n = nth[copy];
      order.received(slot, from, n);
      if (resumeFrom !== null) cameLive(resumeFrom, slot, s);
      const standing = isKnown(slot, s) ? SEEN : order.standing(slot, from, n, s);
      if (standing !== SEEN && (byTime || standing === EARLY) && !reorder.hasRoom()) {
        showing.dropFull(user, copy);
        return;
      }
      let kind: number = KIND.deliver;
      if (standing === SEEN) {
        passOver(slot, s, copies.again[copy] === 0);
        kind = KIND.duplicate;
      } else if (byTime || standing === EARLY) {
        kind = hold(slot, s, from, n, copies.attempt[copy], sentUs[copy]) ? KIND.buffer : KIND.duplicate;
        if (kind === KIND.buffer) values[COUNT.buffered]++;
      } else {
        remember(slot, from, n, s);
        showing.countLive(from, sentUs[copy]);
        if (copies.again[copy] === 1) values[COUNT.duplicates]++;
      }
      if (kind === KIND.duplicate) values[COUNT.duplicatesDropped]++;
      showing.recordCopy(kind, user, copy);
      if (kind === KIND.deliver) drain(user);
    },
    // The order speaks of what a member is shown; its own messages it has anyway.
    ownMessage() {},
    catchUp(slot, historyRows, offset) {
      const added = collect(slot, historyRows, offset);
      if (!byTime) drain(entry[2 * slot]);
      return added;
    },
    joined(slot) {
      // What was numbered before is not for it, also when it is told of it later.
      mask[slot] = 0xffff_ffff;
      passed.forget(slot, 1);
      order.joined(slot);
    },
    left(slot) {
      const user = entry[2 * slot];
      waiting[user] -= reorder.clear(slot);
      // What waited for a message of this channel waits no longer.
      if (!byTime) drain(user);
    },
    /** Time: shows what waits and comes no later than this message. */
    heldLongEnough(slot, then) {
      const user = entry[2 * slot];
      while (isHeld(slot, then) && findFirst(user, false)) showWaiting(first.slot, first.seq);
    },
    gaps: byTime
      ? null
      : {
          isWaiting: (slot) => waiting[entry[2 * slot]] > 0,
          shownSoFar: (slot) => shown[entry[2 * slot]],
          first,
          findFirst: (slot) => findFirst(entry[2 * slot], false),
          showFirst() {
            showWaiting(first.slot, first.seq);
            drain(entry[2 * first.slot]);
          },
          fill(slot, historyRows) {
            const user = entry[2 * slot];
            const before = shown[user];
            // What is missing may be in any channel that the client is in.
            for (let i = userStart[user]; i < userStart[user + 1]; i++)
              if (!fillsOne || slots[i] === slot) collect(slots[i], historyRows, 0);
            drain(user);
            return shown[user] === before;
          },
        },
  };
}
