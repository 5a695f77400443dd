import fc from 'fast-check';
import type { ChoiceList } from '../run/choice-list.ts';
import { type FaultPlaces, type PlaceOptions, placesOf } from './places.ts';
import {
  type DesignSettings,
  SMALL_DESIGN,
  type SmallFault,
  type SmallMessage,
  type SmallScenario,
} from './small-scenario.ts';

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
/** A kind of fault that a schedule may hold. */
export type FaultKind = (typeof FAULT_KINDS)[number];

const MOST_USERS = 4;
const MOST_CHANNELS = 2;
/** Messages and faults begin within this time: close together, so that they meet. A few messages come later, into and after long faults. */
const WITHIN_MS = 400;
const LATEST_MESSAGE_MS = 8_000;
const SHORT_FAULT_MS = 1_200;
/** What is back before anybody notices has forgotten all the same. */
const HARDLY_A_FAULT_MS = 20;
/** A choice is one of sixteen: a sixteenth of a delay matters to nobody, and fewer steps lead to 0. */
const HIGHEST_CHOICE = 15;
const CHOICE_STEP = 0x1111_1111;
const LONGEST_LIST = 150;

const atMs = fc.nat({ max: WITHIN_MS });
const messageAtMs = fc.oneof(
  { weight: 7, arbitrary: atMs },
  { weight: 1, arbitrary: fc.nat({ max: LATEST_MESSAGE_MS }) },
);
const share = fc.constantFrom(0, 0.1, 0.3);

/** One of the places that a design has, whichever design it will be. */
const place = fc.nat({ max: 999 });
/** How long a fault lasts: short, or about as long as one of the design's time-outs. */
type Length = { readonly ms: number } | { readonly timeOut: number; readonly moreMs: number };
const length: fc.Arbitrary<Length> = fc.oneof(
  { weight: 2, arbitrary: fc.record({ ms: fc.integer({ min: 1, max: SHORT_FAULT_MS }) }) },
  { weight: 1, arbitrary: fc.record({ ms: fc.integer({ min: 1, max: HARDLY_A_FAULT_MS }) }) },
  { weight: 1, arbitrary: fc.record({ timeOut: place, moreMs: fc.constantFrom(-1, 1, 40, 400) }) },
);

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
    atMs: messageAtMs,
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

/** A fault before it is known of which design: with a place and a length to be looked up. */
type FaultIn = (places: FaultPlaces) => SmallFault | null;

const among = <T>(list: readonly T[], nth: number): T | undefined => list[nth % Math.max(1, list.length)];

function lengthMs(of: Length, { timeOuts, longestMs }: FaultPlaces): number {
  const ms = 'ms' in of ? of.ms : (among(timeOuts, of.timeOut)?.ms ?? 0) + of.moreMs;
  return Math.min(longestMs, Math.max(1, Math.ceil(ms)));
}

const atStation = (
  make: fc.Arbitrary<(station: string, atMs: number, forMs: number) => SmallFault>,
): fc.Arbitrary<FaultIn> =>
  fc.tuple(make, place, atMs, length).map(([fault, nth, at, long]) => (places) => {
    const station = among(places.stations, nth);
    return station === undefined ? null : fault(station, at, lengthMs(long, places));
  });

const linkFault = fc.oneof(
  fc.constant(null),
  fc.record({ loss: share, duplicate: share, reorder: share, delayMs: fc.integer({ min: 1, max: 80 }) }),
);

const atLink = (clients: boolean): fc.Arbitrary<FaultIn> =>
  fc.tuple(linkFault, place, atMs, length).map(([bad, nth, at, long]) => (places) => {
    const between = clients ? (['clients', 'gateway'] as const) : among(places.links, nth);
    if (between === undefined) return null;
    const times = { between, atMs: at, forMs: lengthMs(long, places) };
    return bad === null ? { do: 'cut', ...times } : { do: 'link', ...bad, ...times };
  });

const crashes = atStation(fc.constant((station, at, forMs) => ({ do: 'crash', station, atMs: at, forMs })));

