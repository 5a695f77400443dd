import { counted } from '../base/text.ts';
import type { Hop } from '../trace/hops.ts';
import { isUserNode, type Names, type TraceRow } from '../trace/trace.ts';
import { label, lines } from './mermaid-text.ts';
import type { NodeKind, Purpose } from './purpose.ts';

/** Who appears in the message flow, in the lab's order from left to right, and who is folded into "and N more". */

/** Stands for all who are not drawn one by one. */
export const THE_REST = -2;

export interface Cast {
  /** Nodes from left to right; THE_REST, if anybody is left out, is the last. */
  readonly nodes: readonly number[];
  /** Mermaid text for each of them. */
  readonly labels: readonly string[];
  /** The node that stands for a node: itself or THE_REST. */
  standIn(node: number): number;
  readonly restClients: number;
}

export interface CastInput {
  readonly rows: readonly TraceRow[];
  readonly hops: readonly Hop[];
  readonly purposes: readonly Purpose[];
  readonly names: Names;
  readonly kindOf: (node: number) => NodeKind;
  /** At most so many receivers are drawn one by one (one more when it is the only one left). */
  readonly maxClients: number;
  /** Users who are drawn although nothing reached them. */
  readonly also?: readonly number[];
  readonly roles: Readonly<Partial<Record<NodeKind, string>>>;
}

const MAX_SENDERS = 4;
/** Servers that lost something are drawn although no drawn client is on them. */
const MAX_TROUBLED_SERVERS = 1;
const LAB_ORDER: readonly NodeKind[] = [
  'gateway',
  'ws-server',
  'limiter',
  'pubsub',
  'chat-service',
  'sequencer',
  'database',
  'unknown',
];
const ROLES: Readonly<Partial<Record<NodeKind, string>>> = {
  gateway: 'API gateway / load balancer',
  limiter: 'Rate limiter',
  pubsub: 'Pub/sub',
  'chat-service': 'Chat service',
  sequencer: 'Sequencer',
  database: 'Database',
};
const TROUBLE: ReadonlySet<TraceRow['kind']> = new Set(['buffer', 'duplicate', 'drop']);

