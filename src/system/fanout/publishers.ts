import { KIND, REASON } from '../../trace/tracer.ts';
import type { Context } from '../context.ts';
import { EVENT } from '../kinds.ts';
import type { Publisher } from '../sending/message-path.ts';
import { COUNT } from '../state/counters.ts';
import { BEGINS } from '../state/station.ts';
import { createDue, createNotifier, createRouter, type OwnMessage } from './fan-out.ts';

/**
 * Redis Pub/Sub and the design without a broker. Redis delivers at most once: a server that is down or cut off is told nothing, and
 * nothing is kept for it (Redis documentation, "Redis Pub/Sub"). A sharded broker serves a channel at one shard; in a classic
 * cluster every node gets every message over the cluster bus and works for it (Redis cluster specification), so nodes add no capacity, and the
 * bus takes some of what there is.
 */

/**
 * What each further node of a classic cluster adds to the work of a message at every node, as a share of it: three nodes carry about 400,000
 * deliveries a second where one carries 650,000 (Centrifugo blog 2026-06-29). That it grows with the nodes evenly is an assumption.
 */
const BUS_SHARE = (650 / 400 - 1) / 2;

export function createRedis(ctx: Context, ownMessage: OwnMessage): Publisher {
  const { design, nodes, events, stations, values, watching, brokerState, copies, draw } = ctx;
  const { shards, firstShard, firstServer } = nodes;
  const { perSubscriberUs } = design.pubsub;
  const { slowFactor } = stations.columns;
  const isClassicCluster = design.pubsub.kind === 'redis-cluster';
  const router = createRouter(ctx);
  const due = createDue(ctx, router, ownMessage);
  const notify = createNotifier(ctx);

  return {
    fanOut(copy, node) {
      const nowUs = events.nowUs();
      router.route(copy);
      due(copy, node);
      const told = router.told();
      const stepUs = perSubscriberUs * slowFactor[node];
      let sentUs = nowUs;
      let sent = 0;
      for (let i = 0; i < told; i++) {
        const server = router.servers[i];
        if (brokerState.cutUntilUs[server * shards + node - firstShard] > nowUs) {
          const lost = router.size(server);
          values[COUNT.dropped] = values[COUNT.dropped] + lost;
          values[COUNT.dropOutputBuffer] = values[COUNT.dropOutputBuffer] + lost;
          if (watching.ofCopy[copy] !== 0) {
            watching.copyRow(
              nowUs,
              KIND.drop,
              firstServer + server,
              node,
              copy,
              node,
              REASON['output-buffer'],
            );
          }
          router.discard(server);
          continue;
        }
        sentUs += stepUs;
        sent++;
        notify(copy, node, server, router.who(server), Math.floor(sentUs));
      }
      router.clear();
      const workUs = Math.floor(sent * perSubscriberUs);
      if (!isClassicCluster) return workUs;
      const publishUs = draw.publish(copies.sender[copy], copies.nth[copy]);
      const busUs = Math.round((publishUs + workUs) * BUS_SHARE * (shards - 1));
      const fullUs = publishUs + workUs + busUs;
      for (let shard = firstShard; shard < firstShard + shards; shard++) {
        if (shard !== node && stations.arriveAlways(shard, nowUs, EVENT.CLUSTER_BUS, 0, fullUs, 0) === BEGINS)
          stations.serve(shard, nowUs, fullUs);
      }
      // This node has taken the message in already.
      return workUs + busUs;
    },
  };
}

/**
 * No broker: the sender's server calls every other server, because it does not know where the members are; each call costs it as much as
 * a send. The lab's first pitfall.
 */
export function createMesh(ctx: Context, ownMessage: OwnMessage): Publisher {
  const { design, nodes, events, stations } = ctx;
  const { firstServer, servers } = nodes;
  const { slowFactor } = stations.columns;
  const router = createRouter(ctx);
  const due = createDue(ctx, router, ownMessage);
  const notify = createNotifier(ctx);
  return {
    fanOut(copy, node) {
      const nowUs = events.nowUs();
      router.route(copy);
      due(copy, node);
      const stepUs = design.servers.sendUs * slowFactor[node];
      let sentUs = nowUs;
      // With no room to tell anybody no call is made.
      for (let server = 0; server < servers && router.untold() === 0; server++) {
        if (firstServer + server !== node) sentUs += stepUs;
        notify(copy, node, server, router.who(server), Math.floor(sentUs));
      }
      router.clear();
      return Math.floor((servers - 1) * design.servers.sendUs);
    },
  };
}
