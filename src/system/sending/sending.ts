import { backoffWaitUs } from '../../algorithms/backoff/backoff.ts';
import { US_PER_MINUTE } from '../../base/units.ts';
import { createDuration } from '../../kernel/distributions.ts';
import { NO_NODE, USER_NODE } from '../../trace/trace.ts';
import { KIND, REASON } from '../../trace/tracer.ts';
import type { Context } from '../context.ts';
import { createLoadCurve } from '../design/load-curve.ts';
import { makes } from '../design/mistakes.ts';
import { channelNumbers } from '../design/names.ts';
import { channelOfSlot, slotOf } from '../design/topology.ts';
import { EVENT } from '../kinds.ts';
import { PURPOSE } from '../purposes.ts';
import type { CopyMoves } from '../state/copies.ts';
import { COUNT } from '../state/counters.ts';
import { bucketOf } from '../state/histogram.ts';
import { NEVER_US, NO_SLOT } from '../state/messages.ts';
import { CONNECTION, OUTGOING } from '../state/tables.ts';
import { classOf, generationOf, serverOf, stateOf } from '../state/user-word.ts';
import { OWN } from '../state/users.ts';
import { BOT } from './bots.ts';

/** The sender's client: when a user writes, what it sends, and what becomes of it: acknowledged, sent again, refused, given up. */
export interface Sending {
  /** The first tick of every user's clock: called once at set-up. */
  scheduleFirstTicks(): void;
  tick(user: number): void;
  /** The user writes a message; returns its nth. */
  send(user: number, channel: number, bytes: number): number;
  timer(outgoing: number): void;
  acknowledged(copy: number): void;
  refused(copy: number): void;
  /** A message that stood in line goes now. */
  nextInLine(outgoing: number): void;
}

