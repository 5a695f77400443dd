import type { RateLimitConfig } from '../algorithms/rate-limit/config.ts';
import type { Decision } from '../algorithms/rate-limit/decisions.ts';
import type { StateFlow } from '../algorithms/rate-limit/states.ts';
import type { Design, Duration } from '../system/design/design.ts';
import type { Names, TraceRow } from '../trace/trace.ts';
import { connectionLifecycle } from './connection.ts';
import { type FanOutOptions, fanOut, PUBSUB_NAMES } from './fan-out.ts';
import { messageFlow, type StationLabel } from './message-flow.ts';
import { ordering } from './ordering.ts';
import { rateLimitStates, rateLimitTimeline } from './rate-limit.ts';
import { rateLimitPlacement } from './rate-limit-placement.ts';
import { serverState } from './server-state.ts';

/** What a diagram can be made from: a design, and a trace where the kind needs one. */
export interface DiagramInput {
  readonly design: Design;
  readonly rows: readonly TraceRow[];
  readonly names: Names;
  readonly stations: readonly Omit<StationLabel, 'typicalServiceUs'>[];
  readonly message?: { readonly sender: number; readonly nth: number };
  readonly channel?: number;
  /** How many members a channel has, where that is known. */
  readonly membersOf?: (channel: number) => number;
  readonly users?: number;
  readonly ratesPerSecond?: FanOutOptions['ratesPerSecond'];
  /** A rate limit of the design, how its algorithm goes from state to state, and what it decided of one user's requests. */
  readonly rateLimit?: {
    readonly config: RateLimitConfig;
    readonly flow: StateFlow;
    readonly decisions: readonly Decision[];
  };
}

export interface DiagramKind {
  /** One sentence. */
  readonly description: string;
  readonly needs: 'trace' | 'design';
  /** Mermaid text. Throws, in one line for people, when the input does not have what it needs. */
  draw(input: DiagramInput): string;
}

/** Every kind of diagram by its name on the command line. To add one: a file, and a line here. */
export const DIAGRAMS = {
  'message-flow': {
    description:
      'The way of one message through all participants, as a sequence diagram of what the run did.',
    needs: 'trace',
    draw: ({ design, rows, names, stations, message, membersOf }) =>
      messageFlow(rows, names, {
        ...otherMembers(rows, message, membersOf),
        stations: stations.map((station) => ({ ...station, ...typicalService(design, station.kind) })),
        roles: rolesOf(design),
        ...(message === undefined ? {} : { message }),
      }),
  },
  'fan-out': {
    description:
      'The components of the design and how pub/sub fans a message out to every server that subscribes.',
    needs: 'design',
    draw: ({ design, users, ratesPerSecond }) =>
      fanOut(design, {
        ...(users === undefined ? {} : { users }),
        ...(ratesPerSecond === undefined ? {} : { ratesPerSecond }),
      }),
  },
  ordering: {
    description:
      'The order in which the members of a channel were shown its messages, with crossings and the reorder buffer.',
    needs: 'trace',
    draw: ({ rows, names, channel }) => ordering(rows, names, channel === undefined ? {} : { channel }),
  },
  connection: {
    description:
      'The life of a client connection in the design\u2019s protocol, with the round trips that each step takes.',
    needs: 'design',
    draw: ({ design }) =>
      connectionLifecycle(design.protocol, {
        heartbeat: design.heartbeat,
        longPolling: design.longPolling,
        reconnect: design.reconnect,
      }),
  },
  'server-state': {
    description: 'Stateful and stateless WebSocket servers side by side, and what a crash takes along.',
    needs: 'design',
    draw: ({ design }) => serverState(design.servers.state),
  },
  'rate-limit': {
    description:
      'The requests of one user on a time line: how long each counts against the limit, and which are refused.',
    needs: 'trace',
    draw: (input) => {
      const { config, decisions } = rateLimitOf(input);
      if (decisions.length === 0)
        throw new RangeError('no request came to the rate limit; let the script send a message');
      return rateLimitTimeline(config, decisions);
    },
  },
  'rate-limit-placement': {
    description: 'Where the design enforces its rate limit, what lies behind it, and what a refusal costs.',
    needs: 'design',
    draw: ({ design }) =>
      rateLimitPlacement({
        ...(design.rateLimit ?? { placement: 'none' }),
        more: design.furtherRateLimits?.length ?? 0,
        gateways: design.gateway.count,
        servers: design.servers.count,
      }),
  },
  'rate-limit-states': {
    description: 'The states of the rate limit for one user, and what leads from one to the next.',
    needs: 'design',
    draw: (input) => {
      const { config, flow } = rateLimitOf(input);
      return rateLimitStates(flow, hasBurst(config) ? config.burst : config.limit);
    },
  },
} as const satisfies Readonly<Record<string, DiagramKind>>;

const hasBurst = ({ algorithm }: RateLimitConfig): boolean =>
  algorithm === 'token-bucket' || algorithm === 'leaky-bucket' || algorithm === 'gcra';

function rateLimitOf({ rateLimit }: DiagramInput): NonNullable<DiagramInput['rateLimit']> {
  if (rateLimit === undefined)
    throw new RangeError('the design has no rate limit; give it one, such as { limit: 5, window: 60s }');
  return rateLimit;
}

/** The name of a kind of diagram. */
export type DiagramName = keyof typeof DIAGRAMS;

/** What the kinds of station are called in a design. */
export const rolesOf = (design: Design): Readonly<Partial<Record<StationLabel['kind'], string>>> => ({
  pubsub: PUBSUB_NAMES[design.pubsub.kind],
});

function otherMembers(
  rows: readonly TraceRow[],
  message: DiagramInput['message'],
  membersOf: DiagramInput['membersOf'],
): { otherMembers?: number } {
  if (membersOf === undefined || message === undefined) return {};
  const row = rows.find(({ sender, nth }) => sender === message.sender && nth === message.nth);
  return row === undefined || row.channel < 0 ? {} : { otherMembers: membersOf(row.channel) - 1 };
}

/** How long the work on one message usually takes at a station of a kind: the median, or what comes near it. */
export function typicalService(design: Design, kind: StationLabel['kind']): { typicalServiceUs?: number } {
  const of: Readonly<Partial<Record<StationLabel['kind'], Duration>>> = {
    gateway: design.gateway.service,
    'chat-service': design.service.service,
    database: design.database.write,
    ...(design.rateLimit === null ? {} : { limiter: design.rateLimit.service }),
  };
  const duration = of[kind];
  return duration === undefined ? {} : { typicalServiceUs: usual(duration) };
}

function usual(duration: Duration): number {
  switch (duration.kind) {
    case 'constant':
      return duration.us;
    case 'uniform':
      return (duration.minUs + duration.maxUs) / 2;
    case 'exponential':
      return duration.meanUs;
    case 'lognormal':
      return duration.medianUs;
    case 'empirical': {
      const sorted = [...duration.samplesUs].sort((a, b) => a - b);
      return sorted[sorted.length >> 1]!;
    }
  }
}
