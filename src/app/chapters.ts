/** The scenarios of the page in the order of a course. What is in no chapter comes after them, and the exercises last. */
export interface Chapter {
  readonly title: string;
  readonly names: readonly string[];
}

export const CHAPTERS: readonly Chapter[] = [
  {
    title: 'The way of a message',
    names: ['one-message', 'one-message-group', 'million-users', 'town-hall', 'server-crash'],
  },
  {
    title: 'Rate limiting',
    names: [
      'rate-limit-basics',
      'boundary',
      'double-burst',
      'counter-error',
      'too-strict',
      'flood',
      'limiter-down',
    ],
  },
  {
    title: 'Order',
    names: [
      'out-of-order',
      'in-order',
      'clock-skew',
      'causal-reply',
      'strong-global-order',
      'kafka-rebalance',
    ],
  },
  {
    title: 'Delivery',
    names: ['duplicate-after-lost-ack', 'ack-before-persist', 'resume-gap', 'slow-consumer', 'bloom-dedup'],
  },
];

const OTHERS = 'More';
const EXERCISES = 'Exercises: what is wrong with this design?';
const isExercise = ({ name }: { readonly name: string }): boolean => name.startsWith('exercise-');

/** Sorts what has a name into the chapters, in their order; others by name. Chapters with nothing in them are left out. */
export function inChapters<T extends { readonly name: string }>(
  entries: readonly T[],
): { readonly title: string; readonly entries: readonly T[] }[] {
  const placed = new Set(CHAPTERS.flatMap(({ names }) => names));
  const byName = entries.filter(({ name }) => !placed.has(name)).sort((a, b) => (a.name < b.name ? -1 : 1));
  return [
    ...CHAPTERS.map(({ title, names }) => ({
      title,
      entries: names.flatMap((name) => entries.filter((entry) => entry.name === name)),
    })),
    { title: OTHERS, entries: byName.filter((entry) => !isExercise(entry)) },
    { title: EXERCISES, entries: byName.filter(isExercise) },
  ].filter((chapter) => chapter.entries.length > 0);
}

/** What comes after the one of this name in the list; null: it is the last, or is not there. */
export function after<T extends { readonly name: string }>(entries: readonly T[], name: string): T | null {
  const inOrder = inChapters(entries).flatMap((chapter) => chapter.entries);
  const at = inOrder.findIndex((entry) => entry.name === name);
  return at < 0 ? null : (inOrder[at + 1] ?? null);
}

/** The world of an exercise without its mistake: it is offered when the question is answered. */
export const MENDED = 'mended';
