import { backoffWaitUs } from '../../algorithms/backoff/backoff.ts';
import { US_PER_SECOND } from '../../base/units.ts';
import { NO_NODE, USER_NODE } from '../../trace/trace.ts';
import { KIND } from '../../trace/tracer.ts';
import type { Context } from '../context.ts';
import { EVENT } from '../kinds.ts';
import { PURPOSE } from '../purposes.ts';
import { COUNT } from '../state/counters.ts';
import { bucketOf } from '../state/histogram.ts';
import { DOWN, QUEUED } from '../state/station.ts';
import { CONNECTION } from '../state/tables.ts';
import {
  ATTACHED,
  classOf,
  generationOf,
  NO_SERVER,
  nextGeneration,
  serverOf,
  stateOf,
  withServer,
  withState,
} from '../state/user-word.ts';
import { closedPlace, OWN } from '../state/users.ts';
import { type CatchingUp, createCatchingUp } from './catching-up.ts';
import type { Receiving } from './receiving.ts';
import { beginResume } from './resume-position.ts';
import { createSignsOfLife, type SignsOfLife } from './signs-of-life.ts';

/**
 * Connections: from the first attempt through gateway, balancer and handshake to online, catching up, heartbeats, and the ways to
 * lose one. The client's state is that of the connection machine; the server's side is the ATTACHED bit.
 */
export interface Connections extends CatchingUp, SignsOfLife {
  /** At set-up: opens connections without any of the way there. */
  startOnline(user: number, server: number): void;
  connect(user: number): void;
  connectAtGateway(user: number, generation: number): void;
  accepted(user: number, generation: number): void;
  refused(user: number, generation: number): void;
  connected(user: number, generation: number): void;
  /** The server's worker takes on the new connection's subscriptions. */
  beginConnected(user: number, generation: number, node: number): void;
  heartbeatTimeout(user: number, generation: number): void;
  /** The client notices that its connection is gone. */
  lost(user: number, generation: number): void;
  /** The user closes the app. */
  disconnect(user: number): void;
  /** The server's side of every connection to it is gone at once; the clients notice later. */
  serverDied(server: number): void;
  gatewayDied(gateway: number): void;
  /** The user's connection, if it has one, is closed and opened again. */
  renew(user: number): void;
}

/** TCP, TLS 1.3 and the WebSocket upgrade take one round trip each (RFC 9293, RFC 8446, RFC 6455). */
const HANDSHAKE_ONE_WAYS = 6;
/** Between closing one connection and opening the next. Assumption. */
const RENEW_PAUSE_US = 100_000;

