import { maskAfter, WINDOW, wasSeen } from '../../algorithms/dedup/sequence-window.ts';
import { mix32 } from '../../base/hash.ts';
import { NO_NODE, USER_NODE } from '../../trace/trace.ts';
import { KIND, REASON } from '../../trace/tracer.ts';
import type { Context } from '../context.ts';
import { makes } from '../design/mistakes.ts';
import { CHANNEL, channelOfSlot } from '../design/topology.ts';
import { EVENT } from '../kinds.ts';
import type { CopyMoves } from '../state/copies.ts';
import { COUNT } from '../state/counters.ts';
import { bucketOf } from '../state/histogram.ts';
import { historyJob } from '../state/jobs.ts';
import { CONNECTION } from '../state/tables.ts';
import { CLASS_SHIFT, GENERATION_MASK, GENERATION_SHIFT, STATE_MASK } from '../state/user-word.ts';
import { closedPlace, NOT_A_MEMBER, SEQ_MASK, WAITS } from '../state/users.ts';
import { cameLive, wasSeenSince } from './resume-position.ts';

/** The receiving client: what is shown at once, what waits in the reorder buffer, what is a duplicate, and gaps filled from the history. */
export interface Receiving {
  deliver(slot: number, copy: number, generation: number): void;
  /** The sender's client has its own message: it takes its place among the others without being shown. */
  ownMessage(slot: number, copy: number): void;
  gapTimeout(slot: number, seenThen: number, generation: number): void;
  backfilled(slot: number, historyRows: number, generation: number): void;
  /**
   * Shows what the history has for this slot beyond what was shown (and `offset`), up to a number of rows. Returns how many.
   */
  catchUp(slot: number, historyRows: number, offset: number): number;
  /** The user of this slot has become a member, and begins with what comes next. */
  joined(slot: number): void;
  /** The user of this slot is no member any more: what waits for it is thrown away. */
  left(slot: number): void;
}

/** Tries again to read the history when the database did not answer. Assumption. */
const READ_AGAIN_US = 1_000_000;

/** Marks an entry of the reorder buffer as the user's own message. */
const OWN_MESSAGE = 0x100;

