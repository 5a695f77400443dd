import {
  RATE_LIMIT_ALGORITHMS,
  type RateLimitAlgorithm,
  type RateLimitConfig,
  rateLimitProblems,
} from '../../../algorithms/rate-limit/config.ts';
import { type Decision, rateLimitDecisions } from '../../../algorithms/rate-limit/decisions.ts';
import { configOf, type LimitSettings } from '../model/settings.ts';
import { type LevelPoint, levelCurve } from './level-curve.ts';

/** One algorithm's answer to the requests. */
export interface Lane {
  readonly algorithm: RateLimitAlgorithm;
  readonly config: RateLimitConfig;
  /** One for each request. */
  readonly decisions: readonly Decision[];
  readonly curve: readonly LevelPoint[];
  readonly allowed: number;
}

export interface Lanes {
  readonly lanes: readonly Lane[];
  /** Places of the requests on which the algorithms do not agree. */
  readonly disagreements: readonly number[];
}

/**
 * Every algorithm on the same requests, each decided by the code that decides in the simulation. An algorithm that cannot run under the settings
 * is left out (see settingsProblems).
 * @param timesUs whole microseconds, not falling
 * @param untilUs how far the curves go
 */
export function lanesOf(settings: LimitSettings, timesUs: readonly number[], untilUs: number): Lanes {
  const lanes: Lane[] = [];
  for (const algorithm of RATE_LIMIT_ALGORITHMS) {
    const config = configOf(algorithm, settings);
    if (rateLimitProblems(config).length > 0) continue;
    const decisions = rateLimitDecisions(config, timesUs);
    const allowed = decisions.filter((decision) => decision.allowed).length;
    lanes.push({ algorithm, config, decisions, curve: levelCurve(config, timesUs, untilUs), allowed });
  }
  return { lanes, disagreements: disagreementsOf(lanes, timesUs.length) };
}

export function disagreementsOf(
  lanes: readonly Pick<Lane, 'decisions'>[],
  requests: number,
): readonly number[] {
  const places: number[] = [];
  for (let i = 0; i < requests; i++) {
    const first = lanes[0]?.decisions[i]?.allowed;
    if (lanes.some(({ decisions }) => decisions[i]?.allowed !== first)) places.push(i);
  }
  return places;
}
