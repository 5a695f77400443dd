import { KIND } from '../../trace/tracer.ts';
import type { Context } from '../context.ts';
import { CHANNEL, channelOfSlot } from '../design/topology.ts';
import { COUNT } from '../state/counters.ts';
import { NOT_A_MEMBER, SEQ_MASK, WAITS } from '../state/users.ts';
import { FROM_HISTORY } from './reorder-buffer.ts';
import type { Showing } from './showing.ts';
import type { ShowingOrder } from './showing-order.ts';

/** Marks an entry of the reorder buffer as the user's own message: it takes its place without being shown. */
const OWN_MESSAGE = 0x100;

/**
 * Order by the numbers of the channel: the next number is shown, a later one waits in the reorder buffer, an earlier one is a duplicate. What is
 * known of a membership is the last number shown, and whether anything waits.
 */
export function showByNumber(
  ctx: Context,
  showing: Showing,
  waits: (slot: number, count: number) => void,
): ShowingOrder {
  const { design, topology, memberships, copies, history, reorder, values } = ctx;
  const { entry } = memberships;
  const { sender, nth, seq, sentUs } = copies;
  /** A number may be known before its row is in the history: the highest row says nothing of those before. */
  const numbersComeFirst =
    design.sequence.source !== 'database' || design.flow.indexOf('publish') < design.flow.indexOf('persist');

  const { passed } = ctx.mechanisms;

  const lastOf = (slot: number): number => entry[2 * slot + 1] & SEQ_MASK;
  const isWaiting = (slot: number): boolean => {
    const word = entry[2 * slot + 1];
    return word !== NOT_A_MEMBER && (word & WAITS) !== 0;
  };

  /** Shows everything in the buffer that follows what was shown last. */
  const flush = (slot: number): void => {
    let last = lastOf(slot);
    while (reorder.take(slot, last + 1)) {
      last++;
      if ((reorder.taken.attempt & OWN_MESSAGE) === 0) showing.showTaken(slot);
    }
    entry[2 * slot + 1] = reorder.count(slot) > 0 ? (last | WAITS) >>> 0 : last;
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
    const was = entry[2 * slot + 1];
    entry[2 * slot + 1] = (was | WAITS) >>> 0;
    waits(slot, (was & WAITS) === 0 ? 1 : reorder.count(slot));
    return true;
  };

  /** The history has no row of a number yet: keeps the rows that it has of later ones, to be shown behind it. */
  const holdBehind = (
    slot: number,
    c: number,
    missing: number,
    newest: number,
    historyRows: number,
  ): void => {
    const user = entry[2 * slot];
    const { sender: senders, nth: nths, sentUs: times } = history.columns;
    for (let s = missing + 1; s <= newest; s++) {
      const row = history.find(c, s);
      if (row < 0 || row >= historyRows) continue;
      hold(slot, s, senders[row], nths[row], senders[row] === user ? OWN_MESSAGE : FROM_HISTORY, times[row]);
    }
  };

  const catchUp = (slot: number, historyRows: number, offset: number): number => {
    if (entry[2 * slot + 1] === NOT_A_MEMBER) return 0;
    const c = channelOfSlot(topology, slot);
    const newest = topology.channel[4 * c + CHANNEL.PERSISTED];
    let last = lastOf(slot);
    if (newest <= last) return 0;
    const user = entry[2 * slot];
    let count = 0;
    for (let s = last + 1 + Math.max(0, offset); s <= newest; s++) {
      const row = history.find(c, s);
      // A row that came after the read is not in the answer; a number without a row was given to a message that was lost.
      if (row >= historyRows) break;
      const waited = (entry[2 * slot + 1] & WAITS) !== 0 && reorder.take(slot, s);
      if (row < 0 && !waited && numbersComeFirst) {
        // Its row may still be written.
        holdBehind(slot, c, s, newest, historyRows);
        break;
      }
      if (s > last + 1) passed?.skip(slot, last + 1, s);
      last = s;
      if (row < 0 && !waited) continue;
      const ofSender = row >= 0 ? history.columns.sender[row] : reorder.taken.sender;
      const ofNth = row >= 0 ? history.columns.nth[row] : reorder.taken.nth;
      if (ofSender === user) continue;
      count++;
      showing.countFromHistory();
      showing.recordFromHistory(slot, ofSender, ofNth, s);
    }
    entry[2 * slot + 1] = ((entry[2 * slot + 1] & WAITS) | last) >>> 0;
    if ((entry[2 * slot + 1] & WAITS) !== 0) flush(slot);
    return count;
  };

  const first = { slot: 0, seq: 0 };
  return {
    receive(slot, user, copy) {
      const was = entry[2 * slot + 1];
      const last = was & SEQ_MASK;
      const s = seq[copy];
      if (s === last + 1) {
        entry[2 * slot + 1] = was + 1;
        showing.countLive(sender[copy], sentUs[copy]);
        if (copies.again[copy] === 1) values[COUNT.duplicates]++;
        showing.recordCopy(KIND.deliver, user, copy);
        if ((was & WAITS) !== 0) flush(slot);
        return;
      }
      if (s > last && !reorder.hasRoom()) {
        showing.dropFull(user, copy);
        return;
      }
      const isNew = s > last && hold(slot, s, sender[copy], nth[copy], copies.attempt[copy], sentUs[copy]);
      values[isNew ? COUNT.buffered : COUNT.duplicatesDropped]++;
      showing.recordCopy(isNew ? KIND.buffer : KIND.duplicate, user, copy);
    },
    ownMessage(slot, copy) {
      const s = seq[copy];
      const last = lastOf(slot);
      if (s === last + 1) {
        entry[2 * slot + 1]++;
        if ((entry[2 * slot + 1] & WAITS) !== 0) flush(slot);
      } else if (s > last) hold(slot, s, sender[copy], nth[copy], OWN_MESSAGE, sentUs[copy]);
    },
    catchUp,
    joined: (slot) => passed?.forget(slot, 1),
    left: (slot) => void reorder.clear(slot),
    heldLongEnough() {},
    gaps: {
      isWaiting,
      shownSoFar: lastOf,
      first,
      findFirst(slot) {
        first.slot = slot;
        first.seq = reorder.lowest(slot);
        return first.seq > 0;
      },
      showFirst() {
        passed?.skip(first.slot, lastOf(first.slot) + 1, first.seq);
        // Behind what was skipped by an offset the client goes back.
        passed?.forget(first.slot, first.seq);
        entry[2 * first.slot + 1] = ((first.seq - 1) | WAITS) >>> 0;
        flush(first.slot);
      },
      fill(slot, historyRows) {
        catchUp(slot, historyRows, 0);
        // It has told all that it has of this channel.
        return true;
      },
    },
  };
}