/** `renew`: closes a user's connection and opens another. */
export function createSending(ctx: Context, moves: CopyMoves, renew: (user: number) => void): Sending {
  const { design, workload, choices, events, topology, users, outgoing, outgoingPool, copies, copyPool } =
    ctx;
  const { links, watching, values, draw, wire, ackLatency, bots, mechanisms, backPressure } = ctx;
  const { pair, own } = users;
  const { firstServer } = ctx.nodes;
  const everyone = channelNumbers(workload).everyone;
  const retries = design.delivery !== 'at-most-once';

  const perMinute = workload.messages.perUserPerMinute;
  const curve = createLoadCurve(workload.messages.curve);
  /** The clock ticks at the curve's highest rate, and a tick counts with the probability of the present rate. */
  const meanGapUs = perMinute > 0 ? US_PER_MINUTE / (perMinute * curve.highest) : Number.POSITIVE_INFINITY;
  const gapUs = perMinute > 0 ? createDuration({ kind: 'exponential', meanUs: meanGapUs }) : null;

  const bot = workload.bots;
  const botGapUs =
    bot !== null && bot.perUserPerMinute > 0
      ? createDuration({ kind: 'exponential', meanUs: US_PER_MINUTE / bot.perUserPerMinute })
      : null;
  const isBot = (user: number): boolean => bots !== null && bots.is[user] === 1;

  const scheduleTick = (user: number, nth: number, fromUs: number): void => {
    const gap = isBot(user) ? botGapUs : gapUs;
    if (gap === null) return;
    events.schedule(fromUs + gap(choices.u32(PURPOSE.TICK_GAP, user, nth)), EVENT.USER_TICK, user, 0, 0);
  };

  const isConnected = (word: number): boolean => {
    const state = stateOf(word);
    return state === CONNECTION.state.online || state === CONNECTION.state.resuming;
  };

  const stopsTheNext = makes(design, 'cancels-anothers-timer');
  const { inFlight, order, stampBytes, unanswered } = mechanisms;

  const finish = (o: number): void => {
    events.cancel(o);
    if (stopsTheNext && o + 1 < outgoing.sender.length && outgoing.sender[o + 1] === outgoing.sender[o])
      events.cancel(o + 1);
    if (inFlight !== null) moves.letNextGo(outgoing.sender[o]);
    if (outgoing.copies[o] === 0) outgoingPool.give(o);
  };

  /** Nobody remembers one more message that is under way. */
  const failAtOnce = (user: number, nth: number, channel: number): void => {
    values[COUNT.sent]++;
    values[COUNT.heldBack]++;
    values[COUNT.failed]++;
    if (isBot(user)) {
      bots!.counts[BOT.SENT]++;
      bots!.counts[BOT.FAILED]++;
    }
    const node = USER_NODE + user;
    watching.messageRow(
      events.nowUs(),
      KIND.fail,
      node,
      NO_NODE,
      user,
      nth,
      channel,
      0,
      REASON['queue-full'],
    );
  };

  const giveUp = (o: number): void => {
    outgoing.state[o] = OUTGOING.next(outgoing.state[o], OUTGOING.event.GIVE_UP);
    values[COUNT.failed]++;
    const user = outgoing.sender[o];
    if (isBot(user)) bots!.counts[BOT.FAILED]++;
    watching.messageRow(
      events.nowUs(),
      KIND.fail,
      USER_NODE + user,
      USER_NODE + user,
      user,
      outgoing.nth[o],
      outgoing.channel[o],
      0,
    );
    finish(o);
  };

  /** A message carries what its client knows when it goes on the wire: one that stood in line, or waited for a connection, knows more. */
  const stamp = (o: number): void => {
    if (order === null || stampBytes === null) return;
    const added = order.atSend(outgoing.sender[o], outgoing.nth[o], outgoing.channel[o], outgoing.slot[o]);
    outgoing.bytes[o] += added;
    stampBytes[0] += added;
    stampBytes[1]++;
  };

  /** Puts a copy on the wire; without a connection that takes it the client waits for one, or gives up where it does not retry. */
  const transmit = (o: number): void => {
    const nowUs = events.nowUs();
    const user = outgoing.sender[o];
    const word = pair[2 * user];
    const canSend = backPressure.canSend();
    if (!canSend) values[COUNT.heldBack]++;
    if (!canSend || !isConnected(word)) {
      if (retries) events.arm(o, nowUs + design.retry.timeoutUs, EVENT.OUTGOING_TIMER, 0, 0);
      else giveUp(o);
      return;
    }
    const attempt = outgoing.attempts[o];
    if (attempt === 0 && order !== null) stamp(o);
    outgoing.attempts[o] = Math.min(255, attempt + 1);
    if (unanswered !== null) unanswered[o] = Math.min(255, unanswered[o] + 1);
    const copy = copyPool.take();
    copies.sender[copy] = user;
    copies.nth[copy] = outgoing.nth[o];
    copies.channel[copy] = outgoing.channel[o];
    copies.bytes[copy] = outgoing.bytes[o];
    copies.seq[copy] = 0;
    copies.outgoing[copy] = o;
    copies.generation[copy] = generationOf(word);
    copies.attempt[copy] = attempt;
    copies.step[copy] = 0;
    copies.server[copy] = 0;
    copies.gateway[copy] = own[8 * user + OWN.GATEWAY];
    copies.slot[copy] = outgoing.slot[o];
    copies.holders[copy] = 1;
    copies.sentUs[copy] = outgoing.sentUs[o];
    copies.again[copy] = 0;
    copies.retryAtUs[copy] = NEVER_US;
    outgoing.copies[o]++;
    values[COUNT.transmissions]++;
    values[COUNT.bytesUp] += wire.up(outgoing.bytes[o]);
    if (retries) events.arm(o, nowUs + design.retry.timeoutUs, EVENT.OUTGOING_TIMER, 0, 0);

    watching.begin(copy);
    const node = USER_NODE + user;
    const to = copies.gateway[copy];
    if (watching.ofCopy[copy] !== 0) {
      watching.copyRow(
        nowUs,
        attempt === 0 ? KIND.send : KIND.retry,
        node,
        to,
        copy,
        attempt === 0 ? NO_NODE : node,
      );
    }
    const count = moves.choiceCount(copy, EVENT.GATEWAY_ARRIVE);
    let dueUs = nowUs + draw.up[classOf(word)](user, count);
    // One connection keeps the order of what is put into it.
    const at = 8 * user;
    const lastDueUs = own[at + OWN.UP_HIGH] * 0x1_0000_0000 + own[at + OWN.UP_LOW];
    if (lastDueUs > dueUs) dueUs = lastDueUs;
    if (links.active() > 0) {
      links.about(user, copies.nth[copy], nowUs, Math.max(nowUs, lastDueUs));
      dueUs = links.passClient(node, to, firstServer + serverOf(word), false, dueUs, user, count);
      if (dueUs < 0) {
        moves.loseJourney(copy, to, node, links.isCut(node, to) ? REASON.partition : REASON['link-loss']);
        return;
      }
      const again = links.duplicateUs();
      if (again >= 0 && copyPool.left() > 0)
        events.schedule(again, EVENT.GATEWAY_ARRIVE, moves.clone(copy), 0, 0);
    }
    own[at + OWN.UP_LOW] = dueUs;
    own[at + OWN.UP_HIGH] = Math.floor(dueUs / 0x1_0000_0000);
    if (watching.ofCopy[copy] !== 0) watching.forwardRow(nowUs, node, to, copy, nowUs, dueUs);
    events.schedule(dueUs, EVENT.GATEWAY_ARRIVE, copy, 0, 0);
  };

  const send = (user: number, channel: number, slot: number, bytes: number): number => {
    const nth = own[8 * user + OWN.SENT] + 1;
    own[8 * user + OWN.SENT] = nth;
    if (outgoingPool.left() === 0) {
      failAtOnce(user, nth, channel);
      return nth;
    }
    const o = outgoingPool.take();
    outgoing.sender[o] = user;
    outgoing.nth[o] = nth;
    outgoing.channel[o] = channel;
    outgoing.slot[o] = slot;
    outgoing.bytes[o] = bytes;
    outgoing.state[o] = OUTGOING.next(OUTGOING.start, OUTGOING.event.SEND);
    outgoing.attempts[o] = 0;
    outgoing.published[o] = 0;
    outgoing.copies[o] = 0;
    outgoing.sentUs[o] = events.nowUs();
    if (unanswered !== null) unanswered[o] = 0;
    values[COUNT.sent]++;
    if (isBot(user)) bots!.counts[BOT.SENT]++;
    if (inFlight === null || inFlight.enter(user, o)) transmit(o);
    return nth;
  };

  /** The outgoing message that a copy belongs to, or -1 when its sender has done with it. */
  const outgoingOf = (copy: number): number => {
    const o = copies.outgoing[copy];
    const isSame =
      outgoing.sender[o] === copies.sender[copy] &&
      outgoing.nth[o] === copies.nth[copy] &&
      outgoing.copies[o] > 0;
    return isSame && !OUTGOING.isDone(outgoing.state[o]) ? o : -1;
  };

  /** What was sent to an earlier connection of the client does not reach it. */
  const reachesSender = (copy: number): boolean => {
    const word = pair[2 * copies.sender[copy]];
    return generationOf(word) === copies.generation[copy] && isConnected(word);
  };

  const loseAnswer = (copy: number): void => {
    const node = USER_NODE + copies.sender[copy];
    if (watching.ofCopy[copy] !== 0) {
      watching.copyRow(events.nowUs(), KIND.drop, node, NO_NODE, copy, node, REASON['not-connected']);
    }
    moves.release(copy);
  };

  /** Of the outgoing message `o`: the word of the wait before its next attempt, after so many waits. */
  const retryChoice = (o: number, waits: number): number =>
    choices.u32(
      PURPOSE.RETRY_BACKOFF,
      outgoing.sender[o],
      (Math.imul(outgoing.nth[o], 16) + waits + 1) >>> 0,
    );

  return {
    nextInLine: transmit,
    scheduleFirstTicks() {
      if (gapUs === null && botGapUs === null) return;
      for (let user = 0; user < workload.users; user++)
        scheduleTick(user, 0, isBot(user) ? bot!.fromUs : events.nowUs());
    },
    tick(user) {
      const nth = own[8 * user + OWN.TICKS] + 1;
      own[8 * user + OWN.TICKS] = nth;
      scheduleTick(user, nth, events.nowUs());
      if (!curve.isFlat && !isBot(user)) {
        const share = curve.at(events.nowUs()) / curve.highest;
        if (choices.u32(PURPOSE.TICK_THIN, user, nth) >= share * 0x1_0000_0000) return;
      }
      if (!isConnected(pair[2 * user])) return;
      const from = topology.userStart[user];
      const memberships = topology.userStart[user + 1] - from;
      if (memberships === 0) return;
      const u = choices.u32(PURPOSE.TICK_CHANNEL, user, nth);
      const slot = topology.slots[from + Math.floor((u / 0x1_0000_0000) * memberships)];
      const channel = channelOfSlot(topology, slot);
      if (channel === everyone && workload.messages.quietEveryone) return;
      send(user, channel, slot, design.message.bytes);
    },
    send(user, channel, bytes) {
      const slot = slotOf(topology, user, channel);
      return send(user, channel, slot < 0 ? NO_SLOT : slot, bytes);
    },
    timer(o) {
      const state = outgoing.state[o];
      if (state === OUTGOING.state.sending) {
        if (outgoing.attempts[o] >= design.retry.maxAttempts) {
          giveUp(o);
          return;
        }
        outgoing.state[o] = OUTGOING.next(state, OUTGOING.event.TIMEOUT);
        const { backoff, baseUs, capUs } = design.retry;
        const waits = Math.max(0, outgoing.attempts[o] - 1);
        const delayUs = backoffWaitUs(backoff, waits, baseUs, capUs, retryChoice, o);
        if (delayUs > 0) {
          events.arm(o, events.nowUs() + delayUs, EVENT.OUTGOING_TIMER, 0, 0);
          return;
        }
      }
      outgoing.state[o] = OUTGOING.next(outgoing.state[o], OUTGOING.event.RETRY);
      transmit(o);
    },
    acknowledged(copy) {
      if (!reachesSender(copy)) {
        loseAnswer(copy);
        return;
      }
      const o = outgoingOf(copy);
      const node = USER_NODE + copies.sender[copy];
      if (o >= 0) {
        outgoing.state[o] = OUTGOING.next(outgoing.state[o], OUTGOING.event.ACK);
        values[COUNT.acked]++;
        const bucket = bucketOf(events.nowUs() - outgoing.sentUs[o]);
        ackLatency.counts[bucket]++;
        if (bots !== null && bots.is[copies.sender[copy]] === 0) {
          const { counts } = bots.honestAckLatency;
          counts[bucket]++;
        }
        if (watching.ofCopy[copy] !== 0)
          watching.copyRow(events.nowUs(), KIND.ack, node, NO_NODE, copy, node);
        finish(o);
      }
      moves.release(copy);
    },
    refused(copy) {
      if (!reachesSender(copy)) {
        loseAnswer(copy);
        return;
      }
      const o = outgoingOf(copy);
      const node = USER_NODE + copies.sender[copy];
      if (o >= 0) {
        if (watching.ofCopy[copy] !== 0)
          watching.copyRow(events.nowUs(), KIND.nack, node, NO_NODE, copy, node);
        outgoing.state[o] = OUTGOING.next(outgoing.state[o], OUTGOING.event.NACK);
        if (unanswered !== null && unanswered[o] > 0) unanswered[o]--;
        const retryAtUs = copies.retryAtUs[copy];
        if (retryAtUs === NEVER_US || !retries || outgoing.attempts[o] >= design.retry.maxAttempts) {
          // Every attempt was refused, and nothing of it is under way: a link may have doubled one.
          if (unanswered !== null && unanswered[o] === 0 && outgoing.copies[o] === 1)
            order!.refused(copies.sender[copy], copies.nth[copy], outgoing.slot[o]);
          giveUp(o);
        } else if (bot !== null && !bot.waits && isBot(copies.sender[copy]))
          events.arm(o, events.nowUs() + bot.resendUs, EVENT.OUTGOING_TIMER, 0, 0);
        else events.arm(o, Math.max(events.nowUs(), retryAtUs), EVENT.OUTGOING_TIMER, 0, 0);
        if (bot?.reconnects === true && isBot(copies.sender[copy])) renew(copies.sender[copy]);
      }
      moves.release(copy);
    },
  };
}
