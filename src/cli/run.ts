import { closeSync, openSync, statSync, writeSync } from 'node:fs';
import { totalmem } from 'node:os';
import { dirname, resolve } from 'node:path';
import type { Command } from 'commander';
import { CapacityError, formatProblem, InputError, UserError } from '../base/errors.ts';
import { formatCount, formatDuration, US_PER_SECOND } from '../base/units.ts';
import { EXPORT_FORMATS, type ExportName, exportTrace, isExportFormat } from '../export/registry.ts';
import { exportInputOf } from '../package/run.ts';
import { combineReports, fallsShort, type RunReport, reportOf } from '../run/report.ts';
import { createRun, type Run } from '../run/run.ts';
import { worldsOf } from '../scenario/parse.ts';
import { show } from '../scenario/text/show.ts';
import type { Scenario } from '../scenario/types.ts';
import type { CommandIo } from './io.ts';
import { createProgress } from './progress.ts';
import { overridesOf, readScenario, type ScenarioOptions } from './read-scenario.ts';
import { formatReport } from './report-text.ts';
import { VERSION } from './version.ts';

interface RunOptions extends ScenarioOptions {
  readonly json?: true;
  readonly trace?: string;
  readonly format: string;
}

/** Adds the verb `run`. Ends with status 0, 1 when an expectation or a promised guarantee falls short, 2 when the input cannot be used. */
export function registerRun(program: Command, io: CommandIo): void {
  program
    .command('run')
    .argument('<scenario>', 'a scenario file, or the name of a shipped one')
    .description('run a scenario to its end, judge its guarantees and expectations')
    .option('--seed <number>', 'in place of the seed of the scenario')
    .option('--users <count>', 'in place of the number of users, such as 10k')
    .option('--for <duration>', 'in place of the duration, such as 60s')
    .option(
      '--set <setting>',
      'a setting such as design.delivery=at-most-once; may be given again',
      collect,
      [],
    )
    .option('--json', 'one JSON document')
    .option('--trace <file>', 'write the rows of what is watched to a file')
    .option('--format <format>', EXPORT_FORMATS.join(', '), 'jsonl')
    .action((file: string, options: RunOptions) => run(file, options, io));
}

const collect = (value: string, before: readonly string[]): string[] => [...before, value];

function run(file: string, options: RunOptions, io: CommandIo): void {
  let scenario: Scenario;
  try {
    if (options.trace !== undefined && !isExportFormat(options.format)) {
      const message = `there is no format "${options.format}"; there are ${EXPORT_FORMATS.join(', ')}`;
      throw new InputError([{ file: '--format', line: 1, column: 1, message }]);
    }
    if (options.trace !== undefined) checkPlace(options.trace);
    scenario = readScenario(file, overridesOf(options));
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    for (const problem of error.problems) io.err(formatProblem(problem));
    io.exit(2);
    return;
  }
  try {
    const report = runWorlds(scenario, options.json !== true, (own) => {
      if (options.trace !== undefined && isExportFormat(options.format))
        writeTrace(own, options.trace, options.format, io);
    });
    io.out(options.json === true ? JSON.stringify(report) : formatReport(report));
    io.exit(fallsShort(scenario, report) ? 1 : 0);
  } catch (error) {
    // What the scenario asks for does not fit: that is its input's fault, and one line says what to change.
    if (!(error instanceof CapacityError || error instanceof UserError)) throw error;
    io.err(`${file}:1:1: ${error.message}`);
    io.exit(2);
  }
}

/** What a world may take of the machine's memory; the rest is for the trace and everything else. */
const SHARE_OF_MEMORY = 0.7;

/** Throws InputError when no file can be written there: that is better known before the run than after it. */
function checkPlace(file: string): void {
  const folder = statSync(dirname(resolve(file)), { throwIfNoEntry: false });
  const isFolder = statSync(file, { throwIfNoEntry: false })?.isDirectory() === true;
  if (folder?.isDirectory() === true && !isFolder) return;
  const message = isFolder
    ? `${show(file)} is a folder; name a file in it`
    : `there is no folder ${show(dirname(file))}; make it first, or write to another`;
  throw new InputError([{ file: '--trace', line: 1, column: 1, message }]);
}

/** Runs all worlds of a scenario, one after the other. `afterOwn` is given the run of the scenario as written. */
export function runWorlds(
  scenario: Scenario,
  shows: boolean,
  afterOwn: (run: Run) => void = () => {},
): RunReport {
  const reports: RunReport[] = [];
  for (const { name, scenario: variant } of worldsOf(scenario)) {
    const begunMs = performance.now();
    const progress = createProgress(shows, name);
    const world = createRun(variant, {
      seed: scenario.seed,
      mostBytes: SHARE_OF_MEMORY * totalmem(),
      progress: (what) => progress.show(0, `building: ${what}`),
    });
    const sliceUs = Math.max(US_PER_SECOND / 10, Math.floor(variant.durationUs / 200));
    for (
      let untilUs = sliceUs;
      world.advance(untilUs, Number.POSITIVE_INFINITY) !== 'end';
      untilUs = world.nowUs + sliceUs
    ) {
      progress.show(
        world.nowUs / variant.durationUs,
        `${formatDuration(world.nowUs)} of ${formatDuration(variant.durationUs)}, ${formatCount(world.events)} events`,
      );
    }
    progress.end();
    const wallSeconds = Math.round(performance.now() - begunMs) / 1000;
    const peakMemoryMB = Math.round(process.resourceUsage().maxRSS / 1024);
    reports.push(reportOf(world, name, { version: VERSION, wallSeconds, peakMemoryMB }));
    if (reports.length === 1) afterOwn(world);
  }
  return combineReports(scenario, reports);
}

function writeTrace(run: Run, file: string, format: ExportName, io: CommandIo): void {
  const { tracer } = run.system.context.watching;
  const out = openSync(file, 'w');
  try {
    for (const chunk of exportTrace(format, exportInputOf(run))) writeSync(out, chunk);
  } finally {
    closeSync(out);
  }
  if (tracer.leftOut > 0)
    io.err(
      `${file}: the first ${formatCount(tracer.length)} rows; ${formatCount(tracer.leftOut)} more are left out`,
    );
}
