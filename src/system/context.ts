import type { Balancer } from '../algorithms/balancing/balancer.ts';
import type { Opened } from '../base/columns.ts';
import type { Choices } from '../kernel/choices.ts';
import type { EventList } from '../kernel/event-list.ts';
import type { World } from '../kernel/world.ts';
import type { ReorderBuffer } from './client/reorder-buffer.ts';
import type { Design, Workload } from './design/design.ts';
import type { ProtocolBytes } from './design/protocol-bytes.ts';
import type { StationNumbers } from './design/stations.ts';
import type { Topology } from './design/topology.ts';
import type { BrokerColumns } from './fanout/broker-state.ts';
import type { Links } from './faults/links.ts';
import type { Passages } from './faults/passages.ts';
import type { LimiterCalls } from './limits/limiter-calls.ts';
import type { Limits } from './limits/limits.ts';
import type { OpenBots } from './sending/bots.ts';
import type { BackPressure } from './state/back-pressure.ts';
import type { counterColumns } from './state/counters.ts';
import type { HistogramColumns } from './state/histogram.ts';
import type { History } from './state/history.ts';
import type { Mechanisms } from './state/mechanisms.ts';
import type { CopyColumns, OutgoingColumns } from './state/messages.ts';
import type { PairMap } from './state/pair-map.ts';
import type { Pool } from './state/pool.ts';
import type { Stations } from './state/station.ts';
import type { Streams } from './state/streams.ts';
import type { MembershipColumns, UserColumns } from './state/users.ts';
import type { Watching } from './watching.ts';

/** One draw of a duration: keyed by (entity, count), in whole microseconds. */
export type Draw = (entity: number, count: number) => number;

/** The time of so many equal pieces of work: keyed by (entity, count), in whole microseconds. */
export type WorkDraw = (pieces: number, entity: number, count: number) => number;

/** Everything that the components of the system share: the open columns of one world and what reads and writes them. */
export interface Context {
  readonly design: Design;
  readonly workload: Workload;
  readonly nodes: StationNumbers;
  readonly world: World;
  readonly choices: Choices;
  readonly events: EventList;
  readonly stations: Stations;
  readonly links: Links;
  readonly passages: Passages;
  /** The connections between stations. */
  readonly streams: Streams;
  readonly topology: Topology;
  readonly users: UserColumns;
  readonly memberships: MembershipColumns;
  readonly backPressure: BackPressure;
  readonly outgoing: OutgoingColumns;
  readonly outgoingPool: Pool;
  readonly copies: CopyColumns;
  readonly copyPool: Pool;
  /** Lists of slots, a chain of chunks each: see fan-out.ts. */
  readonly slices: Uint32Array;
  readonly slicePool: Pool;
  readonly reorder: ReorderBuffer;
  readonly history: History;
  /** (sender, nth) to sequence number, where the design deduplicates; else null. */
  readonly idempotency: PairMap | null;
  readonly limits: Limits;
  /** Questions to the limiter that is a service of its own; null where there is none. */
  readonly limiterCalls: LimiterCalls | null;
  /** Null where the workload has none. */
  readonly bots: OpenBots | null;
  readonly balancer: Balancer;
  /** When each gateway's acceptor is free. */
  readonly acceptFreeUs: Float64Array;
  readonly brokerState: BrokerColumns;
  readonly values: Float64Array;
  readonly gauges: Float64Array;
  readonly counters: Opened<(typeof counterColumns)['columns']>;
  /** Delivery latency in microseconds: since the start, and in this interval. */
  readonly latency: HistogramColumns;
  readonly latencyNow: HistogramColumns;
  /** Time from send to acknowledgement in microseconds. */
  readonly ackLatency: HistogramColumns;
  /** Time from a lost connection to being online again, in milliseconds. */
  readonly reconnect: HistogramColumns;
  readonly watching: Watching;
  /** What only some designs have. */
  readonly mechanisms: Mechanisms;
  /** Draws. */
  readonly draw: {
    readonly internal: Draw;
    readonly notifyHop: Draw;
    readonly gateway: Draw;
    readonly gatewayDown: Draw;
    readonly receive: Draw;
    readonly notify: Draw;
    readonly validate: Draw;
    readonly write: Draw;
    readonly read: Draw;
    readonly publish: Draw;
    readonly limiter: Draw;
    readonly sequencer: Draw;
    /** A server's sends to clients, and its heartbeats. */
    readonly send: WorkDraw;
    readonly heartbeat: WorkDraw;
    /** Long polling: a request's work at the gateway and at the server. */
    readonly pollAtGateway: Draw;
    readonly pollAtServer: Draw;
    /** One way of a receiving client's acknowledgement. */
    readonly deliveryAck: readonly Draw[];
    /** One way between a client of a class and the gateway. */
    readonly up: readonly Draw[];
    readonly down: readonly Draw[];
    readonly connect: readonly Draw[];
  };
  /** What goes over the wire between a client and the system. */
  readonly wire: ProtocolBytes;
}