export function castOf(input: CastInput): Cast {
  const { rows, hops, purposes, names, kindOf, roles } = input;
  const senders = distinct(rows.filter((row) => row.kind === 'send').map((row) => row.node));
  const shownSenders = new Set(senders.slice(0, MAX_SENDERS));
  const receivers = receiversOf(rows, hops, new Set(senders));
  const missing = (input.also ?? []).filter((node) => !senders.includes(node));
  const shownReceivers = new Set([...missing, ...chooseReceivers(receivers, input.maxClients)]);
  const shownUsers = new Set([...shownSenders, ...shownReceivers]);

  const shownNumbers = new Set(
    rows.filter((row) => row.kind === 'send' && shownSenders.has(row.node)).map((row) => row.sender),
  );
  const senderServers = new Set<number>();
  const serverOf = new Map<number, number>();
  const met = new Set<number>();
  const troubled = new Set<number>();
  hops.forEach((hop, i) => {
    met.add(hop.from).add(hop.to);
    const [from, to] = [kindOf(hop.from), kindOf(hop.to)];
    if (from === 'ws-server' && to === 'user') serverOf.set(hop.to, hop.from);
    const up = purposes[i] === 'send' || purposes[i] === 'retry' || purposes[i] === 'pass';
    const message = rows[hop.departRow >= 0 ? hop.departRow : hop.endRow];
    if (up && to === 'ws-server' && message !== undefined && shownNumbers.has(message.sender))
      senderServers.add(hop.to);
    if (hop.outcome === 'lost' && to === 'ws-server' && troubled.size < MAX_TROUBLED_SERVERS)
      troubled.add(hop.to);
  });

  const clientsByServer = new Map<number, number[]>();
  for (const user of [...shownSenders, ...shownReceivers]) {
    const server = serverOf.get(user);
    if (server === undefined) continue;
    clientsByServer.set(server, [...(clientsByServer.get(server) ?? []), user]);
  }
  const isShown = (node: number): boolean => {
    if (isUserNode(node)) return shownUsers.has(node);
    if (kindOf(node) !== 'ws-server') return true;
    return senderServers.has(node) || clientsByServer.has(node) || troubled.has(node);
  };

  const stationsMet = [...met].filter((node) => !isUserNode(node) && isShown(node));
  const left = LAB_ORDER.flatMap((kind) =>
    stationsMet.filter((node) => kindOf(node) === kind && (kind !== 'ws-server' || senderServers.has(node))),
  );
  const right = stationsMet.filter((node) => kindOf(node) === 'ws-server' && !senderServers.has(node));
  const shownInOrder = [...shownReceivers].sort(
    (a, b) =>
      place(serverOf.get(a)) - place(serverOf.get(b)) || receivers.indexOfUser(a) - receivers.indexOfUser(b),
  );
  function place(server: number | undefined): number {
    const at = server === undefined ? -1 : [...left, ...right].indexOf(server);
    return at < 0 ? Number.MAX_SAFE_INTEGER : at;
  }

  const rest = [...met].filter((node) => !isShown(node));
  const restUsers = rest.filter(isUserNode);
  const restServers = new Set(
    restUsers.length === 0 ? rest : restUsers.flatMap((user) => serverOf.get(user) ?? []),
  );
  const nodes = [...shownSenders, ...left, ...right, ...shownInOrder, ...(rest.length > 0 ? [THE_REST] : [])];

  const labelOf = (node: number, index: number): string => {
    if (node === THE_REST) {
      const servers = counted(restServers.size, 'server');
      return restUsers.length === 0
        ? counted(restServers.size, 'more server')
        : lines(counted(restUsers.length, 'more client'), `on ${servers}`);
    }
    const name = label(names.node(node));
    if (isUserNode(node)) {
      const role = shownSenders.has(node) ? 'sender' : 'receiver';
      const before = nodes.slice(0, index).filter(isUserNode).length;
      const letter = before < 26 ? String.fromCharCode(65 + before) : String(before + 1);
      return lines(name, `Client ${letter} (${role})`);
    }
    const kind = kindOf(node);
    if (kind !== 'ws-server') {
      const role = roles[kind] ?? ROLES[kind] ?? '';
      return sameWords(name, role) ? role : lines(name, role);
    }
    const own = [...shownSenders].filter((user) => senderServers.has(node) && serverOf.get(user) === node);
    const clients = distinct([...own, ...(clientsByServer.get(node) ?? [])]);
    const whose =
      clients.length > 0
        ? clients
        : senderServers.has(node) && shownSenders.size === 1
          ? [...shownSenders]
          : [];
    const of = whose.slice(0, 2).map((user) => label(names.node(user), 20));
    const more = whose.length > 2 ? ` and ${whose.length - 2} more` : '';
    return lines(name, of.length === 0 ? 'WebSocket server' : `WebSocket server of ${of.join(', ')}${more}`);
  };

  return {
    nodes,
    labels: nodes.map(labelOf),
    standIn: (node) => (isShown(node) ? node : THE_REST),
    restClients: restUsers.length,
  };
}

interface Receivers {
  readonly all: readonly number[];
  readonly troubled: readonly number[];
  /** Those who were reached, the first first. */
  readonly reached: readonly number[];
  indexOfUser(user: number): number;
}

function receiversOf(
  rows: readonly TraceRow[],
  hops: readonly Hop[],
  senders: ReadonlySet<number>,
): Receivers {
  const all: number[] = [];
  const index = new Map<number, number>();
  const troubled = new Set<number>();
  const reached = new Set<number>();
  for (const hop of hops) {
    if (!isUserNode(hop.to) || senders.has(hop.to)) continue;
    if (!index.has(hop.to)) {
      index.set(hop.to, all.length);
      all.push(hop.to);
    }
    if (hop.outcome === 'lost') troubled.add(hop.to);
    if (hop.outcome === 'arrived') reached.add(hop.to);
  }
  for (const row of rows) if (TROUBLE.has(row.kind) && index.has(row.node)) troubled.add(row.node);
  return {
    all,
    troubled: [...troubled],
    reached: [...reached],
    indexOfUser: (user) => index.get(user) ?? all.length,
  };
}

/** Those with a story first (up to half of the places), then the first and the last to be reached, then in order. */
function chooseReceivers(receivers: Receivers, max: number): ReadonlySet<number> {
  const { all, troubled, reached } = receivers;
  if (all.length <= max + 1) return new Set(all);
  const chosen = new Set(troubled.slice(0, Math.max(1, max >> 1)));
  const wanted = [...reached.slice(0, 1), ...reached.slice(-1), ...reached, ...all];
  for (const user of wanted) {
    if (chosen.size >= max) break;
    chosen.add(user);
  }
  return chosen;
}

/** `chat-service` and `Chat service` say the same. */
const sameWords = (a: string, b: string): boolean => plain(a) === plain(b);
const plain = (text: string): string => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');

const distinct = (of: readonly number[]): number[] => [...new Set(of)];
