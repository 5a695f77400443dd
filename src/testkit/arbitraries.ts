import fc from 'fast-check';
import type { ChoiceList } from '../run/choice-list.ts';
import { isThere } from './compile-small.ts';
import type { DesignSettings, SmallFault, SmallMessage, SmallScenario } from './small-scenario.ts';

/**
 * Arbitraries of small scenarios and of their parts. They shrink towards fewer faults, fewer messages, fewer users, smaller delays and
 * earlier times.
 */

/** The kinds of fault that a schedule may hold. */
export const FAULT_KINDS = [
  'crash',
  'slow',
  'disconnect',
  'client-link',
  'internal-link',
  'membership',
  'failover',
  'limiter',
] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

const MOST_USERS = 4;
const MOST_CHANNELS = 2;
/** Messages and faults begin within this time: close together, so that they meet. */
const WITHIN_MS = 400;
const LONGEST_FAULT_MS = 1_200;
/** A choice is one of sixteen: a sixteenth of a delay matters to nobody, and fewer steps lead to 0. */
const HIGHEST_CHOICE = 15;
const CHOICE_STEP = 0x1111_1111;
const LONGEST_LIST = 150;

const STATIONS = ['chat-service', 'database', 'pubsub-1', 'ws-server-1', 'ws-server-2', 'gateway-1'] as const;
const INTERNAL_LINKS = [
  ['gateway', 'ws-servers'],
  ['ws-servers', 'chat-service'],
  ['chat-service', 'database'],
  ['chat-service', 'pubsub'],
  ['pubsub', 'ws-servers'],
] as const;

const atMs = fc.nat({ max: WITHIN_MS });
const forMs = fc.integer({ min: 1, max: LONGEST_FAULT_MS });
const share = fc.constantFrom(0, 0.1, 0.3);

/** Lists of choices: see scenario/choice-list.ts. */
export function choiceLists(maxLength = LONGEST_LIST): fc.Arbitrary<ChoiceList> {
  return fc
    .array(fc.nat({ max: HIGHEST_CHOICE }), { maxLength, size: 'max' })
    .map((list) => list.map((choice) => choice * CHOICE_STEP));
}

/** Designs as settings over those of `SMALL_DESIGN`; without arguments, everything that a design can do about order and delivery. */
export function designs(...among: readonly DesignSettings[]): fc.Arbitrary<DesignSettings> {
  if (among.length > 0) return fc.constantFrom(...among);
  return fc.record({
    protocol: fc.constantFrom('websocket', 'sse', 'long-polling'),
    pubsub: fc.record({ kind: fc.constantFrom('redis', 'redis-cluster', 'kafka', 'none') }),
    flow: fc.constantFrom(
      ['validate', 'persist', 'publish', 'ack'],
      ['validate', 'persist', 'ack', 'publish'],
      ['validate', 'publish', 'persist', 'ack'],
      ['validate', 'ack', 'persist', 'publish'],
    ),
    ordering: fc.constantFrom('per-channel', 'best-effort'),
    delivery: fc.constantFrom('effectively-once', 'at-least-once', 'at-most-once'),
    reconnect: fc.record({ resume: fc.boolean() }),
  });
}

/** Who writes what when. */
export function workloads(
  maxMessages = 8,
): fc.Arbitrary<Pick<SmallScenario, 'users' | 'channels' | 'messages'>> {
  const message: fc.Arbitrary<SmallMessage> = fc.record({
    atMs,
    from: fc.nat({ max: MOST_USERS - 1 }),
    to: fc.nat({ max: MOST_CHANNELS - 1 }),
  });
  return fc
    .record({
      users: fc.integer({ min: 2, max: MOST_USERS }),
      channels: fc.integer({ min: 1, max: MOST_CHANNELS }),
      messages: fc.array(message, { minLength: 1, maxLength: maxMessages }),
    })
    .map((drawn) => ({
      ...drawn,
      messages: drawn.messages.map((one) => ({
        ...one,
        from: one.from % drawn.users,
        to: one.to % drawn.channels,
      })),
    }));
}

