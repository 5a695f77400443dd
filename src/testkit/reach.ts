import { mix32 } from '../base/hash.ts';
import type { Run } from '../run/run.ts';
import type { Design } from '../system/design/design.ts';
import { rateLimitsOf, serviceLimits } from '../system/design/design.ts';
import { EVENT } from '../system/kinds.ts';
import { COUNT, type Counter } from '../system/state/counters.ts';
import { CONNECTION, OUTGOING } from '../system/state/tables.ts';
import { stateOf } from '../system/state/user-word.ts';
import { DROP_REASONS, TRACE_KINDS, type TraceKind } from '../trace/trace.ts';

/**
 * How far runs have come: (event, state, branch) that they have been through. The state is that of the machine which the event is about, before
 * it: the connection of its user, or the outgoing message at its sender. The branch is what the event did, as it can be seen from outside: the kinds of
 * rows that it left, with the reasons of losses, and the counters of `BRANCHES` that it moved.
 */
export interface Reach {
  /** The next run begins; its events are told to `before`; it is over. */
  begin(run: Run): void;
  readonly before: (kind: number, a: number, b: number, c: number) => void;
  end(): void;
  /** How many there are so far. */
  readonly size: number;
  told(design: Design): ReachTold;
}

export interface ReachTold {
  readonly pairs: number;
  readonly table: readonly {
    readonly event: string;
    readonly state: string;
    readonly branch: string;
    readonly times: number;
  }[];
  /** What no run has met. `because`: why none of this design can; null where that is not known. */
  readonly never: readonly { readonly what: string; readonly because: string | null }[];
}

const BRANCHES: readonly Counter[] = [
  ...(['failed', 'duplicatesDropped', 'outOfOrder', 'buffered', 'gaps', 'dropped'] as const),
  ...(['lostCopies', 'connectsRefused', 'disconnects', 'resumes', 'shownFromHistory', 'brokerCuts'] as const),
];

/** Rows of what a script does between events, which no event has done. */
const OF_THE_SCRIPT: ReadonlySet<TraceKind> = new Set([
  ...(['crash', 'restart', 'slow', 'cut', 'block', 'set', 'say', 'join', 'leave', 'send'] as const),
]);

const OF_A_USER: ReadonlySet<number> = new Set([
  ...[
    EVENT.USER_TICK,
    EVENT.HEARTBEAT,
    EVENT.HEARTBEAT_TIMEOUT,
    EVENT.CONNECTION_LOST,
    EVENT.CONNECT,
    EVENT.CHURN,
  ],
  ...[EVENT.CONNECT_AT_GATEWAY, EVENT.CONNECT_REFUSED, EVENT.CONNECT_ACCEPTED, EVENT.CONNECTED, EVENT.RETURN],
  ...[EVENT.RESUME_AT_DATABASE, EVENT.RESUMED, EVENT.SUBSCRIBED, EVENT.SUBSCRIBE_AT_SERVER],
]);
const OF_A_SLOT: ReadonlySet<number> = new Set([EVENT.DELIVER, EVENT.GAP_TIMEOUT, EVENT.BACKFILLED]);
const OF_AN_OUTGOING: ReadonlySet<number> = new Set([EVENT.OUTGOING_TIMER, EVENT.NEXT_IN_LINE]);
const OF_A_COPY: ReadonlySet<number> = new Set([
  ...[
    EVENT.GATEWAY_ARRIVE,
    EVENT.GATEWAY_DEPART,
    EVENT.SERVER_ARRIVE,
    EVENT.SERVER_DEPART,
    EVENT.LIMITER_ARRIVE,
  ],
  ...[EVENT.LIMITER_DEPART, EVENT.LIMITER_BACK, EVENT.LIMITER_TIMEOUT, EVENT.HELD, EVENT.SERVICE_ARRIVE],
  ...[
    EVENT.SERVICE_DEPART,
    EVENT.SERVICE_BACK,
    EVENT.DATABASE_ARRIVE,
    EVENT.DATABASE_DEPART,
    EVENT.BROKER_ARRIVE,
  ],
  ...[EVENT.BROKER_DEPART, EVENT.NOTIFY, EVENT.ACK_AT_SERVER, EVENT.ACK_AT_CLIENT, EVENT.NACK_AT_CLIENT],
  ...[EVENT.SEQUENCER_ARRIVE, EVENT.SEQUENCER_DEPART, EVENT.SEQUENCER_BACK, EVENT.RELAY],
]);

