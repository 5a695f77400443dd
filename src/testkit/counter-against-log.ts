import ln from '@stdlib/math-base-special-ln';
import { rateLimit } from '../algorithms/rate-limit/config.ts';
import { standaloneRateLimiter } from '../algorithms/rate-limit/registry.ts';
import { mix32 } from '../base/hash.ts';

export interface CounterAgainstLog {
  /** The client's mean rate, as a multiple of the limit. */
  readonly load: number;
  readonly requests: number;
  /** Shares of all decisions: the counter let through what an exact log of what it has let through would refuse, and the reverse. */
  readonly wronglyAllowed: number;
  readonly wronglyRefused: number;
  /** Share of decisions in which a counter and a log that run side by side, each on its own, differ. */
  readonly sideBySide: number;
}

/**
 * How often the sliding-window counter errs for one Poisson client. `load` is its rate in limits a window (1: at its limit).
 * Deterministic in the seed.
 */
export function counterAgainstLog(
  load: number,
  { limit = 100, windowUs = 60_000_000, requests = 200_000, seed = 1 } = {},
): CounterAgainstLog {
  const counter = standaloneRateLimiter(rateLimit('sliding-window-counter', limit, windowUs));
  const log = standaloneRateLimiter(rateLimit('sliding-window-log', limit, windowUs));
  // Keeps all that the counter lets through, which is never more than twice the limit.
  const truth = standaloneRateLimiter(rateLimit('sliding-window-log', 2 * limit + 1, windowUs));
  let exactUs = 0;
  let wronglyAllowed = 0;
  let wronglyRefused = 0;
  let differ = 0;
  for (let i = 0; i < requests; i++) {
    const uniform = (mix32(mix32(seed) ^ mix32(i)) + 0.5) / 2 ** 32;
    exactUs -= (ln(uniform) * windowUs) / (limit * load);
    const nowUs = Math.floor(exactUs);
    const allowed = counter.decide(0, nowUs);
    const wouldFit = truth.count(0, nowUs) < limit;
    if (allowed) truth.decide(0, nowUs);
    if (allowed && !wouldFit) wronglyAllowed++;
    if (!allowed && wouldFit) wronglyRefused++;
    if (log.decide(0, nowUs) !== allowed) differ++;
  }
  return {
    load,
    requests,
    wronglyAllowed: wronglyAllowed / requests,
    wronglyRefused: wronglyRefused / requests,
    sideBySide: differ / requests,
  };
}
