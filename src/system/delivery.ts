import { mix32 } from '../base/hash.ts';
import { NO_NODE, USER_NODE } from '../kernel/trace.ts';
import { KIND, REASON } from '../kernel/tracer.ts';
import type { Context } from './context.ts';
import type { CopyMoves } from './copies.ts';
import { COUNT } from './counters.ts';
import { createDownLink } from './down-link.ts';
import { CHUNK_WORDS, countOfWho, freeSlice, NOBODY, SLICE } from './fan-out.ts';
import { bucketOf } from './histogram.ts';
import { EVENT } from './kinds.ts';
import { CONNECTION } from './tables.ts';
import { CHANNEL, channelOfSlot } from './topology.ts';
import {
  ATTACHED,
  CLASS_SHIFT,
  GENERATION_MASK,
  GENERATION_SHIFT,
  SERVER_MASK,
  SERVER_SHIFT,
  STATE_MASK,
} from './user-word.ts';
import { closedPlace, NOT_A_MEMBER, OWN, SEQ_MASK, WAITS } from './users.ts';

/** From the server that is told to what the user is shown: the last two hops, the reorder buffer, and gaps filled from the history. */
export interface DeliveryPath {
  notify(copy: number, who: number, server: number): void;
  deliver(slot: number, copy: number, generation: number): void;
  /** The sender's client has its own message: it takes its place among the others without being shown. */
  ownMessage(slot: number, copy: number): void;
  gapTimeout(slot: number, seenThen: number, generation: number): void;
  backfilled(slot: number, historyRows: number, generation: number): void;
  /** Shows what the history has for this slot beyond what was shown, up to a number of rows. Returns how many. */
  catchUp(slot: number, historyRows: number): number;
}

/** A broker's output buffer that is over the limit: the subscriber is back after this. Assumption. */
const RESUBSCRIBE_US = 1_000_000;
/** Tries again to read the history when the database did not answer. Assumption. */
const READ_AGAIN_US = 1_000_000;

/** Marks an entry of the reorder buffer as the user's own message. */
const OWN_MESSAGE = 0x100;

