import fc from 'fast-check';
import type { HistoryEvent } from '../guarantees/history.ts';
import { checkHistory } from '../guarantees/judge.ts';
import type { Verdict } from '../guarantees/verdict.ts';
import type { GuaranteeName } from '../scenario/guarantee-names.ts';
import { recordUse, type StartSystem } from './chat-system.ts';
import { roundsText, type SystemUse, type SystemUseOptions, smallerUses, systemUses } from './system-use.ts';

/** What to look for in a system, among which uses, and for how long. */
export interface SystemHuntOptions extends SystemUseOptions {
  /** What the system promises. */
  readonly guarantees: readonly GuaranteeName[];
  /** Uses to try; 100 when left out. */
  readonly numRuns?: number;
  /** Each use is tried so often, for a system that is not deterministic; once when left out. */
  readonly tries?: number;
  /** Of a failure that was printed: makes the same uses again. */
  readonly seed?: number;
  readonly path?: string;
  /** A use that takes longer fails; 10,000 ms when left out. */
  readonly timeLimitMs?: number;
  /** A clock in milliseconds, for `rate-bound`; without one, each event of a history comes 1 ms after the one before. */
  readonly nowMs?: () => number;
  /** For `rate-bound`: at most so many accepted requests of one key in any window of `windowUs` microseconds. */
  readonly limit?: number;
  readonly windowUs?: number;
}

/** A use that breaks a promise, made as small as it gets. */
export interface SystemFailure {
  readonly use: SystemUse;
  /** The broken promise; null when the system threw or took too long. */
  readonly verdict: Verdict | null;
  readonly history: readonly HistoryEvent[];
  /** All of it in words. */
  readonly text: string;
  readonly again: { readonly seed: number; readonly path: string };
}

/** What a hunt in a system has come to. */
export type SystemHuntResult =
  /** `judged`: in so many histories at least one of the promises was put to the test. */
  | { readonly found: false; readonly runs: number; readonly judged: number }
  | { readonly found: true; readonly runs: number; readonly failure: SystemFailure };

/**
 * Looks for a use of a real system that breaks one of its promises, and makes it as small as it can. Each use starts a system of its own.
 * Throws RangeError for options that are out of range, or a guarantee that there is not.
 */
export async function huntSystem(start: StartSystem, options: SystemHuntOptions): Promise<SystemHuntResult> {
  const { guarantees, numRuns = 100, tries = 1, seed, path, timeLimitMs = 10_000, nowMs } = options;
  const { limit, windowUs } = options;
  let runs = 0;
  let judged = 0;

  /** Whether a use breaks a promise: how, or null. What the system throws is thrown. */
  const brokenIn = async (use: SystemUse): Promise<Broken | null> => {
    for (let i = 0; i < tries; i++) {
      runs++;
      const history = await recordUse(start, use, nowMs);
      const verdicts = checkHistory(history, guarantees, { limit, windowUs });
      if (verdicts.some(({ verdict }) => verdict !== 'unknown')) judged++;
      const verdict = verdicts.find((one) => one.verdict === 'violated');
      if (verdict !== undefined) return { verdict, history };
    }
    return null;
  };

  /** Looks for a use that breaks a promise, or in which the system throws or takes too long. */
  const search = async (among: fc.Arbitrary<SystemUse>, settings: fc.Parameters<[SystemUse]>) => {
    let broken: Broken | null = null;
    const property = fc.asyncProperty(among, async (use) => {
      broken = null;
      broken = await brokenIn(use);
      return broken === null;
    });
    const details = await fc.check(property, { ...settings, endOnFailure: true, timeout: timeLimitMs });
    if (!details.failed || details.counterexample === null) return null;
    const { seed: drawn, counterexamplePath, errorInstance: error } = details;
    return {
      use: details.counterexample[0],
      broken: broken as Broken | null,
      error,
      again: { seed: drawn, path: counterexamplePath ?? '' },
    };
  };

  const first = await search(systemUses(options), {
    numRuns,
    ...(seed === undefined ? {} : { seed }),
    ...(path === undefined ? {} : { path }),
  });
  if (first === null) return { found: false, runs, judged };
  // Step by step, because fast-check's own shrinking of lists in lists leaves steps that do nothing.
  let smallest = first;
  for (let isSmaller = true; isSmaller; ) {
    isSmaller = false;
    for (const use of smallerUses(smallest.use)) {
      const found = await search(fc.constant(use), { numRuns: 1 });
      if (found === null || found.broken?.verdict.name !== smallest.broken?.verdict.name) continue;
      smallest = found;
      isSmaller = true;
      break;
    }
  }
  const { use, broken, error } = smallest;
  const { again } = first;
  const text = failureText(use, broken, error, again);
  const { verdict = null, history = [] } = broken ?? {};
  return { found: true, runs, failure: { use, verdict, history, text, again } };
}

interface Broken {
  readonly verdict: Verdict;
  readonly history: readonly HistoryEvent[];
}

/**
 * Throws when one of the promises is broken in one of the uses: with the two sentences, the smallest use, its history, and how to run it
 * again. Throws as well when no use put a promise to the test.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { assertSystem, type ShowMessage } from 'fanout/testkit';
 *
 * // Forgets whoever is not there.
 * const start = (members: Readonly<Record<string, readonly string[]>>) => {
 *   const online = new Map<string, ShowMessage>();
 *   return {
 *     connect: (user: string, show: ShowMessage) => void online.set(user, show),
 *     disconnect: (user: string) => void online.delete(user),
 *     send(user: string, channel: string, message: string) {
 *       for (const member of members[channel] ?? []) if (member !== user) online.get(member)?.(channel, message);
 *       return true;
 *     },
 *     settle() {},
 *   };
 * };
 * await assertSystem(start, { guarantees: ['no-duplicates', 'per-channel-order'] });
 * await assert.rejects(assertSystem(start, { guarantees: ['no-loss'] }), /no-loss is violated/);
 * ```
 */
export async function assertSystem(start: StartSystem, options: SystemHuntOptions): Promise<void> {
  const result = await huntSystem(start, options);
  if (result.found) throw new Error(result.failure.text);
  if (result.judged === 0)
    throw new Error(
      `${options.guarantees.join(', ')} could not be judged in any of ${result.runs} uses, so nothing was shown`,
    );
}

function failureText(
  use: SystemUse,
  broken: Broken | null,
  error: unknown,
  again: SystemFailure['again'],
): string {
  const what =
    broken === null
      ? `the system failed: ${error instanceof Error ? error.message : String(error)}`
      : `${broken.verdict.name} is violated: ${broken.verdict.witness?.text ?? ''}`;
  const members = Object.entries(use.members).map(([channel, users]) => `${channel} is ${users.join(', ')}`);
  const history = broken?.history.map((event) => JSON.stringify(event)) ?? [];
  return [
    what,
    '',
    `The smallest use found (${members.join('; ')}), after everybody has connected:`,
    roundsText(use),
    ...(history.length === 0 ? [] : ['', 'Its history (fanout check reads it):', ...history]),
    '',
    `again: { seed: ${again.seed}, path: '${again.path}' }`,
  ].join('\n');
}
