import type { GuaranteeName } from '../../scenario/guarantee-names.ts';
import { COUNT } from '../../system/state/counters.ts';
import { type FaultKind, scenarios } from '../arbitraries.ts';
import { type Attempt, attempt } from '../attempt.ts';
import { failureOf, type HuntFailure } from '../failure.ts';
import { countFaults, type FaultsUsed } from '../faults-used.ts';
import { huntGuided } from '../guided.ts';
import { mergeSettings } from '../merge-settings.ts';
import { minimise } from '../minimise.ts';
import { placesOf } from '../places.ts';
import { createReach, type ReachTold } from '../reach.ts';
import { designOf } from '../small-design.ts';
import type { DesignSettings, Ends, SmallScenario } from '../small-scenario.ts';
import { CORPUS, toScenario } from './corpus.ts';
import { RIGHT_DESIGN } from './zoo.ts';

/** A design without a mistake, what it promises, and the faults under which it promises it. */
export interface RightDesign {
  readonly name: string;
  readonly design: DesignSettings;
  readonly promises: readonly GuaranteeName[];
  readonly faults: readonly FaultKind[];
  /** Whether a message that is lost between the broker and a server comes later: a log keeps it. Else these links are left whole. */
  readonly keepsForServers?: true;
  /** It promises what it does only as long as no fault lasts longer; absent: however long. */
  readonly longestMs?: number;
}

/**
 * What may happen to a right design: everything but a fail-over that loses, and losses between the broker and the servers. Redis Pub/Sub delivers
 * at most once, and what a server is never told it cannot send again.
 */
const FAULTS: readonly FaultKind[] = [
  'crash',
  'slow',
  'disconnect',
  'client-link',
  'internal-link',
  'membership',
];

/**
 * A sequencer numbers a message before the history has it. Who gives the number up before its sender does shows what comes after it, and may
 * then not show it any more: so nothing is lost only as long as nobody is cut off for longer than others wait, less the time of all attempts.
 */
export const PATIENT: DesignSettings = { giveUpAfter: '16s' };
const PATIENT_FOR_MS = 8_000;

/** What every order has to keep. */
const DELIVERED_ONCE: readonly GuaranteeName[] = [
  'no-loss',
  'no-duplicates',
  'no-phantoms',
  'authorised-only',
  'acked-is-durable',
  'joined-only',
  'answered',
];

export const RIGHT_DESIGNS: readonly RightDesign[] = [
  {
    name: 'in order, once, and nothing lost',
    design: {},
    promises: ['per-channel-order', ...DELIVERED_ONCE],
    faults: FAULTS,
  },
  {
    name: 'one message in flight',
    design: { retry: { maxInFlight: 1 } },
    promises: ['per-sender-fifo', 'per-channel-order', ...DELIVERED_ONCE],
    faults: FAULTS,
  },
  {
    name: 'causal',
    // With one message in flight whatever a message depends on is stored before it, or given up by its sender.
    design: { ordering: 'causal', retry: { maxInFlight: 1 } },
    promises: ['causal-order', 'per-sender-fifo', ...DELIVERED_ONCE],
    faults: FAULTS,
  },
  {
    name: 'one sequencer',
    design: { ordering: 'global', reorder: PATIENT },
    promises: ['global-order', 'per-channel-order', ...DELIVERED_ONCE],
    faults: FAULTS,
    longestMs: PATIENT_FOR_MS,
  },
  {
    name: 'as it comes',
    design: { ordering: 'best-effort' },
    promises: DELIVERED_ONCE,
    faults: FAULTS,
  },
  {
    name: 'a log as broker',
    // What a server is never told it reads later: a log keeps what it has.
    design: { pubsub: { kind: 'kafka' } },
    promises: ['per-channel-order', ...DELIVERED_ONCE],
    faults: FAULTS,
    keepsForServers: true,
  },
  {
    name: 'acknowledged before it is published, from an outbox',
    design: { flow: ['validate', 'persist', 'ack', 'publish'], outbox: { enabled: true } },
    promises: ['per-channel-order', ...DELIVERED_ONCE],
    faults: FAULTS,
  },
  {
    name: 'three sequencers, one message in flight',
    design: { ordering: 'global', sequencer: { replicas: 3 }, retry: { maxInFlight: 1 }, reorder: PATIENT },
    promises: ['global-order', 'causal-order', 'per-sender-fifo', ...DELIVERED_ONCE],
    faults: FAULTS,
    longestMs: PATIENT_FOR_MS,
  },
  {
    name: 'long polling',
    design: { protocol: 'long-polling' },
    promises: ['per-channel-order', ...DELIVERED_ONCE],
    faults: FAULTS,
  },
  {
    name: 'an exact log for all',
    design: {
      rateLimit: { algorithm: 'sliding-window-log', limit: 2, window: '200ms', placement: 'gateway' },
    },
    promises: ['rate-bound'],
    faults: FAULTS,
  },
];

