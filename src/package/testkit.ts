/**
 * fanout/testkit: hunts for broken promises, in simulated designs and in one's own chat system, for anyone's tests.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { designs, guarantee, scenarios } from 'fanout/testkit';
 *
 * const design = designs({ delivery: 'effectively-once' });
 * guarantee('no-duplicates').holdsFor(scenarios({ design, faults: ['crash'] }), { numRuns: 5 });
 * ```
 *
 * @packageDocumentation
 */
export type { CheckerOptions } from '../guarantees/checker.ts';
export type { HistoryEvent } from '../guarantees/history.ts';
export type { JudgedGuarantee } from '../guarantees/judged.ts';
export type { Verdict, Witness } from '../guarantees/verdict.ts';
export type { GuaranteeName } from '../scenario/guarantee-names.ts';
export {
  designs,
  FAULT_KINDS,
  type FaultKind,
  type ScenarioOptions,
  scenarios,
} from '../testkit/arbitraries.ts';
export type { ChatSystem, RecordEvent, ShowMessage, StartSystem } from '../testkit/chat-system.ts';
export type { HuntFailure } from '../testkit/failure.ts';
export { guarantee, type HuntedGuarantee, type HuntOptions, type HuntResult } from '../testkit/guarantee.ts';
export {
  assertSystem,
  huntSystem,
  type SystemFailure,
  type SystemHuntOptions,
  type SystemHuntResult,
} from '../testkit/hunt-system.ts';
export type { DesignSettings, SmallFault, SmallMessage, SmallScenario } from '../testkit/small-scenario.ts';
export { type SystemStep, type SystemUse, type SystemUseOptions, systemUses } from '../testkit/system-use.ts';
