import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hasBucket, RATE_LIMIT_ALGORITHMS } from '../../../src/algorithms/rate-limit/config.ts';
import { standaloneRateLimiter } from '../../../src/algorithms/rate-limit/registry.ts';
import { type FlowStateId, flowStateOf, STATE_FLOWS } from '../../../src/algorithms/rate-limit/states.ts';
import { rateLimitTraffic } from '../../../src/testkit/rate-limit-arbitraries.ts';

test.each(RATE_LIMIT_ALGORITHMS)(
  '%s moves along the arrows of its state flow, and along all of them',
  (algorithm) => {
    const { transitions, initial } = STATE_FLOWS[algorithm];
    const taken = new Set<string>();
    /** The arrows of time from one state to another, the shortest way; none when they are the same, null when there is no way. */
    const byTime = (from: FlowStateId, to: FlowStateId, isOne: boolean): string[] | null => {
      if (from === to) return [];
      const arrows = transitions.filter((t) => t.on === 'time' && t.from === from && (isOne || !t.onlyAtOne));
      for (const t of [...arrows.filter((t) => t.to === to), ...arrows]) {
        const rest = byTime(t.to, to, isOne);
        if (rest !== null) return [`${t.from} time ${t.to}`, ...rest];
      }
      return null;
    };
    fc.assert(
      fc.property(rateLimitTraffic(algorithm), ({ config, timesUs }) => {
        const limiter = standaloneRateLimiter(config);
        const isOne = (hasBucket(algorithm) ? config.burst : config.limit) === 1;
        let state = initial;
        for (const timeUs of timesUs) {
          const before = flowStateOf(limiter, 0, timeUs);
          const path = byTime(state, before, isOne);
          expect(path, `time takes it from ${state} to ${before}`).not.toBeNull();
          for (const arrow of path!) taken.add(arrow);
          const verdict = limiter.decide(0, timeUs) ? 'allowed' : 'refused';
          state = flowStateOf(limiter, 0, timeUs);
          const found = transitions.some(
            (t) =>
              t.on === 'request' &&
              t.from === before &&
              t.to === state &&
              t.verdict === verdict &&
              (isOne || !t.onlyAtOne),
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
