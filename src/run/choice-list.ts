import type { ChoiceKeeper, Choices } from '../kernel/choices.ts';
import { PURPOSE } from '../system/purposes.ts';

/**
 * A run of a small scenario as a list of whole numbers, one for each question that it asks after its world is built, in the order in which
 * it asks. 0 is the tamest answer to any question: the shortest delay, and no fault; so a list that is shorter, or smaller, is a run
 * in which less happens, and after the end of the list everything is tame.
 */
export type ChoiceList = readonly number[];

export const MAX_CHOICE_LIST = 200_000;
const HIGHEST = 0xffff_ffff;

/** Questions whose low answers are faults: they are asked "does it happen?", and a number below the probability says yes. */
const isChance = (purpose: number): boolean =>
  purpose === PURPOSE.LINK_LOSS || purpose === PURPOSE.LINK_DUPLICATE || purpose === PURPOSE.LINK_REORDER;

/** Who writes when, and whose connection is renewed: that is the workload, and the seed's alone. */
const OF_THE_WORKLOAD: ReadonlySet<number> = new Set([
  PURPOSE.TICK_GAP,
  PURPOSE.TICK_THIN,
  PURPOSE.TICK_CHANNEL,
  PURPOSE.CHURN_GAP,
  PURPOSE.CHURN_USER,
]);

/** The door of a run whose world is built: `keeper` answers what the seed does not. */
export const withKeeper = (keeper: Choices, seeded: Choices): Choices => ({
  u32: (purpose, entity, count) =>
    (OF_THE_WORKLOAD.has(purpose) ? seeded : keeper).u32(purpose, entity, count),
});

/** The answer that a number of a list stands for, and the number that stands for an answer. */
export const answerOf = (purpose: number, value: number): number =>
  isChance(purpose) ? HIGHEST - value : value;

/** Answers from a list. Its place in the list is part of a moment of the run. */
export function listedChoices(list: ChoiceList): ChoiceKeeper {
  let next = 0;
  return {
    u32: (purpose) => answerOf(purpose, list[next++] ?? 0),
    place: () => next,
    goBackTo(place) {
      next = place;
    },
  };
}

/** Why a value is no list of choices, or null. */
export function whyNoChoiceList(value: unknown): string | null {
  if (!Array.isArray(value)) return 'choices are a list of whole numbers';
  if (value.length > MAX_CHOICE_LIST)
    return `${value.length} choices are too many; a list has at most ${MAX_CHOICE_LIST}`;
  const wrong = value.findIndex((one: unknown) => typeof one !== 'number' || one >>> 0 !== one);
  return wrong < 0 ? null : `choice ${wrong + 1} is no whole number from 0 to ${HIGHEST}`;
}
