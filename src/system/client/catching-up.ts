import { US_PER_SECOND } from '../../base/units.ts';
import { USER_NODE } from '../../trace/trace.ts';
import { KIND } from '../../trace/tracer.ts';
import type { Context } from '../context.ts';
import { makes } from '../design/mistakes.ts';
import { EVENT } from '../kinds.ts';
import { COUNT } from '../state/counters.ts';
import { BEGINS, DOWN, QUEUED } from '../state/station.ts';
import { CONNECTION } from '../state/tables.ts';
import { ATTACHED, NO_SERVER, serverOf, stateOf } from '../state/user-word.ts';
import { OWN } from '../state/users.ts';
import type { Receiving } from './receiving.ts';

/**
 * A client that is back asks the history for what it has missed. Subscribed before it fetches, it may get a message twice; subscribed
 * after, it misses what is published in between.
 */
export interface CatchingUp {
  resumeAtDatabase(user: number, generation: number): void;
  /** A worker of the database reads what the user has missed. */
  beginResume(user: number, generation: number): void;
  resumed(user: number, historyRows: number, generation: number): void;
  /** Fetch-then-subscribe: the server knows of the user's channels only now. */
  subscribed(user: number, generation: number): void;
  subscribeAtServer(user: number, generation: number): void;
  /** The server's worker takes on a request to subscribe. */
  beginSubscribe(user: number, generation: number, node: number): void;
}

/** What catching up needs of a connection. */
export interface ConnectionSteps {
  isCurrent(user: number, generation: number): boolean;
  isOpen(word: number): boolean;
  step(user: number, by: number): void;
  oneWayUs(user: number, nth: number): number;
  goOnline(user: number): void;
}

/** Tries again when the database does not answer. Assumption. */
const READ_AGAIN_US = US_PER_SECOND;
export function createCatchingUp(
  ctx: Context,
  receiving: Receiving,
  { isCurrent, isOpen, step, oneWayUs, goOnline }: ConnectionSteps,
): CatchingUp {
  const { design, nodes, events, stations, topology, users, watching, draw, values, history } = ctx;
  const { pair, own } = users;
  const { firstServer, database } = nodes;
  const { state, event } = CONNECTION;
  const fetchesFirst = design.reconnect.catchUp === 'fetch-then-subscribe';
  const asksOnce = makes(design, 'resume-asks-once');
  const askAgain = (user: number, generation: number): void => {
    if (asksOnce) return;
    events.schedule(events.nowUs() + READ_AGAIN_US, EVENT.RESUME_AT_DATABASE, user, 0, generation);
  };

  const beginResume = (user: number, generation: number): void => {
    const doneUs = stations.serve(database, events.nowUs(), draw.read(user, own[8 * user + OWN.CONNECTIONS]));
    if (doneUs === DOWN) {
      askAgain(user, generation);
      return;
    }
    const backUs = draw.internal(user, generation + 2) + oneWayUs(user, 3);
    events.schedule(doneUs + backUs, EVENT.RESUMED, user, history.rows(), generation);
  };

  const beginSubscribe = (user: number, generation: number, node: number): void => {
    const doneUs = stations.serve(node, events.nowUs(), draw.receive(user, generation));
    if (doneUs !== DOWN) events.schedule(doneUs, EVENT.SUBSCRIBED, user, 0, generation);
  };

  return {
    resumeAtDatabase(user, generation) {
      if (!isCurrent(user, generation)) return;
      const turn = stations.arrive(database, events.nowUs(), EVENT.RESUME_AT_DATABASE, user, 0, generation);
      if (turn === BEGINS) beginResume(user, generation);
      else if (turn !== QUEUED) askAgain(user, generation);
    },
    beginResume,
    subscribeAtServer(user, generation) {
      const server = serverOf(pair[2 * user]);
      if (!isCurrent(user, generation) || server === NO_SERVER) return;
      const node = firstServer + server;
      if (
        stations.arriveAlways(node, events.nowUs(), EVENT.SUBSCRIBE_AT_SERVER, user, 0, generation) !== QUEUED
      )
        beginSubscribe(user, generation, node);
    },
    beginSubscribe,
    resumed(user, historyRows, generation) {
      if (!isCurrent(user, generation) || stateOf(pair[2 * user]) !== state.resuming) return;
      if (fetchesFirst) {
        const atUs = events.nowUs() + oneWayUs(user, 4);
        events.schedule(atUs, EVENT.SUBSCRIBE_AT_SERVER, user, 0, generation);
      }
      step(user, event.RESUMED);
      values[COUNT.resumes]++;
      let missed = 0;
      for (let i = topology.userStart[user]; i < topology.userStart[user + 1]; i++) {
        missed += receiving.catchUp(topology.slots[i], historyRows, design.reconnect.offset);
      }
      if (missed > 0) values[COUNT.bytesDown] += ctx.wire.history(missed, design.message.bytes);
      goOnline(user);
      if (watching.userIsWatched(user)) {
        watching.nodeRow(
          events.nowUs(),
          KIND.resume,
          USER_NODE + user,
          firstServer + serverOf(pair[2 * user]),
        );
      }
    },
    subscribed(user, generation) {
      const word = pair[2 * user];
      if (isCurrent(user, generation) && isOpen(word) && serverOf(word) !== NO_SERVER)
        pair[2 * user] = word | ATTACHED;
    },
  };
}
