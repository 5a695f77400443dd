import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RATE_LIMIT_ALGORITHMS, type RateLimitAlgorithm } from '../../../src/algorithms/rate-limit/config.ts';
import { standaloneRateLimiter } from '../../../src/algorithms/rate-limit/registry.ts';
import { type FlowTransition, flowStateOf, STATE_FLOWS } from '../../../src/algorithms/rate-limit/states.ts';
import type { CompiledMachine } from '../../../src/machines/compile.ts';
import { MACHINES } from '../../../src/machines/registry.ts';
import { rateLimitTraffic } from '../../../src/testkit/rate-limit-arbitraries.ts';

const machineOf = (algorithm: RateLimitAlgorithm): CompiledMachine =>
  MACHINES[algorithm === 'fixed-window' ? 'fixed-window' : 'rate-limiter'].compiled;

/** The machine's word for an arrow of a state flow. */
function eventOf({ on, to, verdict }: Pick<FlowTransition, 'on' | 'to' | 'verdict'>): string {
  if (on === 'time') return to === 'idle' ? 'CLEAR' : 'ROOM';
  if (verdict === 'refused') return 'REFUSE';
  return to === 'spent' ? 'ADMIT_LAST' : 'ADMIT';
}

/** Whether limiter and machine come to the same states on all traffic: the machine is told of requests and of time, and counts nothing. */
function agree(algorithm: RateLimitAlgorithm, machine: CompiledMachine): void {
  fc.assert(
    fc.property(rateLimitTraffic(algorithm), ({ config, timesUs }) => {
      const limiter = standaloneRateLimiter(config);
      let state = machine.start;
      const take = (event: string): void => {
        const number = machine.events.indexOf(event);
        expect(number >= 0 && machine.has(state, number), `${event} in ${machine.states[state]}`).toBe(true);
        state = machine.next(state, number);
      };
      for (const timeUs of timesUs) {
        const before = flowStateOf(limiter, 0, timeUs);
        if (before !== machine.states[state]) take(eventOf({ on: 'time', to: before, verdict: null }));
        expect(machine.states[state]).toBe(before);
        const verdict = limiter.decide(0, timeUs) ? 'allowed' : 'refused';
        const after = flowStateOf(limiter, 0, timeUs);
        take(eventOf({ on: 'request', to: after, verdict }));
        expect(machine.states[state]).toBe(after);
      }
    }),
    { seed: 4, numRuns: 200 },
  );
}

describe.each(RATE_LIMIT_ALGORITHMS)('the machine of %s', (algorithm) => {
  test('has the states and arrows of its state flow, and no others', () => {
    const { states, events, start, has, next } = machineOf(algorithm);
    const flow = STATE_FLOWS[algorithm];
    expect(states).toEqual(flow.states.map(({ id }) => id));
    expect(states[start]).toBe(flow.initial);
    const arrows = states.flatMap((from, s) =>
      events.flatMap((event, e) => (has(s, e) ? [`${from} ${event} ${states[next(s, e)]}`] : [])),
    );
    expect(arrows.sort()).toEqual(flow.transitions.map((t) => `${t.from} ${eventOf(t)} ${t.to}`).sort());
  });

  test('is where the limiter is, after every request and every pause', () => {
    agree(algorithm, machineOf(algorithm));
  });
});

test('a machine that lets a refused request make room is found out, and one that never clears', () => {
  const { rateLimiter } = { rateLimiter: MACHINES['rate-limiter'].compiled };
  const { state, event } = rateLimiter;
  const broken = (from: number, on: number, to: number): CompiledMachine => ({
    ...rateLimiter,
    next: (s, e) => (s === from && e === on ? to : rateLimiter.next(s, e)),
  });
  expect(() => agree('sliding-window-log', broken(state.spent, event.REFUSE, state.within))).toThrow();
  expect(() => agree('token-bucket', broken(state.within, event.CLEAR, state.within))).toThrow();
  expect(() => agree('gcra', broken(state.within, event.ADMIT_LAST, state.within))).toThrow();
});
