import { setup } from 'xstate';
import { compileMachine } from './compile.ts';

/**
 * A rate limiter as one client sees it: may the next request pass? Counting is done outside, by the algorithm, which sends the events: a
 * request is one of the first three, time that passes one of the last two. All algorithms but the fixed window move like this; what the
 * states and arrows mean for each is in STATE_FLOWS (algorithms/rate-limit/states.ts), and a test holds the two together.
 */
const RATE_LIMITER_EVENTS = {
  ADMIT: 'A request passes and leaves room for another.',
  ADMIT_LAST: 'A request passes and takes the last room.',
  REFUSE: 'A request finds no room and is told when to come back.',
  ROOM: 'Time has made room for one more.',
  CLEAR: 'Time has passed, and nothing counts any more.',
} as const;

export type RateLimiterEvent = { type: keyof typeof RATE_LIMITER_EVENTS };

const IDLE = 'Nothing counts against the limit.';
const WITHIN = 'Something counts, and the next request would pass.';
const SPENT = 'The next request would be refused.';

export const rateLimiterMachine = setup({
  types: { events: {} as RateLimiterEvent, meta: {} as { description: string } },
}).createMachine({
  id: 'rate-limiter',
  initial: 'idle',
  states: {
    idle: { meta: { description: IDLE }, on: { ADMIT: 'within', ADMIT_LAST: 'spent' } },
    within: {
      meta: { description: WITHIN },
      on: { ADMIT: 'within', ADMIT_LAST: 'spent', CLEAR: 'idle' },
    },
    spent: { meta: { description: SPENT }, on: { REFUSE: 'spent', ROOM: 'within', CLEAR: 'idle' } },
  },
});

export const rateLimiter = compileMachine(rateLimiterMachine, RATE_LIMITER_EVENTS);

const { ROOM: _, ...FIXED_WINDOW_EVENTS } = RATE_LIMITER_EVENTS;

/** The fixed window has no room for one more: a new window clears all at once. */
export const fixedWindowMachine = setup({
  types: {
    events: {} as { type: keyof typeof FIXED_WINDOW_EVENTS },
    meta: {} as { description: string },
  },
}).createMachine({
  id: 'fixed-window',
  initial: 'idle',
  states: {
    idle: { meta: { description: IDLE }, on: { ADMIT: 'within', ADMIT_LAST: 'spent' } },
    within: {
      meta: { description: WITHIN },
      on: { ADMIT: 'within', ADMIT_LAST: 'spent', CLEAR: 'idle' },
    },
    spent: { meta: { description: SPENT }, on: { REFUSE: 'spent', CLEAR: 'idle' } },
  },
});

export const fixedWindow = compileMachine(fixedWindowMachine, FIXED_WINDOW_EVENTS);