const NO_STATE = 0;
const FIRST_CONNECTION = 1;
const FIRST_OUTGOING = FIRST_CONNECTION + CONNECTION.states.length;
/** The sender of the copy waits for nothing any more. */
const SENDER_DONE = FIRST_OUTGOING + OUTGOING.states.length;
const STATES: readonly string[] = ['', ...CONNECTION.states, ...OUTGOING.states, 'sender has done'];

const EVENT_NAME = new Map<number, string>(Object.entries(EVENT).map(([name, kind]) => [kind, name]));

interface Pair {
  readonly kind: number;
  readonly state: number;
  readonly rows: number;
  readonly more: number;
  times: number;
}

export function createReach(): Reach {
  const pairs = new Map<number, Pair>();
  let run: Run | null = null;
  let kind = -1;
  let state = NO_STATE;
  let rowsBefore = 0;
  const before: number[] = BRANCHES.map(() => 0);

  const stateBefore = (of: Run, ofKind: number, a: number): number => {
    const { users, memberships, outgoing, copies } = of.system.context;
    const connection = (user: number): number => FIRST_CONNECTION + stateOf(users.pair[2 * user]!);
    if (OF_A_USER.has(ofKind)) return connection(a);
    if (OF_A_SLOT.has(ofKind)) return connection(memberships.entry[2 * a]!);
    if (OF_AN_OUTGOING.has(ofKind)) return FIRST_OUTGOING + outgoing.state[a]!;
    if (!OF_A_COPY.has(ofKind)) return NO_STATE;
    const o = copies.outgoing[a]!;
    const isIts = outgoing.sender[o] === copies.sender[a] && outgoing.nth[o] === copies.nth[a];
    return isIts ? FIRST_OUTGOING + outgoing.state[o]! : SENDER_DONE;
  };

  /** Takes in what the last event has done. */
  const take = (): void => {
    if (run === null) return;
    const { values, watching } = run.system.context;
    const { tracer } = watching;
    let rows = 0;
    let more = 0;
    for (let id = rowsBefore; id < tracer.length; id++) {
      const row = tracer.row(id);
      if (OF_THE_SCRIPT.has(row.kind)) continue;
      rows |= 1 << TRACE_KINDS.indexOf(row.kind);
      if (row.reason !== 'none') more |= 1 << DROP_REASONS.indexOf(row.reason);
    }
    rowsBefore = tracer.length;
    BRANCHES.forEach((name, i) => {
      const value = values[COUNT[name]]!;
      if (value !== before[i]) more |= 1 << (DROP_REASONS.length + i);
      before[i] = value;
    });
    if (kind < 0) return;
    const key = mix32(mix32(mix32((kind << 6) | state) ^ rows) ^ more);
    const known = pairs.get(key);
    if (known === undefined) pairs.set(key, { kind, state, rows, more, times: 1 });
    else known.times++;
  };

  const names = (list: readonly string[], bits: number, from = 0): string[] =>
    list.filter((_, i) => ((bits >>> (from + i)) & 1) === 1);
  const branchOf = ({ rows, more }: Pair): string =>
    [
      ...names(TRACE_KINDS, rows),
      ...names(DROP_REASONS, more),
      ...names(BRANCHES, more, DROP_REASONS.length),
    ].join(', ') || 'nothing';

  return {
    begin(next) {
      run = next;
      kind = -1;
      rowsBefore = 0;
      take();
    },
    before(nextKind, a) {
      take();
      kind = nextKind;
      state = run === null ? NO_STATE : stateBefore(run, nextKind, a);
    },
    end() {
      take();
      run = null;
    },
    get size() {
      return pairs.size;
    },
    told(design) {
      const all = [...pairs.values()].sort(
        (p, q) => p.kind - q.kind || p.state - q.state || p.rows - q.rows || p.more - q.more,
      );
      const events = new Set(all.map((pair) => pair.kind));
      const states = new Set(all.map((pair) => STATES[pair.state]));
      const rows = all.reduce((bits, pair) => bits | pair.rows, 0);
      const reasons = all.reduce((bits, pair) => bits | pair.more, 0);
      const never = [
        ...[...EVENT_NAME].filter(([one]) => !events.has(one)).map(([, name]) => `event ${name}`),
        ...STATES.filter((name) => name !== '' && !states.has(name)).map((name) => `state ${name}`),
        ...TRACE_KINDS.filter((name, i) => !OF_THE_SCRIPT.has(name) && ((rows >>> i) & 1) === 0).map(
          (name) => `row ${name}`,
        ),
        ...DROP_REASONS.filter((name, i) => name !== 'none' && ((reasons >>> i) & 1) === 0).map(
          (name) => `loss ${name}`,
        ),
      ];
      return {
        pairs: pairs.size,
        table: all.map((pair) => ({
          event: EVENT_NAME.get(pair.kind) ?? String(pair.kind),
          state: STATES[pair.state]!,
          branch: branchOf(pair),
          times: pair.times,
        })),
        never: never.map((what) => ({ what, because: whyNever(what, design) })),
      };
    },
  };
}

