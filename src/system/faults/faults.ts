import { UserError } from '../../base/errors.ts';
import { isUserNode, NO_NODE, USER_NODE } from '../../trace/trace.ts';
import { KIND } from '../../trace/tracer.ts';
import type { Connections } from '../client/connections.ts';
import type { Receiving } from '../client/receiving.ts';
import type { Context } from '../context.ts';
import { makes } from '../design/mistakes.ts';
import { CHANNEL, channelCount, slotOf } from '../design/topology.ts';
import type { Kafka } from '../fanout/kafka.ts';
import { EVENT } from '../kinds.ts';
import type { Sending } from '../sending/sending.ts';
import type { Begin } from '../state/station.ts';
import { NOT_A_MEMBER, SEQ_MASK } from '../state/users.ts';
import { type Action, ALL_USERS } from './actions.ts';
import { loseUnreplicated } from './fail-over.ts';
import { FATES } from './passages.ts';

/** Beyond the limits of every step of the way, so that a refusal for its size can be seen. */
const MOST_BYTES = 1 << 30;
/** The number of a message has 22 bits where it is a name. */
const MOST_MESSAGES = 0x3f_ffff;

/** What can be done to a running system: crashes, slow-downs, cut links, and what a person does. */
export interface Faults {
  /** Throws UserError with one sentence when the action makes no sense here. `set` is the caller's. */
  act(action: Exclude<Action, { do: 'set' }>): void;
  restartDue(node: number, faultNumber: number): void;
  slowEnds(node: number, faultNumber: number): void;
  linkEnds(place: number, faultNumber: number): void;
}