const ARBITRARY_OF: Readonly<Record<FaultKind, fc.Arbitrary<FaultIn>>> = {
  crash: crashes,
  slow: atStation(
    fc.constantFrom(
      (station, at, forMs) => ({ do: 'slow', station, factor: 2, atMs: at, forMs }),
      (station, at, forMs) => ({ do: 'slow', station, factor: 10, atMs: at, forMs }),
      (station, at, forMs) => ({ do: 'block', station, atMs: at, forMs }),
    ),
  ),
  disconnect: fc.tuple(fc.nat({ max: MOST_USERS - 1 }), atMs, length).map(([user, at, long]) => (places) => ({
    do: 'disconnect',
    user,
    atMs: at,
    forMs: lengthMs(long, places),
  })),
  'client-link': atLink(true),
  'internal-link': atLink(false),
  failover: fc.tuple(atMs, length).map(([at, long]) => (places) => ({
    do: 'failover',
    atMs: at,
    forMs: lengthMs(long, places),
  })),
  limiter: crashes.map((fault) => (places) => {
    const stations = places.stations.filter((name) => name === 'limiter');
    return fault({ ...places, stations });
  }),
  membership: fc
    .record({
      do: fc.constantFrom('leave' as const, 'join' as const),
      user: fc.nat({ max: MOST_USERS - 1 }),
      channel: fc.nat({ max: MOST_CHANNELS - 1 }),
      atMs,
    })
    .map((fault) => () => fault),
};

function faultsIn(kinds: readonly FaultKind[], maxFaults = 4): fc.Arbitrary<readonly FaultIn[]> {
  if (kinds.length === 0 || maxFaults === 0) return fc.constant([]);
  return fc.array(fc.oneof(...kinds.map((kind) => ARBITRARY_OF[kind])), { maxLength: maxFaults });
}

const isThere = (fault: SmallFault | null): fault is SmallFault => fault !== null;

/**
 * Schedules of faults of a design: at its stations and links, shorter and longer than its time-outs, unless something else is said. Each ends by
 * itself, so that what was promised can be demanded afterwards. Throws RangeError when a place that is named is not there.
 */
export function faultSchedules(
  kinds: readonly FaultKind[] = FAULT_KINDS,
  maxFaults = 4,
  { design = SMALL_DESIGN, ...options }: PlaceOptions & { readonly design?: DesignSettings } = {},
): fc.Arbitrary<readonly SmallFault[]> {
  const places = placesOf(design, options);
  return faultsIn(kindsOf(kinds, places), maxFaults).map((drawn) =>
    drawn.map((fault) => fault(places)).filter(isThere),
  );
}

/** The kinds that a design can have; all that are named must be there. */
function kindsOf(kinds: readonly FaultKind[], { hasLimiter }: FaultPlaces): readonly FaultKind[] {
  if (hasLimiter) return kinds;
  if (kinds !== FAULT_KINDS && kinds.includes('limiter'))
    throw new RangeError(
      "faults name 'limiter', and the design has none; give it one with rateLimit: { placement: 'service' }, or leave 'limiter' out",
    );
  return kinds.filter((kind) => kind !== 'limiter');
}

/** Among which scenarios to look. */
export interface ScenarioOptions extends PlaceOptions {
  /** Settings of every design; or an arbitrary of them. `SMALL_DESIGN` where nothing is said. */
  readonly design?: DesignSettings | fc.Arbitrary<DesignSettings>;
  readonly faults?: readonly FaultKind[];
  readonly maxFaults?: number;
  readonly maxMessages?: number;
}

/** An arbitrary of any copy of fast-check: that of whoever calls is not ours. */
const isArbitrary = (one: object): one is fc.Arbitrary<DesignSettings> =>
  'generate' in one &&
  typeof one.generate === 'function' &&
  'shrink' in one &&
  typeof one.shrink === 'function';

/**
 * Small scenarios: a design, a workload, a schedule of faults and a list of choices. Throws RangeError, here or with the first design that is drawn,
 * when faults are named that the design cannot have.
 */
export function scenarios({
  design = SMALL_DESIGN,
  faults = FAULT_KINDS,
  maxFaults,
  maxMessages,
  ...options
}: ScenarioOptions = {}): fc.Arbitrary<SmallScenario> {
  const isDrawn = isArbitrary(design);
  const kinds = isDrawn ? faults : kindsOf(faults, placesOf(design, options));
  return fc
    .record({
      faults: faultsIn(kinds, maxFaults),
      workload: workloads(maxMessages),
      design: isDrawn ? design : fc.constant(design),
      choices: choiceLists(),
    })
    .map(({ faults: drawn, workload, design: of, choices }) => {
      const places = placesOf(of, options);
      if (isDrawn && faults !== FAULT_KINDS) kindsOf(faults, places);
      return {
        design: of,
        ...workload,
        faults: drawn
          .map((fault) => fault(places))
          .filter(isThere)
          .map((fault) => within(fault, workload)),
        choices,
      };
    });
}

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
