import { NO_NODE, USER_NODE } from '../../trace/trace.ts';
import { KIND, REASON } from '../../trace/tracer.ts';
import type { Context } from '../context.ts';
import { createSeen } from '../design/mistakes.ts';
import { CHANNEL } from '../design/topology.ts';
import { EVENT, HOP } from '../kinds.ts';
import { createLimiterPath, PLACE } from '../limits/limiter-path.ts';
import { createNumbering } from '../order/numbering.ts';
import { createSequencer, type Sequencer } from '../order/sequencer.ts';
import type { CopyMoves } from '../state/copies.ts';
import { COUNT } from '../state/counters.ts';
import { NEVER_US, NO_SLOT } from '../state/messages.ts';
import { BEGINS, DOWN, QUEUED } from '../state/station.ts';
import { generationOf, NO_SERVER, serverOf } from '../state/user-word.ts';
import { NOT_A_MEMBER } from '../state/users.ts';
import { BOT } from './bots.ts';
import { createOutbox, type Outbox } from './outbox.ts';

/**
 * The way of a message through the stations, up to its publication: gateway, the sender's WebSocket server, the chat service, and
 * from there the steps of the design's flow, in the order the author wrote them: so are the mistakes.
 */
export interface MessagePath {
  gatewayArrive(copy: number): void;
  gatewayDepart(copy: number): void;
  serverArrive(copy: number): void;
  serverDepart(copy: number): void;
  limiterArrive(copy: number): void;
  limiterDepart(copy: number): void;
  limiterBack(copy: number): void;
  limiterTimeout(copy: number): void;
  /** A copy that a rate limit held back at a place goes on. */
  held(copy: number, place: number): void;
  serviceArrive(copy: number): void;
  serviceDepart(copy: number): void;
  databaseArrive(copy: number): void;
  databaseDepart(copy: number): void;
  serviceBack(copy: number): void;
  brokerArrive(copy: number): void;
  brokerDepart(copy: number): void;
  ackAtServer(copy: number): void;
  readonly sequencer: Sequencer;
  sequencerDepart(copy: number): void;
  sequencerBack(copy: number): void;
  readonly outbox: Outbox;
  /** The work of a copy begins at its station, which it has reached with an event of this kind. */
  begin(kind: number, copy: number): void;
}

/** Where a message is published: at a shard of the broker, chosen by channel, or at the sender's own server. */
export function publishNode(ctx: Context): (copy: number) => number {
  const { nodes, copies } = ctx;
  const { shards, firstShard, firstServer } = nodes;
  return shards === 0
    ? (copy) => firstServer + copies.server[copy]
    : (copy) => firstShard + (copies.channel[copy] % shards);
}

export interface Publisher {
  /** Tells every server that must know. `copy` gets one more holder for each. Returns the work that this is for the node, microseconds at full speed. */
  fanOut(copy: number, node: number): number;
}

const LARGEST_MESSAGE_BYTES = 64 * 1024; // OWASP WebSocket cheat sheet: messages of at most 64 KB