export function createConnections(ctx: Context, receiving: Receiving): Connections {
  const { design, workload, nodes, choices, events, stations, topology, users, balancer } = ctx;
  const { links, watching, draw, values, gauges, reconnect, acceptFreeUs, wire } = ctx;
  const { pair, own, closedUs } = users;
  const { resumeFrom } = ctx.mechanisms;
  const fetchesFirst = design.reconnect.resume && design.reconnect.catchUp === 'fetch-then-subscribe';
  const { firstServer, gateways } = nodes;
  const { state, event } = CONNECTION;
  const acceptUs = US_PER_SECOND / design.gateway.acceptsPerSecond;

  const step = (user: number, by: number): void => {
    const word = pair[2 * user];
    pair[2 * user] = withState(word, CONNECTION.next(stateOf(word), by));
  };
  const isCurrent = (user: number, generation: number): boolean =>
    generationOf(pair[2 * user]) === generation;
  const isOpen = (word: number): boolean =>
    stateOf(word) === state.online || stateOf(word) === state.resuming;

  /** One way between this client and its gateway, for the how-manyth time of this attempt. */
  const oneWayUs = (user: number, nth: number): number =>
    draw.connect[classOf(pair[2 * user])](
      user,
      (Math.imul(own[8 * user + OWN.CONNECTIONS], 64) + Math.imul(own[8 * user + OWN.ATTEMPTS], 8) + nth) >>>
        0,
    );

  const countOnline = (by: number): void => {
    gauges[0] += by;
    if (gauges[0] > gauges[1]) gauges[1] = gauges[0];
  };

  /** Takes a user off its server, if it is on one. */
  const detach = (user: number): void => {
    const word = pair[2 * user];
    const server = serverOf(word);
    if (server !== NO_SERVER) balancer.disconnected(server);
    pair[2 * user] = withServer(word & ~ATTACHED, NO_SERVER);
  };

  /** The connection (or the attempt) is over: what was under way for it is void. */
  const close = (user: number, by: number): void => {
    const word = pair[2 * user];
    if (isOpen(word)) {
      countOnline(-1);
      values[COUNT.disconnects]++;
      // Who is lost again before it was back has been away since the first time.
      if (own[8 * user + OWN.LOST] === 0) {
        own[8 * user + OWN.LOST] = Math.floor(events.nowUs() / 1000) + 1;
        gauges[4]++;
      }
      if (watching.userIsWatched(user)) {
        const server = serverOf(word);
        watching.nodeRow(
          events.nowUs(),
          KIND.disconnect,
          USER_NODE + user,
          server === NO_SERVER ? NO_NODE : firstServer + server,
        );
      }
    }
    detach(user);
    closedUs[closedPlace(user)] = events.nowUs();
    pair[2 * user] = nextGeneration(pair[2 * user]);
    step(user, by);
  };

  const backoffChoice = (user: number, attempt: number): number =>
    choices.u32(PURPOSE.BACKOFF, user, (Math.imul(own[8 * user + OWN.CONNECTIONS], 256) + attempt) >>> 0);

  const backOff = (user: number): void => {
    const { backoff, baseUs, capUs } = design.reconnect;
    const attempt = own[8 * user + OWN.ATTEMPTS];
    const delayUs = backoffWaitUs(backoff, attempt, baseUs, capUs, backoffChoice, user);
    own[8 * user + OWN.ATTEMPTS] = Math.min(255, attempt + 1);
    events.schedule(events.nowUs() + delayUs, EVENT.CONNECT, user, 0, generationOf(pair[2 * user]));
  };

  const attempt = (user: number): void => {
    const nowUs = events.nowUs();
    pair[2 * user] = nextGeneration(pair[2 * user]);
    values[COUNT.connectsOffered]++;
    // DNS hands out the gateways in turn, and clients try the next one after a failure.
    own[8 * user + OWN.GATEWAY] = (user + own[8 * user + OWN.ATTEMPTS]) % gateways;
    const generation = generationOf(pair[2 * user]);
    if (watching.userIsWatched(user))
      watching.nodeRow(nowUs, KIND.reconnect, USER_NODE + user, own[8 * user + OWN.GATEWAY]);
    const dueUs = nowUs + oneWayUs(user, 0);
    if (links.isCut(USER_NODE + user, own[8 * user + OWN.GATEWAY])) {
      events.schedule(nowUs + design.heartbeat.timeoutUs, EVENT.CONNECT_REFUSED, user, 0, generation);
      return;
    }
    events.schedule(dueUs, EVENT.CONNECT_AT_GATEWAY, user, 0, generation);
  };

  const refuse = (user: number): void => {
    values[COUNT.connectsRefused]++;
    events.schedule(
      events.nowUs() + oneWayUs(user, 1),
      EVENT.CONNECT_REFUSED,
      user,
      0,
      generationOf(pair[2 * user]),
    );
  };

  const forgetLoss = (user: number): void => {
    if (own[8 * user + OWN.LOST] === 0) return;
    own[8 * user + OWN.LOST] = 0;
    gauges[4]--;
  };

  const goOnline = (user: number): void => {
    const lostMs = own[8 * user + OWN.LOST] - 1;
    if (lostMs >= 0) {
      const bucket = bucketOf(Math.floor(events.nowUs() / 1000) - lostMs);
      reconnect.counts[bucket]++;
      forgetLoss(user);
    }
    own[8 * user + OWN.ATTEMPTS] = 0;
  };

  function beginConnected(user: number, generation: number, node: number): void {
    const memberships = topology.userStart[user + 1] - topology.userStart[user];
    // A server that keeps subscriptions in its own memory must be told each one again; with a store it asks once (below).
    const perMembership = design.servers.state === 'local' ? memberships : 1;
    const doneUs = stations.serve(node, events.nowUs(), perMembership * draw.receive(user, generation));
    // The connection may be gone by now, and the user on the next.
    if (!design.reconnect.resume || !isCurrent(user, generation)) return;
    const externalUs = design.servers.state === 'external' ? draw.internal(user, generation) * 2 : 0;
    const fromUs = doneUs === DOWN ? events.nowUs() : doneUs;
    const atUs = fromUs + oneWayUs(user, 2) + draw.internal(user, generation + 1) + externalUs;
    events.schedule(atUs, EVENT.RESUME_AT_DATABASE, user, 0, generation);
  }

  const life = createSignsOfLife(ctx, { isCurrent, isOpen });

  return {
    startOnline(user, server) {
      balancer.connected(server);
      pair[2 * user] = withServer(withState(pair[2 * user], state.online), server) | ATTACHED;
      countOnline(1);
      life.goesOn(user);
    },
    connect(user) {
      const now = stateOf(pair[2 * user]);
      if (now === state.offline) step(user, event.CONNECT);
      else if (now === state.backingOff) step(user, event.RETRY);
      else return;
      attempt(user);
    },
    connectAtGateway(user, generation) {
      if (!isCurrent(user, generation)) return;
      const node = own[8 * user + OWN.GATEWAY];
      const nowUs = events.nowUs();
      if (!stations.isUp(node)) {
        refuse(user);
        return;
      }
      const freeUs = Math.max(acceptFreeUs[node], nowUs);
      if ((freeUs - nowUs) / acceptUs >= design.gateway.acceptQueue) {
        refuse(user);
        return;
      }
      acceptFreeUs[node] = freeUs + acceptUs;
      events.schedule(Math.ceil(freeUs), EVENT.CONNECT_ACCEPTED, user, 0, generation);
    },
    accepted(user, generation) {
      if (!isCurrent(user, generation)) return;
      const choice = choices.u32(PURPOSE.BALANCE, user, own[8 * user + OWN.CONNECTIONS]);
      const server = stations.isUp(own[8 * user + OWN.GATEWAY]) ? balancer.pick(user, choice) : -1;
      if (server < 0 || links.isCut(own[8 * user + OWN.GATEWAY], firstServer + server)) {
        refuse(user);
        return;
      }
      balancer.connected(server);
      step(user, event.ACCEPTED);
      pair[2 * user] = withServer(pair[2 * user], server);
      own[8 * user + OWN.CONNECTIONS]++;
      const handshakeUs = oneWayUs(user, 1) * (HANDSHAKE_ONE_WAYS - 1);
      events.schedule(events.nowUs() + handshakeUs, EVENT.CONNECTED, user, 0, generation);
    },
    refused(user, generation) {
      if (!isCurrent(user, generation)) return;
      close(user, event.REFUSED);
      backOff(user);
    },
    connected(user, generation) {
      const server = serverOf(pair[2 * user]);
      // The server has died during the handshake: the client is about to notice.
      if (!isCurrent(user, generation) || server === NO_SERVER) return;
      const nowUs = events.nowUs();
      values[COUNT.connects]++;
      values[COUNT.bytesUp] += wire.openUp;
      values[COUNT.bytesDown] += wire.openDown;
      countOnline(1);
      if (!fetchesFirst) pair[2 * user] = pair[2 * user] | ATTACHED;
      if (resumeFrom !== null) {
        for (let i = topology.userStart[user]; i < topology.userStart[user + 1]; i++) {
          const slot = topology.slots[i];
          beginResume(resumeFrom, slot, ctx.memberships.entry[2 * slot + 1]);
        }
      }
      pair[2 * user + 1] = nowUs;
      own[8 * user + OWN.UP_LOW] = nowUs;
      own[8 * user + OWN.UP_HIGH] = Math.floor(nowUs / 0x1_0000_0000);
      life.begins(user);
      if (watching.userIsWatched(user))
        watching.nodeRow(nowUs, KIND.connect, USER_NODE + user, firstServer + server);
      if (design.reconnect.resume) step(user, event.RESUME);
      else {
        step(user, event.OPENED);
        goOnline(user);
      }
      const node = firstServer + server;
      if (stations.arriveAlways(node, nowUs, EVENT.CONNECTED, user, 0, generation) !== QUEUED)
        beginConnected(user, generation, node);
    },
    beginConnected,
    ...createCatchingUp(ctx, receiving, { isCurrent, isOpen, step, oneWayUs, goOnline }),
    ...life,
    heartbeatTimeout(user, generation) {
      if (!isCurrent(user, generation) || !isOpen(pair[2 * user])) return;
      close(user, event.TIMEOUT);
      backOff(user);
    },
    lost(user, generation) {
      if (!isCurrent(user, generation)) return;
      close(user, event.CLOSED);
      backOff(user);
    },
    disconnect(user) {
      if (stateOf(pair[2 * user]) === state.offline) return;
      close(user, event.DISCONNECT);
      // Who closes the app waits for nothing.
      forgetLoss(user);
      own[8 * user + OWN.ATTEMPTS] = 0;
    },
    serverDied(server) {
      const nowUs = events.nowUs();
      for (let user = 0; user < workload.users; user++) {
        const word = pair[2 * user];
        if (serverOf(word) !== server) continue;
        detach(user);
        const count = (Math.imul(own[8 * user + OWN.CONNECTIONS], 64) + 63) >>> 0;
        const noticedUs = nowUs + draw.connect[classOf(word)](user, count);
        events.schedule(noticedUs, EVENT.CONNECTION_LOST, user, 0, generationOf(word));
      }
    },
    gatewayDied(died) {
      const nowUs = events.nowUs();
      acceptFreeUs[died] = nowUs;
      for (let user = 0; user < workload.users; user++) {
        const word = pair[2 * user];
        if (
          own[8 * user + OWN.GATEWAY] !== died ||
          stateOf(word) === state.offline ||
          stateOf(word) === state.backingOff
        )
          continue;
        detach(user);
        const count = (Math.imul(own[8 * user + OWN.CONNECTIONS], 64) + 63) >>> 0;
        const noticedUs = nowUs + draw.connect[classOf(word)](user, count);
        events.schedule(noticedUs, EVENT.CONNECTION_LOST, user, 0, generationOf(word));
      }
    },
    renew(user) {
      if (!isOpen(pair[2 * user])) return;
      // The phone has changed networks: the old connection is closed and a new one is opened at once.
      close(user, event.CLOSED);
      events.schedule(events.nowUs() + RENEW_PAUSE_US, EVENT.CONNECT, user, 0, generationOf(pair[2 * user]));
    },
  };
}
