/**
 * fanout: reads, runs and reports a scenario, the same bytes in Node and in every browser.
 *
 * @packageDocumentation
 */
export { CapacityError, InputError, type Problem, UserError } from '../base/errors.ts';
export type { HistoryEvent } from '../guarantees/history.ts';
export type { Verdict, Witness } from '../guarantees/verdict.ts';
export type { ExpectationResult } from '../run/report.ts';
export type { MetricName } from '../scenario/metrics.ts';
export type { Override, ScenarioSource } from '../scenario/types.ts';
export { VERSION } from '../scenario/version.ts';
export type { Cost } from '../system/design/cost.ts';
export {
  EXPORT_FORMATS,
  type ExportFormat,
  exportRun,
  fallsShort,
  historyOf,
  runScenario,
  type ScenarioReport,
} from './run.ts';
export { type ParsedScenario, parseScenario, type ScenarioChanges } from './scenario.ts';
