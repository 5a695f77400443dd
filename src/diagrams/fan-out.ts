import { counted, groupDigits } from '../base/text.ts';
import { formatCount, formatDuration } from '../base/units.ts';
import type { Design, PubsubKind } from '../system/design/design.ts';
import { type FlowWriter, flowWriter } from './flowchart-text.ts';
import { escapeText, label, lines } from './mermaid-text.ts';

/** Arrows of the component diagram that can carry a measured number. */
const FAN_OUT_EDGES = [
  'connect', // clients to gateway and back
  'distribute', // gateway to WebSocket servers and back
  'submit', // WebSocket servers to chat service
  'publish', // chat service to pub/sub
  'subscribe', // WebSocket servers to pub/sub
  'notify', // pub/sub to WebSocket servers
  'call', // WebSocket server to WebSocket server, where there is no pub/sub
  'store', // chat service to database and back
  'limit', // WebSocket servers to the rate limiter
] as const;
type FanOutEdge = (typeof FAN_OUT_EDGES)[number];

export interface FanOutOptions {
  /** At most so many servers (and shards) are drawn one by one; the rest is one box that says how many. 3 when left out. */
  readonly maxServers?: number;
  /** How many users there are, when known. */
  readonly users?: number;
  /** What a caller has measured, in events a second: shown on the arrow. */
  readonly ratesPerSecond?: Readonly<Partial<Record<FanOutEdge, number>>>;
}

export const PUBSUB_NAMES: Readonly<Record<PubsubKind, string>> = {
  redis: 'Redis Pub/Sub',
  'redis-cluster': 'Redis Cluster, classic Pub/Sub',
  kafka: 'Kafka',
  none: 'none',
};
const PROTOCOL_NAMES = {
  websocket: 'WebSocket',
  sse: 'SSE down, HTTP POST up',
  'long-polling': 'long polling',
} as const;

/**
 * The component diagram of a design as a Mermaid flowchart: how a message published once is fanned out to every WebSocket server that
 * subscribes, and from there to the clients (the lab's second required diagram).
 */
export function fanOut(design: Design, options: FanOutOptions = {}): string {
  // From left to right, with pub/sub left of the servers that it notifies: the layout in which fewest arrows cross.
  const w = flowWriter('LR');
  const max = Math.max(1, options.maxServers ?? 3);
  const edgeText = (edge: FanOutEdge, text: string): string => {
    const rate = options.ratesPerSecond?.[edge];
    return rate === undefined ? text : lines(text, `${formatCount(rate)}/s`);
  };

  const clients = drawClients(w, design, options.users);
  const gateway = drawGateway(w, design);
  const pubsub = design.pubsub.kind === 'none' ? null : drawPubsub(w, design, max);
  const servers = drawServers(w, design, max);
  const { service, limiter, users } = drawServices(w, design);
  const { database, sessions, presence } = drawStores(w, design);

  w.edge(clients, gateway, 'both', edgeText('connect', `connect, ${PROTOCOL_NAMES[design.protocol]}`));
  w.longEdge(gateway, servers.group, 'both', edgeText('distribute', lines('messages up', 'deliveries down')));
  w.longEdge(servers.group, service, 'call', edgeText('submit', 'submit'));
  if (limiter !== null) w.longEdge(servers.group, limiter, 'both', edgeText('limit', 'within the limit?'));
  if (pubsub === null) {
    const others = groupDigits(design.servers.count - 1);
    drawMesh(w, servers.nodes, edgeText('call', lines('calls each', `of the ${others} others`)));
  } else {
    const isKafka = design.pubsub.kind === 'kafka';
    const subscribe = isKafka ? `poll every ${formatDuration(design.pubsub.fetchUs)}` : 'subscribe';
    w.longEdge(servers.group, pubsub, 'subscribe', edgeText('subscribe', subscribe));
    const middle = (servers.nodes.length - 1) >> 1;
    servers.nodes.forEach((server, i) => {
      w.longEdge(pubsub, server, 'fan-out', i === middle ? edgeText('notify', 'notify (fan-out)') : '');
    });
    w.edge(service, pubsub, 'call', edgeText('publish', 'publish once'));
  }
  w.edge(service, database, 'both', edgeText('store', 'store, retrieve'));
  if (sessions !== null) w.longEdge(servers.group, sessions, 'both', 'look up');
  if (users !== null) {
    w.longEdge(servers.group, users, 'call', 'who is online');
    w.edge(users, database, 'both', 'store, retrieve');
    if (presence !== null) w.edge(users, presence, 'both', 'store, retrieve');
  }
  return w.text();
}

/** Without pub/sub every server has a link to every other one. */
function drawMesh(w: FlowWriter, servers: readonly string[], text: string): void {
  servers.forEach((from, i) => {
    servers.slice(i + 1).forEach((to, k) => void w.edge(from, to, 'mesh', i === 0 && k === 0 ? text : ''));
  });
}

