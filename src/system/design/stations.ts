import { type Design, serviceLimits } from './design.ts';

/**
 * The stations of a design, numbered once for all: gateways first, then WebSocket servers, then pub/sub shards (or cluster nodes,
 * or partitions), then the chat service, then the database, then the limiter where it is a service of its own,
 * then the sequencers where the ordering is global.
 */

export const STATION_KINDS = [
  'gateway',
  'ws-server',
  'pubsub',
  'chat-service',
  'database',
  'limiter',
  'sequencer',
] as const;
export type StationKind = (typeof STATION_KINDS)[number];

export interface Station {
  /** Its number in the trace and in actions; also its index in `stationList`. */
  readonly node: number;
  /** `gateway-1`, `ws-server-3`, `pubsub-2`, `chat-service`, `database`, `limiter`, `sequencer-1`. */
  readonly name: string;
  readonly kind: StationKind;
}

/** First node of each kind and how many there are: what the simulation needs without the names. */
export interface StationNumbers {
  readonly gateways: number;
  readonly servers: number;
  readonly shards: number;
  readonly firstGateway: number;
  readonly firstServer: number;
  readonly firstShard: number;
  readonly chatService: number;
  readonly database: number;
  /** -1 where the rate limit is not a service of its own. */
  readonly limiter: number;
  /** 0 sequencers where the ordering is not global. */
  readonly firstSequencer: number;
  readonly sequencers: number;
  readonly count: number;
}

export function stationNumbers(design: Design): StationNumbers {
  const gateways = design.gateway.count;
  const servers = design.servers.count;
  const shards = design.pubsub.kind === 'none' ? 0 : design.pubsub.shards;
  const chatService = gateways + servers + shards;
  const hasLimiter = serviceLimits(design).length > 0;
  const firstSequencer = chatService + (hasLimiter ? 3 : 2);
  const sequencers = design.ordering === 'global' ? design.sequencer.replicas : 0;
  return {
    gateways,
    servers,
    shards,
    firstGateway: 0,
    firstServer: gateways,
    firstShard: gateways + servers,
    chatService,
    database: chatService + 1,
    limiter: hasLimiter ? chatService + 2 : -1,
    firstSequencer,
    sequencers,
    count: firstSequencer + sequencers,
  };
}

/** The nodes of a kind: the first, and how many. */
export function nodesOfKind(nodes: StationNumbers, kind: StationKind): { first: number; count: number } {
  switch (kind) {
    case 'gateway':
      return { first: nodes.firstGateway, count: nodes.gateways };
    case 'ws-server':
      return { first: nodes.firstServer, count: nodes.servers };
    case 'pubsub':
      return { first: nodes.firstShard, count: nodes.shards };
    case 'chat-service':
      return { first: nodes.chatService, count: 1 };
    case 'database':
      return { first: nodes.database, count: 1 };
    case 'limiter':
      return { first: nodes.limiter, count: nodes.limiter < 0 ? 0 : 1 };
    case 'sequencer':
      return { first: nodes.firstSequencer, count: nodes.sequencers };
  }
}

/** All stations in the order of their numbers. */
export function stationList(design: Design): readonly Station[] {
  const of = stationNumbers(design);
  const list: Station[] = [];
  const add = (kind: StationKind, name: string): void => {
    list.push({ node: list.length, name, kind });
  };
  for (let i = 1; i <= of.gateways; i++) add('gateway', `gateway-${i}`);
  for (let i = 1; i <= of.servers; i++) add('ws-server', `ws-server-${i}`);
  for (let i = 1; i <= of.shards; i++) add('pubsub', `pubsub-${i}`);
  add('chat-service', 'chat-service');
  add('database', 'database');
  if (of.limiter >= 0) add('limiter', 'limiter');
  for (let i = 1; i <= of.sequencers; i++) add('sequencer', `sequencer-${i}`);
  return list;
}

/** The node of one station's name, or null. */
export function nodeByName(stations: readonly Station[], name: string): number | null {
  return stations.find((station) => station.name === name)?.node ?? null;
}

/** A word that stands for all stations of a kind. */
export const STATION_GROUPS: Readonly<Record<string, StationKind>> = {
  gateway: 'gateway',
  gateways: 'gateway',
  'ws-servers': 'ws-server',
  pubsub: 'pubsub',
  sequencer: 'sequencer',
};

/** The nodes that a name stands for: one station, or all of a kind (`gateway`, `ws-servers`, `pubsub`, `sequencer`). Empty when there are none. */
export function nodesByName(stations: readonly Station[], name: string): readonly number[] {
  const one = nodeByName(stations, name);
  if (one !== null) return [one];
  const kind = Object.hasOwn(STATION_GROUPS, name) ? STATION_GROUPS[name] : undefined;
  return stations.filter((station) => station.kind === kind).map((station) => station.node);
}
