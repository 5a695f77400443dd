import { availableParallelism, freemem } from 'node:os';
import type { Command } from 'commander';
import { InputError } from '../base/errors.ts';
import { METRIC_NAMES, type MetricName } from '../scenario/metrics.ts';
import { parseScenario } from '../scenario/parse.ts';
import { rightName } from '../scenario/text/nearest.ts';
import { inputError } from '../scenario/text/problems.ts';
import { show } from '../scenario/text/show.ts';
import type { Override, Scenario } from '../scenario/types.ts';
import type { CommandIo } from './io.ts';
import { jobKey, openJobStore } from './job-store.ts';
import { createProgress } from './progress.ts';
import { overridesOf, readScenarioText, type ScenarioOptions } from './read-scenario.ts';
import { type Cell, cellsOf, seedsOf, variedOf } from './sweep-grid.ts';
import { formatSweep, sweepReport } from './sweep-report.ts';
import type { SweepJob, SweepRun } from './sweep-run.ts';
import { runOnThreads } from './sweep-threads.ts';
import { VERSION } from './version.ts';

interface SweepOptions extends Omit<ScenarioOptions, 'seed'> {
  readonly vary: readonly string[];
  readonly seeds?: string;
  readonly metric: readonly string[];
  readonly threads?: string;
  readonly store?: string;
  readonly json?: true;
}

/** What the table shows when nothing is said. */
const SHOWN: readonly MetricName[] = [
  'delivery.p50.ms',
  'delivery.p99.ms',
  'deliveries.lost',
  'deliveries.duplicate',
  'deliveries.outOfOrder',
];

/** `million-users` takes 410 MB for a million users; a run of few takes some 100 MB with its thread. */
const BYTES_A_RUN = 100e6;
const BYTES_A_USER = 400;

/**
 * Adds the verb `sweep`: the scenario's own world with every combination of the values, under every seed. Ends with status 0, 1 when a run
 * falls short of an expectation or a promise, 2 when the input cannot be used: that is found before anything runs.
 */
export function registerSweep(program: Command, io: CommandIo): void {
  program
    .command('sweep')
    .argument('<scenario>', 'a scenario file, or the name of a shipped one')
    .description('a grid of runs, in parallel: every value of what is varied, under every seed')
    .option(
      '--vary <setting>',
      'a setting and its values, such as design.ordering=best-effort,per-channel; may be given again',
      collect,
      [],
    )
    .option('--seeds <list>', 'seeds such as 1..20 or 1,5,9; that of the scenario when left out')
    .option('--users <count>', 'in place of the number of users, such as 10k')
    .option('--for <duration>', 'in place of the duration, such as 60s')
    .option('--set <setting>', 'a setting of all runs; may be given again', collect, [])
    .option('--metric <name>', 'a column of the table; may be given again', collect, [])
    .option(
      '--threads <number>',
      'runs at the same time; as many as there are cores and memory when left out',
    )
    .option('--store <file>', 'keep each run here when it is done, and do only those that are not here yet')
    .option('--json', 'one JSON document, with every metric of every run')
    .action((file: string, options: SweepOptions) => sweep(file, options, io));
}

const collect = (value: string, before: readonly string[]): string[] => [...before, value];

async function sweep(file: string, options: SweepOptions, io: CommandIo): Promise<void> {
  const varied = options.vary.map(variedOf);
  const metrics = options.metric.length === 0 ? SHOWN : options.metric.map(metricOf);
  const { fileName, text } = readScenarioText(file);
  const common = overridesOf(options);
  const asWritten = parseScenario(text, fileName, common);
  const seeds = options.seeds === undefined ? [asWritten.seed] : seedsOf(options.seeds);
  const cells = cellsOf(varied, seeds.length);
  const scenarios = cells.map((cell) => scenarioOf(text, fileName, common, cell));
  const threads = threadsFor(options.threads, cells.length * seeds.length, scenarios);

  const jobs = cells.flatMap(({ overrides }) =>
    seeds.map((seed): Override[] => [
      ...common,
      ...overrides,
      { kind: 'seed', path: 'seed', value: String(seed) },
    ]),
  );
  const begunMs = performance.now();
  const progress = createProgress(options.json !== true, 'sweep');
  const keys = jobs.map((overrides) => jobKey({ text, overrides }));
  const store = options.store === undefined ? null : openJobStore<SweepRun>(options.store);
  const known = keys.map((key) => store?.find(key));
  const places = [...jobs.keys()].filter((place) => known[place] === undefined);
  let done = jobs.length - places.length;
  const rest = await runOnThreads(
    places.map((place, index): SweepJob => ({ index, fileName, text, overrides: jobs[place]! })),
    threads,
    ({ index }, run) => {
      store?.keep(keys[places[index]!]!, run);
      progress.show(++done / jobs.length, `${done} of ${jobs.length} runs`);
    },
  );
  for (const [index, place] of places.entries()) known[place] = rest[index];
  const runs = known as readonly SweepRun[];
  progress.end();
  const wallSeconds = Math.round(performance.now() - begunMs) / 1000;
  const head = { scenario: asWritten.name, version: VERSION, seeds, threads, wallSeconds };
  const report = sweepReport(head, varied, cells, runs);
  io.out(options.json === true ? JSON.stringify(report) : formatSweep(report, metrics));
  io.exit(runs.some((run) => run.fallsShort) ? 1 : 0);
}

/** The scenario of a cell; what is wrong with a value is said where `--vary` has it. Throws InputError. */
function scenarioOf(text: string, fileName: string, common: readonly Override[], cell: Cell): Scenario {
  try {
    return parseScenario(text, fileName, [...common, ...cell.overrides]);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const paths = cell.set.map(({ path }) => path);
    throw inputError(
      error.problems.map((problem) =>
        problem.file === '--set' && paths.some((path) => problem.message.includes(path))
          ? { ...problem, file: '--vary' }
          : problem,
      ),
    );
  }
}

function metricOf(name: string): MetricName {
  const found = METRIC_NAMES.find((metric) => metric === name);
  if (found === undefined)
    throw refusal('--metric', `there is no metric ${show(name)}; ${rightName(name, METRIC_NAMES)}`);
  return found;
}

/** As many as there are cores, runs and room for. Throws InputError. */
function threadsFor(asked: string | undefined, runs: number, scenarios: readonly Scenario[]): number {
  if (asked !== undefined) {
    if (!/^[1-9]\d{0,2}$/.test(asked))
      throw refusal('--threads', `${show(asked)} is no number of threads; write 1 to 999`);
    return Math.min(Number(asked), runs);
  }
  const users = scenarios.reduce((most, { workload }) => Math.max(most, workload.users), 0);
  const room = Math.floor(freemem() / (BYTES_A_RUN + BYTES_A_USER * users));
  return Math.max(1, Math.min(availableParallelism(), runs, room));
}

const refusal = (file: string, message: string) => inputError([{ file, line: 1, column: 1, message }]);
