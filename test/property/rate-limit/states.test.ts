import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RATE_LIMIT_ALGORITHMS } from '../../../src/algorithms/rate-limit/config.ts';
import { standaloneRateLimiter } from '../../../src/algorithms/rate-limit/registry.ts';
import { type FlowStateId, flowStateOf, STATE_FLOWS } from '../../../src/algorithms/rate-limit/states.ts';
import { rateLimitTraffic } from '../../../src/testkit/rate-limit-arbitraries.ts';

test.each(RATE_LIMIT_ALGORITHMS)(
  '%s moves along the arrows of its state flow, and along all of them',
  (algorithm) => {
    const { transitions, initial } = STATE_FLOWS[algorithm];
    const taken = new Set<string>();
    /** The arrows of time from one state to another; none when they are the same. */
    const byTime = (from: FlowStateId, to: FlowStateId): string[] | null => {
      if (from === to) return [];
      if (transitions.some((t) => t.on === 'time' && t.from === from && t.to === to))
        return [`${from} time ${to}`];
      return null;
    };
    fc.assert(
      fc.property(rateLimitTraffic(algorithm), ({ config, timesUs }) => {
        const limiter = standaloneRateLimiter(config);
        let state = initial;
        for (const timeUs of timesUs) {
          const before = flowStateOf(limiter, 0, timeUs);
          const path = byTime(state, before);
          expect(path, `time takes it from ${state} to ${before}`).not.toBeNull();
          for (const arrow of path!) taken.add(arrow);
          const verdict = limiter.decide(0, timeUs) ? 'allowed' : 'refused';
          state = flowStateOf(limiter, 0, timeUs);
          const found = transitions.some(
            (t) => t.on === 'request' && t.from === before && t.to === state && t.verdict === verdict,
          );
          expect(found, `a request takes it from ${before} to ${state}, ${verdict}`).toBe(true);
          taken.add(`${before} request ${state}`);
        }
      }),
      { seed: 4, numRuns: 500 },
    );
    expect([...taken].sort()).toEqual(transitions.map((t) => `${t.from} ${t.on} ${t.to}`).sort());
  },
);
