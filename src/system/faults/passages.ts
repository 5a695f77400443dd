import { columns, f64, type Opened, u32 } from '../../base/columns.ts';
import { UserError } from '../../base/errors.ts';

/**
 * Choices about one passage of one message over one link, made by hand or by a script: it is lost, it arrives twice, or it takes so long. What
 * is chosen waits for the next such passage and is used up by it; all other passages stay what chance makes them.
 */

const MAX_PASSAGES = 16;
/** FROM + 1 (0: the place is free), TO, SENDER, NTH, FATE. */
const WORDS = 5;

export const FATES = ['lost', 'twice', 'takes'] as const;
export type Fate = (typeof FATES)[number];
const FATE = { lost: 0, twice: 1, takes: 2 } as const;

export const passageColumns = () =>
  columns('passages', {
    /** [0] how many wait. */
    waiting: u32(1),
    words: u32(MAX_PASSAGES * WORDS),
    takesUs: f64(MAX_PASSAGES),
  });

export interface Passages {
  waiting(): number;
  /** `from` and `to` are nodes. Throws UserError when too many wait already. */
  choose(from: number, to: number, sender: number, nth: number, fate: Fate, takesUs: number): void;
  /** What was chosen for the passage that happens now, or null; it is used up. */
  take(from: number, to: number, sender: number, nth: number): Fate | null;
  /** Of what was taken last: how long it takes. */
  takenUs(): number;
}

export function openPassages(c: Opened<ReturnType<typeof passageColumns>['columns']>): Passages {
  const { waiting, words, takesUs } = c;
  let takenUs = 0;
  const placeOf = (from: number, to: number, sender: number, nth: number): number => {
    for (let place = 0; place < MAX_PASSAGES; place++) {
      const at = place * WORDS;
      if (words[at] === from + 1 && words[at + 1] === to && words[at + 2] === sender && words[at + 3] === nth)
        return place;
    }
    return -1;
  };
  return {
    waiting: () => waiting[0],
    choose(from, to, sender, nth, fate, us) {
      // Another choice about the same passage takes the place of the first.
      let place = placeOf(from, to, sender, nth);
      if (place < 0) {
        place = 0;
        while (place < MAX_PASSAGES && words[place * WORDS] !== 0) place++;
        if (place === MAX_PASSAGES)
          throw new UserError(`${MAX_PASSAGES} choices wait for their message; undo one of them first`);
        waiting[0]++;
      }
      words.set([from + 1, to, sender, nth, FATE[fate]], place * WORDS);
      takesUs[place] = us;
    },
    take(from, to, sender, nth) {
      const place = placeOf(from, to, sender, nth);
      if (place < 0) return null;
      const fate = FATES[words[place * WORDS + 4]];
      takenUs = takesUs[place];
      words.fill(0, place * WORDS, (place + 1) * WORDS);
      takesUs[place] = 0;
      waiting[0]--;
      return fate;
    },
    takenUs: () => takenUs,
  };
}
