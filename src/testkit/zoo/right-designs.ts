import fc from 'fast-check';
import type { GuaranteeName } from '../../scenario/guarantee-names.ts';
import { type FaultKind, scenarios } from '../arbitraries.ts';
import { attempt } from '../attempt.ts';
import { failureOf, type HuntFailure } from '../failure.ts';
import { mergeSettings } from '../merge-settings.ts';
import { minimise } from '../minimise.ts';
import type { DesignSettings, SmallScenario } from '../small-scenario.ts';
import { RIGHT_DESIGN } from './zoo.ts';

/** A design without a mistake, what it promises, and the faults under which it promises it. */
export interface RightDesign {
  readonly name: string;
  readonly design: DesignSettings;
  readonly promises: readonly GuaranteeName[];
  readonly faults: readonly FaultKind[];
}

/**
 * What may happen to a right design: everything but a fail-over that loses, and losses between the broker and the servers. Redis Pub/Sub delivers
 * at most once, and what a server is never told it cannot send again.
 */
const FAULTS: readonly FaultKind[] = ['crash', 'slow', 'disconnect', 'client-link', 'membership'];

/**
 * These orders number a message, or make others wait for it, before the history has it: who gives it up before its sender does shows what comes after
 * it, and may then not show it any more. All attempts of a message together take up to 8 time-outs and back-offs of `SMALL_DESIGN`.
 */
const PATIENT: DesignSettings = { giveUpAfter: '6s' };

/** What every order has to keep. */
const DELIVERED_ONCE: readonly GuaranteeName[] = [
  'no-loss',
  'no-duplicates',
  'no-phantoms',
  'authorised-only',
  'acked-is-durable',
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
    design: { ordering: 'causal', reorder: PATIENT },
    promises: ['causal-order', ...DELIVERED_ONCE],
    faults: FAULTS,
  },
  {
    name: 'one sequencer',
    design: { ordering: 'global', reorder: PATIENT },
    promises: ['global-order', 'per-channel-order', ...DELIVERED_ONCE],
    faults: FAULTS,
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
    faults: [...FAULTS, 'internal-link'],
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

export type Survival =
  | { readonly survived: true; readonly runs: number; readonly judged: number }
  | { readonly survived: false; readonly runs: number; readonly failure: HuntFailure };

/** Tries scenarios until one of the promises is broken. */
export function survives(right: RightDesign, { numRuns, seed, progress }: SurvivalOptions): Survival {
  const settings = mergeSettings(RIGHT_DESIGN, right.design);
  let runs = 0;
  /** Promises that were judged, over all scenarios. */
  let judged = 0;
  const broken = (small: SmallScenario): GuaranteeName | null => {
    const verdicts = attempt(small).verdicts.filter(({ name }) =>
      right.promises.some((promise) => promise === name),
    );
    judged += verdicts.filter(({ verdict }) => verdict !== 'unknown').length;
    return (
      right.promises.find((name) => verdicts.some((v) => v.name === name && v.verdict === 'violated')) ?? null
    );
  };
  const among = scenarios({ design: settings, faults: right.faults, maxMessages: 12 });
  const details = fc.check(
    fc.property(among, (small) => {
      if (++runs % 100 === 0) progress?.(runs);
      return broken(small) === null;
    }),
    { numRuns, seed, endOnFailure: true },
  );
  if (!details.failed || details.counterexample === null) return { survived: true, runs, judged };
  const [found] = details.counterexample;
  const name = broken(found);
  if (name === null) throw details.errorInstance;
  const { small } = minimise(found, (one) => broken(one) === name);
  const again = { seed: details.seed, path: details.counterexamplePath ?? '' };
  return { survived: false, runs, failure: failureOf(name, small, again) };
}
