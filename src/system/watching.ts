import type { Opened } from '../base/columns.ts';
import { NO_NODE, USER_NODE, WAITING_US } from '../trace/trace.ts';
import { createTracer, KIND, REASON, type Tracer } from '../trace/tracer.ts';
import { channelOfSlot, membersOf, type Topology } from './design/topology.ts';
import type { copyColumns } from './state/messages.ts';

/**
 * Watching decides which rows the trace keeps. All of it lives beside the world: whatever is watched, no byte of the run differs.
 */
export interface WatchList {
  readonly messages: readonly { readonly sender: number; readonly nth: number }[];
  readonly users: readonly number[];
  readonly channels: readonly number[];
  /** Every message of one channel in so many, 0 for none: the sample that the guarantees judge at scale. */
  readonly oneChannelIn: number;
  /** One message in so many, 0 for none. */
  readonly oneMessageIn: number;
}

export const WATCH_NOTHING: WatchList = {
  messages: [],
  users: [],
  channels: [],
  oneChannelIn: 0,
  oneMessageIn: 0,
};
export const WATCH_ALL: WatchList = { ...WATCH_NOTHING, oneChannelIn: 1 };

/** A copy is watched whole; or only at stations and watched users; or, in a large channel, at stations and a sample of its members. */
const NOT = 0;
const WHOLE = 1;
const AT_USERS = 2;
const SAMPLED = 3;

/** A message to more members than this is watched at one member in SAMPLE. */
export const LARGE_CHANNEL = 10_000;
export const SAMPLE = 1_009;

export interface Watching {
  readonly tracer: Tracer;
  /** What is watched for as long as the run lasts: the guarantees judge these messages and no others. Called once, before the first event. */
  always(list: WatchList): void;
  /** What is watched beside that, from now on. */
  watch(list: WatchList): void;
  readonly list: WatchList;
  readonly alwaysList: WatchList;
  /** Called for every new copy; afterwards `ofCopy[copy]` is not 0 when it is watched. */
  begin(copy: number): void;
  readonly ofCopy: Uint8Array;
  userIsWatched(user: number): boolean;
  /** A row about a copy. The cause is the last row of its message at `causeNode`. */
  copyRow(
    timeUs: number,
    kind: number,
    node: number,
    peer: number,
    copy: number,
    causeNode: number,
    reason?: number,
  ): void;
  /** A copy reaches a station, where its work begins at once, or it waits in the queue until a `begin` row. */
  arriveRow(timeUs: number, node: number, peer: number, copy: number, waits: boolean): void;
  /** A station puts a copy on the link to a peer. */
  forwardRow(timeUs: number, node: number, peer: number, copy: number, departUs: number, dueUs: number): void;
  /** A row about a message of which there is no copy (any more); `causeNode` as in copyRow. */
  messageRow(
    timeUs: number,
    kind: number,
    node: number,
    causeNode: number,
    sender: number,
    nth: number,
    channel: number,
    seq: number,
    reason?: number,
  ): void;
  /** Whether every row of this message is kept from its first one on: then its part of the history is whole. */
  messageIsWhole(sender: number, nth: number, channel: number): boolean;
  /** A row about a station or a user, kept always (stations) or when the user is watched. */
  nodeRow(timeUs: number, kind: number, node: number, peer: number, channel?: number): void;
  /** The trace was cut, the world restored: decides anew for the copies that live. */
  rewound(everUsed: number): void;
}

/** Which of two levels keeps more: the index is the level. */
const STRENGTH = [0, 3, 1, 2] as const;

/** One list, made ready to be asked often. */
interface Chosen {
  readonly list: WatchList;
  level(sender: number, nth: number, channel: number): number;
  isUser(user: number): boolean;
}

const messageKey = (sender: number, nth: number): number => sender * 0x400000 + nth;

function chosenBy(list: WatchList, topology: Topology, users: number): Chosen {
  const { oneChannelIn, oneMessageIn } = list;
  const isChosen = list.users.length > 0 ? new Uint8Array(users) : null;
  const channelsOfUsers = new Set<number>();
  for (const user of list.users) {
    isChosen![user] = 1;
    for (let i = topology.userStart[user]; i < topology.userStart[user + 1]; i++)
      channelsOfUsers.add(channelOfSlot(topology, topology.slots[i]));
  }
  const channels = new Set(list.channels);
  const messages = new Set(list.messages.map((m) => messageKey(m.sender, m.nth)));
  return {
    list,
    level(sender, nth, channel) {
      if (oneChannelIn > 0 && channel % oneChannelIn === oneChannelIn - 1) return WHOLE;
      if (oneMessageIn > 0 && (sender + nth) % oneMessageIn === 0) return WHOLE;
      if (isChosen !== null && isChosen[sender] === 1) return WHOLE;
      if (channels.size > 0 && channels.has(channel)) return WHOLE;
      if (messages.size > 0 && messages.has(messageKey(sender, nth))) return WHOLE;
      return channelsOfUsers.size > 0 && channelsOfUsers.has(channel) ? AT_USERS : NOT;
    },
    isUser: (user) => oneChannelIn === 1 || (isChosen !== null && isChosen[user] === 1),
  };
}