/** `publishedAt` tells at which node a copy was published. */
export function createDeliveryPath(
  ctx: Context,
  moves: CopyMoves,
  publishedAt: (copy: number) => number,
): DeliveryPath {
  const { design, nodes, events, stations, topology, users, memberships, copies, history } = ctx;
  const { links, watching, draw, values, slices, latencyNow, brokerState, reorder, headerBytes } = ctx;
  const { pair, own, closedUs } = users;
  const { entry, mask } = memberships;
  const { sender, nth, seq, holders, sentUs, bytes } = copies;
  const { counts: latencyCounts } = latencyNow;
  const { slowFactor } = stations.columns;
  const { firstServer, database } = nodes;
  const { sendUs } = design.servers;
  const { outputBuffer } = design.pubsub;
  const hasOutputBuffer = design.pubsub.kind === 'redis' || design.pubsub.kind === 'redis-cluster';
  const inOrder = design.ordering !== 'best-effort';
  const dropsDuplicates = design.delivery === 'effectively-once';
  const { online, resuming } = CONNECTION.state;
  const downLink = createDownLink(ctx);

  const dropAll = (copy: number, server: number, who: number, counter: number, reason: number): void => {
    const lost = countOfWho(slices, who);
    values[COUNT.dropped] = values[COUNT.dropped]! + lost;
    values[counter] = values[counter]! + lost;
    if (watching.ofCopy[copy] !== 0) {
      watching.copyRow(
        events.nowUs(),
        KIND.drop,
        firstServer + server,
        NO_NODE,
        copy,
        firstServer + server,
        reason,
      );
    }
    if (who !== NOBODY && (who & SLICE) !== 0) freeSlice(ctx, who & ~SLICE);
    moves.release(copy);
  };

  /** Redis: whether the broker still keeps what this server has not read; cuts the server when its buffer is over a limit. */
  const brokerKeeps = (server: number, frameBytes: number): boolean => {
    const nowUs = events.nowUs();
    const node = firstServer + server;
    const backlogUs = stations.backlogUs(node, nowUs);
    const { busyUs, arrived } = stations.columns;
    const jobs = backlogUs === 0 ? 0 : (backlogUs * arrived[node]!) / busyUs[node]!;
    const waitingBytes = jobs * frameBytes;
    if (waitingBytes <= outputBuffer.softBytes) {
      brokerState.softSinceUs[server] = -1;
      return true;
    }
    if (brokerState.softSinceUs[server]! < 0) brokerState.softSinceUs[server] = nowUs;
    const isOver =
      waitingBytes > outputBuffer.hardBytes || nowUs - brokerState.softSinceUs[server]! > outputBuffer.softUs;
    if (!isOver) return true;
    brokerState.cutUntilUs[server] = nowUs + RESUBSCRIBE_US;
    brokerState.softSinceUs[server] = -1;
    values[COUNT.brokerCuts] = values[COUNT.brokerCuts]! + 1;
    watching.nodeRow(nowUs, KIND.cut, node, NO_NODE);
    return false;
  };

  /** Sends one delivery; the event takes over a holder of the copy. */
  const sendDown = (
    copy: number,
    slot: number,
    server: number,
    departUs: number,
    key: number,
    frameBytes: number,
  ): boolean => {
    const user = entry[2 * slot]!;
    const word = pair[2 * user]!;
    if ((word & ATTACHED) === 0 || ((word >>> SERVER_SHIFT) & SERVER_MASK) !== server) {
      values[COUNT.dropped] = values[COUNT.dropped]! + 1;
      values[COUNT.dropNotConnected] = values[COUNT.dropNotConnected]! + 1;
      if (watching.ofCopy[copy] !== 0) {
        watching.copyRow(
          events.nowUs(),
          KIND.drop,
          USER_NODE + user,
          firstServer + server,
          copy,
          firstServer + server,
          REASON['not-connected'],
        );
      }
      return false;
    }
    let dueUs = downLink(user, departUs, departUs + draw.down[word >>> CLASS_SHIFT]!(user, key));
    if (links.active() > 0) {
      const node = USER_NODE + user;
      dueUs = links.passClient(
        node,
        own[8 * user + OWN.GATEWAY]!,
        firstServer + server,
        true,
        dueUs,
        user,
        key,
      );
      if (dueUs < 0) {
        values[COUNT.dropped] = values[COUNT.dropped]! + 1;
        values[COUNT.dropLink] = values[COUNT.dropLink]! + 1;
        if (watching.ofCopy[copy] !== 0) {
          watching.copyRow(
            events.nowUs(),
            KIND.drop,
            node,
            firstServer + server,
            copy,
            firstServer + server,
            REASON['link-loss'],
          );
        }
        return false;
      }
      const again = links.duplicateUs();
      if (again >= 0) {
        holders[copy] = holders[copy]! + 1;
        events.schedule(again, EVENT.DELIVER, slot, copy, (word >>> GENERATION_SHIFT) & GENERATION_MASK);
      }
    }
    pair[2 * user + 1] = dueUs;
    values[COUNT.bytesDown] = values[COUNT.bytesDown]! + frameBytes;
    if (watching.ofCopy[copy] !== 0) {
      watching.forwardRow(events.nowUs(), firstServer + server, USER_NODE + user, copy, departUs, dueUs);
    }
    events.schedule(dueUs, EVENT.DELIVER, slot, copy, (word >>> GENERATION_SHIFT) & GENERATION_MASK);
    return true;
  };

  const shownRow = (
    slot: number,
    causeNode: number,
    ofSender: number,
    ofNth: number,
    ofSeq: number,
  ): void => {
    const node = USER_NODE + entry[2 * slot]!;
    const channel = channelOfSlot(topology, slot);
    watching.messageRow(events.nowUs(), KIND.deliver, node, causeNode, ofSender, ofNth, channel, ofSeq);
  };

  /** Shows everything in the buffer that follows what was shown last. */
  const flush = (slot: number): void => {
    let last = entry[2 * slot + 1]! & SEQ_MASK;
    while (reorder.take(slot, last + 1)) {
      last++;
      const { taken } = reorder;
      if ((taken.attempt & OWN_MESSAGE) !== 0) continue;
      values[COUNT.shown] = values[COUNT.shown]! + 1;
      const bucket = bucketOf(events.nowUs() - taken.sentUs);
      latencyCounts[bucket] = latencyCounts[bucket]! + 1;
      shownRow(slot, USER_NODE + entry[2 * slot]!, taken.sender, taken.nth, taken.seq);
    }
    entry[2 * slot + 1] = reorder.count(slot) > 0 ? (last | WAITS) >>> 0 : last;
  };

  const askHistory = (slot: number, generation: number): void => {
    const nowUs = events.nowUs();
    const user = entry[2 * slot]!;
    values[COUNT.gaps] = values[COUNT.gaps]! + 1;
    const count = (entry[2 * slot + 1]! & SEQ_MASK) + mix32(slot);
    const word = pair[2 * user]!;
    const upUs = draw.up[word >>> CLASS_SHIFT]!(user, count >>> 0);
    const doneUs = stations.enqueue(database, nowUs, draw.read(user, count >>> 0), slot);
    if (doneUs < 0) {
      events.schedule(
        nowUs + READ_AGAIN_US,
        EVENT.GAP_TIMEOUT,
        slot,
        entry[2 * slot + 1]! & SEQ_MASK,
        generation,
      );
      return;
    }
    const downUs = draw.down[word >>> CLASS_SHIFT]!(user, (count + 1) >>> 0);
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
    const last = entry[2 * slot + 1]! & SEQ_MASK;
    const isFirst = (entry[2 * slot + 1]! & WAITS) === 0;
    entry[2 * slot + 1] = (last | WAITS) >>> 0;
    const generation = (pair[2 * user]! >>> GENERATION_SHIFT) & GENERATION_MASK;
    if (isFirst)
      events.schedule(events.nowUs() + design.reorder.timeoutUs, EVENT.GAP_TIMEOUT, slot, last, generation);
    else if (reorder.count(slot) === design.reorder.maxEntries) askHistory(slot, generation);
    return true;
  };

  const isConnectedAs = (user: number, generation: number): boolean => {
    const word = pair[2 * user]!;
    const state = word & STATE_MASK;
    return (
      ((word >>> GENERATION_SHIFT) & GENERATION_MASK) === generation &&
      (state === online || state === resuming)
    );
  };

  /** In order: what comes next is shown, what comes later waits, what came before is a duplicate. */
  const receiveInOrder = (slot: number, user: number, copy: number): void => {
    const was = entry[2 * slot + 1]!;
    const last = was & SEQ_MASK;
    const s = seq[copy]!;
    if (s === last + 1) {
      entry[2 * slot + 1] = was + 1;
      values[COUNT.shown] = values[COUNT.shown]! + 1;
      const bucket = bucketOf(events.nowUs() - sentUs[copy]!);
      latencyCounts[bucket] = latencyCounts[bucket]! + 1;
      if (copies.again[copy] === 1) values[COUNT.duplicates] = values[COUNT.duplicates]! + 1;
      if (watching.ofCopy[copy] !== 0)
        watching.copyRow(events.nowUs(), KIND.deliver, USER_NODE + user, NO_NODE, copy, USER_NODE + user);
      if ((was & WAITS) !== 0) flush(slot);
      return;
    }
    const isNew =
      s > last && wait(slot, user, s, sender[copy]!, nth[copy]!, copies.attempt[copy]!, sentUs[copy]!);
    if (isNew) values[COUNT.buffered] = values[COUNT.buffered]! + 1;
    else values[COUNT.duplicatesDropped] = values[COUNT.duplicatesDropped]! + 1;
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
    const last = entry[2 * slot + 1]!;
    const s = seq[copy]!;
    let isDuplicate = copies.again[copy] === 1;
    let isLate = false;
    if (s > last) {
      const shift = s - last;
      mask[slot] = shift > 31 ? 1 : (mask[slot]! << shift) | 1;
      entry[2 * slot + 1] = s;
    } else {
      const bit = last - s > 31 ? 0 : 1 << (last - s);
      if ((mask[slot]! & bit) !== 0) isDuplicate = true;
      else isLate = true;
      mask[slot] = mask[slot]! | bit;
    }
    const isShown = !(isDuplicate && dropsDuplicates);
    if (isShown) {
      values[COUNT.shown] = values[COUNT.shown]! + 1;
      if (isDuplicate) values[COUNT.duplicates] = values[COUNT.duplicates]! + 1;
      if (isLate) values[COUNT.outOfOrder] = values[COUNT.outOfOrder]! + 1;
      const bucket = bucketOf(events.nowUs() - sentUs[copy]!);
      latencyCounts[bucket] = latencyCounts[bucket]! + 1;
    } else values[COUNT.duplicatesDropped] = values[COUNT.duplicatesDropped]! + 1;
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

  const catchUp = (slot: number, historyRows: number): number => {
    const c = channelOfSlot(topology, slot);
    const newest = topology.channel[4 * c + CHANNEL.PERSISTED]!;
    let last = entry[2 * slot + 1]! & SEQ_MASK;
    if (entry[2 * slot + 1] === NOT_A_MEMBER || newest <= last) return 0;
    const user = entry[2 * slot]!;
    let count = 0;
    for (let s = last + 1; s <= newest; s++) {
      const row = history.find(c, s);
      // A row that came after the read is not in the answer; a number without a row was given to a message that was lost.
      if (row >= historyRows) break;
      const waited = (entry[2 * slot + 1]! & WAITS) !== 0 && reorder.take(slot, s);
      last = s;
      if (row < 0 && !waited) continue;
      const ofSender = row >= 0 ? history.columns.sender[row]! : reorder.taken.sender;
      const ofNth = row >= 0 ? history.columns.nth[row]! : reorder.taken.nth;
      if (ofSender === user) continue;
      count++;
      values[COUNT.shownFromHistory] = values[COUNT.shownFromHistory]! + 1;
      shownRow(slot, database, ofSender, ofNth, s);
    }
    const passed = last - (entry[2 * slot + 1]! & SEQ_MASK);
    entry[2 * slot + 1] = ((entry[2 * slot + 1]! & WAITS) | last) >>> 0;
    if (!inOrder) mask[slot] = passed > 31 ? 0xffff_ffff : (mask[slot]! << passed) | ((1 << passed) - 1);
    if ((entry[2 * slot + 1]! & WAITS) !== 0) flush(slot);
    return count;
  };

  return {
    notify(copy, who, server) {
      const nowUs = events.nowUs();
      const node = firstServer + server;
      if (!stations.isUp(node)) {
        dropAll(copy, server, who, COUNT.dropStationDown, REASON['station-down']);
        return;
      }
      const frameBytes = bytes[copy]! + headerBytes.down;
      if (hasOutputBuffer && !brokerKeeps(server, frameBytes)) {
        dropAll(copy, server, who, COUNT.dropOutputBuffer, REASON['output-buffer']);
        return;
      }
      const count = countOfWho(slices, who);
      const key =
        (Math.imul(sender[copy]!, 0x9e3779b1) + Math.imul(nth[copy]!, 16) + copies.attempt[copy]!) >>> 0;
      const departUs = stations.enqueueAlways(
        node,
        nowUs,
        draw.notify(sender[copy]!, (key + server) >>> 0) + count * sendUs,
        copy,
      );
      if (watching.ofCopy[copy] !== 0)
        watching.copyRow(nowUs, KIND.arrive, node, publishedAt(copy), copy, publishedAt(copy));
      const stepUs = slowFactor[node] === 1 ? sendUs : sendUs * slowFactor[node]!;
      if ((who & SLICE) === 0) {
        if (who === NOBODY || !sendDown(copy, who, server, departUs, key, frameBytes)) moves.release(copy);
        return;
      }
      let left = count;
      let sent = 0;
      for (let chunk = (who & ~SLICE) + 1; chunk !== 0; ) {
        const base = (chunk - 1) * CHUNK_WORDS;
        const n = slices[base + 1]!;
        for (let i = 0; i < n; i++) {
          left--;
          if (
            sendDown(
              copy,
              slices[base + 2 + i]!,
              server,
              departUs - Math.floor(left * stepUs),
              key,
              frameBytes,
            )
          )
            sent++;
        }
        chunk = slices[base]!;
      }
      freeSlice(ctx, who & ~SLICE);
      holders[copy] = holders[copy]! + sent;
      moves.release(copy);
    },
    deliver(slot, copy, generation) {
      const user = entry[2 * slot]!;
      const mayBeAnother = closedUs[closedPlace(user)]! >= sentUs[copy]!;
      if ((mayBeAnother && !isConnectedAs(user, generation)) || entry[2 * slot + 1] === NOT_A_MEMBER) {
        values[COUNT.dropped] = values[COUNT.dropped]! + 1;
        values[COUNT.dropNotConnected] = values[COUNT.dropNotConnected]! + 1;
        if (watching.ofCopy[copy] !== 0) {
          watching.copyRow(
            events.nowUs(),
            KIND.drop,
            USER_NODE + user,
            NO_NODE,
            copy,
            USER_NODE + user,
            REASON['not-connected'],
          );
        }
      } else if (inOrder) receiveInOrder(slot, user, copy);
      else receiveAsItComes(slot, user, copy);
      moves.release(copy);
    },
    ownMessage(slot, copy) {
      const s = seq[copy]!;
      const last = entry[2 * slot + 1]! & SEQ_MASK;
      if (s === last + 1) {
        entry[2 * slot + 1] = entry[2 * slot + 1]! + 1;
        if ((entry[2 * slot + 1]! & WAITS) !== 0) flush(slot);
        if (!inOrder) mask[slot] = (mask[slot]! << 1) | 1;
      } else if (s > last) {
        if (inOrder) wait(slot, entry[2 * slot]!, s, sender[copy]!, nth[copy]!, OWN_MESSAGE, sentUs[copy]!);
        else {
          mask[slot] = s - last > 31 ? 1 : (mask[slot]! << (s - last)) | 1;
          entry[2 * slot + 1] = s;
        }
      } else if (!inOrder && last - s < 32) mask[slot] = mask[slot]! | (1 << (last - s));
    },
    gapTimeout(slot, seenThen, generation) {
      const was = entry[2 * slot + 1]!;
      if (was === NOT_A_MEMBER || (was & WAITS) === 0) return;
      const user = entry[2 * slot]!;
      if (!isConnectedAs(user, generation)) return;
      // Something was shown since: the gap is another one, and has its own patience.
      if ((was & SEQ_MASK) !== seenThen) {
        events.schedule(
          events.nowUs() + design.reorder.timeoutUs,
          EVENT.GAP_TIMEOUT,
          slot,
          was & SEQ_MASK,
          generation,
        );
        return;
      }
      askHistory(slot, generation);
    },
    backfilled(slot, historyRows, generation) {
      if (!isConnectedAs(entry[2 * slot]!, generation) || entry[2 * slot + 1] === NOT_A_MEMBER) return;
      catchUp(slot, historyRows);
      if ((entry[2 * slot + 1]! & WAITS) === 0) return;
      // The history does not have what is missing (yet): the buffer's first entry is next, after as long a wait again if it may still come.
      const lowest = reorder.lowest(slot);
      entry[2 * slot + 1] = ((lowest - 1) | WAITS) >>> 0;
      flush(slot);
      if ((entry[2 * slot + 1]! & WAITS) !== 0) {
        events.schedule(
          events.nowUs() + design.reorder.timeoutUs,
          EVENT.GAP_TIMEOUT,
          slot,
          entry[2 * slot + 1]! & SEQ_MASK,
          generation,
        );
      }
    },
    catchUp,
  };
}
