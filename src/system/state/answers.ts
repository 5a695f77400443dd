import { NO_NODE, USER_NODE } from '../../trace/trace.ts';
import { KIND, REASON } from '../../trace/tracer.ts';
import type { Context } from '../context.ts';
import { EVENT } from '../kinds.ts';
import { ACK_BYTES, type CopyMoves } from './copies.ts';
import { COUNT } from './counters.ts';
import { BEGINS, DOWN, QUEUED } from './station.ts';
import { classOf } from './user-word.ts';

/** What a server or a gateway tells the sender of a message: an acknowledgement, or a refusal. The gateway relays it like everything that goes down. */
export interface Answers {
  /** Sends it: schedules `kind` for the copy at the sender's client. */
  tell(copy: number, kind: number, from: number, departUs: number): void;
  /** It is at the gateway, which had no worker for it at once. */
  atGateway(copy: number, kind: number): void;
  begin(copy: number, kind: number, gateway: number): void;
}

export function createAnswers(ctx: Context, moves: CopyMoves): Answers {
  const { copies, users, events, links, watching, draw, values, wire, stations, nodes } = ctx;
  const { pair } = users;
  const { firstServer } = nodes;
  /** Where messages go up as HTTP requests, this is the answer of one: it stands in no line with what the server sends by itself. */
  const isInLine = ctx.design.protocol === 'websocket';

  const relayUs = (copy: number, kind: number): number =>
    draw.gatewayDown(copies.sender[copy], moves.choiceCount(copy, kind));

  const lose = (copy: number, node: number, reason: number): void => {
    if (watching.ofCopy[copy] !== 0)
      watching.copyRow(events.nowUs(), KIND.drop, node, NO_NODE, copy, node, reason);
    moves.release(copy);
  };

  const passOn = (copy: number, kind: number, from: number, departUs: number): void => {
    const user = copies.sender[copy];
    const count = moves.choiceCount(copy, kind);
    let dueUs = departUs + draw.down[classOf(pair[2 * user])](user, count);
    const lastDueUs = dueUs - (((dueUs - pair[2 * user + 1]) | 0) as number);
    if (isInLine && lastDueUs > dueUs) dueUs = lastDueUs;
    if (links.active() > 0) {
      const gateway = copies.gateway[copy];
      const node = USER_NODE + user;
      const earliestUs = departUs - (((departUs - pair[2 * user + 1]) | 0) as number);
      links.about(user, copies.nth[copy], departUs, isInLine ? Math.max(departUs, earliestUs) : departUs);
      dueUs = links.passClient(node, gateway, from, true, dueUs, user, count);
      if (dueUs < 0) {
        if (watching.ofCopy[copy] !== 0)
          watching.copyRow(events.nowUs(), KIND.drop, node, from, copy, from, REASON['link-loss']);
        moves.release(copy);
        return;
      }
    }
    if (isInLine) pair[2 * user + 1] = dueUs;
    values[COUNT.bytesDown] += wire.answer(ACK_BYTES);
    if (watching.ofCopy[copy] !== 0)
      watching.forwardRow(events.nowUs(), from, USER_NODE + user, copy, departUs, dueUs);
    events.schedule(dueUs, kind, copy, 0, 0);
  };

  const begin = (copy: number, kind: number, gateway: number): void => {
    const doneUs = stations.serve(gateway, events.nowUs(), relayUs(copy, kind));
    if (doneUs === DOWN) lose(copy, gateway, REASON.crashed);
    else passOn(copy, kind, firstServer + copies.server[copy], doneUs);
  };

  return {
    tell(copy, kind, from, departUs) {
      const gateway = copies.gateway[copy];
      if (from === gateway) {
        passOn(copy, kind, from, departUs);
        return;
      }
      const relayedUs = stations.serveSoon(gateway, departUs, relayUs(copy, kind));
      if (relayedUs < 0) events.schedule(departUs, EVENT.ANSWER_AT_GATEWAY, copy, kind, 0);
      else passOn(copy, kind, from, relayedUs);
    },
    atGateway(copy, kind) {
      const gateway = copies.gateway[copy];
      const turn = stations.arriveAlways(gateway, events.nowUs(), EVENT.ANSWER_AT_GATEWAY, copy, kind, 0);
      if (turn === BEGINS) begin(copy, kind, gateway);
      else if (turn !== QUEUED)
        lose(copy, gateway, turn === DOWN ? REASON['station-down'] : REASON['queue-full']);
    },
    begin,
  };
}