export function createWatching(
  copies: Opened<ReturnType<typeof copyColumns>['columns']>,
  topology: Topology,
  users: number,
  maxRows: number,
): Watching {
  const tracer = createTracer(maxRows);
  const ofCopy = new Uint8Array(copies.sender.length);
  let always = chosenBy(WATCH_NOTHING, topology, users);
  let now = always;

  /** The level that one list asks for; in a large channel no more than a sample of the members. */
  const levelBy = (chosen: Chosen, sender: number, nth: number, channel: number): number => {
    const level = chosen.level(sender, nth, channel);
    if (level !== WHOLE || channel < 0) return level;
    return membersOf(topology, channel) > LARGE_CHANNEL ? SAMPLED : WHOLE;
  };
  const levelOf = (sender: number, nth: number, channel: number): number => {
    const level = levelBy(always, sender, nth, channel);
    if (level === WHOLE || now === always) return level;
    const also = levelBy(now, sender, nth, channel);
    return STRENGTH[also] > STRENGTH[level] ? also : level;
  };
  const isWatched = (user: number): boolean => always.isUser(user) || now.isUser(user);

  const isKept = (level: number, node: number): boolean => {
    if (level === WHOLE || node < USER_NODE) return true;
    const user = node - USER_NODE;
    return (level === SAMPLED && user % SAMPLE === 0) || isWatched(user);
  };

  const emitOf = (
    copy: number,
    timeUs: number,
    kind: number,
    node: number,
    peer: number,
    causeNode: number,
    departUs: number,
    dueUs: number,
    reason: number,
  ): void =>
    tracer.emit(
      timeUs,
      kind,
      node,
      peer,
      copies.sender[copy],
      copies.nth[copy],
      copies.channel[copy],
      copies.attempt[copy],
      copies.seq[copy],
      causeNode,
      departUs,
      dueUs,
      reason,
    );

  return {
    tracer,
    get list() {
      return now.list;
    },
    get alwaysList() {
      return always.list;
    },
    ofCopy,
    always(list) {
      always = chosenBy(list, topology, users);
      now = always;
    },
    watch(list) {
      now = chosenBy(list, topology, users);
    },
    begin(copy) {
      ofCopy[copy] = levelOf(copies.sender[copy], copies.nth[copy], copies.channel[copy]);
    },
    userIsWatched: isWatched,
    copyRow(timeUs, kind, node, peer, copy, causeNode, reason = REASON.none) {
      if (isKept(ofCopy[copy], node))
        emitOf(copy, timeUs, kind, node, peer, causeNode, timeUs, timeUs, reason);
    },
    arriveRow(timeUs, node, peer, copy, waits) {
      emitOf(copy, timeUs, KIND.arrive, node, peer, peer, waits ? WAITING_US : timeUs, timeUs, REASON.none);
    },
    forwardRow(timeUs, node, peer, copy, departUs, dueUs) {
      if (isKept(ofCopy[copy], peer))
        emitOf(copy, timeUs, KIND.forward, node, peer, node, departUs, dueUs, REASON.none);
    },
    messageRow(timeUs, kind, node, causeNode, sender, nth, channel, seq, reason = REASON.none) {
      const level = levelOf(sender, nth, channel);
      if (level === NOT || !isKept(level, node)) return;
      tracer.emit(
        timeUs,
        kind,
        node,
        NO_NODE,
        sender,
        nth,
        channel,
        0,
        seq,
        causeNode,
        timeUs,
        timeUs,
        reason,
      );
    },
    messageIsWhole: (sender, nth, channel) => levelBy(always, sender, nth, channel) === WHOLE,
    nodeRow(timeUs, kind, node, peer, channel = -1) {
      const isMembership = kind === KIND.join || kind === KIND.leave;
      if (node >= USER_NODE && !isMembership && !isWatched(node - USER_NODE)) return;
      tracer.emit(timeUs, kind, node, peer, -1, 0, channel, 0, 0, NO_NODE, timeUs, timeUs, REASON.none);
    },
    rewound(everUsed) {
      for (let copy = 0; copy < everUsed; copy++) {
        ofCopy[copy] = levelOf(copies.sender[copy], copies.nth[copy], copies.channel[copy]);
      }
    },
  };
}
