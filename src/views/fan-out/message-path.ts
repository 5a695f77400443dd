import type { DropReason } from '../../trace/trace.ts';
import { isUserNode, NO_NODE, type Reach, type StationKind, type TraceRow } from '../../worker/protocol.ts';

/** The way of one message so far, read from its rows: who was told by whom, and how often. */
export interface MessagePath {
  readonly sender: number;
  readonly nth: number;
  readonly channel: number;
  readonly sentUs: number;
  /** Transmissions: 1, and one for each retry. 0 when its beginning was not watched. */
  readonly attempts: number;
  /** The sender's server, as far as the message has come. */
  readonly senderServer: number | null;
  readonly pubsub: number | null;
  /** Copies by hop, keyed by `hopKey`; users are folded into the server that they are connected to. */
  readonly hops: ReadonlyMap<string, PathHop>;
  readonly isPersisted: boolean;
  /** How often pub/sub (or the sender's server, where there is none) was told. */
  readonly published: number;
  /** Servers that were told, each with what became of it. */
  readonly told: ReadonlyMap<number, ToldServer>;
  readonly isAcked: boolean;
  readonly refused: DropReason | null;
  /** Users who have it: of a channel that is watched whole, all of them. */
  readonly shown: number;
  /** Of these, who got it from the history. */
  readonly fromHistory: number;
  readonly lost: ReadonlyMap<DropReason, number>;
}

export interface PathHop {
  readonly from: number;
  readonly to: number;
  count: number;
  lost: number;
}

export interface ToldServer {
  times: number;
  /** Members to whom it has sent the message. */
  sentTo: number;
  shown: number;
  lost: number;
}

export const hopKey = (from: number, to: number): string => `${from}>${to}`;

/** Reads the path of a message from rows in the order of the trace, or null when none is of it. Linear in the rows. */
export function pathOf(
  rows: readonly TraceRow[],
  message: { readonly sender: number; readonly nth: number },
  kindOf: (node: number) => StationKind | undefined,
): MessagePath | null {
  const hops = new Map<string, PathHop>();
  const told = new Map<number, ToldServer>();
  const lost = new Map<DropReason, number>();
  const serverOfUser = new Map<number, number>();
  const shownTo = new Set<number>();
  let first: TraceRow | null = null;
  let attempts = 0;
  let senderServer: number | null = null;
  let pubsub: number | null = null;
  let isPersisted = false;
  let published = 0;
  let isAcked = false;
  let refused: DropReason | null = null;
  let fromHistory = 0;

  const hop = (from: number, to: number): PathHop => {
    const key = hopKey(from, to);
    let found = hops.get(key);
    if (found === undefined) {
      found = { from, to, count: 0, lost: 0 };
      hops.set(key, found);
    }
    return found;
  };
  const toldOf = (server: number): ToldServer => {
    let found = told.get(server);
    if (found === undefined) {
      found = { times: 0, sentTo: 0, shown: 0, lost: 0 };
      told.set(server, found);
    }
    return found;
  };
  const isBroker = (node: number): boolean =>
    kindOf(node) === 'pubsub' || (kindOf(node) === 'ws-server' && node === senderServer && published > 0);

  for (const row of rows) {
    if (row.sender !== message.sender || row.nth !== message.nth) continue;
    first ??= row;
    const { node, peer, kind } = row;
    switch (kind) {
      case 'send':
      case 'retry':
        attempts++;
        break;
      case 'forward':
        if (peer === node) break;
        hop(node, peer).count++;
        if (kindOf(node) === 'gateway' && kindOf(peer) === 'ws-server') senderServer = peer;
        if (isUserNode(peer) && kindOf(node) === 'ws-server') {
          serverOfUser.set(peer, node);
          // What goes to the sender is its answer.
          if (peer !== first.node) toldOf(node).sentTo++;
        }
        break;
      case 'arrive':
        if (kindOf(node) === 'ws-server' && isBroker(peer)) {
          toldOf(node).times++;
          const key = hopKey(peer, node);
          // Kafka's consumers fetch: no row says that a partition sends.
          if (!hops.has(key)) hop(peer, node).count++;
        }
        break;
      case 'persist':
        isPersisted = true;
        break;
      case 'publish':
        published++;
        if (kindOf(node) === 'pubsub') pubsub = node;
        break;
      case 'deliver': {
        const server = serverOfUser.get(node);
        if (server === undefined) fromHistory++;
        else toldOf(server).shown++;
        shownTo.add(node);
        break;
      }
      case 'ack':
        isAcked = true;
        break;
      case 'refuse':
        refused = row.reason;
        break;
      case 'drop': {
        lost.set(row.reason, (lost.get(row.reason) ?? 0) + 1);
        const [from, to] = dropEnds(row, kindOf(node), pubsub);
        hop(from, to).lost++;
        if (isUserNode(node) && kindOf(peer) === 'ws-server') toldOf(peer).lost++;
        else if (kindOf(node) === 'ws-server' && (isBroker(peer) || pubsub !== null)) toldOf(node).lost++;
        break;
      }
      default:
        break;
    }
  }
  if (first === null) return null;
  return {
    sender: message.sender,
    nth: message.nth,
    channel: first.channel,
    sentUs: first.timeUs,
    attempts,
    senderServer,
    pubsub,
    hops,
    isPersisted,
    published,
    told,
    isAcked,
    refused,
    shown: shownTo.size,
    fromHistory,
    lost,
  };
}

/** Between which nodes something was lost: a server that was told loses what comes from `broker`, whether the row names it or not. */
export function dropEnds(
  { node, peer }: TraceRow,
  kind: StationKind | undefined,
  broker: number | null,
): [number, number] {
  if (peer !== NO_NODE) return [peer, node];
  return [kind === 'ws-server' && broker !== null ? broker : node, node];
}

/** What is known of a server that the message is for: from its rows, or, where only a sample of the members is watched, from the count of all. */
export interface ServerShare {
  readonly members: number;
  readonly shown: number;
  readonly lost: number;
  /** Whether it has been told. */
  readonly isTold: boolean;
}

/** Members by server: of those who were sent the message, or who will be. Keyed by node. */
export function sharesOf(path: MessagePath | null, reach: Reach | null): ReadonlyMap<number, ServerShare> {
  const shares = new Map<number, ServerShare>();
  for (const { node, members, shown } of reach?.servers ?? []) {
    shares.set(node, { members, shown, lost: 0, isTold: false });
  }
  const isSampled = (reach?.watchedOneIn ?? 1) > 1;
  for (const [node, { times, sentTo, shown, lost }] of path?.told ?? []) {
    const now = shares.get(node);
    const counted = isSampled || sentTo === 0 ? now : undefined;
    shares.set(node, {
      members: counted?.members ?? sentTo,
      shown: counted?.shown ?? shown,
      lost: lost,
      isTold: times > 0,
    });
  }
  return shares;
}
