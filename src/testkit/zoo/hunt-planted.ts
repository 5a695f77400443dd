import { scenarios } from '../arbitraries.ts';
import { guarantee, type HuntOptions, type HuntResult } from '../guarantee.ts';
import { mergeSettings } from '../merge-settings.ts';
import type { DesignSettings } from '../small-scenario.ts';
import { type Planted, RIGHT_DESIGN } from './zoo.ts';

/** Settings laid over those of the right design. */
const designOf = ({ design }: Planted): DesignSettings => mergeSettings(RIGHT_DESIGN, design);

/** Looks for a scenario that shows a planted mistake. */
export function huntPlanted(mistake: Planted, options: HuntOptions = {}): HuntResult {
  const { breaks, faults } = mistake;
  return guarantee(breaks).hunt(scenarios({ design: designOf(mistake), faults, maxMessages: 12 }), options);
}

/** The hunt that the exercises come from: always the same. */
export const huntForExercise = (mistake: Planted): HuntResult =>
  huntPlanted(mistake, { numRuns: 4_000, seed: 1 });
