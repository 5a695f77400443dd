import { assign, setup } from 'xstate';

/**
 * The game: each request is asked about before its verdict shows. What is right is given at the start, so that the game does not depend on how
 * the verdicts are made.
 */
export interface PredictionContext {
  /** By request: whether it is allowed. */
  readonly verdicts: readonly boolean[];
  /** The guesses so far; its length is the place of the request that is asked about (or was just told). */
  readonly guesses: readonly boolean[];
}

export type PredictionEvent =
  | { readonly type: 'START'; readonly verdicts: readonly boolean[] }
  | { readonly type: 'GUESS'; readonly allowed: boolean }
  | { readonly type: 'NEXT' }
  | { readonly type: 'STOP' };

export const predictionMachine = setup({
  types: { context: {} as PredictionContext, events: {} as PredictionEvent },
  actions: {
    begin: assign(({ event }) => ({ verdicts: event.type === 'START' ? event.verdicts : [], guesses: [] })),
    guess: assign(({ context, event }) => ({
      guesses: event.type === 'GUESS' ? [...context.guesses, event.allowed] : context.guesses,
    })),
    forget: assign({ verdicts: [], guesses: [] }),
  },
  guards: {
    hasRequests: ({ event }) => event.type === 'START' && event.verdicts.length > 0,
    hasMore: ({ context }) => context.guesses.length < context.verdicts.length,
  },
}).createMachine({
  id: 'prediction',
  context: { verdicts: [], guesses: [] },
  initial: 'off',
  on: {
    START: { guard: 'hasRequests', target: '.asking', actions: 'begin' },
    STOP: { target: '.off', actions: 'forget' },
  },
  states: {
    off: {},
    asking: { on: { GUESS: { target: 'told', actions: 'guess' } } },
    told: { on: { NEXT: [{ guard: 'hasMore', target: 'asking' }, { target: 'done' }] } },
    done: {},
  },
});

export type PredictionState = 'off' | 'asking' | 'told' | 'done';

/** How many verdicts may show; all of them when nothing is being predicted. */
export const shownVerdicts = (state: PredictionState, { guesses }: PredictionContext): number =>
  state === 'off' || state === 'done' ? Number.POSITIVE_INFINITY : guesses.length;

/** The request that the game is about now: the one asked, or the one just told; null outside the game. */
export const askedRequest = (state: PredictionState, { guesses }: PredictionContext): number | null =>
  state === 'asking' ? guesses.length : state === 'told' ? guesses.length - 1 : null;

export const rightGuesses = ({ verdicts, guesses }: PredictionContext): number =>
  guesses.filter((guess, i) => guess === verdicts[i]).length;