export interface SurvivalOptions {
  readonly numRuns: number;
  readonly seed: number;
  readonly progress?: (runs: number) => void;
}

export type Survival = {
  readonly runs: number;
  readonly judged: number;
  readonly used: FaultsUsed;
  readonly reach: ReachTold;
} & ({ readonly survived: true } | { readonly survived: false; readonly failure: HuntFailure });

const isToSubscriber = ([from, to]: Ends): boolean => from.startsWith('pubsub') && to.startsWith('ws-server');

/** What hunts have found before, as far as the design has the stations for that and keeps its promises under such faults. */
function corpusFor(
  { longestMs = Number.POSITIVE_INFINITY, faults }: RightDesign,
  settings: DesignSettings,
): readonly SmallScenario[] {
  const { stations } = placesOf(settings);
  return CORPUS.map((found) => toScenario(found, settings)).filter((small) =>
    small.faults.every(
      (fault) =>
        (!('station' in fault) || stations.includes(fault.station)) &&
        (!('forMs' in fault) || fault.forMs <= longestMs) &&
        (fault.do !== 'failover' || faults.includes('failover')),
    ),
  );
}

/**
 * Tries scenarios, guided by what they reach, until one of the promises is broken. Order by sender is promised where the sender gives up nothing: the next
 * message goes then, and a copy of the one given up may still stand in a queue, and be shown behind it.
 */
export function survives(right: RightDesign, { numRuns, seed, progress }: SurvivalOptions): Survival {
  const settings = mergeSettings(RIGHT_DESIGN, right.design);
  const used = countFaults();
  const reach = createReach();
  /** Promises that were judged, over all scenarios. */
  let judged = 0;
  const brokenIn = ({ verdicts, run }: Attempt): GuaranteeName | null => {
    const hasGivenUp = run.system.context.values[COUNT.failed]! > 0;
    const promised = verdicts.filter(
      ({ name }) =>
        right.promises.some((promise) => promise === name) && !(name === 'per-sender-fifo' && hasGivenUp),
    );
    judged += promised.filter(({ verdict }) => verdict !== 'unknown').length;
    return (
      right.promises.find((name) => promised.some((v) => v.name === name && v.verdict === 'violated')) ?? null
    );
  };
  const among = scenarios({
    design: settings,
    faults: right.faults,
    maxMessages: 12,
    ...(right.longestMs === undefined ? {} : { longestMs: right.longestMs }),
    ...(right.keepsForServers === true
      ? {}
      : { links: placesOf(settings).links.filter((ends) => !isToSubscriber(ends)) }),
  });
  let tries = 0;
  const fails = (tried: Attempt, small: SmallScenario): boolean => {
    used.add(small);
    if (++tries % 100 === 0) progress?.(tries);
    return brokenIn(tried) !== null;
  };
  const { found, runs } = huntGuided(among, fails, {
    numRuns,
    seed,
    reach,
    corpus: corpusFor(right, settings),
  });
  const told = { runs, judged, used: used.told(), reach: reach.told(designOf(settings)) };
  if (found === null) return { survived: true, ...told };
  const name = brokenIn(attempt(found));
  if (name === null) throw new Error('defect: a scenario that failed does not fail again');
  const { small } = minimise(found, (one) => brokenIn(attempt(one)) === name);
  return { survived: false, ...told, failure: failureOf(name, small) };
}