export function createReceiving(ctx: Context, moves: CopyMoves): Receiving {
  const { design, nodes, events, stations, topology, users, memberships, copies, history } = ctx;
  const { watching, draw, values, latencyNow, reorder } = ctx;
  const { pair, closedUs } = users;
  const { entry, mask } = memberships;
  const { sender, nth, seq, sentUs } = copies;
  const { counts: latencyCounts } = latencyNow;
  const isBot = ctx.bots === null ? null : ctx.bots.is;
  const honestCounts = ctx.bots === null ? null : ctx.bots.honestLatency.counts;
  const { database } = nodes;
  const inOrder = design.ordering !== 'best-effort';
  const { resumeFrom } = ctx.mechanisms;
  const publishAt = design.flow.indexOf('publish');
  /** A number may be known before its row is in the history: the highest row says nothing of those before. */
  const numbersComeFirst =
    design.sequence.source !== 'database' || publishAt < design.flow.indexOf('persist');
  const dropsDuplicates = design.delivery === 'effectively-once';
  const { online, resuming } = CONNECTION.state;
  const tellsLeavers = makes(design, 'fan-out-to-leavers');

  const countLatency = (bucket: number, ofSender: number): void => {
    latencyCounts[bucket] = latencyCounts[bucket] + 1;
    if (isBot !== null && isBot[ofSender] === 0) honestCounts![bucket] = honestCounts![bucket] + 1;
  };

  const shownRow = (
    slot: number,
    causeNode: number,
    ofSender: number,
    ofNth: number,
    ofSeq: number,
  ): void => {
    const node = USER_NODE + entry[2 * slot];
    const channel = channelOfSlot(topology, slot);
    watching.messageRow(events.nowUs(), KIND.deliver, node, causeNode, ofSender, ofNth, channel, ofSeq);
  };

  /** Shows everything in the buffer that follows what was shown last. */
  const flush = (slot: number): void => {
    let last = entry[2 * slot + 1] & SEQ_MASK;
    while (reorder.take(slot, last + 1)) {
      last++;
      const { taken } = reorder;
      if ((taken.attempt & OWN_MESSAGE) !== 0) continue;
      values[COUNT.shown] = values[COUNT.shown] + 1;
      countLatency(bucketOf(events.nowUs() - taken.sentUs), taken.sender);
      shownRow(slot, USER_NODE + entry[2 * slot], taken.sender, taken.nth, taken.seq);
    }
    entry[2 * slot + 1] = reorder.count(slot) > 0 ? (last | WAITS) >>> 0 : last;
  };

  const wakeLater = (slot: number, generation: number): void => {
    events.schedule(
      events.nowUs() + design.reorder.timeoutUs,
      EVENT.GAP_TIMEOUT,
      slot,
      entry[2 * slot + 1] & SEQ_MASK,
      generation,
    );
  };

  /** What is missing is given up, once it has been waited for long enough: the buffer's first entry is next. What comes of it later is taken for a duplicate. */
  const giveUp = (slot: number, generation: number): void => {
    const lowest = reorder.lowest(slot);
    if (events.nowUs() < reorder.sentUs(slot, lowest) + design.reorder.giveUpAfterUs) {
      wakeLater(slot, generation);
      return;
    }
    entry[2 * slot + 1] = ((lowest - 1) | WAITS) >>> 0;
    flush(slot);
    if ((entry[2 * slot + 1] & WAITS) !== 0) wakeLater(slot, generation);
  };

  const askHistory = (slot: number, generation: number): void => {
    if (!design.reorder.backfill) {
      giveUp(slot, generation);
      return;
    }
    const nowUs = events.nowUs();
    const user = entry[2 * slot];
    values[COUNT.gaps] = values[COUNT.gaps] + 1;
    const count = (entry[2 * slot + 1] & SEQ_MASK) + mix32(slot);
    const word = pair[2 * user];
    const upUs = draw.up[word >>> CLASS_SHIFT](user, count >>> 0);
    const doneUs = stations.enqueue(database, nowUs, draw.read(user, count >>> 0), historyJob(user));
    if (doneUs < 0) {
      events.schedule(
        nowUs + READ_AGAIN_US,
        EVENT.GAP_TIMEOUT,
        slot,
        entry[2 * slot + 1] & SEQ_MASK,
        generation,
      );
      return;
    }
    const downUs = draw.down[word >>> CLASS_SHIFT](user, (count + 1) >>> 0);
    events.schedule(doneUs + upUs + downUs, EVENT.BACKFILLED, slot, history.rows(), generation);
  };

  const wait = (
    slot: number,
    user: number,
    ofSeq: number,
    ofSender: number,
    ofNth: number,
    attempt: number,
    at: number,
  ): boolean => {
    if (!reorder.add(slot, ofSeq, ofSender, ofNth, attempt, at)) return false;
    const last = entry[2 * slot + 1] & SEQ_MASK;
    const isFirst = (entry[2 * slot + 1] & WAITS) === 0;
    entry[2 * slot + 1] = (last | WAITS) >>> 0;
    const generation = (pair[2 * user] >>> GENERATION_SHIFT) & GENERATION_MASK;
    if (isFirst)
      events.schedule(events.nowUs() + design.reorder.timeoutUs, EVENT.GAP_TIMEOUT, slot, last, generation);
    else if (reorder.count(slot) === design.reorder.maxEntries) askHistory(slot, generation);
    return true;
  };

  const isConnectedAs = (user: number, generation: number): boolean => {
    const word = pair[2 * user];
    const state = word & STATE_MASK;
    return (
      ((word >>> GENERATION_SHIFT) & GENERATION_MASK) === generation &&
      (state === online || state === resuming)
    );
  };

  /** In order: what comes next is shown, what comes later waits, what came before is a duplicate. */
  const receiveInOrder = (slot: number, user: number, copy: number): void => {
    const was = entry[2 * slot + 1];
    const last = was & SEQ_MASK;
    const s = seq[copy];
    if (s === last + 1) {
      entry[2 * slot + 1] = was + 1;
      values[COUNT.shown] = values[COUNT.shown] + 1;
      countLatency(bucketOf(events.nowUs() - sentUs[copy]), sender[copy]);
      if (copies.again[copy] === 1) values[COUNT.duplicates] = values[COUNT.duplicates] + 1;
      if (watching.ofCopy[copy] !== 0)
        watching.copyRow(events.nowUs(), KIND.deliver, USER_NODE + user, NO_NODE, copy, USER_NODE + user);
      if ((was & WAITS) !== 0) flush(slot);
      return;
    }
    const isNew =
      s > last && wait(slot, user, s, sender[copy], nth[copy], copies.attempt[copy], sentUs[copy]);
    if (isNew) values[COUNT.buffered] = values[COUNT.buffered] + 1;
    else values[COUNT.duplicatesDropped] = values[COUNT.duplicatesDropped] + 1;
    if (watching.ofCopy[copy] !== 0) {
      watching.copyRow(
        events.nowUs(),
        isNew ? KIND.buffer : KIND.duplicate,
        USER_NODE + user,
        NO_NODE,
        copy,
        USER_NODE + user,
      );
    }
  };

  /** Best effort: shown as it arrives. The mask tells what of the last 32 was shown before. */
  const receiveAsItComes = (slot: number, user: number, copy: number): void => {
    const last = entry[2 * slot + 1];
    const s = seq[copy];
    if (resumeFrom !== null) cameLive(resumeFrom, slot, s);
    let isKnown = false;
    let isLate = false;
    if (s > last) {
      const shift = s - last;
      mask[slot] = shift > 31 ? 1 : (mask[slot] << shift) | 1;
      entry[2 * slot + 1] = s;
    } else {
      const bit = last - s >= WINDOW ? 0 : 1 << (last - s);
      // A later copy may come before the first one, so the mask decides; of what is older than the mask, a later copy counts as seen.
      isKnown = bit === 0 ? copies.again[copy] === 1 : (mask[slot] & bit) !== 0;
      isLate = !isKnown;
      mask[slot] = mask[slot] | bit;
    }
    const isShown = !(isKnown && dropsDuplicates);
    if (isShown) {
      values[COUNT.shown] = values[COUNT.shown] + 1;
      if (isKnown || copies.again[copy] === 1) values[COUNT.duplicates] = values[COUNT.duplicates] + 1;
      if (isLate) values[COUNT.outOfOrder] = values[COUNT.outOfOrder] + 1;
      countLatency(bucketOf(events.nowUs() - sentUs[copy]), sender[copy]);
    } else values[COUNT.duplicatesDropped] = values[COUNT.duplicatesDropped] + 1;
    if (watching.ofCopy[copy] !== 0) {
      watching.copyRow(
        events.nowUs(),
        isShown ? KIND.deliver : KIND.duplicate,
        USER_NODE + user,
        NO_NODE,
        copy,
        USER_NODE + user,
      );
    }
  };

  /** Puts rows of the history that follow a missing number in the buffer. */
  const keepBehind = (
    slot: number,
    c: number,
    missing: number,
    newest: number,
    historyRows: number,
  ): void => {
    const user = entry[2 * slot];
    for (let s = missing + 1; s <= newest; s++) {
      const row = history.find(c, s);
      if (row < 0 || row >= historyRows) continue;
      const { sender: senders, nth: nths, sentUs: times } = history.columns;
      const flags = senders[row] === user ? OWN_MESSAGE : 0;
      wait(slot, user, s, senders[row], nths[row], flags, times[row]);
    }
  };

  /**
   * Best effort: what is missing, and everything since the client began to come back, is shown. What came live meanwhile is shown a second time, unless duplicates
   * are dropped.
   */
  const catchUpAsItComes = (
    slot: number,
    c: number,
    newest: number,
    historyRows: number,
    offset: number,
  ): number => {
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
      mask[slot] = maskAfter(last, mask[slot], s);
      if (s > last) entry[2 * slot + 1] = s;
      if (history.columns.sender[row] === user) continue;
      count++;
      if (isDuplicate && dropsDuplicates) {
        values[COUNT.duplicatesDropped] = values[COUNT.duplicatesDropped] + 1;
        continue;
      }
      if (isDuplicate) values[COUNT.duplicates] = values[COUNT.duplicates] + 1;
      values[COUNT.shownFromHistory] = values[COUNT.shownFromHistory] + 1;
      shownRow(slot, database, history.columns.sender[row], history.columns.nth[row], s);
    }
    return count;
  };

  const catchUp = (slot: number, historyRows: number, offset: number): number => {
    const c = channelOfSlot(topology, slot);
    const newest = topology.channel[4 * c + CHANNEL.PERSISTED];
    let last = entry[2 * slot + 1] & SEQ_MASK;
    if (entry[2 * slot + 1] === NOT_A_MEMBER) return 0;
    if (!inOrder) return catchUpAsItComes(slot, c, newest, historyRows, offset);
    if (newest <= last) return 0;
    const user = entry[2 * slot];
    let count = 0;
    for (let s = last + 1 + Math.max(0, offset); s <= newest; s++) {
      const row = history.find(c, s);
      // A row that came after the read is not in the answer; a number without a row was given to a message that was lost.
      if (row >= historyRows) break;
      const waited = (entry[2 * slot + 1] & WAITS) !== 0 && reorder.take(slot, s);
      if (row < 0 && !waited && numbersComeFirst) {
        // Its row may still be written: what lies behind it waits in the buffer, and the gap has its patience.
        keepBehind(slot, c, s, newest, historyRows);
        break;
      }
      last = s;
      if (row < 0 && !waited) continue;
      const ofSender = row >= 0 ? history.columns.sender[row] : reorder.taken.sender;
      const ofNth = row >= 0 ? history.columns.nth[row] : reorder.taken.nth;
      if (ofSender === user) continue;
      count++;
      values[COUNT.shownFromHistory] = values[COUNT.shownFromHistory] + 1;
      shownRow(slot, database, ofSender, ofNth, s);
    }
    entry[2 * slot + 1] = ((entry[2 * slot + 1] & WAITS) | last) >>> 0;
    if ((entry[2 * slot + 1] & WAITS) !== 0) flush(slot);
    return count;
  };

  return {
    deliver(slot, copy, generation) {
      const user = entry[2 * slot];
      const mayBeAnother = closedUs[closedPlace(user)] >= sentUs[copy];
      if (tellsLeavers && entry[2 * slot + 1] === NOT_A_MEMBER)
        shownRow(slot, USER_NODE + user, sender[copy], nth[copy], seq[copy]);
      else if ((mayBeAnother && !isConnectedAs(user, generation)) || entry[2 * slot + 1] === NOT_A_MEMBER) {
        values[COUNT.dropped] = values[COUNT.dropped] + 1;
        values[COUNT.dropNotConnected] = values[COUNT.dropNotConnected] + 1;
        if (watching.ofCopy[copy] !== 0) {
          const node = USER_NODE + user;
          watching.copyRow(events.nowUs(), KIND.drop, node, NO_NODE, copy, node, REASON['not-connected']);
        }
      } else if (inOrder) receiveInOrder(slot, user, copy);
      else receiveAsItComes(slot, user, copy);
      moves.release(copy);
    },
    ownMessage(slot, copy) {
      const s = seq[copy];
      const last = entry[2 * slot + 1] & SEQ_MASK;
      if (s === last + 1) {
        entry[2 * slot + 1] = entry[2 * slot + 1] + 1;
        if ((entry[2 * slot + 1] & WAITS) !== 0) flush(slot);
        if (!inOrder) mask[slot] = (mask[slot] << 1) | 1;
      } else if (s > last) {
        if (inOrder) wait(slot, entry[2 * slot], s, sender[copy], nth[copy], OWN_MESSAGE, sentUs[copy]);
        else {
          mask[slot] = s - last > 31 ? 1 : (mask[slot] << (s - last)) | 1;
          entry[2 * slot + 1] = s;
        }
      } else if (!inOrder && last - s < 32) mask[slot] = mask[slot] | (1 << (last - s));
    },
    gapTimeout(slot, seenThen, generation) {
      const was = entry[2 * slot + 1];
      if (was === NOT_A_MEMBER || (was & WAITS) === 0) return;
      const user = entry[2 * slot];
      // Another connection, or none: the gap has its patience anew.
      if (!isConnectedAs(user, generation)) {
        wakeLater(slot, (pair[2 * user] >>> GENERATION_SHIFT) & GENERATION_MASK);
        return;
      }
      // Something was shown since: the gap is another one, and has its own patience.
      if ((was & SEQ_MASK) !== seenThen) wakeLater(slot, generation);
      else askHistory(slot, generation);
    },
    backfilled(slot, historyRows, generation) {
      const was = entry[2 * slot + 1];
      if (was === NOT_A_MEMBER) return;
      const user = entry[2 * slot];
      if (!isConnectedAs(user, generation)) {
        if ((was & WAITS) !== 0) wakeLater(slot, (pair[2 * user] >>> GENERATION_SHIFT) & GENERATION_MASK);
        return;
      }
      catchUp(slot, historyRows, 0);
      if ((entry[2 * slot + 1] & WAITS) === 0) return;
      // The history does not have what is missing (yet), and the client has been patient. But an answer that does not know what waits is older
      // than this gap: another was asked about.
      const row = history.find(channelOfSlot(topology, slot), reorder.lowest(slot));
      if (row < historyRows) giveUp(slot, generation);
      else wakeLater(slot, generation);
    },
    catchUp,
    joined(slot) {
      if (!inOrder) mask[slot] = 0xffff_ffff;
    },
    left: (slot) => void reorder.clear(slot),
  };
}