export function createMessagePath(
  ctx: Context,
  moves: CopyMoves,
  tellSender: (copy: number, kind: number, from: number, departUs: number) => void,
  publisher: Publisher,
  publishedAt: (copy: number) => number,
): MessagePath {
  const { design, nodes, events, stations, copies, outgoing, history, idempotency, topology } = ctx;
  const { limits, bots, watching, values, draw, users, memberships, mechanisms } = ctx;
  const { arrivedUs, step, sender, nth, channel, seq, server, gateway } = copies;
  const { crashedUs } = stations.columns;
  const { flow } = design;
  const { chatService, database, firstServer } = nodes;

  /** Called before the copy is given work at the node. */
  const arriveRow = (copy: number, node: number, peer: number, hasWork = true): void => {
    if (watching.ofCopy[copy] === 0) return;
    const nowUs = events.nowUs();
    watching.arriveRow(nowUs, node, peer, copy, hasWork && stations.mustWait(node, nowUs));
  };

  /** Gives a copy to a station as a job, which begins as `kind` when a worker is free. */
  const offer = (copy: number, node: number, peer: number, kind: number): void => {
    const nowUs = events.nowUs();
    arrivedUs[copy] = nowUs;
    const turn = stations.arrive(node, nowUs, kind, copy, 0, 0);
    if (turn === BEGINS) begin(kind, copy);
    else if (turn !== QUEUED)
      moves.loseJourney(copy, node, peer, turn === DOWN ? REASON['station-down'] : REASON['queue-full']);
  };

  /** A worker of the station takes on a copy; it comes back as `kind` when it is served. */
  const serve = (copy: number, node: number, workUs: number, kind: number): void => {
    const departUs = stations.serve(node, events.nowUs(), workUs);
    if (departUs === DOWN) moves.loseJourney(copy, node, node, REASON.crashed);
    else events.schedule(departUs, kind, copy, 0, 0);
  };

  function begin(kind: number, copy: number): void {
    const user = sender[copy];
    switch (kind) {
      case EVENT.GATEWAY_ARRIVE: {
        const count = moves.choiceCount(copy, EVENT.GATEWAY_DEPART);
        serve(copy, gateway[copy], draw.gateway(user, count), EVENT.GATEWAY_DEPART);
        return;
      }
      case EVENT.SERVER_ARRIVE: {
        const count = moves.choiceCount(copy, EVENT.SERVER_DEPART);
        serve(copy, firstServer + server[copy], draw.receive(user, count), EVENT.SERVER_DEPART);
        return;
      }
      case EVENT.LIMITER_ARRIVE:
        limiter.begin(copy);
        return;
      case EVENT.SERVICE_ARRIVE: {
        const count = moves.choiceCount(copy, EVENT.SERVICE_DEPART);
        serve(copy, chatService, draw.validate(user, count), EVENT.SERVICE_DEPART);
        return;
      }
      case EVENT.DATABASE_ARRIVE: {
        const count = moves.choiceCount(copy, EVENT.DATABASE_DEPART);
        serve(copy, database, draw.write(user, count), EVENT.DATABASE_DEPART);
        return;
      }
      case EVENT.BROKER_ARRIVE: {
        const node = publishedAt(copy);
        const count = moves.choiceCount(copy, EVENT.BROKER_DEPART);
        const departUs = stations.serveOpen(node, events.nowUs(), draw.publish(user, count));
        if (departUs === DOWN) moves.loseJourney(copy, node, node, REASON.crashed);
        else events.schedule(departUs, EVENT.BROKER_DEPART, copy, 0, 0);
        return;
      }
      case EVENT.SEQUENCER_ARRIVE:
        serve(copy, sequencer.leaderOf(copy), sequencer.workUs(copy), EVENT.SEQUENCER_DEPART);
        return;
      case EVENT.ACK_AT_SERVER: {
        const node = firstServer + server[copy];
        const departUs = stations.serve(node, events.nowUs(), draw.send(1, user, nth[copy]));
        if (departUs === DOWN) loseAck(copy, node, REASON.crashed);
        else tellSender(copy, EVENT.ACK_AT_CLIENT, node, departUs);
      }
    }
  }

  const loseAck = (copy: number, node: number, reason: number): void => {
    if (watching.ofCopy[copy] !== 0)
      watching.copyRow(events.nowUs(), KIND.drop, node, chatService, copy, node, reason);
    moves.release(copy);
  };

  /** Whether the station crashed while it had the copy: then the copy is gone with it. */
  const diedWith = (copy: number, node: number): boolean => {
    if (crashedUs[node] < arrivedUs[copy]) return false;
    moves.loseJourney(copy, node, node, REASON.crashed);
    return true;
  };

  const toService = (copy: number): void => {
    moves.sendOn(copy, EVENT.SERVICE_ARRIVE, firstServer + server[copy], chatService, events.nowUs());
  };
  const limiter = createLimiterPath(ctx, moves, tellSender, toService);
  const { refuse } = limiter;

  const serveAtGateway = (copy: number): void =>
    offer(copy, gateway[copy], USER_NODE + sender[copy], EVENT.GATEWAY_ARRIVE);

  /** The server has let it pass by its own counters. */
  const pastServer = (copy: number): void => {
    if (limits.service === null) toService(copy);
    else limiter.ask(copy);
  };

  const numbering = createNumbering(
    design,
    topology,
    copies,
    events,
    idempotency,
    mechanisms.order,
    mechanisms.numbering,
  );
  const hasSeen = createSeen(design, copies, idempotency);
  const outbox = createOutbox(ctx, moves, publishedAt);
  const sequencer = createSequencer(ctx, moves, arriveRow, offer, diedWith);
  const { source } = design.sequence;
  const isGlobal = design.ordering === 'global';

  /** The copy is taken for one of a message that is done: its sender is told so, and nothing else happens. */
  const dismiss = (copy: number, node: number): void => {
    if (watching.ofCopy[copy] !== 0)
      watching.copyRow(events.nowUs(), KIND.duplicate, node, NO_NODE, copy, node);
    moves.sendOn(copy, EVENT.ACK_AT_SERVER, chatService, firstServer + server[copy], events.nowUs());
  };

  /** Whether the copy has what it needs to be written or published; else it is on its way to it, or dismissed. */
  const isNumbered = (copy: number, at: number, isGivenHere: boolean): boolean => {
    if (isGlobal && seq[copy] === 0) {
      step[copy] = at;
      sequencer.send(copy);
      return false;
    }
    if (!isGivenHere || numbering.number(copy)) return true;
    dismiss(copy, chatService);
    return false;
  };

  /** Whether the sender is a member of the channel: its client has said in which slot. */
  const isMember = (copy: number): boolean => {
    const slot = copies.slot[copy];
    return slot !== NO_SLOT && memberships.entry[2 * slot + 1] !== NOT_A_MEMBER;
  };

  /** The next steps of the flow, at the chat service, until one must wait for another station. */
  const goOn = (copy: number): void => {
    const nowUs = events.nowUs();
    for (;;) {
      const at = step[copy];
      if (at >= flow.length) {
        moves.release(copy);
        return;
      }
      step[copy] = at + 1;
      switch (flow[at]) {
        case 'validate':
          offer(copy, chatService, firstServer + server[copy], EVENT.SERVICE_ARRIVE);
          return;
        case 'persist':
          if (!isNumbered(copy, at, source === 'service')) return;
          moves.sendOn(copy, EVENT.DATABASE_ARRIVE, chatService, database, nowUs);
          return;
        case 'publish':
          if (outbox.isUsed) break;
          if (!isNumbered(copy, at, source !== 'partition')) return;
          moves.sendOn(copy, EVENT.BROKER_ARRIVE, chatService, publishedAt(copy), nowUs);
          return;
        case 'ack':
          copies.holders[copy]++;
          moves.sendOn(copy, EVENT.ACK_AT_SERVER, chatService, firstServer + server[copy], nowUs);
          break;
      }
    }
  };

  return {
    gatewayArrive(copy) {
      const node = gateway[copy];
      const user = USER_NODE + sender[copy];
      arriveRow(copy, node, user);
      const gate = limits.gateway;
      if (gate === null || !stations.isUp(node) || limiter.passes(gate, copy, node, PLACE.GATEWAY))
        serveAtGateway(copy);
    },
    gatewayDepart(copy) {
      const node = gateway[copy];
      if (diedWith(copy, node)) return;
      const word = users.pair[2 * sender[copy]];
      const to = serverOf(word);
      if (generationOf(word) !== copies.generation[copy] || to === NO_SERVER) {
        moves.loseJourney(copy, node, node, REASON['not-connected']);
        return;
      }
      server[copy] = to;
      moves.sendOn(copy, EVENT.SERVER_ARRIVE, node, firstServer + to, events.nowUs());
    },
    serverArrive(copy) {
      const node = firstServer + server[copy];
      arriveRow(copy, node, gateway[copy]);
      offer(copy, node, gateway[copy], EVENT.SERVER_ARRIVE);
    },
    serverDepart(copy) {
      const node = firstServer + server[copy];
      if (diedWith(copy, node)) return;
      if (mechanisms.order !== null)
        copies.bytes[copy] += mechanisms.order.atServer(sender[copy], nth[copy], server[copy]);
      if (source === 'server') numbering.numberAtServer(copy, server[copy]);
      const gate = limits.server;
      if (gate === null || limiter.passes(gate, copy, node, PLACE.SERVER)) pastServer(copy);
    },
    held(copy, place) {
      const node = place === PLACE.GATEWAY ? gateway[copy] : firstServer + server[copy];
      if (diedWith(copy, node)) return;
      if (place === PLACE.GATEWAY) serveAtGateway(copy);
      else if (place === PLACE.SERVER) pastServer(copy);
      else toService(copy);
    },
    limiterArrive: limiter.arrive,
    limiterDepart: limiter.depart,
    limiterBack: limiter.back,
    limiterTimeout: limiter.timeout,
    serviceArrive(copy) {
      const from = firstServer + server[copy];
      arriveRow(copy, chatService, from, flow[step[copy]] === 'validate');
      if (!stations.isUp(chatService)) moves.loseJourney(copy, chatService, from, REASON['station-down']);
      else goOn(copy);
    },
    serviceDepart(copy) {
      if (diedWith(copy, chatService)) return;
      if (copies.bytes[copy] > LARGEST_MESSAGE_BYTES) {
        refuse(copy, chatService, REASON['too-large'], NEVER_US);
        return;
      }
      if (!isMember(copy)) {
        refuse(copy, chatService, REASON['not-authorised'], NEVER_US);
        return;
      }
      if (watching.ofCopy[copy] !== 0)
        watching.copyRow(events.nowUs(), KIND.validate, chatService, chatService, copy, chatService);
      if (hasSeen?.(copy) === true) dismiss(copy, chatService);
      else goOn(copy);
    },
    databaseArrive(copy) {
      arriveRow(copy, database, chatService);
      offer(copy, database, chatService, EVENT.DATABASE_ARRIVE);
    },
    databaseDepart(copy) {
      if (diedWith(copy, database)) return;
      const c = channel[copy];
      if (!history.hasRoom()) {
        moves.loseJourney(copy, database, chatService, REASON['storage-full']);
        return;
      }
      if (!numbering.number(copy)) {
        dismiss(copy, database);
        return;
      }
      const row = history.append(sender[copy], nth[copy], c, seq[copy], copies.sentUs[copy]);
      if (row >= 0 && mechanisms.writtenUs !== null) mechanisms.writtenUs[row] = events.nowUs();
      if (seq[copy] > topology.channel[4 * c + CHANNEL.PERSISTED])
        topology.channel[4 * c + CHANNEL.PERSISTED] = seq[copy];
      values[COUNT.persisted]++;
      if (bots !== null && bots.is[sender[copy]] === 1) bots.counts[BOT.PERSISTED]++;
      if (watching.ofCopy[copy] !== 0)
        watching.copyRow(events.nowUs(), KIND.persist, database, chatService, copy, database);
      if (row >= 0 && outbox.isUsed) outbox.written(copy);
      if (step[copy] >= flow.length) moves.release(copy);
      else moves.sendOn(copy, EVENT.SERVICE_BACK, database, chatService, events.nowUs());
    },
    serviceBack(copy) {
      if (watching.ofCopy[copy] !== 0) {
        const from = flow[step[copy] - 1] === 'persist' ? database : publishedAt(copy);
        arriveRow(copy, chatService, from, flow[step[copy]] === 'validate');
      }
      if (!stations.isUp(chatService))
        moves.loseJourney(copy, chatService, chatService, REASON['station-down']);
      else goOn(copy);
    },
    brokerArrive(copy) {
      const node = publishedAt(copy);
      const from = outbox.sent(copy) ? database : chatService;
      arriveRow(copy, node, from);
      offer(copy, node, from, EVENT.BROKER_ARRIVE);
    },
    brokerDepart(copy) {
      const node = publishedAt(copy);
      if (diedWith(copy, node)) return;
      if (source === 'partition' && !numbering.number(copy)) {
        stations.free(node, 0);
        dismiss(copy, node);
        return;
      }
      values[COUNT.published]++;
      const o = copies.outgoing[copy];
      if (outgoing.sender[o] === sender[copy] && outgoing.nth[o] === nth[copy] && outgoing.copies[o] > 0) {
        copies.again[copy] = outgoing.published[o] > 0 ? 1 : 0;
        outgoing.published[o] = 1;
      }
      if (watching.ofCopy[copy] !== 0)
        watching.copyRow(events.nowUs(), KIND.publish, node, chatService, copy, node);
      const doneUs = stations.free(node, publisher.fanOut(copy, node));
      if (step[copy] >= flow.length) moves.release(copy);
      else moves.sendOn(copy, EVENT.SERVICE_BACK, node, chatService, doneUs, HOP.BACK_FROM_BROKER);
    },
    ackAtServer(copy) {
      const node = firstServer + server[copy];
      arriveRow(copy, node, chatService);
      const turn = stations.arrive(node, events.nowUs(), EVENT.ACK_AT_SERVER, copy, 0, 0);
      if (turn === BEGINS) begin(EVENT.ACK_AT_SERVER, copy);
      else if (turn !== QUEUED)
        loseAck(copy, node, turn === DOWN ? REASON['station-down'] : REASON['queue-full']);
    },
    sequencer,
    sequencerDepart(copy) {
      sequencer.depart(copy, numbering.number);
    },
    sequencerBack(copy) {
      arriveRow(copy, chatService, sequencer.leaderOf(copy), false);
      if (!stations.isUp(chatService))
        moves.loseJourney(copy, chatService, chatService, REASON['station-down']);
      else if (seq[copy] === 0) dismiss(copy, chatService);
      else goOn(copy);
    },
    outbox,
    begin,
  };
}
