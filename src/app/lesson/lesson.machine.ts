import { assign, setup } from 'xstate';

/**
 * The student's side of the lesson: listening until the model asks, then thinking, then told. The choice made for each question is
 * kept, so that going back and coming again does not ask twice.
 */

export interface LessonContext {
  /** The step that asks, or null. */
  readonly asking: number | null;
  /** What was chosen, by step: the index of the choice. */
  readonly chosen: Readonly<Record<number, number>>;
}

export type LessonEvent =
  | { readonly type: 'OPENED' }
  | { readonly type: 'ASKED'; readonly step: number }
  | { readonly type: 'NOT_ASKED' }
  | { readonly type: 'CHOOSE'; readonly step: number; readonly choice: number }
  | { readonly type: 'GO_ON' };

export const lessonMachine = setup({
  types: { context: {} as LessonContext, events: {} as LessonEvent },
  actions: {
    keepChoice: assign(({ context, event }) =>
      event.type === 'CHOOSE' ? { chosen: { ...context.chosen, [event.step]: event.choice } } : {},
    ),
  },
}).createMachine({
  id: 'lesson',
  context: { asking: null, chosen: {} },
  initial: 'listening',
  on: {
    OPENED: { target: '.listening', actions: assign({ asking: null, chosen: {} }) },
    NOT_ASKED: { target: '.listening', actions: assign({ asking: null }) },
    // A question that was passed by can be answered later; it holds nothing up then.
    CHOOSE: [
      {
        guard: ({ context, event }) => context.asking === event.step,
        target: '.told',
        actions: 'keepChoice',
      },
      { actions: 'keepChoice' },
    ],
    ASKED: [
      {
        guard: ({ context, event }) => context.chosen[event.step] !== undefined,
        target: '.told',
        actions: assign({ asking: ({ event }) => event.step }),
      },
      { target: '.thinking', actions: assign({ asking: ({ event }) => event.step }) },
    ],
  },
  states: {
    listening: {},
    thinking: {},
    told: { on: { GO_ON: { target: 'listening', actions: assign({ asking: null }) } } },
  },
});
