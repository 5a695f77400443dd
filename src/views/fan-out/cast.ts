import type { StationFrame, StationInfo, StationKind } from '../../worker/protocol.ts';
import { statusWord } from '../crowd/status-word.ts';

/** Who is drawn one by one, and who is left to a box that says how many. */
export interface Group {
  readonly drawn: readonly StationInfo[];
  readonly rest: readonly StationInfo[];
}

export interface Cast {
  readonly gateways: Group;
  readonly servers: Group;
  readonly shards: Group;
  readonly sequencers: Group;
  readonly chatService: StationInfo | null;
  readonly database: StationInfo | null;
  readonly limiter: StationInfo | null;
}

/** Most boxes of a kind, the one of the rest counted. */
interface Room {
  readonly gateways: number;
  readonly servers: number;
  readonly shards: number;
}

export interface CastInput {
  readonly stations: readonly StationInfo[];
  readonly frames: readonly StationFrame[];
  /** The station that is selected. */
  readonly selected: number | null;
  /** Where the message that is followed was sent from: the sender's gateway and server, and the shard that carries it. */
  readonly passed: ReadonlySet<number>;
  /** Servers that the message is for, with its members there. */
  readonly told: ReadonlyMap<number, number>;
  readonly room: Room;
  /** Nodes that were drawn before: what is drawn does not change with every breath of a queue. */
  readonly before: ReadonlySet<number>;
}

/** The one that numbers, and the box of those that stand by. */
const MOST_SEQUENCERS = 2;

/** What brings a station into the picture, in order of weight. A queue counts for itself. */
const SELECTED = 1e12;
const PASSED = 1e11;
const IN_TROUBLE = 1e10;
const TOLD = 1e9;
/** A station that is drawn stays until another one's queue is so much longer. */
const STAYS = 20;

/** Chooses the stations that matter: selected, on the message's way, in trouble, told, with the longest queue. Pure. */
export function castOf(input: CastInput): Cast {
  const { stations, room } = input;
  const of = (kind: StationKind): readonly StationInfo[] =>
    stations.filter((station) => station.kind === kind);
  const one = (kind: StationKind): StationInfo | null => of(kind)[0] ?? null;
  return {
    gateways: choose(of('gateway'), room.gateways, input),
    servers: choose(of('ws-server'), room.servers, input),
    shards: choose(of('pubsub'), room.shards, input),
    sequencers: choose(of('sequencer'), MOST_SEQUENCERS, input),
    chatService: one('chat-service'),
    database: one('database'),
    limiter: one('limiter'),
  };
}

function choose(all: readonly StationInfo[], most: number, input: CastInput): Group {
  if (all.length <= most) return { drawn: all, rest: [] };
  const frames = new Map(input.frames.map((frame) => [frame.node, frame]));
  const weight = ({ node }: StationInfo): number => {
    const frame = frames.get(node);
    const queue = frame?.queue ?? 0;
    return (
      (node === input.selected ? SELECTED : 0) +
      (input.passed.has(node) ? PASSED : 0) +
      (frame !== undefined && statusWord(frame) !== null ? IN_TROUBLE : 0) +
      (input.told.has(node) ? TOLD + 1e3 * (input.told.get(node) ?? 0) : 0) +
      (input.before.has(node) ? 2 * queue + STAYS : queue)
    );
  };
  const chosen = new Set(
    [...all].sort((a, b) => weight(b) - weight(a) || a.node - b.node).slice(0, Math.max(1, most - 1)),
  );
  return {
    drawn: all.filter((station) => chosen.has(station)),
    rest: all.filter((station) => !chosen.has(station)),
  };
}

/** The kinds of which there may be several. */
export const groupsOf = ({ gateways, servers, shards, sequencers }: Cast): readonly Group[] => [
  gateways,
  servers,
  shards,
  sequencers,
];
