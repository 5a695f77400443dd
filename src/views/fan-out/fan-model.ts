import {
  type FlowRates,
  type Inspection,
  type OpenedInfo,
  type Reach,
  type Selection,
  type StationFrame,
  type TraceRow,
  USER_NODE,
} from '../../worker/protocol.ts';
import { type Cast, castOf, groupsOf } from './cast.ts';
import { type Layout, layOut, roomIn } from './fan-layout.ts';
import { type LitPath, pathOf, type ServerShare, sharesOf } from './lit-path.ts';
import { boxesOf, type Routes, routesOf } from './routes.ts';

/** Up to so many users every message is traced and drawn one by one; of more, the arrows carry rates. */
export const SINGLE_MESSAGES_UP_TO = 1_000;

/** What the picture shows of one moment, apart from what flies. */
export interface FanModel {
  readonly info: OpenedInfo;
  readonly cast: Cast;
  readonly layout: Layout;
  readonly routes: Routes;
  /** The message whose path is lit, or null. */
  readonly focus: Message | null;
  readonly path: LitPath | null;
  readonly reach: Reach | null;
  /** Members by server, keyed by node. */
  readonly shares: ReadonlyMap<number, ServerShare>;
  readonly senderServer: number | null;
  readonly lit: ReadonlyMap<string, LitLink>;
  readonly isRates: boolean;
  readonly flows: FlowRates;
  readonly frames: ReadonlyMap<number, StationFrame>;
}

export interface Message {
  readonly sender: number;
  readonly nth: number;
}

interface LitLink {
  readonly count: number;
  readonly lost: number;
  /** Servers that are told over it: more than one where it leads to the box of the rest. */
  readonly ends: number;
}

export interface FanInput {
  readonly info: OpenedInfo;
  readonly stations: readonly StationFrame[];
  readonly flows: FlowRates;
  readonly rows: readonly TraceRow[];
  readonly timeUs: number;
  readonly justNowUs: number;
  readonly selection: Selection | null;
  readonly inspection: Inspection | null;
  readonly width: number;
  readonly height: number;
  /** Nodes that were drawn before. */
  readonly before: ReadonlySet<number>;
}

export function fanModel(input: FanInput): FanModel | null {
  const { info, stations, selection, inspection, width, height } = input;
  const kinds = new Map(info.stations.map(({ node, kind }) => [node, kind]));
  const focus = focusOf(input);
  const path = focus === null ? null : pathOf(input.rows, focus, (node) => kinds.get(node));
  const reach = focus === null ? null : reachFor(focus, inspection);
  const shares = sharesOf(path, reach);
  const senderServer = path?.senderServer ?? reach?.senderServer ?? null;
  const pubsub = path?.pubsub ?? reach?.pubsub ?? null;
  const passed = new Set(
    [senderServer, pubsub, reach?.senderGateway ?? null].filter((node) => node !== null),
  );
  const cast = castOf({
    stations: info.stations,
    frames: stations,
    selected: selection?.kind === 'station' ? selection.node : null,
    passed,
    told: new Map([...shares].map(([node, { members }]) => [node, members])),
    room: roomIn(width, height),
    before: input.before,
  });
  const boxes = boxesOf(cast, senderServer);
  if (boxes === null) return null;
  const layout = layOut({ ...boxes, width, height });
  const routes = routesOf(info, cast, layout);
  return {
    info,
    cast,
    layout,
    routes,
    focus,
    path,
    reach,
    shares,
    senderServer,
    lit: litLinks(path, routes, senderServer),
    isRates: info.users > SINGLE_MESSAGES_UP_TO,
    flows: input.flows,
    frames: new Map(stations.map((frame) => [frame.node, frame])),
  };
}

/**
 * The message whose path is lit: the one that is selected; the last one of the user or channel that is selected; or, in a small world with
 * few messages, the last one.
 */
function focusOf({ info, rows, timeUs, justNowUs, selection }: FanInput): Message | null {
  if (selection?.kind === 'message') return { sender: selection.sender, nth: selection.nth };
  const isOf = (row: TraceRow): boolean => {
    if (row.kind !== 'send') return false;
    if (selection?.kind === 'user') return row.sender === selection.user;
    if (selection?.kind === 'channel') return row.channel === selection.channel;
    return true;
  };
  const isAny = selection?.kind !== 'user' && selection?.kind !== 'channel';
  if (isAny && info.users > SINGLE_MESSAGES_UP_TO) return null;
  let found: TraceRow | null = null;
  let recent = 0;
  for (let i = rows.length - 1; i >= 0; i--) {
    const row = rows[i]!;
    if (found !== null && row.timeUs < timeUs - MOST_RECENT * justNowUs) break;
    if (!isOf(row)) continue;
    found ??= row;
    recent++;
  }
  if (found === null || (isAny && recent > MOST_RECENT)) return null;
  return { sender: found.sender, nth: found.nth };
}

/** With more than so many new messages in as many spans of "just now" none is picked: the picture would jump. */
const MOST_RECENT = 2;

function reachFor(focus: Message, inspection: Inspection | null): Reach | null {
  const of = inspection?.selection;
  const isIt = of?.kind === 'message' && of.sender === focus.sender && of.nth === focus.nth;
  return isIt ? (inspection?.reach ?? null) : null;
}

/** The arrows that a message has taken, with how many copies and losses. Answers light nothing: they are seen as they fly. */
function litLinks(
  path: LitPath | null,
  routes: Routes,
  senderServer: number | null,
): ReadonlyMap<string, LitLink> {
  const lit = new Map<string, { count: number; lost: number; ends: number }>();
  if (path === null) return lit;
  for (const { from, to, count, lost } of path.hops.values()) {
    // What a server sends to the sender is its answer.
    if (to === USER_NODE + path.story.sender) continue;
    for (const { link, isAnswer } of routes.route(from, to, () => senderServer)) {
      if (isAnswer) continue;
      const now = lit.get(link.id) ?? { count: 0, lost: 0, ends: 0 };
      lit.set(link.id, { count: now.count + count, lost: now.lost + lost, ends: now.ends + 1 });
    }
  }
  return lit;
}

/** The nodes of a cast that are drawn one by one. */
export const drawnNodes = (cast: Cast): ReadonlySet<number> =>
  new Set(groupsOf(cast).flatMap(({ drawn }) => drawn.map(({ node }) => node)));
