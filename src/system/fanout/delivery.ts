import { NO_NODE, USER_NODE } from '../../trace/trace.ts';
import { KIND, REASON } from '../../trace/tracer.ts';
import type { Context } from '../context.ts';
import { EVENT } from '../kinds.ts';
import type { CopyMoves } from '../state/copies.ts';
import { COUNT } from '../state/counters.ts';
import { copyOfDelivery, deliveryWord, sentBeforeOf } from '../state/delivery-word.ts';
import { BEGINS, DOWN, FULL } from '../state/station.ts';
import {
  ATTACHED,
  CLASS_SHIFT,
  GENERATION_MASK,
  GENERATION_SHIFT,
  generationOf,
  NO_SERVER,
  SERVER_MASK,
  SERVER_SHIFT,
  serverOf,
} from '../state/user-word.ts';
import { OWN } from '../state/users.ts';
import { createDownLink } from './down-link.ts';
import { CHUNK_WORDS, countOfWho, freeSlice, NOBODY, SLICE } from './fan-out.ts';
import { createPolls } from './polls.ts';
import { AGAIN_KEY, createRedelivery } from './redelivery.ts';

/** The last hop but one: a server is told of a message and sends it to each of its members. */
export interface DeliveryPath {
  notify(copy: number, who: number, server: number): void;
  /** The server's worker takes on what has waited. */
  begin(copy: number, who: number, server: number): void;
  /** A delivery is at the gateway, which had no worker for it at once. */
  atGateway(slot: number, word: number, generation: number): void;
  beginAtGateway(slot: number, word: number, generation: number, gateway: number): void;
  /** A delivery was not acknowledged in time. */
  redeliver(unacked: number): void;
  /** The server's worker takes on a delivery that is to be sent again. */
  beginAgain(unacked: number): void;
}

/** A subscriber whose connection the broker has closed is back so long after it has read what had reached it. Assumption. */
const RESUBSCRIBE_US = 1_000_000;

