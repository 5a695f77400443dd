import { USER_NODE } from '../../trace/trace.ts';
import { KIND, REASON } from '../../trace/tracer.ts';
import type { Context } from '../context.ts';
import { type RateLimit, serviceLimits } from '../design/design.ts';
import { EVENT, HOP } from '../kinds.ts';
import { BOT } from '../sending/bots.ts';
import type { CopyMoves } from '../state/copies.ts';
import { COUNT } from '../state/counters.ts';
import { NEVER_US } from '../state/messages.ts';
import { BEGINS, DOWN, QUEUED } from '../state/station.ts';
import { CALL, UNANSWERED } from './limiter-calls.ts';
import type { Gate } from './limits.ts';

/** What becomes of a message at a rate limit: passed on, held back, refused, or decided without the limiter's answer. */
export interface LimiterPath {
  /** Asks the gate of a place. False: the copy does not go on now, because it is refused or held back (`held` brings it back). */
  passes(gate: Gate, copy: number, node: number, place: number): boolean;
  /** Refuses, and tells the sender when it may come back, or that there is no such time (NEVER_US). */
  refuse(copy: number, node: number, reason: number, retryAtUs: number): void;
  /** The server asks the limiter that is a service of its own; the copy goes to the chat service when it has been answered. */
  ask(copy: number): void;
  arrive(copy: number): void;
  /** A worker of the limiter takes on a question. */
  begin(copy: number): void;
  depart(copy: number): void;
  back(copy: number): void;
  /** The server has waited long enough. */
  timeout(copy: number): void;
}

/** Places that hold a copy back: operand b of HELD. */
export const PLACE = { GATEWAY: 0, SERVER: 1, ANSWERED: 2 } as const;