function drawClients(w: FlowWriter, design: Design, users: number | undefined): string {
  const MAX = 4;
  const classes = design.network.clients;
  const shown = classes.slice(0, classes.length > MAX ? MAX - 1 : MAX);
  const rest = classes.slice(shown.length);
  const add = (name: string, share: number): void => {
    w.node('round', lines(name, escapeText(`${percent(share)} of the clients`)));
  };
  const of = users === undefined ? '' : `, ${counted(users, 'user')}`;
  return w.group(
    `Client applications (web, mobile)${of}`,
    () => {
      for (const { name, share } of shown) add(label(name, 20), share);
      const restShare = rest.reduce((sum, each) => sum + each.share, 0);
      if (rest.length > 0) add(counted(rest.length, 'more class', 'more classes'), restShare);
    },
    'LR',
  );
}

const percent = (share: number): string => `${Number((share * 100).toPrecision(3))} %`;

function limitText(design: Design, placement: 'gateway' | 'server' | 'service'): string {
  const { rateLimit } = design;
  if (rateLimit === null || rateLimit.placement !== placement) return '';
  return `rate limit ${groupDigits(rateLimit.limit)} in ${formatDuration(rateLimit.windowUs)}, ${rateLimit.algorithm}`;
}

function drawGateway(w: FlowWriter, design: Design): string {
  const { count, balancing, acceptsPerSecond } = design.gateway;
  const accepts = `${formatCount(acceptsPerSecond)} accepts/s each`;
  return w.node(
    'box',
    lines(
      'API gateway / load balancer',
      `${counted(count, 'instance')}, ${balancing}`,
      accepts,
      limitText(design, 'gateway'),
    ),
  );
}

function drawServers(w: FlowWriter, design: Design, max: number): { group: string; nodes: string[] } {
  const { count, maxConnections } = design.servers;
  const shown = count <= max + 1 ? count : max;
  const state = design.servers.state === 'local' ? 'connections in memory' : 'state in the session store';
  const limit = limitText(design, 'server');
  const nodes: string[] = [];
  const title = `${counted(count, 'WebSocket server')}, up to ${formatCount(maxConnections)} connections each`;
  const group = w.group(title, () => {
    for (let i = 1; i <= shown; i++) nodes.push(w.node('box', lines(`ws-server-${i}`, state, limit)));
    if (shown === count) return;
    const which = `${shown + 1} to ${groupDigits(count)}`;
    nodes.push(w.node('many', lines(counted(count - shown, 'more server'), which)));
  });
  return { group, nodes };
}

/** What a shard is called, and which of them a message passes. */
const SHARDS: Readonly<Record<Exclude<PubsubKind, 'none'>, readonly [string, string]>> = {
  redis: ['shard', 'a channel lives on one of them'],
  'redis-cluster': ['node', 'each gets every message'],
  kafka: ['partition', 'a channel lives in one of them'],
};

function drawPubsub(w: FlowWriter, design: Design, max: number): string {
  const { kind, shards } = design.pubsub;
  const [one, where] = SHARDS[kind as Exclude<PubsubKind, 'none'>];
  const shown = shards <= max + 1 ? shards : max;
  const many = shards > 1 ? `, ${counted(shards, one)}#58; ${where}` : '';
  return w.group(
    `${PUBSUB_NAMES[kind]}${many}`,
    () => {
      for (let i = 1; i <= shown; i++)
        w.node('channel', shards === 1 ? 'pubsub-1' : lines(`pubsub-${i}`, `${one} ${i}`));
      if (shown < shards) w.node('many', counted(shards - shown, `more ${one}`));
    },
    'LR',
  );
}

function drawServices(
  w: FlowWriter,
  design: Design,
): { service: string; limiter: string | null; users: string | null } {
  const service = w.node(
    'box',
    lines('Chat service', design.flow.join(', '), counted(design.service.workers, 'worker')),
  );
  const limit = limitText(design, 'service');
  const { strategy } = design.presence;
  return {
    service,
    limiter:
      limit === ''
        ? null
        : w.node('box', lines('Rate limiter', limit, `when down#58; fail ${design.rateLimit!.whenDown}`)),
    users: strategy === 'none' ? null : w.node('box', lines('User service', `presence by ${strategy}`)),
  };
}

function drawStores(
  w: FlowWriter,
  design: Design,
): { database: string; sessions: string | null; presence: string | null } {
  const external = design.servers.state === 'external';
  const store = (name: string, holds: string): string => w.node('store', lines(name, holds));
  return {
    database: store('Database', 'message history, users, channels'),
    sessions: external ? store('Session store', 'subscriptions, resume positions') : null,
    presence:
      design.presence.strategy === 'none' ? null : store('Presence cache', 'last heartbeat of each user'),
  };
}
