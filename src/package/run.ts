import { EXPORT_FORMATS as EXPORT_NAMES, type ExportInput, exportTrace } from '../export/registry.ts';
import type { HistoryEvent } from '../guarantees/history.ts';
import { combineReports, fallsShort as fallsShortInside, type RunReport, reportOf } from '../run/report.ts';
import { createRun, type Run } from '../run/run.ts';
import { worldsOf } from '../scenario/parse.ts';
import type { Scenario } from '../scenario/types.ts';
import { VERSION } from '../scenario/version.ts';
import { namesOf } from '../system/design/names.ts';
import { stationList } from '../system/design/stations.ts';
import { insideOf, type ParsedScenario } from './scenario.ts';

/**
 * What a run has come to: the document of `fanout run --json` without what the machine had to do with it. It is a function of the scenario, its
 * seed and the version of this package, the same in Node and in every browser.
 */
export interface ScenarioReport extends Omit<RunReport, 'wallSeconds' | 'peakMemoryMB' | 'worlds'> {
  /** One such report for each world under `compare:`. */
  readonly worlds: readonly ScenarioReport[];
}

/**
 * Runs every world of a scenario to its end, and judges the guarantees and what is expected.
 *
 * @throws CapacityError when more was under way at a time than the world has room for; UserError when the world does not fit in
 * memory, or an action of the script cannot be done.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { fallsShort, parseScenario, runScenario } from 'fanout';
 *
 * const scenario = parseScenario(`
 * scenario: hello
 * title: Hello
 * duration: 5s
 * workload: { users: [alice, bob], channels: { named: { us: [alice, bob] } }, messages: { perUserPerMinute: 0 } }
 * script:
 *   - { at: 1s, send: { from: alice, to: us } }
 * expect:
 *   - { guarantee: no-loss, is: holds }
 * `);
 * const report = runScenario(scenario);
 * assert.equal(report.metrics['messages.acked'], 1);
 * assert.equal(report.worldHash, runScenario(scenario).worldHash);
 * assert.equal(fallsShort(scenario, report), false);
 * ```
 */
export function runScenario(scenario: ParsedScenario): ScenarioReport {
  const inside = insideOf(scenario);
  const reports = worldsOf(inside).map(({ name, scenario: variant }) =>
    reportOf(toTheEnd(variant, inside.seed), name, UNMEASURED),
  );
  return withoutMachine(combineReports(inside, reports));
}

const UNMEASURED = { version: VERSION, wallSeconds: 0, peakMemoryMB: 0 };

function withoutMachine({ wallSeconds, peakMemoryMB, worlds, ...report }: RunReport): ScenarioReport {
  return { ...report, worlds: worlds.map(withoutMachine) };
}

function toTheEnd(scenario: Scenario, seed: number): Run {
  const run = createRun(scenario, { seed });
  while (run.advance(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY) !== 'end');
  return run;
}

/** Whether an expectation does not hold, or a guarantee is violated that the design promises and nobody expected to be. */
export function fallsShort(scenario: ParsedScenario, report: ScenarioReport): boolean {
  const withMachine = ({ worlds, ...rest }: ScenarioReport): RunReport => ({
    ...rest,
    ...UNMEASURED,
    worlds: worlds.map(withMachine),
  });
  return fallsShortInside(insideOf(scenario), withMachine(report));
}

/** A format of `exportRun`. */
export type ExportFormat = 'jsonl' | 'shiviz' | 'perfetto' | 'history' | 'csv' | 'otlp' | 'jepsen';

/** Every format of `exportRun`. */
export const EXPORT_FORMATS: readonly ExportFormat[] = EXPORT_NAMES;

/**
 * Runs the scenario's own world to its end, and gives what happened to all that was watched, in a format that others read (`fanout run
 * --trace FILE --format FORMAT`). Throws as `runScenario` does.
 *
 * @returns the text of the file, in pieces.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { exportRun, parseScenario } from 'fanout';
 *
 * const scenario = parseScenario(`
 * scenario: hello
 * title: Hello
 * duration: 5s
 * workload: { users: [alice, bob], channels: { named: { us: [alice, bob] } }, messages: { perUserPerMinute: 0 } }
 * script:
 *   - { at: 1s, send: { from: alice, to: us } }
 * `);
 * const history = [...exportRun(scenario, 'history')].join('');
 * assert.match(history, /"type":"deliver"/);
 * ```
 */
export function exportRun(scenario: ParsedScenario, format: ExportFormat): Iterable<string> {
  const inside = insideOf(scenario);
  return exportTrace(format, exportInputOf(toTheEnd(inside, inside.seed)));
}

/** What a run that has ended is written from. */
export function exportInputOf(run: Run): ExportInput {
  const { design, workload } = run.scenario;
  return {
    rows: run.system.context.watching.tracer.rows(),
    names: namesOf(design, workload),
    stations: stationList(design),
    endUs: run.nowUs,
    ...run.judge.forHistory(),
  };
}

/**
 * Runs the scenario's own world to its end, and gives the history of what its users did and were shown, in order of time. Throws as
 * `runScenario` does.
 */
export function historyOf(scenario: ParsedScenario): HistoryEvent[] {
  return Array.from(exportRun(scenario, 'history'), (line) => JSON.parse(line) as HistoryEvent);
}
