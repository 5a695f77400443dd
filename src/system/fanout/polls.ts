import type { Context } from '../context.ts';
import { COUNT } from '../state/counters.ts';
import { classOf, NO_SERVER, serverOf } from '../state/user-word.ts';
import { OWN } from '../state/users.ts';

/**
 * Long polling (RFC 6202, section 2): the server holds a client's request until it has a message for it, or has held it for so long, and answers;
 * the client asks again as soon as it has the answer. Each request costs what a message of the client costs: bytes up, the gateway's work and the
 * server's. No request is an event of its own: that it arrives follows from when the answer before it did, and its work is given to the stations
 * with that answer, a round trip early. One event a client watches over the time that a request is held (`pollHeld` in signs-of-life.ts).
 */
export interface Polls {
  /** When the request is at the server that follows an answer which is there at `answeredUs`. */
  requestAtUs(user: number, answeredUs: number): number;
  /** A message is sent, to be there at `dueUs`: in an answer of its own, or in one with what else is there then. Call it before that time is noted. */
  delivered(user: number, dueUs: number, textBytes: number, answerBytes: number): void;
  /** The client makes the request that follows an answer which is there at `answeredUs`. */
  ask(user: number, answeredUs: number): void;
}

/** Keeps nothing of its own; null where clients do not poll. */
export function createPolls(ctx: Context): Polls | null {
  const { design, nodes, stations, users, draw, values, wire } = ctx;
  if (design.protocol !== 'long-polling') return null;
  const { pair, own } = users;

  const ask = (user: number, answeredUs: number): void => {
    const server = serverOf(pair[2 * user]);
    const key = answeredUs >>> 0;
    values[COUNT.polls]++;
    values[COUNT.bytesUp] = values[COUNT.bytesUp] + wire.beatUp;
    stations.serveLater(own[8 * user + OWN.GATEWAY], draw.pollAtGateway(user, key));
    if (server !== NO_SERVER) stations.serveLater(nodes.firstServer + server, draw.pollAtServer(user, key));
  };

  return {
    requestAtUs: (user, answeredUs) => answeredUs + draw.up[classOf(pair[2 * user])](user, answeredUs >>> 0),
    delivered(user, dueUs, textBytes, answerBytes) {
      if (pair[2 * user + 1] === dueUs >>> 0) {
        values[COUNT.bytesDown] = values[COUNT.bytesDown] + wire.joined(textBytes);
        return;
      }
      values[COUNT.bytesDown] = values[COUNT.bytesDown] + answerBytes;
      ask(user, dueUs);
    },
    ask,
  };
}
