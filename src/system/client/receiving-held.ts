import { maskAfter, wasSeen } from '../../algorithms/dedup/sequence-window.ts';
import { EARLY, SEEN } from '../../algorithms/ordering/vector-clock.ts';
import { mix32 } from '../../base/hash.ts';
import { NO_NODE, USER_NODE } from '../../trace/trace.ts';
import { KIND, REASON } from '../../trace/tracer.ts';
import type { Context } from '../context.ts';
import { CHANNEL, channelOfSlot } from '../design/topology.ts';
import { EVENT } from '../kinds.ts';
import type { Order } from '../order/order.ts';
import type { CopyMoves } from '../state/copies.ts';
import { COUNT } from '../state/counters.ts';
import { bucketOf } from '../state/histogram.ts';
import { historyJob } from '../state/jobs.ts';
import type { HeldColumns } from '../state/mechanism-columns.ts';
import { CONNECTION } from '../state/tables.ts';
import { classOf, generationOf, stateOf } from '../state/user-word.ts';
import { NOT_A_MEMBER } from '../state/users.ts';
import type { Receiving } from './receiving.ts';
import { cameLive, wasSeenSince } from './resume-position.ts';

/**
 * The receiving client where an Order says when a message may be shown: causal and global order, and order by a clock. What must wait lies in the
 * reorder buffer of its membership. `entry` and `mask` keep what was shown by the numbers of the channel, as under best effort:
 * they know a second copy, and tell the history what is missing.
 */

/** Marks an entry of the reorder buffer that came from the history. */
const FROM_HISTORY = 0x200;
/** Tries again to read the history when the database did not answer. Assumption. */
const READ_AGAIN_US = 1_000_000;
/** Numbers below the highest one shown that a catch-up looks at again: those of the mask. */
const LOOK_BACK = 31;

