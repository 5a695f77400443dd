import { isShown, type MessageName, type Story, storyOf } from '../../trace/story.ts';
import { isUserNode, NO_NODE, type Reach, type StationKind, type TraceRow } from '../../worker/protocol.ts';

/** The way of one message so far, as a picture of the stations needs it: who was told by whom, and how often. */
export interface LitPath {
  readonly story: Story;
  /** The sender's server, as far as the message has come. */
  readonly senderServer: number | null;
  readonly pubsub: number | null;
  /** Copies by hop, keyed by `hopKey`; users are folded into the server that they are connected to. */
  readonly hops: ReadonlyMap<string, PathHop>;
  /** Servers that were told, each with what became of it. */
  readonly told: ReadonlyMap<number, ToldServer>;
}

interface PathHop {
  readonly from: number;
  readonly to: number;
  count: number;
  lost: number;
}

interface ToldServer {
  times: number;
  /** Members to whom it has sent the message. */
  sentTo: number;
  shown: number;
  lost: number;
}

const hopKey = (from: number, to: number): string => `${from}>${to}`;

/** Users who have it: of a channel that is watched whole, all of them. */
export const shownTo = ({ receipts }: Story): number =>
  new Set(receipts.filter(isShown).map(({ node }) => node)).size;

/** Reads the path of a message from rows in the order of the trace, or null when none is of it. Linear in the rows. */
export function pathOf(
  rows: readonly TraceRow[],
  message: MessageName,
  kindOf: (node: number) => StationKind | undefined,
): LitPath | null {
  const story = storyOf(rows, message);
  if (story === null) return null;
  const hops = new Map<string, PathHop>();
  const told = new Map<number, ToldServer>();
  const serverOfUser = new Map<number, number>();
  let senderServer: number | null = null;
  let pubsub: number | null = null;
  let isPublished = false;

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
    kindOf(node) === 'pubsub' || (kindOf(node) === 'ws-server' && node === senderServer && isPublished);

  for (const row of story.rows) {
    const { node, peer, kind } = row;
    switch (kind) {
      case 'forward':
        if (peer === node) break;
        hop(node, peer).count++;
        if (kindOf(node) === 'gateway' && kindOf(peer) === 'ws-server') senderServer = peer;
        if (isUserNode(peer) && kindOf(node) === 'ws-server') {
          serverOfUser.set(peer, node);
          // What goes to the sender is its answer.
          if (peer !== story.rows[0]!.node) toldOf(node).sentTo++;
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
      case 'publish':
        isPublished = true;
        if (kindOf(node) === 'pubsub') pubsub = node;
        break;
      case 'deliver': {
        const server = serverOfUser.get(node);
        if (server !== undefined) toldOf(server).shown++;
        break;
      }
      case 'drop': {
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
  return { story, senderServer, pubsub, hops, told };
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
export function sharesOf(path: LitPath | null, reach: Reach | null): ReadonlyMap<number, ServerShare> {
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
