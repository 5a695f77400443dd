import { scenarios } from '../arbitraries.ts';
import { attempt } from '../attempt.ts';
import { failureOf } from '../failure.ts';
import { countFaults } from '../faults-used.ts';
import { guarantee, type HuntOptions, type HuntResult } from '../guarantee.ts';
import { mergeSettings } from '../merge-settings.ts';
import { minimise } from '../minimise.ts';
import { placesOf } from '../places.ts';
import type { DesignSettings, SmallScenario } from '../small-scenario.ts';
import { CORPUS, toScenario } from './corpus.ts';
import type { HiddenMistake } from './hidden.ts';
import { type Planted, RIGHT_DESIGN } from './zoo.ts';

/** Settings laid over those of the right design. */
const designOf = ({ design }: HiddenMistake): DesignSettings => mergeSettings(RIGHT_DESIGN, design);

/** Looks for a scenario that shows a planted mistake, among such as are drawn at random. */
export function huntPlanted(mistake: HiddenMistake, options: HuntOptions = {}): HuntResult {
  const { breaks, faults } = mistake;
  return guarantee(breaks).hunt(scenarios({ design: designOf(mistake), faults, maxMessages: 12 }), options);
}

/** The hunt that the exercises come from: always the same. */
export const huntForExercise = (mistake: Planted): HuntResult =>
  huntPlanted(mistake, { numRuns: 12_000, seed: 1 });

/** Looks for it among what hunts have found before, as far as its design has the stations for that, and then at random. */
export function huntHidden(mistake: HiddenMistake, options: HuntOptions = {}): HuntResult {
  const { breaks } = mistake;
  const design = designOf(mistake);
  const { stations } = placesOf(design);
  const isBroken = (small: SmallScenario): boolean =>
    attempt(small).verdicts.some(({ name, verdict }) => name === breaks && verdict === 'violated');
  const used = countFaults();
  let runs = 0;
  for (const found of CORPUS) {
    if (found.faults.some((fault) => 'station' in fault && !stations.includes(fault.station))) continue;
    const tried = toScenario(found, design);
    used.add(tried);
    runs++;
    if (!isBroken(tried)) continue;
    const { small, runs: more } = minimise(tried, isBroken);
    const failure = failureOf(breaks, small, undefined, options.page);
    return { found: true, runs: runs + more, judged: runs, notTried: 0, used: used.told(), failure };
  }
  return huntPlanted(mistake, options);
}
