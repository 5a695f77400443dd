/**
 * fanout/testkit: hunts for broken promises in designs of a chat system, for anyone's tests.
 *
 *     import { guarantee, scenarios } from 'fanout/testkit';
 *     guarantee('no-duplicates').holdsFor(scenarios({ design: { delivery: 'effectively-once' } }));
 */

export type { RateLimitConfig } from '../algorithms/rate-limit/config.ts';
export type { RateLimiter } from '../algorithms/rate-limit/limiter.ts';
export type { HistoryEvent } from '../guarantees/history.ts';
export { checkHistory } from '../guarantees/judge.ts';
export type { Verdict, Witness } from '../guarantees/verdict.ts';
export type { GuaranteeName } from '../scenario/guarantee-names.ts';
export {
  choiceLists,
  designs,
  FAULT_KINDS,
  type FaultKind,
  faultSchedules,
  type ScenarioOptions,
  scenarios,
  workloads,
} from './arbitraries.ts';
export { type Attempt, attempt, brokenPromises } from './attempt.ts';
export { readableScenario, scenarioOf } from './compile-small.ts';
export { failureOf, failureText, type HuntFailure } from './failure.ts';
export { type FaultsUsed, faultsUsedText } from './faults-used.ts';
export { guarantee, type HuntedGuarantee, type HuntOptions, type HuntResult } from './guarantee.ts';
export { type GuidedHunt, type GuidedOptions, huntGuided } from './guided.ts';
export { minimise } from './minimise.ts';
export { type FaultPlaces, type PlaceOptions, placesOf } from './places.ts';
export { type OpenLimiter, RATE_LIMIT_LAWS, type RateLimitLaw } from './rate-limit-laws.ts';
export { createReach, type Reach, type ReachTold, reachText } from './reach.ts';
export { scenarioText } from './scenario-text.ts';
export {
  type DesignSettings,
  SMALL_DESIGN,
  type SmallFault,
  type SmallMessage,
  type SmallScenario,
} from './small-scenario.ts';