export function createFaults(
  ctx: Context,
  connections: Connections,
  sending: Sending,
  receiving: Receiving,
  kafka: Kafka | null,
  begin: Begin,
): Faults {
  const { nodes, events, stations, links, passages, topology, memberships, watching, balancer } = ctx;
  const mistaken = makes(ctx.design, 'goes-on-from-the-old-place') ? ctx.mechanisms.mistaken : null;
  const { slowFactor, faultNumber, slowNumber, crashedUs } = stations.columns;
  const { firstServer, servers, firstGateway, gateways } = nodes;

  const serverOfNode = (node: number): number =>
    node >= firstServer && node < firstServer + servers ? node - firstServer : -1;

  const isStation = (node: number): void => {
    if (!(Number.isSafeInteger(node) && node >= 0 && node < stations.count))
      throw new UserError(`there is no station ${node}; there are 0 to ${stations.count - 1}`);
  };
  const isUser = (user: number): void => {
    if (!(Number.isSafeInteger(user) && user >= 0 && user < ctx.workload.users))
      throw new UserError(`there is no user number ${user}; there are 0 to ${ctx.workload.users - 1}`);
  };
  const isChannel = (channel: number): void => {
    const channels = channelCount(topology);
    if (!(Number.isSafeInteger(channel) && channel >= 0 && channel < channels))
      throw new UserError(`there is no channel number ${channel}; there are 0 to ${channels - 1}`);
  };
  const isEnd = (node: number): void => {
    if (node === ALL_USERS) return;
    if (isUserNode(node)) isUser(node - USER_NODE);
    else isStation(node);
  };
  /** A span of time that an action lasts: a whole number of microseconds, or for good. */
  const isSpan = (us: number | null): void => {
    if (us !== null && !(Number.isSafeInteger(us) && us >= 0))
      throw new UserError(`${us} us is no span of time; it is a whole number of microseconds`);
  };
  const isShare = (share: number): void => {
    if (!(share >= 0 && share <= 1)) throw new UserError(`a share is from 0 to 1, not ${share}`);
  };
  /** Everything is looked at before anything is done: an action that makes no sense changes nothing. */
  const check = (action: Exclude<Action, { do: 'set' }>): void => {
    if ('forUs' in action) isSpan(action.forUs);
    if ('node' in action) isStation(action.node);
    if ('user' in action) isUser(action.user);
    if ('channel' in action) isChannel(action.channel);
    switch (action.do) {
      case 'failover':
        if (action.node !== nodes.database)
          throw new UserError('only the database has a standby that can take over');
        return;
      case 'slow':
        if (!(action.factor > 0 && Number.isFinite(action.factor)))
          throw new UserError(`a factor is above 0, not ${action.factor}`);
        return;
      case 'send':
        if (!(Number.isSafeInteger(action.bytes) && action.bytes >= 0 && action.bytes <= MOST_BYTES))
          throw new UserError(`a message has 0 to ${MOST_BYTES} bytes, not ${action.bytes}`);
        return;
      case 'choose': {
        const { sender, nth, from, to, fate } = action;
        isUser(sender);
        for (const node of [from, to]) {
          if (isUserNode(node)) isUser(node - USER_NODE);
          else isStation(node);
        }
        if (!(Number.isSafeInteger(nth) && nth >= 1 && nth <= MOST_MESSAGES))
          throw new UserError(`messages of a user are numbered from 1, not ${nth}`);
        if (!FATES.includes(fate))
          throw new UserError(`a message can be ${FATES.join(', ')}, not ${String(fate)}`);
        isSpan(action.takesUs);
        if (fate === 'twice' && to === USER_NODE + sender)
          throw new UserError('an answer to the sender comes once; choose a passage of the message itself');
        return;
      }
      case 'link': {
        for (const node of [...action.from, ...action.to]) isEnd(node);
        const { loss, duplicate, reorder, delayUs } = action.fault;
        for (const share of [loss, duplicate, reorder]) isShare(share);
        isSpan(delayUs);
        return;
      }
      default:
    }
  };
  const nextFault = (node: number): number => {
    faultNumber[node]++;
    return faultNumber[node];
  };

  const crash = (node: number): void => {
    const nowUs = events.nowUs();
    watching.nodeRow(nowUs, KIND.crash, node, NO_NODE);
    stations.crash(node, begin);
    ctx.streams.reset(node);
    const server = serverOfNode(node);
    if (server >= 0) {
      balancer.setUp(server, false);
      connections.serverDied(server);
      kafka?.consumerDied(server);
      ctx.limits.stationDied('server', server);
    } else if (node >= firstGateway && node < firstGateway + gateways) {
      connections.gatewayDied(node);
      ctx.limits.stationDied('gateway', node - firstGateway);
    } else if (node === nodes.limiter) ctx.limits.stationDied('service', 0);
  };

  const restart = (node: number): void => {
    if (stations.isUp(node)) return;
    const nowUs = events.nowUs();
    stations.restart(node);
    watching.nodeRow(nowUs, KIND.restart, node, NO_NODE);
    const server = serverOfNode(node);
    if (server >= 0) {
      balancer.setUp(server, true);
      kafka?.consumerRestarts(server, crashedUs[node]);
    }
  };

  const slotInChannel = (user: number, channel: number): number => {
    const slot = slotOf(topology, user, channel);
    if (slot < 0)
      throw new UserError(
        'the user has no place in this channel; name it among the members or let the script join it',
      );
    return slot;
  };

  return {
    act(action) {
      check(action);
      const nowUs = events.nowUs();
      switch (action.do) {
        case 'crash': {
          const number = nextFault(action.node);
          if (stations.isUp(action.node)) crash(action.node);
          if (action.forUs !== null)
            events.schedule(nowUs + action.forUs, EVENT.RESTART, action.node, number, 0);
          return;
        }
        case 'failover': {
          const number = nextFault(action.node);
          loseUnreplicated(ctx);
          if (stations.isUp(action.node)) crash(action.node);
          events.schedule(nowUs + (action.forUs ?? 0), EVENT.RESTART, action.node, number, 0);
          return;
        }
        case 'restart':
          nextFault(action.node);
          restart(action.node);
          return;
        case 'slow': {
          slowFactor[action.node] = action.factor;
          watching.nodeRow(nowUs, KIND.slow, action.node, NO_NODE);
          const number = slowNumber[action.node] + 1;
          slowNumber[action.node] = number;
          if (action.forUs !== null)
            events.schedule(nowUs + action.forUs, EVENT.SLOW_ENDS, action.node, number, 0);
          return;
        }
        case 'block':
          stations.block(action.node, action.forUs);
          watching.nodeRow(nowUs, KIND.block, action.node, NO_NODE);
          return;
        case 'link': {
          const { fault } = action;
          watching.nodeRow(nowUs, KIND.cut, action.from[0] ?? NO_NODE, action.to[0] ?? NO_NODE);
          if (
            !fault.cut &&
            fault.loss === 0 &&
            fault.duplicate === 0 &&
            fault.reorder === 0 &&
            fault.delayUs === 0
          ) {
            links.heal(action.from, action.to);
            return;
          }
          const { place, number } = links.add(action.from, action.to, fault);
          if (action.forUs !== null) events.schedule(nowUs + action.forUs, EVENT.LINK_ENDS, place, number, 0);
          return;
        }
        case 'choose': {
          const { from, to, sender, nth, fate, takesUs } = action;
          passages.choose(from, to, sender, nth, fate, takesUs);
          return;
        }
        case 'send':
          sending.send(action.user, action.channel, action.bytes);
          return;
        case 'disconnect':
          connections.disconnect(action.user);
          if (action.forUs !== null) events.schedule(nowUs + action.forUs, EVENT.RETURN, action.user, 0, 0);
          return;
        case 'connect':
          connections.connect(action.user);
          return;
        case 'join': {
          const slot = slotInChannel(action.user, action.channel);
          if (memberships.entry[2 * slot + 1] !== NOT_A_MEMBER) return;
          // A new member begins with what comes next.
          memberships.entry[2 * slot + 1] = Math.max(
            topology.channel[4 * action.channel + CHANNEL.ASSIGNED],
            topology.channel[4 * action.channel + CHANNEL.PERSISTED],
          );
          const place = mistaken === null ? 0 : mistaken.place[slot];
          if (place > 0) memberships.entry[2 * slot + 1] = place - 1;
          receiving.joined(slot);
          watching.nodeRow(nowUs, KIND.join, USER_NODE + action.user, NO_NODE, action.channel);
          return;
        }
        case 'leave': {
          const slot = slotInChannel(action.user, action.channel);
          const last = memberships.entry[2 * slot + 1];
          if (mistaken !== null && last !== NOT_A_MEMBER) mistaken.place[slot] = (last & SEQ_MASK) + 1;
          memberships.entry[2 * slot + 1] = NOT_A_MEMBER;
          receiving.left(slot);
          watching.nodeRow(nowUs, KIND.leave, USER_NODE + action.user, NO_NODE, action.channel);
          return;
        }
      }
    },
    restartDue(node, number) {
      if (faultNumber[node] === number) restart(node);
    },
    slowEnds(node, number) {
      if (slowNumber[node] !== number) return;
      slowFactor[node] = 1;
      watching.nodeRow(events.nowUs(), KIND.slow, node, NO_NODE);
    },
    linkEnds(place, number) {
      if (links.end(place, number)) watching.nodeRow(events.nowUs(), KIND.cut, NO_NODE, NO_NODE);
    },
  };
}