/** In a few lines, for people. */
export function reachText({ pairs, never }: ReachTold): string {
  const open = never.filter(({ because }) => because === null).map(({ what }) => what);
  const cannot = never.flatMap(({ what, because }) => (because === null ? [] : [`${what} (${because})`]));
  return [
    `reach:    ${pairs} (event, state, branch) of the design were gone through`,
    `never:    ${open.length === 0 ? 'nothing that the design can reach' : open.join(', ')}`,
    `cannot:   ${cannot.join('; ')}`,
  ].join('\n');
}

/** What a design cannot reach, and why. Where the reason does not hold, null. */
function whyNever(what: string, design: Design): string | null {
  for (const [names, isSo, because] of REASONS) if (names.includes(what) && isSo(design)) return because;
  return null;
}

const event = (...names: readonly (keyof typeof EVENT)[]): string[] => names.map((name) => `event ${name}`);

const REASONS: readonly (readonly [
  what: readonly string[],
  isSo: (design: Design) => boolean,
  because: string,
])[] = [
  [
    event('USER_TICK', 'CHURN'),
    () => true,
    'in a hunt the script alone writes, and no connection is renewed by itself',
  ],
  [
    event('HISTORY_READ', 'RECORD_FOR_NOBODY', 'CLUSTER_BUS', 'RECORDS_HANDLED'),
    () => true,
    'these are jobs that wait at a station, and never events',
  ],
  [
    event('CONSUMER_POLL', 'CONSUMER_COMMIT'),
    ({ pubsub }) => pubsub.kind !== 'kafka',
    'the broker is no log that consumers read',
  ],
  [
    [...event('LIMITER_ARRIVE', 'LIMITER_DEPART', 'LIMITER_BACK', 'LIMITER_TIMEOUT')],
    (design) => serviceLimits(design).length === 0,
    'no rate limit is a service of its own',
  ],
  [
    [...event('NACK_AT_CLIENT'), 'row nack', 'row refuse', 'row accept', 'state refused', 'loss rate-limit'],
    (design) => rateLimitsOf(design).length === 0,
    'the design refuses nobody: it has no rate limit, and its queues hold all that few users send',
  ],
  [
    event('HELD'),
    (design) =>
      !rateLimitsOf(design).some(({ leak, algorithm }) => algorithm === 'leaky-bucket' && leak === 'queue'),
    'no leaky bucket holds anything back',
  ],
  [
    event('SEQUENCER_ARRIVE', 'SEQUENCER_DEPART', 'SEQUENCER_BACK'),
    ({ ordering }) => ordering !== 'global',
    'nothing is numbered by a sequencer',
  ],
  [event('REDELIVER'), ({ redelivery }) => redelivery.timeoutUs === 0, 'the server does not send again'],
  [event('POLL_HELD'), ({ protocol }) => protocol !== 'long-polling', 'no request is held'],
  [event('RELAY'), ({ outbox }) => !outbox.enabled, 'there is no outbox'],
  [event('NEXT_IN_LINE'), ({ retry }) => retry.maxInFlight === 0, 'no message stands in line at its client'],
  [
    event('SUBSCRIBED', 'SUBSCRIBE_AT_SERVER'),
    ({ reconnect }) => reconnect.catchUp === 'subscribe-then-fetch',
    'a client that is back is subscribed before it fetches',
  ],
  [
    [...event('GAP_TIMEOUT', 'BACKFILLED'), 'row buffer'],
    ({ ordering }) => ordering === 'best-effort',
    'under best effort nothing waits for a gap',
  ],
  [['state idle'], () => true, 'a message leaves its client in the instant in which it is written'],
];
