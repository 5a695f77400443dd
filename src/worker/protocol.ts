import type { RateLimitConfig } from '../algorithms/rate-limit/config.ts';
import type { Action } from '../system/faults/actions.ts';
import { isUserNode, NO_NODE, type TraceRow, USER_NODE, WAITING_US } from '../trace/trace.ts';
import type { DesignSetting } from './design-setting.ts';

export type { Action, TraceRow };
export { isUserNode, NO_NODE, USER_NODE, WAITING_US };

/**
 * What the page and the simulation's worker say to each other. The page pulls frames (one request, one answer, buffers
 * handed back), so a slow page never piles up messages. Objects are per station, per curve point or per watched row; never per user.
 */

export type StationKind =
  | 'gateway'
  | 'ws-server'
  | 'pubsub'
  | 'chat-service'
  | 'database'
  | 'limiter'
  | 'sequencer';

export interface StationInfo {
  readonly node: number;
  readonly name: string;
  readonly kind: StationKind;
  readonly workers: number;
  readonly queueLimit: number;
  /** Which of these is a standard that has no source. */
  readonly assumed?: readonly ('workers' | 'queue')[];
  /** What such a station is called in diagrams, e.g. `Redis Pub/Sub`. */
  readonly role?: string;
  /** How long its work on one message usually takes. */
  readonly typicalServiceUs?: number;
}

/**
 * The crowd: seats of server s are [seatStart[s], seatStart[s + 1]); the last block holds those who have no seat. A server needs no more
 * seats than min(maxConnections, users).
 */
export interface CrowdInfo {
  readonly seatStart: readonly number[];
  readonly seats: number;
}

/** One byte a seat. The order is part of the protocol. */
export const SEAT_STATES = [
  'empty',
  'online',
  'just-received',
  'just-sent',
  'resuming',
  'refused',
  'buffering',
  'server-down',
  'offline',
] as const;
export type SeatState = (typeof SEAT_STATES)[number];

export interface LessonStep {
  readonly index: number;
  readonly kind: 'say' | 'ask' | 'fault' | 'expect' | 'elsewhere' | 'other';
  /** Markdown for say and ask; the YAML line itself for others. */
  readonly text: string;
  readonly choices: readonly string[];
  /** 0-based, or null. */
  readonly answer: number | null;
  readonly explain: string;
  /** Virtual time at which it is due, or null when it waits for the model. */
  readonly atUs: number | null;
  /** The one world that it is for, null: for all. Of kind `elsewhere` it does nothing here, since it is for another. */
  readonly world: string | null;
  /** The line as it stands in the scenario, and its number there. */
  readonly source: string;
  readonly line: number;
}

export interface OpenedInfo {
  readonly scenario: string;
  readonly title: string;
  readonly summary: string;
  readonly teaches: readonly string[];
  readonly seed: number;
  readonly users: number;
  readonly usersInNoChannel?: number;
  readonly prices?: readonly string[];
  readonly channels: number;
  readonly durationUs: number;
  readonly stations: readonly StationInfo[];
  readonly crowd: CrowdInfo;
  readonly userNames: readonly string[];
  readonly channelNames: readonly string[];
  /** Members of the channels that have a name here. Of a large channel only a sample of the members is in the trace. */
  readonly channelMembers?: readonly number[];
  readonly lesson: readonly LessonStep[];
  /** Names of the worlds of `compare:`, the first is the scenario itself. */
  readonly worlds: readonly string[];
  readonly buildMs: number;
  readonly worldBytes: number;
  /** The most used settings, those that the scenario changed first. */
  readonly design?: readonly DesignSetting[];
  /** What was done by hand before the link was made, with the lines of a script that do the same. */
  readonly hand: readonly DoneByHand[];
}

/** Something done by hand, with the line of a script that does the same. */
export interface DoneByHand {
  readonly atUs: number;
  readonly action: Action;
  readonly line: string;
}

