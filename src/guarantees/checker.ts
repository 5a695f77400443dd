import type { Ledger } from './ledger.ts';
import type { Touched } from './touched.ts';
import type { Verdict } from './verdict.ts';

/** The part of a verdict that a checker decides; the judge adds the name, and on how much it rests. */
export type Finding = Omit<Verdict, 'name' | 'judged'>;

/** Folds a history, event by event, into a finding. The ledger has taken the event before. */
export interface Checker {
  push(kind: number, message: number, user: number, channel: number, timeUs: number): void;
  /**
   * Of so many events it could have been broken by: the registry says of what. While it is 0 the promise was not put to the test, and
   * cannot be violated.
   */
  readonly judged: number;
  /** Of the history so far. May be asked at any time; costs nothing that grows with the history, unless the checker says so. */
  finding(): Finding;
  /** What all violations so far touch. Left out by checkers that look no further than the first. */
  touched?(): Touched;
}

/** What some guarantees have to be told. */
export interface CheckerOptions {
  /** For `rate-bound`: at most so many accepted requests of one key ... */
  readonly limit?: number | undefined;
  /** ... in any window of this length. */
  readonly windowUs?: number | undefined;
  /** Whether a request exactly one window old counts: `inclusive` (the default) as in the sliding-window log. */
  readonly boundary?: 'inclusive' | 'exclusive' | undefined;
  /**
   * For the two orders: steps that a search may take for each showing before it is put off to the next full sort (see
   * `precedence.ts`). More saves time where much is shown out of order; the verdict is the same.
   */
  readonly searchSteps?: number | undefined;
}

export interface Guarantee {
  readonly name: string;
  /** The promise, in one sentence. */
  readonly promise: string;
  /** Which events it is judged from. */
  readonly needs: string;
  /** What `violations` counts. */
  readonly counts: string;
  /** What `judged` counts, in the singular and the plural. */
  readonly bears: readonly [one: string, many: string];
  /** What the history is without where `judged` is 0. */
  readonly notAtStake: string;
  /** The kinds of event that it must be given. */
  readonly listens: readonly number[];
  create(ledger: Ledger, options: CheckerOptions): Checker;
}

export const HOLDS: Finding = { verdict: 'holds', violations: 0, witness: null, sinceUs: null, reason: null };

/** It may still become true or false. */
export const unknown = (reason: string): Finding => ({ ...HOLDS, verdict: 'unknown', reason });