export function createHeldReceiving(
  ctx: Context,
  moves: CopyMoves,
  order: Order,
  { waiting, shown }: HeldColumns,
): Receiving {
  const { design, nodes, events, stations, topology, users, memberships, copies, history } = ctx;
  const { watching, draw, values, latencyNow, reorder } = ctx;
  const { pair } = users;
  const { entry, mask } = memberships;
  const { sender, nth, seq, sentUs } = copies;
  const { slots, userStart } = topology;
  const { counts: latencyCounts } = latencyNow;
  const { database } = nodes;
  const byTime = order.waitsFor === 'time';
  const { online, resuming } = CONNECTION.state;

  const isOpen = (word: number): boolean => stateOf(word) === online || stateOf(word) === resuming;
  const isConnectedAs = (user: number, generation: number): boolean =>
    generationOf(pair[2 * user]) === generation && isOpen(pair[2 * user]);

  const { resumeFrom } = ctx.mechanisms;
  const isKnown = (slot: number, ofSeq: number): boolean =>
    resumeFrom === null
      ? wasSeen(entry[2 * slot + 1], mask[slot], ofSeq)
      : wasSeenSince(resumeFrom, slot, entry[2 * slot + 1], mask[slot], ofSeq);
  const know = (slot: number, ofSeq: number): void => {
    const last = entry[2 * slot + 1];
    mask[slot] = maskAfter(last, mask[slot], ofSeq);
    if (ofSeq > last) entry[2 * slot + 1] = ofSeq;
  };

  /** Counts a message as shown, and remembers it. */
  const count = (slot: number, ofSender: number, ofNth: number, ofSeq: number, ofSentUs: number): void => {
    const user = entry[2 * slot];
    if (ofSeq < entry[2 * slot + 1]) values[COUNT.outOfOrder] = values[COUNT.outOfOrder] + 1;
    know(slot, ofSeq);
    shown[user] = shown[user] + 1;
    order.show(slot, ofSender, ofNth, ofSeq);
    if (ofSentUs < 0) {
      values[COUNT.shownFromHistory] = values[COUNT.shownFromHistory] + 1;
      return;
    }
    values[COUNT.shown] = values[COUNT.shown] + 1;
    const bucket = bucketOf(events.nowUs() - ofSentUs);
    latencyCounts[bucket] = latencyCounts[bucket] + 1;
  };

  /** Shows what waits at a place of the buffer. */
  const showWaiting = (slot: number, ofSeq: number): void => {
    if (!reorder.take(slot, ofSeq)) return;
    const { taken } = reorder;
    const user = entry[2 * slot];
    waiting[user] = waiting[user] - 1;
    const isFromHistory = (taken.attempt & FROM_HISTORY) !== 0;
    count(slot, taken.sender, taken.nth, taken.seq, isFromHistory ? -1 : taken.sentUs);
    watching.messageRow(
      events.nowUs(),
      KIND.deliver,
      USER_NODE + user,
      isFromHistory ? database : USER_NODE + user,
      taken.sender,
      taken.nth,
      channelOfSlot(topology, slot),
      taken.seq,
    );
  };

  /** Finds among what waits at a client the first that is allowed: into `found`. */
  const found = { slot: 0, seq: 0, sender: 0, nth: 0 };
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
        if (any && !order.isBefore(slot, from, n, s, found.slot, found.sender, found.nth, found.seq))
          continue;
        any = true;
        found.slot = slot;
        found.seq = s;
        found.sender = from;
        found.nth = n;
      }
    }
    return any;
  };

  /** Cause: shows everything that nothing stands in the way of any more. */
  const drain = (user: number): void => {
    while (waiting[user] > 0 && findFirst(user, true)) {
      if (order.standing(found.slot, found.sender, found.nth, found.seq) === SEEN) {
        reorder.take(found.slot, found.seq);
        know(found.slot, found.seq);
        waiting[user] = waiting[user] - 1;
      } else showWaiting(found.slot, found.seq);
    }
  };

  /** Time: shows what waits and comes no later than this message. */
  const release = (user: number, slot: number, ofSeq: number): void => {
    for (;;) {
      if (!findFirst(user, false)) return;
      const isLast = found.slot === slot && found.seq === ofSeq;
      showWaiting(found.slot, found.seq);
      if (isLast) return;
    }
  };

  const isWaiting = (slot: number, ofSeq: number): boolean => {
    for (let e = reorder.first(slot); e !== 0; e = reorder.after(slot, e - 1))
      if (reorder.at.seq[e - 1] === ofSeq) return true;
    return false;
  };

  const patience = (slot: number): void => {
    const user = entry[2 * slot];
    events.schedule(
      events.nowUs() + design.reorder.timeoutUs,
      EVENT.GAP_TIMEOUT,
      slot,
      shown[user],
      generationOf(pair[2 * user]),
    );
  };

  /** Puts a message in the buffer; false when it is there already. */
  const hold = (
    slot: number,
    ofSeq: number,
    ofSender: number,
    ofNth: number,
    flags: number,
    atUs: number,
  ) => {
    if (!reorder.add(slot, ofSeq, ofSender, ofNth, flags, atUs)) return false;
    const user = entry[2 * slot];
    waiting[user] = waiting[user] + 1;
    if (byTime) {
      // What the history tells is old: it has waited already.
      const waitUs = (flags & FROM_HISTORY) !== 0 ? 0 : design.clocks.holdBackUs;
      events.schedule(events.nowUs() + waitUs, EVENT.GAP_TIMEOUT, slot, ofSeq, 0);
    } else if (waiting[user] === 1) patience(slot);
    else if (waiting[user] === design.reorder.maxEntries) askHistory(slot);
    return true;
  };

  function askHistory(slot: number): void {
    const user = entry[2 * slot];
    const nowUs = events.nowUs();
    const generation = generationOf(pair[2 * user]);
    values[COUNT.gaps] = values[COUNT.gaps] + 1;
    const key = (shown[user] + mix32(slot)) >>> 0;
    const cls = classOf(pair[2 * user]);
    const doneUs = stations.enqueue(database, nowUs, draw.read(user, key), historyJob(user));
    if (doneUs < 0) {
      events.schedule(nowUs + READ_AGAIN_US, EVENT.GAP_TIMEOUT, slot, shown[user], generation);
      return;
    }
    const onWayUs = draw.up[cls](user, key) + draw.down[cls](user, (key + 1) >>> 0);
    events.schedule(doneUs + onWayUs, EVENT.BACKFILLED, slot, history.rows(), generation);
  }

  const giveUp = (slot: number, historyRows: number): void => {
    const user = entry[2 * slot];
    if (waiting[user] === 0 || !findFirst(user, false)) return;
    // An answer that does not know what waits is older than this gap: another was asked about.
    const row = history.find(channelOfSlot(topology, found.slot), found.seq);
    const mayBeThere = row >= historyRows;
    if (
      !mayBeThere &&
      events.nowUs() >= reorder.sentUs(found.slot, found.seq) + design.reorder.giveUpAfterUs
    ) {
      showWaiting(found.slot, found.seq);
      drain(user);
    }
    if (waiting[user] > 0) patience(slot);
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
      if (order.standing(slot, ofSender, ofNth, s) === SEEN) know(slot, s);
      else if (hold(slot, s, ofSender, ofNth, FROM_HISTORY, history.columns.sentUs[row])) added++;
    }
    return added;
  };

  const catchUp = (slot: number, historyRows: number, offset: number): number => {
    const added = collect(slot, historyRows, offset);
    if (!byTime) drain(entry[2 * slot]);
    return added;
  };

  const receive = (slot: number, user: number, copy: number): void => {
    const s = seq[copy];
    const from = sender[copy];
    const n = nth[copy];
    order.received(slot, from, n);
    if (resumeFrom !== null) cameLive(resumeFrom, slot, s);
    const standing = isKnown(slot, s) ? SEEN : order.standing(slot, from, n, s);
    let kind: number = KIND.deliver;
    if (standing === SEEN) {
      know(slot, s);
      kind = KIND.duplicate;
    } else if (byTime || standing === EARLY) {
      kind = hold(slot, s, from, n, copies.attempt[copy], sentUs[copy]) ? KIND.buffer : KIND.duplicate;
      if (kind === KIND.buffer) values[COUNT.buffered] = values[COUNT.buffered] + 1;
    } else {
      count(slot, from, n, s, sentUs[copy]);
      if (copies.again[copy] === 1) values[COUNT.duplicates] = values[COUNT.duplicates] + 1;
    }
    if (kind === KIND.duplicate) values[COUNT.duplicatesDropped] = values[COUNT.duplicatesDropped] + 1;
    if (watching.ofCopy[copy] !== 0)
      watching.copyRow(events.nowUs(), kind, USER_NODE + user, NO_NODE, copy, USER_NODE + user);
    if (kind === KIND.deliver) drain(user);
  };

  return {
    deliver(slot, copy, generation) {
      const user = entry[2 * slot];
      if (isConnectedAs(user, generation) && entry[2 * slot + 1] !== NOT_A_MEMBER) receive(slot, user, copy);
      else {
        values[COUNT.dropped] = values[COUNT.dropped] + 1;
        values[COUNT.dropNotConnected] = values[COUNT.dropNotConnected] + 1;
        if (watching.ofCopy[copy] !== 0) {
          const reason = REASON['not-connected'];
          watching.copyRow(
            events.nowUs(),
            KIND.drop,
            USER_NODE + user,
            NO_NODE,
            copy,
            USER_NODE + user,
            reason,
          );
        }
      }
      moves.release(copy);
    },
    // The order speaks of what a member is shown; its own messages it has anyway.
    ownMessage() {},
    gapTimeout(slot, then, generation) {
      const user = entry[2 * slot];
      if (byTime) {
        if (isWaiting(slot, then)) release(user, slot, then);
        return;
      }
      if (waiting[user] === 0) return;
      // Another connection, or none: the gap has its patience anew. Something was shown since: it is another gap.
      if (!isConnectedAs(user, generation) || shown[user] !== then) patience(slot);
      else if (design.reorder.backfill) askHistory(slot);
      else giveUp(slot, Number.POSITIVE_INFINITY);
    },
    backfilled(slot, historyRows, generation) {
      const user = entry[2 * slot];
      if (waiting[user] === 0) return;
      if (!isConnectedAs(user, generation)) {
        patience(slot);
        return;
      }
      const before = shown[user];
      // What is missing may be in any channel that the client is in.
      for (let i = userStart[user]; i < userStart[user + 1]; i++) collect(slots[i], historyRows, 0);
      drain(user);
      if (shown[user] === before) giveUp(slot, historyRows);
      else if (waiting[user] > 0) patience(slot);
    },
    catchUp,
    joined(slot) {
      // What was numbered before is not for it, also when it is told of it later.
      mask[slot] = 0xffff_ffff;
      order.joined(slot);
    },
    left(slot) {
      const user = entry[2 * slot];
      waiting[user] = waiting[user] - reorder.clear(slot);
    },
  };
}
