import { isUserNode, type OpenedInfo, type StationInfo } from '../../worker/protocol.ts';
import { type Cast, type Group, groupsOf } from './cast.ts';
import { CLIENTS_OF, GATEWAY_FRAME, type LayoutInput, PUBSUB_FRAME } from './fan-boxes.ts';
import type { Layout } from './fan-layout.ts';
import { type Link, linkId } from './fan-links.ts';

/** Which box a node is drawn as, and which arrows a hop between two nodes takes. */
export interface Routes {
  /** The box that stands for a station: its own, or that of the rest of its kind; null when it is not in the picture. */
  boxOf(node: number): string | null;
  /** The arrows of a hop, in order; empty when the picture has none for it. `serverOf` says where a user is connected. */
  route(from: number, to: number, serverOf: (user: number) => number | null): readonly Leg[];
  stationOf(boxId: string): StationInfo | null;
}

/** An arrow that is taken, or taken backwards. */
export interface Leg {
  readonly link: Link;
  readonly isBack: boolean;
  /** Taken against its direction: what was asked is answered. */
  readonly isAnswer: boolean;
}

export const stationBox = (node: number): string => `node:${node}`;
const restBox = (kind: StationInfo['kind']): string => `rest:${kind}`;

/** The boxes of a cast, in the order of their nodes; the sender's server first, the rest last. */
export function boxesOf(cast: Cast, first: number | null): Omit<LayoutInput, 'width' | 'height'> | null {
  const { chatService, database, limiter } = cast;
  if (chatService === null || database === null) return null;
  const ids = ({ drawn, rest }: Group): string[] => [
    ...[...drawn]
      .sort((a, b) => Number(b.node === first) - Number(a.node === first) || a.node - b.node)
      .map(({ node }) => stationBox(node)),
    ...(rest[0] === undefined ? [] : [restBox(rest[0].kind)]),
  ];
  return {
    gateways: ids(cast.gateways),
    servers: ids(cast.servers),
    shards: ids(cast.shards),
    sequencers: ids(cast.sequencers),
    limiter: limiter === null ? null : stationBox(limiter.node),
    database: stationBox(database.node),
    chatService: stationBox(chatService.node),
  };
}

export function routesOf(info: OpenedInfo, cast: Cast, layout: Layout): Routes {
  const links = new Map(layout.links.map((link) => [link.id, link]));
  const boxIds = new Set(layout.boxes.map((box) => box.id));
  const stations = new Map(info.stations.map((station) => [station.node, station]));
  const drawn = new Set(groupsOf(cast).flatMap((group) => group.drawn.map(({ node }) => node)));

  const boxOf = (node: number): string | null => {
    const station = stations.get(node);
    if (station === undefined) return null;
    const own = stationBox(node);
    if (boxIds.has(own)) return own;
    const rest = restBox(station.kind);
    return !drawn.has(node) && boxIds.has(rest) ? rest : null;
  };
  const gatewayBox = boxIds.has(GATEWAY_FRAME)
    ? GATEWAY_FRAME
    : stationBox(cast.gateways.drawn[0]?.node ?? -1);

  /** Where the arrows of a station end: at its box, or at the frame that it stands in. */
  const endOf = (node: number): string | null => {
    const kind = stations.get(node)?.kind;
    if (kind === 'gateway') return gatewayBox;
    return kind === 'pubsub' && boxIds.has(PUBSUB_FRAME) ? PUBSUB_FRAME : boxOf(node);
  };

  const leg = (from: string, to: string): readonly Leg[] => {
    const there = links.get(linkId(from, to));
    if (there !== undefined) return [{ link: there, isBack: false, isAnswer: false }];
    const back = links.get(linkId(to, from));
    return back === undefined ? [] : [{ link: back, isBack: true, isAnswer: !back.isBothWays }];
  };

  return {
    boxOf,
    stationOf(boxId) {
      return boxId.startsWith('node:') ? (stations.get(Number(boxId.slice(5))) ?? null) : null;
    },
    route(from, to, serverOf) {
      if (isUserNode(from) || isUserNode(to)) {
        const user = isUserNode(from) ? from : to;
        const other = isUserNode(from) ? to : from;
        const server = stations.get(other)?.kind === 'ws-server' ? other : serverOf(user);
        const box = server === null ? null : boxOf(server);
        if (box === null) return [];
        if (isUserNode(from)) return leg(CLIENTS_OF + box, gatewayBox);
        const down = leg(gatewayBox, CLIENTS_OF + box);
        return stations.get(from)?.kind === 'ws-server' ? [...leg(box, gatewayBox), ...down] : down;
      }
      const [a, b] = [endOf(from), endOf(to)];
      return a === null || b === null || a === b ? [] : leg(a, b);
    },
  };
}