export function createLimiterPath(
  ctx: Context,
  moves: CopyMoves,
  tellSender: (copy: number, kind: number, from: number, departUs: number) => void,
  toService: (copy: number) => void,
): LimiterPath {
  const { design, nodes, events, stations, copies, watching, values, draw, limits, bots } = ctx;
  const { sender, server, arrivedUs } = copies;
  const { firstServer, limiter: node } = nodes;
  const { crashedUs } = stations.columns;
  const calls = ctx.limiterCalls;
  const { service: gate } = limits;
  // The station and its settings are those of the first limit that is placed there.
  const settings: RateLimit | null = serviceLimits(design)[0] ?? null;

  const refuse = (copy: number, at: number, reason: number, retryAtUs: number): void => {
    copies.retryAtUs[copy] = retryAtUs;
    if (reason === REASON['rate-limit']) {
      values[COUNT.refused]++;
      if (bots !== null && bots.is[sender[copy]] === 1) bots.counts[BOT.REFUSED]++;
    }
    if (watching.ofCopy[copy] !== 0)
      watching.copyRow(events.nowUs(), KIND.refuse, at, USER_NODE + sender[copy], copy, at, reason);
    tellSender(copy, EVENT.NACK_AT_CLIENT, at, events.nowUs());
  };

  const accept = (of: Gate, copy: number, at: number): void => {
    if (of.isOfUsers && watching.ofCopy[copy] !== 0)
      watching.copyRow(events.nowUs(), KIND.accept, at, at, copy, at);
  };

  /** Until it has leaked out of the bucket the copy is in the memory of the station where it is, and dies with it. */
  const hold = (copy: number, place: number, delayUs: number): void => {
    const nowUs = events.nowUs();
    arrivedUs[copy] = nowUs;
    events.schedule(nowUs + delayUs, EVENT.HELD, copy, place, 0);
  };

  /** The question is lost; the message is not: its server still waits. */
  const loseQuestion = (copy: number, reason: number): void => {
    if (watching.ofCopy[copy] !== 0)
      watching.copyRow(events.nowUs(), KIND.drop, node, firstServer + server[copy], copy, node, reason);
    moves.release(copy);
  };

  /** No answer: the design says whether that opens the gate or closes it. */
  const withoutAnswer = (copy: number): void => {
    const from = firstServer + server[copy];
    const { counts } = calls!;
    if (!stations.isUp(from)) moves.loseJourney(copy, from, node, REASON['station-down']);
    else if (settings?.whenDown === 'closed') {
      counts[UNANSWERED.CLOSED]++;
      if (bots !== null && bots.is[sender[copy]] === 1) counts[UNANSWERED.CLOSED_BOTS]++;
      refuse(copy, from, REASON['station-down'], events.nowUs() + design.retry.timeoutUs);
    } else {
      counts[UNANSWERED.OPEN]++;
      // Unless the limiter has let it pass, and only its answer did not come in time.
      if (calls!.retryAtUs[copy] !== NEVER_US) accept(gate!, copy, from);
      toService(copy);
    }
  };

  const begin = (copy: number): void => {
    const workUs = draw.limiter(sender[copy], moves.choiceCount(copy, EVENT.LIMITER_DEPART));
    const departUs = stations.serve(node, events.nowUs(), workUs);
    if (departUs === DOWN) loseQuestion(copy, REASON.crashed);
    else events.schedule(departUs, EVENT.LIMITER_DEPART, copy, 0, 0);
  };

  return {
    refuse,
    begin,
    passes(of, copy, at, place) {
      const nowUs = events.nowUs();
      const retryAtUs = of.decide(copy, nowUs);
      if (retryAtUs !== NEVER_US) {
        refuse(copy, at, REASON['rate-limit'], retryAtUs);
        return false;
      }
      accept(of, copy, at);
      const delayUs = of.delayUs(copy, nowUs);
      if (delayUs === 0) return true;
      hold(copy, place, delayUs);
      return false;
    },
    ask(copy) {
      const nowUs = events.nowUs();
      calls!.state[copy] = CALL.ASKED;
      calls!.retryAtUs[copy] = 0;
      // One holder is the question, the other the server that waits for the answer.
      copies.holders[copy]++;
      events.schedule(nowUs + settings.timeoutUs, EVENT.LIMITER_TIMEOUT, copy, 0, 0);
      moves.sendOn(copy, EVENT.LIMITER_ARRIVE, firstServer + server[copy], node, nowUs);
    },
    arrive(copy) {
      const from = firstServer + server[copy];
      const nowUs = events.nowUs();
      if (!stations.isUp(node)) {
        // The call fails at once.
        if (calls!.state[copy] === CALL.ASKED) {
          calls!.state[copy] = CALL.NONE;
          withoutAnswer(copy);
        } else moves.release(copy);
        return;
      }
      if (watching.ofCopy[copy] !== 0)
        watching.arriveRow(nowUs, node, from, copy, stations.mustWait(node, nowUs));
      calls!.arrivedUs[copy] = nowUs;
      const turn = stations.arrive(node, nowUs, EVENT.LIMITER_ARRIVE, copy, 0, 0);
      if (turn === BEGINS) begin(copy);
      else if (turn !== QUEUED) loseQuestion(copy, REASON['queue-full']);
    },
    depart(copy) {
      const nowUs = events.nowUs();
      if (crashedUs[node] >= calls!.arrivedUs[copy]) {
        loseQuestion(copy, REASON.crashed);
        return;
      }
      const retryAtUs = gate!.decide(copy, nowUs);
      // Its server may have decided without it.
      if (retryAtUs === NEVER_US && calls!.state[copy] === CALL.ASKED) accept(gate!, copy, node);
      calls!.retryAtUs[copy] = retryAtUs;
      calls!.delayUs[copy] = retryAtUs === NEVER_US ? gate!.delayUs(copy, nowUs) : 0;
      moves.sendOn(copy, EVENT.LIMITER_BACK, node, firstServer + server[copy], nowUs, HOP.BACK_FROM_LIMITER);
    },
    back(copy) {
      const at = firstServer + server[copy];
      if (calls!.state[copy] !== CALL.ASKED) {
        moves.release(copy);
        return;
      }
      calls!.state[copy] = CALL.NONE;
      if (watching.ofCopy[copy] !== 0) watching.arriveRow(events.nowUs(), at, node, copy, false);
      if (!stations.isUp(at)) moves.loseJourney(copy, at, node, REASON['station-down']);
      else if (calls!.retryAtUs[copy] === NEVER_US) {
        if (calls!.delayUs[copy] === 0) toService(copy);
        else hold(copy, PLACE.ANSWERED, calls!.delayUs[copy]);
      } else refuse(copy, at, REASON['rate-limit'], calls!.retryAtUs[copy]);
    },
    timeout(copy) {
      if (calls!.state[copy] !== CALL.ASKED) {
        moves.release(copy);
        return;
      }
      calls!.state[copy] = CALL.NONE;
      withoutAnswer(copy);
    },
  };
}