/** One point of the live curves, for an interval of virtual time that ends at timeUs. */
export interface CurvePoint {
  readonly timeUs: number;
  readonly sendsPerSecond: number;
  readonly deliveriesPerSecond: number;
  readonly p50Us: number;
  readonly p99Us: number;
  readonly connections: number;
  readonly refusalsPerSecond: number;
  readonly dropsPerSecond: number;
}

export interface StationFrame {
  readonly node: number;
  readonly up: boolean;
  readonly slowFactor: number;
  readonly queue: number;
  /** Share of worker time in use lately (see Frame.justNowUs). */
  readonly utilisation: number;
  readonly ratePerSecond: number;
  readonly connections: number;
  /** Cut off from every other station. */
  readonly cut?: boolean;
  /** Its event loop is blocked. */
  readonly blocked?: boolean;
}

/** What passes from one kind of station to the next, in a second of virtual time, counted for everybody. */
export interface FlowRates {
  /** Messages that clients put on their connections, retries counted. */
  readonly sent: number;
  readonly refused: number;
  readonly persisted: number;
  readonly published: number;
  /** Servers told of a published message. */
  readonly notified: number;
  /** Messages shown to users. */
  readonly shown: number;
}

export interface Frame {
  readonly timeUs: number;
  /** `rewinding` while a goTo is under way: the frame shows how far it has come. */
  readonly state: 'playing' | 'paused' | 'asking' | 'rewinding' | 'ended' | 'failed';
  readonly events: number;
  readonly eventsPerWallSecond: number;
  readonly virtualUsPerWallSecond: number; // measured over the last half second
  /** SEAT_STATES codes of all seats, in the buffer that the request handed over. */
  readonly seats: Uint8Array;
  /** How far back `just-received` and `just-sent` go, in virtual time; rates of stations are of this span too. */
  readonly justNowUs?: number;
  readonly curve: readonly CurvePoint[]; // new points since the last frame
  readonly curveReset: boolean; // true after a rewind: forget the points after timeUs, and those that `curve` brings again
  readonly stations: readonly StationFrame[];
  /** Of the same span as the stations' rates. */
  readonly flows?: FlowRates;
  readonly metrics: Readonly<Record<string, number>>;
  /** Lower bounds among them. */
  readonly atLeast: readonly string[];
  readonly rows: readonly TraceRow[]; // new watched rows since the last frame
  readonly rowsFrom: number; // the rows before this index stay; those after are replaced
  readonly rowsLeftOut: number;
  readonly lesson: {
    readonly reached: number; // steps that have happened without a gap from the first one on
    readonly asking: number | null;
    /** Every step that has happened: one with a time does not wait for one before it that waits for the model. */
    readonly happened?: readonly number[];
    /** What was said with figures of the run in it; what has none is said as it stands in `OpenedInfo.lesson`. */
    readonly withFigures?: readonly Pick<LessonStep, 'index' | 'text' | 'choices' | 'explain'>[];
  };
  readonly promises: readonly PromiseFrame[];
  /** On what the promises are judged, in words: `all 36 messages`. */
  readonly judged?: string;
  readonly marks: readonly Mark[]; // all marks of the scrubber
  /** What the request's look asked for. */
  readonly inspection?: Inspection | null;
  /** Who sits in `look.seats`, in the same order: users, -1 where nobody does. */
  readonly occupants?: Int32Array;
  /** The crowd has been laid out anew, because a server holds more than its block had seats for; `seats` is of this layout. */
  readonly crowd?: CrowdInfo;
}

/** What the page has selected. */
export type Selection =
  | { readonly kind: 'station'; readonly node: number }
  | { readonly kind: 'user'; readonly user: number }
  /** Whoever sits there: the inspection says who it is. */
  | { readonly kind: 'seat'; readonly seat: number }
  | { readonly kind: 'channel'; readonly channel: number }
  | { readonly kind: 'message'; readonly sender: number; readonly nth: number };

