import type { RateLimitConfig } from '../../../algorithms/rate-limit/config.ts';
import type { Explanation } from '../../../algorithms/rate-limit/limiter.ts';
import {
  type FlowStateId,
  type FlowTransition,
  flowStateOf,
  STATE_FLOWS,
} from '../../../algorithms/rate-limit/states.ts';
import { limiterFor, shownLevel } from '../drawing/level-curve.ts';

/** A limiter at one moment: what a request finds, or would find. */
export interface Moment {
  readonly timeUs: number;
  /** Place of the request that is looked at, or null: a request that nobody has made. */
  readonly request: number | null;
  readonly why: Explanation;
  /** As it is found. */
  readonly level: number;
  readonly before: FlowStateId;
  /** After the request; as before where there is none. */
  readonly after: FlowStateId;
  /** The arrow of the state flow that the request takes. */
  readonly taken: FlowTransition | null;
}

/**
 * Runs the requests before the moment through the limiter, and asks it. Later requests are not known yet.
 * @param request the place of the request that is looked at; null looks between requests, at `timeUs`
 */
export function momentOf(
  config: RateLimitConfig,
  timesUs: readonly number[],
  timeUs: number,
  request: number | null,
): Moment {
  const limiter = limiterFor(config, timesUs.length);
  for (let i = 0; i < timesUs.length; i++) {
    if (request === null ? timesUs[i]! > timeUs : i >= request) break;
    limiter.decide(0, timesUs[i]!);
  }
  const nowUs = request === null ? timeUs : (timesUs[request] ?? timeUs);
  const why = limiter.explain(0, nowUs);
  const level = shownLevel(limiter, nowUs);
  const before = flowStateOf(limiter, 0, nowUs);
  if (request === null) return { timeUs: nowUs, request, why, level, before, after: before, taken: null };
  const verdict = limiter.decide(0, nowUs) ? 'allowed' : 'refused';
  const after = flowStateOf(limiter, 0, nowUs);
  const taken =
    STATE_FLOWS[config.algorithm].transitions.find(
      (arrow) => arrow.from === before && arrow.to === after && arrow.verdict === verdict,
    ) ?? null;
  return { timeUs: nowUs, request, why, level, before, after, taken };
}
