import type { Names, TraceRow } from '../kernel/trace.ts';
import type { Design, Duration } from '../system/design.ts';
import { connectionLifecycle } from './connection.ts';
import { type FanOutOptions, fanOut, PUBSUB_NAMES } from './fan-out.ts';
import { messageFlow, type StationLabel } from './message-flow.ts';
import { ordering } from './ordering.ts';
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
      connectionLifecycle(design.protocol, { heartbeat: design.heartbeat, reconnect: design.reconnect }),
  },
  'server-state': {
    description: 'Stateful and stateless WebSocket servers side by side, and what a crash takes along.',
    needs: 'design',
    draw: ({ design }) => serverState(design.servers.state),
  },
} as const satisfies Readonly<Record<string, DiagramKind>>;

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
  }
}