/** What the page looks at more closely than the frame does: one thing, and the seats that are large enough for names (at most 2,000). */
export interface Look {
  readonly selection: Selection | null;
  readonly seats: readonly number[];
  /** How far back "just now" goes; left out: as fits the speed. */
  readonly justNowUs?: number;
}

/** The state of one thing, as facts and as the data structures that hold it. */
export interface Inspection {
  /** A seat is answered with its user. */
  readonly selection: Selection;
  /** Where the user sits now, or null. */
  readonly seat: number | null;
  readonly facts: readonly { readonly name: string; readonly value: string }[];
  readonly structures: readonly Structure[];
  /** Of a message: whom it is for, and who has it. */
  readonly reach?: Reach;
  /** Of a user: the channels that it is a member of now, in the order of their numbers. */
  readonly memberOf?: readonly { readonly channel: number; readonly name: string }[];
}

/** Whom a message is for, counted by the server that they are connected to at the moment. */
export interface Reach {
  readonly channel: number;
  /** The trace keeps one member in so many. */
  readonly watchedOneIn: number;
  /** Members without the sender. */
  readonly members: number;
  /** Of these, how many are not connected. */
  readonly offline: number;
  /** Of these, how many have it. */
  readonly shown: number;
  /** The server and the gateway of the sender, or null while it has no connection. */
  readonly senderServer: number | null;
  readonly senderGateway: number | null;
  /** The pub/sub shard that serves the channel; null where there is none. */
  readonly pubsub: number | null;
  /** Every server that has a member, in order of its node. */
  readonly servers: readonly ServerReach[];
}

interface ServerReach {
  readonly node: number;
  readonly members: number;
  /** Of these, how many have the message. */
  readonly shown: number;
}

/** A data structure of the simulated system with its first entries. `size` counts all, so the page can say how many it leaves out. */
export type Structure =
  | {
      readonly kind: 'queue';
      readonly name: string;
      readonly size: number;
      /** Most entries it may hold, or null. */
      readonly limit: number | null;
      /** Head first. */
      readonly entries: readonly string[];
    }
  | {
      readonly kind: 'map';
      readonly name: string;
      readonly size: number;
      readonly entries: readonly { readonly key: string; readonly value: string }[];
      /** Index of the entry looked up last, or null. */
      readonly probed: number | null;
    }
  | {
      readonly kind: 'window';
      readonly name: string;
      readonly windowUs: number;
      readonly limit: number;
      /** What the algorithm counts now. */
      readonly count: number;
      /** Accepted requests that it still remembers, oldest first. */
      readonly acceptedUs: readonly number[];
      readonly refusedUs: readonly number[];
      /** How it is set, and where it stands: what the rate-limit picture draws its requests with. */
      readonly config: RateLimitConfig;
      readonly placement: 'gateway' | 'server' | 'service';
    };

export interface PromiseFrame {
  readonly name: string;
  readonly verdict: 'holds' | 'violated' | 'unknown';
  readonly violations: number;
  readonly sinceUs: number | null;
  /** How many messages and users the violations touch; `isAll`: as far as is judged, else those of the first violation. */
  readonly touched?: { readonly messages: number; readonly users: number; readonly isAll: boolean } | null;
  /** What shows the first violation; null or left out unless violated. */
  readonly witness?: WitnessFrame | null;
  /** How many events bore on it; 0: it was not at stake. */
  readonly judged: number;
  /** What the verdict rests on, in words, and what is open. */
  readonly grounds: string;
}

/** The fewest events that show that a promise is broken, by the numbers of the run. */
export interface WitnessFrame {
  /** Two sentences. */
  readonly text: string;
  readonly events: readonly WitnessEvent[];
  /** What else explains it. */
  readonly context: readonly WitnessEvent[];
  /** A moment just before that what broke the promise was put on its way: from here it can still go otherwise. */
  readonly beforeUs: number;
}

export interface WitnessEvent {
  readonly type: string;
  readonly timeUs: number;
  readonly message: { readonly sender: number; readonly nth: number } | null;
  readonly user: number | null;
  readonly channel: number | null;
}

