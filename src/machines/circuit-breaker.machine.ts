import { setup } from 'xstate';
import { compileMachine } from './compile.ts';

/**
 * A circuit breaker before a service (M. Nygard, Release It!, 2007, chapter 5). Counting failures and measuring the wait is done
 * outside, which sends TRIP and PROBE.
 */
const CIRCUIT_BREAKER_EVENTS = {
  TRIP: 'Too many of the last calls have failed.',
  PROBE: 'The wait is over: one call is let through to see.',
  SUCCESS: 'A call was answered.',
  FAILURE: 'A call failed or was not answered in time.',
} as const;

export type CircuitBreakerEvent = { type: keyof typeof CIRCUIT_BREAKER_EVENTS };

export const circuitBreakerMachine = setup({
  types: { events: {} as CircuitBreakerEvent, meta: {} as { description: string } },
}).createMachine({
  id: 'circuit-breaker',
  initial: 'closed',
  states: {
    closed: {
      meta: { description: 'Calls go through, and failures are counted.' },
      on: { TRIP: 'open' },
    },
    open: {
      meta: { description: 'Calls are refused at once, so that the service can recover.' },
      on: { PROBE: 'halfOpen' },
    },
    halfOpen: {
      meta: { description: 'One call is let through, and its outcome decides.' },
      on: { SUCCESS: 'closed', FAILURE: 'open' },
    },
  },
});

export const circuitBreaker = compileMachine(circuitBreakerMachine, CIRCUIT_BREAKER_EVENTS);
