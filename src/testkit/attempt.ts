import { CapacityError } from '../base/errors.ts';
import type { Verdict } from '../guarantees/verdict.ts';
import { listedChoices } from '../run/choice-list.ts';
import { promises } from '../run/report.ts';
import { createRun, type Run } from '../run/run.ts';
import type { Scenario } from '../scenario/types.ts';
import { scenarioOf } from './compile-small.ts';
import type { Reach } from './reach.ts';
import type { SmallScenario } from './small-scenario.ts';

/** One run of a small scenario to its end, and what became of the guarantees. */
export interface Attempt {
  readonly scenario: Scenario;
  readonly run: Run;
  readonly verdicts: readonly Verdict[];
}

/** `reach` is told what the run goes through. Throws InputError when the settings of the design are wrong. */
export function attempt(small: SmallScenario, reach: Reach | null = null): Attempt {
  const scenario = scenarioOf(small);
  const run = finished(scenario, small, reach);
  return { scenario, run, verdicts: run.judge.final(run.nowUs) };
}

function finished(scenario: Scenario, { choices }: SmallScenario, reach: Reach | null): Run {
  const toTheEnd = (isLean: boolean): Run => {
    const keeper = { choices: listedChoices(choices), isLean };
    const run = createRun(scenario, reach === null ? keeper : { ...keeper, before: reach.before });
    reach?.begin(run);
    run.advance(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY);
    reach?.end();
    return run;
  };
  try {
    return toTheEnd(true);
  } catch (error) {
    // More was under way at one time than a lean world has room for.
    if (!(error instanceof CapacityError)) throw error;
    return toTheEnd(false);
  }
}

/** The guarantees that the design of a scenario promises and that were broken. */
export const brokenPromises = ({ scenario, verdicts }: Attempt): readonly Verdict[] =>
  verdicts.filter(({ name, verdict }) => verdict === 'violated' && promises(scenario, name));
