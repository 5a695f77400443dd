import { USER_NODE } from '../../trace/trace.ts';
import type { Context } from '../context.ts';
import { createPolls } from '../fanout/polls.ts';
import { EVENT } from '../kinds.ts';
import { PURPOSE } from '../purposes.ts';
import { COUNT } from '../state/counters.ts';
import { BEGINS, QUEUED } from '../state/station.ts';
import { ATTACHED, classOf, generationOf, NO_SERVER, serverOf } from '../state/user-word.ts';
import { OWN } from '../state/users.ts';

/**
 * How a client knows that its connection is alive: it pings every so often and is answered; with long polling the request that it holds open is
 * answered after so long at the latest. Without an answer it waits for the time-out, and the connection is dead.
 */
export interface SignsOfLife {
  /** A connection has just been opened. */
  begins(user: number): void;
  /** At set-up: a connection has been open for a while. */
  goesOn(user: number): void;
  heartbeat(user: number, generation: number): void;
  /** Long polling: a request has been held for as long as it may be, unless a message has answered it meanwhile. */
  pollHeld(user: number, generation: number): void;
  /** The server's worker takes on a ping, or the empty answer of a request. */
  beginHeartbeat(user: number, key: number, node: number): void;
}

/** Half of what the low 32 bits of a time can tell apart to one side. */
const FAR_US = 0x4000_0000;

export function createSignsOfLife(
  ctx: Context,
  {
    isCurrent,
    isOpen,
  }: { isCurrent(user: number, generation: number): boolean; isOpen(word: number): boolean },
): SignsOfLife {
  const { design, nodes, choices, events, stations, users, links, draw, values, wire } = ctx;
  const polls = createPolls(ctx);
  const { pair, own } = users;
  const { firstServer } = nodes;
  const everyUs = polls === null ? design.heartbeat.intervalUs : design.longPolling.holdUs;
  const kind = polls === null ? EVENT.HEARTBEAT : EVENT.POLL_HELD;

  const schedule = (user: number, inUs: number): void => {
    events.schedule(events.nowUs() + inUs, kind, user, 0, generationOf(pair[2 * user]));
  };

  // Of long polling the answer alone: the request that follows it is reckoned by itself.
  const beginHeartbeat = (user: number, key: number, node: number): void => {
    const workUs = polls === null ? draw.heartbeat(1, user, key) : draw.send(1, user, key);
    stations.serve(node, events.nowUs(), workUs);
  };

  /** Whether the server answers the client: the answer does not wait for the server's work. */
  const answers = (user: number, word: number): boolean => {
    const server = serverOf(word);
    if (server === NO_SERVER || (word & ATTACHED) === 0) return false;
    const node = firstServer + server;
    const key = (values[COUNT.heartbeats] + values[COUNT.emptyPolls]) >>> 0;
    const turn = stations.arriveAlways(node, events.nowUs(), EVENT.HEARTBEAT, user, key, 0);
    if (turn === BEGINS) beginHeartbeat(user, key, node);
    if (turn !== BEGINS && turn !== QUEUED) return false;
    if (links.active() === 0) return true;
    const gateway = own[8 * user + OWN.GATEWAY];
    const client = USER_NODE + user;
    return !links.isCut(client, gateway) && !links.isCut(gateway, node) && !links.isCut(client, node);
  };

  const waitForTimeout = (user: number, generation: number): void =>
    events.schedule(
      events.nowUs() + design.heartbeat.timeoutUs,
      EVENT.HEARTBEAT_TIMEOUT,
      user,
      0,
      generation,
    );

  return {
    begins(user) {
      polls?.ask(user, events.nowUs());
      schedule(user, everyUs);
    },
    goesOn(user) {
      const phase = choices.u32(PURPOSE.HEARTBEAT_PHASE, user, 0) / 0x1_0000_0000;
      const inUs = 1 + Math.floor(phase * everyUs);
      // The request that is held now followed an answer before the run began.
      if (polls !== null) pair[2 * user + 1] = inUs - everyUs;
      schedule(user, inUs);
    },
    heartbeat(user, generation) {
      if (!isCurrent(user, generation)) return;
      const word = pair[2 * user];
      if (!isOpen(word)) return;
      const nowUs = events.nowUs();
      values[COUNT.heartbeats]++;
      values[COUNT.bytesUp] += wire.beatUp;
      // The low 32 bits of the last due time must stay within 2^31 us of now.
      if (((nowUs - pair[2 * user + 1]) | 0) > FAR_US) pair[2 * user + 1] = nowUs;
      if (answers(user, word)) {
        values[COUNT.bytesDown] += wire.beatDown;
        schedule(user, everyUs);
      } else waitForTimeout(user, generation);
    },
    pollHeld(user, generation) {
      const word = pair[2 * user];
      if (polls === null || !isCurrent(user, generation) || !isOpen(word)) return;
      const nowUs = events.nowUs();
      const answeredUs = nowUs - ((nowUs - pair[2 * user + 1]) | 0);
      const heldUntilUs = polls.requestAtUs(user, answeredUs) + everyUs;
      if (heldUntilUs > nowUs) {
        schedule(user, heldUntilUs - nowUs);
        return;
      }
      if (!answers(user, word)) {
        waitForTimeout(user, generation);
        return;
      }
      values[COUNT.emptyPolls]++;
      values[COUNT.bytesDown] += wire.beatDown;
      const emptyAtUs = nowUs + draw.down[classOf(word)](user, nowUs >>> 0);
      pair[2 * user + 1] = emptyAtUs;
      polls.ask(user, emptyAtUs);
      schedule(user, polls.requestAtUs(user, emptyAtUs) + everyUs - nowUs);
    },
    beginHeartbeat,
  };
}
