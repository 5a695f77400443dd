import { mix32 } from '../base/hash.ts';
import { type ChoiceKeeper, type Choices, seededChoices } from '../kernel/choices.ts';
import { type ChoiceList, listedChoices } from '../run/choice-list.ts';

/** Choices that are those of a run until somebody takes another future, and those of the run again when it goes back. */
export interface ForkedChoices extends ChoiceKeeper {
  /** From now on the answers are those of this future. */
  take(seed: number): void;
  /** From now on the answers are those of the run. */
  takeOwn(): void;
}

/** The run is answered by `list`, or by its seed where there is none. */
export function forkedChoices(seed: number, list: ChoiceList | null): ForkedChoices {
  const seeded = seededChoices(seed);
  const own: ChoiceKeeper =
    list === null
      ? {
          u32: (purpose, entity, count) => seeded.u32(purpose, entity, count),
          place: () => 0,
          goBackTo: () => {},
        }
      : listedChoices(list);
  let now: Choices = own;
  return {
    u32: (purpose, entity, count) => now.u32(purpose, entity, count),
    place: () => own.place(),
    goBackTo: (place) => own.goBackTo(place),
    take(other) {
      now = seededChoices(other);
    },
    takeOwn() {
      now = own;
    },
  };
}

/**
 * The seed of a future, by its number. The nth future of every moment has the same: what is decided later is decided alike in all of them
 * (common random numbers; see A. M. Law, "Simulation Modeling and Analysis", on variance reduction), so that the share changes from one
 * moment to the next only by what the run has decided between them, and not by the luck of the draw.
 */
export const seedOfFuture = (seed: number, future: number): number =>
  mix32(mix32((seed % 2 ** 32) ^ 0x27d4eb2f) + future) >>> 0;
