import { USER_NODE } from '../../trace/trace.ts';
import type { Context } from '../context.ts';
import { EVENT } from '../kinds.ts';
import type { CopyMoves } from '../state/copies.ts';
import { ACK_BYTES } from '../state/copies.ts';
import { COUNT } from '../state/counters.ts';
import type { Unacked } from '../state/mechanism-columns.ts';
import { QUEUED } from '../state/station.ts';
import { ATTACHED, classOf, generationOf, serverOf } from '../state/user-word.ts';
import { OWN } from '../state/users.ts';

/**
 * The server sends again what the receiving client has not acknowledged in time, as long as it holds the same connection (MQTT's QoS 1, XMPP's
 * XEP-0198): what a link has lost arrives later, and when only the acknowledgement was lost it arrives twice.
 */

export interface Redelivery {
  /** A delivery was sent, and is due at `dueUs`, or lost (-1). What becomes of its acknowledgement is drawn now. */
  sent(
    copy: number,
    slot: number,
    server: number,
    key: number,
    departUs: number,
    dueUs: number,
    sentBefore: number,
  ): void;
  /** No acknowledgement came in time. */
  due(unacked: number): void;
  /** The server's worker takes it on. */
  begin(unacked: number): void;
}

/** What each further sending adds to the name of a delivery's choices. */
export const AGAIN_KEY = 0x3c6ef372;

/** `send` sends a delivery once more. */
export function createRedelivery(
  ctx: Context,
  moves: CopyMoves,
  unacked: Unacked,
  send: (
    copy: number,
    slot: number,
    server: number,
    departUs: number,
    key: number,
    sentBefore: number,
  ) => boolean,
): Redelivery {
  const { design, events, stations, users, memberships, links, draw, values, copies, nodes } = ctx;
  const { pair, own } = users;
  const { timeoutUs, maxAttempts } = design.redelivery;
  const ackDueUs = (user: number, server: number, key: number, dueUs: number): number => {
    const ackUs = dueUs + draw.deliveryAck[classOf(pair[2 * user])](user, key);
    if (links.active() === 0) return ackUs;
    const node = USER_NODE + user;
    const gateway = own[8 * user + OWN.GATEWAY];
    return links.passClient(node, gateway, nodes.firstServer + server, false, ackUs, user, ~key >>> 0);
  };

  return {
    sent(copy, slot, server, key, departUs, dueUs, sentBefore) {
      const user = memberships.entry[2 * slot];
      if (dueUs >= 0) {
        values[COUNT.bytesUp] = values[COUNT.bytesUp] + ctx.wire.up(ACK_BYTES);
        const ackUs = ackDueUs(user, server, key, dueUs);
        if (ackUs >= 0 && ackUs <= departUs + timeoutUs) return;
      }
      // Where a server has no room to remember one more, it does not send it again.
      if (sentBefore + 1 >= maxAttempts || unacked.pool.left() === 0) return;
      const place = unacked.pool.take();
      unacked.slot[place] = slot;
      unacked.copy[place] = copy;
      unacked.server[place] = server;
      unacked.generation[place] = generationOf(pair[2 * user]);
      unacked.key[place] = key;
      unacked.attempts[place] = sentBefore + 1;
      copies.holders[copy]++;
      events.schedule(departUs + timeoutUs, EVENT.REDELIVER, place, 0, 0);
    },
    due(place) {
      const node = nodes.firstServer + unacked.server[place];
      // A server that is down has no connection: `begin` finds that out, and lets go.
      if (stations.arriveAlways(node, events.nowUs(), EVENT.REDELIVER, place, 0, 0) !== QUEUED) begin(place);
    },
    begin,
  };

  function begin(place: number): void {
    const slot = unacked.slot[place];
    const copy = unacked.copy[place];
    const server = unacked.server[place];
    const word = pair[2 * memberships.entry[2 * slot]];
    const isSame =
      (word & ATTACHED) !== 0 &&
      serverOf(word) === server &&
      generationOf(word) === unacked.generation[place] &&
      stations.isUp(nodes.firstServer + server);
    const key = (unacked.key[place] + AGAIN_KEY) >>> 0;
    const sentBefore = unacked.attempts[place];
    unacked.pool.give(place);
    if (isSame) {
      const node = nodes.firstServer + server;
      const doneUs = stations.serve(node, events.nowUs(), draw.send(1, slot, key));
      if (send(copy, slot, server, doneUs, key, sentBefore)) copies.holders[copy]++;
    }
    moves.release(copy);
  }
}