/** `publishedAt` tells at which node a copy was published. */
export function createDeliveryPath(
  ctx: Context,
  moves: CopyMoves,
  publishedAt: (copy: number) => number,
): DeliveryPath {
  const { design, nodes, events, stations, users, memberships, copies } = ctx;
  const { links, watching, draw, values, slices, brokerState, wire, backPressure } = ctx;
  const { pair, own } = users;
  const { entry } = memberships;
  const { sender, nth, holders, bytes, channel } = copies;
  const { slowFactor } = stations.columns;
  const { firstServer, shards } = nodes;
  const { sendUs } = design.servers;
  const { outputBuffer, socketBufferBytes } = design.pubsub;
  const { unreadBytes, softSinceUs, cutUntilUs } = brokerState;
  const hasOutputBuffer = design.pubsub.kind === 'redis' || design.pubsub.kind === 'redis-cluster';
  const isCalled = design.pubsub.kind === 'none';
  const downLink = createDownLink(ctx);
  const polls = createPolls(ctx);

  const dropAll = (copy: number, server: number, who: number, counter: number, reason: number): void => {
    const lost = countOfWho(slices, who);
    values[COUNT.dropped] = values[COUNT.dropped] + lost;
    values[counter] = values[counter] + lost;
    if (watching.ofCopy[copy] !== 0) {
      watching.copyRow(
        events.nowUs(),
        KIND.drop,
        firstServer + server,
        NO_NODE,
        copy,
        firstServer + server,
        reason,
      );
    }
    if (who !== NOBODY && (who & SLICE) !== 0) freeSlice(ctx, who & ~SLICE);
    moves.release(copy);
  };

  /** Redis: the subscription of a server that a copy comes by. Each shard is a Redis of its own, with a connection and a buffer for each server. */
  const subscriptionOf = (server: number, copy: number): number => server * shards + (channel[copy] % shards);

  /**
   * Redis: whether the shard still keeps what this server has not read of it; cuts the server off when its output buffer is over a limit. What a
   * server does not read fills the kernel's socket buffers first, its own and the shard's; only what they do not take waits at the shard.
   */
  const brokerKeeps = (server: number, subscription: number, messageBytes: number): boolean => {
    const nowUs = events.nowUs();
    // What arrives now was on its way when the shard closed the connection.
    if (cutUntilUs[subscription] > nowUs) return true;
    const bufferedBytes = unreadBytes[subscription] + messageBytes - socketBufferBytes;
    if (bufferedBytes <= outputBuffer.softBytes) {
      softSinceUs[subscription] = -1;
      return true;
    }
    if (softSinceUs[subscription] < 0) softSinceUs[subscription] = nowUs;
    if (bufferedBytes <= outputBuffer.hardBytes && nowUs - softSinceUs[subscription] <= outputBuffer.softUs)
      return true;
    cutOff(server, subscription);
    return false;
  };

  /** The shard closes the connection and forgets its output buffer; what the sockets hold still reaches the server. */
  const cutOff = (server: number, subscription: number): void => {
    const nowUs = events.nowUs();
    const node = firstServer + server;
    softSinceUs[subscription] = -1;
    values[COUNT.brokerCuts]++;
    watching.nodeRow(nowUs, KIND.cut, node, NO_NODE);
    let inOrderBytes = 0;
    let heldBytes = 0;
    stations.discard(node, (kind, copy, who) => {
      if (kind !== EVENT.NOTIFY || subscriptionOf(server, copy) !== subscription) return false;
      inOrderBytes += bytes[copy];
      if (inOrderBytes <= socketBufferBytes) {
        heldBytes = inOrderBytes;
        return false;
      }
      dropAll(copy, server, who, COUNT.dropOutputBuffer, REASON['output-buffer']);
      return true;
    });
    unreadBytes[subscription] = heldBytes;
    cutUntilUs[subscription] = heldBytes === 0 ? nowUs + RESUBSCRIBE_US : Number.POSITIVE_INFINITY;
  };

  /** The server has read a message that waited. */
  const hasRead = (subscription: number, messageBytes: number): void => {
    unreadBytes[subscription] = unreadBytes[subscription] - messageBytes;
    if (unreadBytes[subscription] === 0 && cutUntilUs[subscription] === Number.POSITIVE_INFINITY)
      cutUntilUs[subscription] = events.nowUs() + RESUBSCRIBE_US;
  };

  const { unacked } = ctx.mechanisms;
  const redelivery =
    unacked === null
      ? null
      : createRedelivery(ctx, moves, unacked, (copy, slot, server, departUs, key, sentBefore) =>
          sendDown(copy, slot, server, departUs, key, wire.down(bytes[copy]), sentBefore),
        );

  const keyOf = (copy: number): number =>
    (Math.imul(sender[copy], 0x9e3779b1) + Math.imul(nth[copy], 16) + copies.attempt[copy]) >>> 0;

  /**
   * Sends one delivery; the event takes over a holder of the copy. The gateway relays each. Nearly always it has a worker for it by then: the
   * work is booked at once, and costs no event. Else the delivery comes to the gateway as a job.
   */
  function sendDown(
    copy: number,
    slot: number,
    server: number,
    departUs: number,
    key: number,
    frameBytes: number,
    sentBefore: number,
  ): boolean {
    const user = entry[2 * slot];
    const word = pair[2 * user];
    if ((word & ATTACHED) === 0 || ((word >>> SERVER_SHIFT) & SERVER_MASK) !== server) {
      values[COUNT.dropped]++;
      values[COUNT.dropNotConnected]++;
      if (watching.ofCopy[copy] !== 0) {
        watching.copyRow(
          events.nowUs(),
          KIND.drop,
          USER_NODE + user,
          firstServer + server,
          copy,
          firstServer + server,
          REASON['not-connected'],
        );
      }
      return false;
    }
    const gateway = own[8 * user + OWN.GATEWAY];
    const relayedUs = stations.serveSoon(gateway, departUs, draw.gatewayDown(user, key));
    if (relayedUs >= 0) return passOn(copy, slot, server, relayedUs, key, frameBytes, sentBefore);
    const generation = (word >>> GENERATION_SHIFT) & GENERATION_MASK;
    events.schedule(departUs, EVENT.DELIVERY_AT_GATEWAY, slot, deliveryWord(copy, sentBefore), generation);
    return true;
  }

  /** A delivery leaves the gateway. */
  function passOn(
    copy: number,
    slot: number,
    server: number,
    departUs: number,
    key: number,
    frameBytes: number,
    sentBefore: number,
  ): boolean {
    const user = entry[2 * slot];
    const word = pair[2 * user];
    let dueUs = downLink(user, departUs, departUs + draw.down[word >>> CLASS_SHIFT](user, key));
    if (links.active() > 0) {
      const node = USER_NODE + user;
      // A connection keeps order: nothing is there before what was sent earlier.
      const lastDueUs = departUs - ((departUs - pair[2 * user + 1]) | 0);
      links.about(sender[copy], nth[copy], departUs, Math.max(departUs, lastDueUs));
      dueUs = links.passClient(
        node,
        own[8 * user + OWN.GATEWAY],
        firstServer + server,
        true,
        dueUs,
        user,
        key,
      );
      if (dueUs < 0) {
        redelivery?.sent(copy, slot, server, key, departUs, dueUs, sentBefore);
        values[COUNT.dropped]++;
        values[COUNT.dropLink]++;
        if (watching.ofCopy[copy] !== 0) {
          watching.copyRow(
            events.nowUs(),
            KIND.drop,
            node,
            firstServer + server,
            copy,
            firstServer + server,
            REASON['link-loss'],
          );
        }
        return false;
      }
      const again = links.duplicateUs();
      if (again >= 0 && backPressure.canDeliver(1)) {
        holders[copy]++;
        events.schedule(again, EVENT.DELIVER, slot, copy, (word >>> GENERATION_SHIFT) & GENERATION_MASK);
      }
    }
    if (polls === null) values[COUNT.bytesDown] = values[COUNT.bytesDown] + frameBytes;
    else polls.delivered(user, dueUs, bytes[copy], frameBytes);
    pair[2 * user + 1] = dueUs;
    if (redelivery !== null) redelivery.sent(copy, slot, server, key, departUs, dueUs, sentBefore);
    if (watching.ofCopy[copy] !== 0) {
      watching.forwardRow(events.nowUs(), firstServer + server, USER_NODE + user, copy, departUs, dueUs);
    }
    events.schedule(dueUs, EVENT.DELIVER, slot, copy, (word >>> GENERATION_SHIFT) & GENERATION_MASK);
    return true;
  }

  const loseAtGateway = (slot: number, copy: number, counter: number, reason: number): void => {
    const user = entry[2 * slot];
    const gateway = own[8 * user + OWN.GATEWAY];
    values[COUNT.dropped]++;
    values[counter]++;
    if (watching.ofCopy[copy] !== 0)
      watching.copyRow(events.nowUs(), KIND.drop, USER_NODE + user, gateway, copy, NO_NODE, reason);
    moves.release(copy);
  };

  const beginAtGateway = (slot: number, delivered: number, generation: number, gateway: number): void => {
    const copy = copyOfDelivery(delivered);
    const sentBefore = sentBeforeOf(delivered);
    const user = entry[2 * slot];
    const word = pair[2 * user];
    const key = (keyOf(copy) + Math.imul(sentBefore, AGAIN_KEY)) >>> 0;
    const doneUs = stations.serve(gateway, events.nowUs(), draw.gatewayDown(user, key));
    if (doneUs === DOWN) loseAtGateway(slot, copy, COUNT.dropCrashed, REASON.crashed);
    else if (generationOf(word) !== generation || serverOf(word) === NO_SERVER)
      loseAtGateway(slot, copy, COUNT.dropNotConnected, REASON['not-connected']);
    else if (!passOn(copy, slot, serverOf(word), doneUs, key, wire.down(bytes[copy]), sentBefore))
      moves.release(copy);
  };

  const begin = (copy: number, who: number, server: number): void => {
    const node = firstServer + server;
    const frameBytes = wire.down(bytes[copy]);
    const count = countOfWho(slices, who);
    if (!backPressure.canDeliver(count)) {
      dropAll(copy, server, who, COUNT.dropQueueFull, REASON['queue-full']);
      return;
    }
    const key = keyOf(copy);
    const workUs = draw.notify(sender[copy], (key + server) >>> 0) + draw.send(count, key, server);
    const departUs = stations.serve(node, events.nowUs(), workUs);
    if (departUs === DOWN) {
      dropAll(copy, server, who, COUNT.dropStationDown, REASON.crashed);
      return;
    }
    const stepUs = slowFactor[node] === 1 ? sendUs : sendUs * slowFactor[node];
    if ((who & SLICE) === 0) {
      if (who === NOBODY || !sendDown(copy, who, server, departUs, key, frameBytes, 0)) moves.release(copy);
      return;
    }
    let left = count;
    let sent = 0;
    for (let chunk = (who & ~SLICE) + 1; chunk !== 0; ) {
      const base = (chunk - 1) * CHUNK_WORDS;
      const n = slices[base + 1];
      for (let i = 0; i < n; i++) {
        left--;
        if (
          sendDown(
            copy,
            slices[base + 2 + i],
            server,
            departUs - Math.floor(left * stepUs),
            key,
            frameBytes,
            0,
          )
        )
          sent++;
      }
      chunk = slices[base];
    }
    freeSlice(ctx, who & ~SLICE);
    holders[copy] = holders[copy] + sent;
    moves.release(copy);
  };

  return {
    begin(copy, who, server) {
      if (hasOutputBuffer) hasRead(subscriptionOf(server, copy), bytes[copy]);
      begin(copy, who, server);
    },
    atGateway(slot, delivered, generation) {
      const gateway = own[8 * entry[2 * slot] + OWN.GATEWAY];
      const copy = copyOfDelivery(delivered);
      const turn = stations.arriveAlways(
        gateway,
        events.nowUs(),
        EVENT.DELIVERY_AT_GATEWAY,
        slot,
        delivered,
        generation,
      );
      if (turn === BEGINS) beginAtGateway(slot, delivered, generation, gateway);
      else if (turn === DOWN) loseAtGateway(slot, copy, COUNT.dropStationDown, REASON['station-down']);
      else if (turn === FULL) loseAtGateway(slot, copy, COUNT.dropQueueFull, REASON['queue-full']);
    },
    beginAtGateway,
    beginAgain: (place) => redelivery?.begin(place),
    redeliver: (place) => redelivery?.due(place),
    notify(copy, who, server) {
      const nowUs = events.nowUs();
      const node = firstServer + server;
      if (!stations.isUp(node)) {
        dropAll(copy, server, who, COUNT.dropStationDown, REASON['station-down']);
        return;
      }
      const subscription = hasOutputBuffer ? subscriptionOf(server, copy) : 0;
      if (hasOutputBuffer && !brokerKeeps(server, subscription, bytes[copy])) {
        dropAll(copy, server, who, COUNT.dropOutputBuffer, REASON['output-buffer']);
        return;
      }
      if (watching.ofCopy[copy] !== 0)
        watching.arriveRow(nowUs, node, publishedAt(copy), copy, stations.mustWait(node, nowUs));
      // Servers that call each other refuse what their queue has no place for; a broker keeps it, or a log does.
      const turn = isCalled
        ? stations.arrive(node, nowUs, EVENT.NOTIFY, copy, who, server)
        : stations.arriveAlways(node, nowUs, EVENT.NOTIFY, copy, who, server);
      if (turn === BEGINS) begin(copy, who, server);
      else if (turn === FULL) dropAll(copy, server, who, COUNT.dropQueueFull, REASON['queue-full']);
      else if (hasOutputBuffer) unreadBytes[subscription] = unreadBytes[subscription] + bytes[copy];
    },
  };
}