const ARBITRARY_OF: Readonly<Record<FaultKind, fc.Arbitrary<SmallFault>>> = {
  crash: fc.record({
    do: fc.constant('crash' as const),
    station: fc.constantFrom(...STATIONS),
    atMs,
    forMs,
  }),
  slow: fc.oneof(
    fc.record({
      do: fc.constant('slow' as const),
      station: fc.constantFrom(...STATIONS),
      factor: fc.constantFrom(2, 10),
      atMs,
      forMs,
    }),
    fc.record({ do: fc.constant('block' as const), station: fc.constantFrom(...STATIONS), atMs, forMs }),
  ),
  disconnect: fc.record({
    do: fc.constant('disconnect' as const),
    user: fc.nat({ max: MOST_USERS - 1 }),
    atMs,
    forMs,
  }),
  'client-link': linkFaults([['clients', 'gateway']]),
  'internal-link': linkFaults(INTERNAL_LINKS),
  failover: fc.record({ do: fc.constant('failover' as const), atMs, forMs }),
  limiter: fc.record({ do: fc.constant('crash' as const), station: fc.constant('limiter'), atMs, forMs }),
  membership: fc.record({
    do: fc.constantFrom('leave' as const, 'join' as const),
    user: fc.nat({ max: MOST_USERS - 1 }),
    channel: fc.nat({ max: MOST_CHANNELS - 1 }),
    atMs,
  }),
};

function linkFaults(among: readonly (readonly [string, string])[]): fc.Arbitrary<SmallFault> {
  const between = fc.constantFrom(...among);
  const bad = fc
    .record({
      do: fc.constant('link' as const),
      between,
      loss: share,
      duplicate: share,
      reorder: share,
      delayMs: fc.integer({ min: 1, max: 80 }),
      atMs,
      forMs,
    })
    .map((link): SmallFault => link);
  return fc.oneof(bad, fc.record({ do: fc.constant('cut' as const), between, atMs, forMs }));
}

/** Schedules of faults. Each ends by itself, so that what was promised can be demanded afterwards. */
export function faultSchedules(
  kinds: readonly FaultKind[] = FAULT_KINDS,
  maxFaults = 4,
): fc.Arbitrary<readonly SmallFault[]> {
  if (kinds.length === 0 || maxFaults === 0) return fc.constant([]);
  return fc.array(fc.oneof(...kinds.map((kind) => ARBITRARY_OF[kind])), { maxLength: maxFaults });
}

export interface ScenarioOptions {
  /** Settings of every design; or an arbitrary of them. `SMALL_DESIGN` where nothing is said. */
  readonly design?: DesignSettings | fc.Arbitrary<DesignSettings>;
  readonly faults?: readonly FaultKind[];
  readonly maxFaults?: number;
  readonly maxMessages?: number;
}

/** Small scenarios: a design, a workload, a schedule of faults and a list of choices. */
export function scenarios({
  design = {},
  faults = FAULT_KINDS,
  maxFaults,
  maxMessages,
}: ScenarioOptions = {}): fc.Arbitrary<SmallScenario> {
  const settings = design instanceof fc.Arbitrary ? design : fc.constant(design);
  return fc
    .record({
      faults: faultSchedules(faults, maxFaults),
      workload: workloads(maxMessages),
      design: settings,
      choices: choiceLists(),
    })
    .map(({ faults: drawn, workload, design: of, choices }) => ({
      design: of,
      ...workload,
      faults: drawn.map((fault) => within(fault, workload)).filter((fault) => isPossible(fault, of)),
      choices,
    }));
}

const isPossible = (fault: SmallFault, design: DesignSettings): boolean => {
  if ('station' in fault) return isThere(fault.station, design);
  return !('between' in fault) || fault.between.every((end) => isThere(end, design));
};

/** A fault of users and channels that are there. */
function within(
  fault: SmallFault,
  { users, channels }: Pick<SmallScenario, 'users' | 'channels'>,
): SmallFault {
  if (fault.do === 'disconnect') return { ...fault, user: fault.user % users };
  if (fault.do === 'leave' || fault.do === 'join')
    return { ...fault, user: fault.user % users, channel: fault.channel % channels };
  return fault;
}