export interface Mark {
  readonly timeUs: number;
  readonly kind: 'fault' | 'violation' | 'say' | 'ask' | 'hand';
  readonly text: string;
}

/** What shows that two runs are the same: the hashes of the world's bytes and of the judged trace at one moment. */
export interface Proof {
  readonly timeUs: number;
  readonly worldHash: string;
  readonly traceHash: string;
}

/** What is kept in the trace. */
export interface Watch {
  readonly messages: readonly { readonly sender: number; readonly nth: number }[];
  readonly users: readonly number[];
  readonly channels: readonly number[];
  /** One message in so many, 0 for none. */
  readonly oneIn: number;
}

/** Another world of a scenario, to be run beside it: one of its `compare:`, or a copy with one setting changed by hand. */
export type WorldChoice =
  | { readonly kind: 'named'; readonly name: string }
  /** `value` as YAML writes it: `per-channel`, `130k`, `[validate, ack, persist, publish]`. */
  | { readonly kind: 'set'; readonly path: string; readonly value: string };

export type Request =
  | {
      readonly type: 'open';
      readonly fileName: string;
      readonly text: string;
      readonly seed: number | null;
      readonly users: number | null;
      /** What was done by hand, with its time, to be done again. */
      readonly hand: readonly { readonly atUs: number; readonly action: Action }[];
      /** What is laid over the text, before seed and users. */
      readonly overrides?: readonly {
        readonly kind: 'set' | 'users' | 'for' | 'seed';
        readonly path: string;
        readonly value: unknown;
      }[];
      /** Answers what is not determined, in place of the seed (scenario/choice-list.ts). */
      readonly choices?: readonly number[] | null;
      /** Opens this other world of the scenario; `hand` is told by the stations of the scenario as written. */
      readonly world?: WorldChoice | null;
      readonly isConfirmed?: boolean;
      readonly atUs: number;
    }
  | { readonly type: 'play'; readonly virtualUsPerSecond: number }
  /** While it plays it goes no further than this, and waits there; Infinity: as far as it likes. */
  | { readonly type: 'limit'; readonly untilUs: number }
  | { readonly type: 'pause' }
  | { readonly type: 'step'; readonly by: 'event' | 'message' }
  | { readonly type: 'goTo'; readonly timeUs: number }
  /** With a time: goes there first, and when it is done to where the run was. What was done by hand later than then is forgotten. */
  | { readonly type: 'act'; readonly action: Action; readonly atUs?: number }
  /** What was done by hand, by its place in the list, was never done. The run goes on to where it was. */
  | { readonly type: 'undo'; readonly place: number }
  | { readonly type: 'watch'; readonly watch: Watch }
  | { readonly type: 'answer'; readonly step: number }
  /** Asks for the hashes of this moment. */
  | { readonly type: 'proof' }
  /** `whenThere`: while a goTo is under way it is answered at its end, or after a while with how far it has come. */
  | {
      readonly type: 'frame';
      readonly seats: ArrayBuffer;
      readonly look?: Look;
      readonly whenThere?: boolean;
    };

export type Reply =
  | { readonly type: 'building'; readonly what: string; readonly share: number }
  | { readonly type: 'opened'; readonly info: OpenedInfo }
  | { readonly type: 'refused'; readonly problems: readonly string[] }
  /** `mayConfirm`: the world takes so much memory that it is opened only with `isConfirmed`. */
  | { readonly type: 'failed'; readonly message: string; readonly mayConfirm?: boolean }
  | { readonly type: 'acted'; readonly atUs: number; readonly action: Action; readonly line: string }
  /** What remains of what was done by hand. */
  | { readonly type: 'undone'; readonly hand: readonly DoneByHand[] }
  /** The run does not do this now, and goes on as before. One sentence says why. */
  | { readonly type: 'declined'; readonly message: string }
  | { readonly type: 'rewinding'; readonly share: number }
  | { readonly type: 'proof'; readonly proof: Proof }
  | { readonly type: 'frame'; readonly frame: Frame };
