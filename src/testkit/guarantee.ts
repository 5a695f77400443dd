import fc from 'fast-check';
import { type JudgedGuarantee, judged } from '../guarantees/judged.ts';
import type { Verdict } from '../guarantees/verdict.ts';
import type { GuaranteeName } from '../scenario/guarantee-names.ts';
import { attempt } from './attempt.ts';
import { failureOf, failureText, type HuntFailure } from './failure.ts';
import { countFaults, type FaultsUsed } from './faults-used.ts';
import { minimise } from './minimise.ts';
import type { SmallScenario } from './small-scenario.ts';

/** How long to look, and where to begin again. */
export interface HuntOptions {
  /** Scenarios to try; 100 when nothing is said. */
  readonly numRuns?: number;
  /** Of a failure that was printed: makes the same scenarios again. */
  readonly seed?: number;
  readonly path?: string;
  /** Stops after so long, and has then found nothing. */
  readonly timeLimitMs?: number;
  /** Where the page is served, for the link of a failure. */
  readonly page?: string;
}

/** What a hunt has come to. */
export type HuntResult = HuntReach &
  ({ readonly found: false } | { readonly found: true; readonly failure: HuntFailure });

/** How far a hunt has come. */
interface HuntReach {
  readonly runs: number;
  /** Of so many scenarios the verdict was not unknown. */
  readonly judged: number;
  /** Scenarios that were asked for and not tried, because the time was over (`timeLimitMs`); of a hunt that has found something 0. */
  readonly notTried: number;
  /** The stations, links, kinds and lengths of the faults of all scenarios that were tried; those of making a find smaller do not count. */
  readonly used: FaultsUsed;
}

/** A guarantee that can be hunted in simulated scenarios; `judge` judges what a real system has recorded. */
export interface HuntedGuarantee extends JudgedGuarantee {
  readonly name: GuaranteeName;
  /** Looks for a scenario in which it is violated, and makes it as small as it can. */
  hunt(among: fc.Arbitrary<SmallScenario>, options?: HuntOptions): HuntResult;
  /**
   * Throws when it is violated in one of the scenarios: with the two sentences, the smallest scenario, its choices, and how to run it again.
   * Throws as well when nothing could be judged in any of them. Returns on how much it rests: how many were judged, and how many not tried.
   */
  holdsFor(among: fc.Arbitrary<SmallScenario>, options?: HuntOptions): HuntResult;
}

/** A guarantee to be hunted. Throws RangeError, with all names, when there is none of this name. */
export function guarantee(name: GuaranteeName): HuntedGuarantee {
  const ofHistories = judged(name);
  const verdictIn = (small: SmallScenario): Verdict => {
    const verdict = attempt(small).verdicts.find((one) => one.name === name);
    if (verdict === undefined) throw new Error(`defect: a run does not judge ${name}`);
    return verdict;
  };

  const hunt = (among: fc.Arbitrary<SmallScenario>, options: HuntOptions = {}): HuntResult => {
    const { numRuns = 100, seed, path, timeLimitMs, page } = options;
    const used = countFaults();
    let judgedRuns = 0;
    let runs = 0;
    let defect: unknown;
    /** What a run throws is no violation: it is thrown on. */
    const verdictOrDefect = (small: SmallScenario): Verdict['verdict'] => {
      try {
        return verdictIn(small).verdict;
      } catch (error) {
        defect = error;
        throw error;
      }
    };
    const property = fc.property(among, (small) => {
      runs++;
      used.add(small);
      const verdict = verdictOrDefect(small);
      if (verdict !== 'unknown') judgedRuns++;
      return verdict !== 'violated';
    });
    const details = fc.check(property, {
      numRuns,
      // What is found is made smaller below, in far fewer runs.
      endOnFailure: true,
      ...(seed === undefined ? {} : { seed }),
      ...(path === undefined ? {} : { path }),
      ...(timeLimitMs === undefined ? {} : { interruptAfterTimeLimit: timeLimitMs }),
    });
    if (!details.failed || details.counterexample === null) {
      const notTried = details.interrupted ? numRuns - runs : 0;
      return { found: false, runs, judged: judgedRuns, notTried, used: used.told() };
    }
    if (defect !== undefined && details.errorInstance === defect) throw defect;
    const { small, runs: more } = minimise(
      details.counterexample[0],
      (one) => verdictIn(one).verdict === 'violated',
    );
    const again = { seed: details.seed, path: details.counterexamplePath ?? '' };
    const failure = failureOf(name, small, again, page);
    return { found: true, runs: runs + more, judged: judgedRuns, notTried: 0, used: used.told(), failure };
  };

  return {
    ...ofHistories,
    name,
    hunt,
    holdsFor(among, options = {}) {
      const result = hunt(among, options);
      if (result.found) throw new Error(failureText(result.failure));
      if (result.judged === 0)
        throw new Error(
          `${name} could not be judged in any of ${result.runs} scenarios, so nothing was shown${result.notTried > 0 ? `; ${result.notTried} more were not tried, because the time was over` : ''}`,
        );
      return result;
    },
  };
}
