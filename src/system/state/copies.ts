import { NO_NODE, USER_NODE } from '../../trace/trace.ts';
import { KIND, REASON } from '../../trace/tracer.ts';
import type { Context } from '../context.ts';
import { EVENT } from '../kinds.ts';
import { BOT } from '../sending/bots.ts';
import { isRelays, nextPollUs } from '../sending/relay.ts';
import { COUNT } from './counters.ts';
import { OUTGOING } from './tables.ts';

/** How copies of messages are made, moved along links, held, and let go. */

export interface CopyMoves {
  /** One event less that holds the copy; the last one frees it. */
  release(copy: number): void;
  letNextGo(user: number): void;
  /** The copy's journey to publication has ended without it. */
  loseJourney(copy: number, node: number, peer: number, reason: number): void;
  /**
   * Sends a copy from one station to another: schedules `kind` at `to`, or loses it. What a link duplicates goes on as a copy of its own.
   * `hop` names the choices where one kind of event ends two kinds of hop.
   */
  sendOn(copy: number, kind: number, from: number, to: number, departUs: number, hop?: number): void;
  /** The name of a copy's choices at a hop (an event kind): the same in every design, whatever the order of its steps. */
  choiceCount(copy: number, hop: number): number;
  /** A second copy. There must be room. */
  clone(copy: number): number;
}

export function createCopyMoves(ctx: Context): CopyMoves {
  const { design, copies, copyPool, outgoing, outgoingPool, events, links, watching, draw, values, bots } =
    ctx;
  const { mechanisms, streams } = ctx;
  const { holders, nth, attempt, sender } = copies;

  /** A message of this client is done: the next in line goes. */
  const letNextGo = (user: number): void => {
    const next = mechanisms.inFlight?.leave(user) ?? -1;
    if (next >= 0) events.schedule(events.nowUs(), EVENT.NEXT_IN_LINE, next, 0, 0);
  };

  const letOutgoingGo = (copy: number): void => {
    const o = copies.outgoing[copy];
    // The outgoing message may be another's by now: the name tells.
    if (outgoing.sender[o] !== sender[copy] || outgoing.nth[o] !== nth[copy] || outgoing.copies[o] === 0)
      return;
    const left = outgoing.copies[o] - 1;
    outgoing.copies[o] = left;
    if (left > 0) return;
    // Without retries nobody else would ever notice that no acknowledgement can come any more.
    if (!OUTGOING.isDone(outgoing.state[o]) && design.delivery === 'at-most-once') {
      outgoing.state[o] = OUTGOING.next(outgoing.state[o], OUTGOING.event.GIVE_UP);
      values[COUNT.failed]++;
      if (bots !== null && bots.is[sender[copy]] === 1) bots.counts[BOT.FAILED]++;
      if (watching.ofCopy[copy] !== 0)
        watching.copyRow(
          events.nowUs(),
          KIND.fail,
          USER_NODE + sender[copy],
          NO_NODE,
          copy,
          USER_NODE + sender[copy],
        );
      letNextGo(sender[copy]);
    }
    if (OUTGOING.isDone(outgoing.state[o])) outgoingPool.give(o);
  };

  const release = (copy: number): void => {
    const left = holders[copy] - 1;
    holders[copy] = left;
    if (left === 0) {
      letOutgoingGo(copy);
      watching.ofCopy[copy] = 0;
      copyPool.give(copy);
    }
  };

  const choiceCount = (copy: number, hop: number): number =>
    (Math.imul(nth[copy], 1024) + ((attempt[copy] & 15) << 6) + hop) >>> 0;

  const loseJourney = (copy: number, node: number, peer: number, reason: number): void => {
    values[COUNT.lostCopies]++;
    if (watching.ofCopy[copy] !== 0)
      watching.copyRow(events.nowUs(), KIND.drop, node, peer, copy, peer, reason);
    // The relay's copy is still in the outbox: it is read again.
    if (design.outbox.enabled && isRelays(copies, copy)) {
      events.schedule(nextPollUs(events.nowUs(), design.outbox.pollUs), EVENT.RELAY, copy, 0, 0);
      return;
    }
    release(copy);
  };

  const clone = (copy: number): number => {
    const twin = copyPool.take();
    for (const column of Object.values(copies)) column[twin] = column[copy];
    holders[twin] = 1;
    const o = copies.outgoing[copy];
    if (outgoing.sender[o] === sender[copy] && outgoing.nth[o] === nth[copy] && outgoing.copies[o] > 0)
      outgoing.copies[o]++;
    watching.begin(twin);
    return twin;
  };

  return {
    release,
    letNextGo,
    loseJourney,
    clone,
    choiceCount,
    sendOn(copy, kind, from, to, departUs, hop = kind) {
      const count = choiceCount(copy, hop);
      const who = sender[copy];
      let dueUs = departUs + draw.internal(who, count);
      if (links.active() > 0) {
        links.about(who, nth[copy], departUs, Math.max(departUs, streams.lastUs(from, to)));
        dueUs = links.pass(from, to, dueUs, who, count);
        if (dueUs < 0) {
          loseJourney(copy, to, from, links.isCut(from, to) ? REASON.partition : REASON['link-loss']);
          return;
        }
        const again = links.duplicateUs();
        dueUs = streams.put(from, to, dueUs);
        if (again >= 0 && copyPool.left() > 0)
          events.schedule(streams.put(from, to, again), kind, clone(copy), 0, 0);
      } else dueUs = streams.put(from, to, dueUs);
      if (watching.ofCopy[copy] !== 0) watching.forwardRow(events.nowUs(), from, to, copy, departUs, dueUs);
      events.schedule(dueUs, kind, copy, 0, 0);
    },
  };
}

/** An acknowledgement or refusal: message id, sequence number, status. Assumption. */
export const ACK_BYTES = 40;
