import type { Command } from 'commander';
import { formatCount, formatDuration, US_PER_SECOND } from '../base/units.ts';
import { parseScenario } from '../scenario/parse.ts';
import { inputError, problemsIn } from '../scenario/text/problems.ts';
import type { Scenario } from '../scenario/types.ts';
import type { CommandIo } from './io.ts';
import { EXERCISES_FOLDER, readText, SCENARIOS_FOLDER, shippedScenarios } from './read-scenario.ts';

/** Adds the verb `scenarios`: what is shipped and what each teaches. Ends with status 0, or 2 when one of them cannot be read. */
export function registerScenarios(program: Command, io: CommandIo): void {
  program
    .command('scenarios')
    .description('list the scenarios that are shipped and what each teaches')
    .option('--json', 'one JSON document')
    .addHelpText('after', '\nRun one of them by its name:\n  run one-message')
    .action((options: { readonly json?: true }) => {
      const scenarios = readShipped(SCENARIOS_FOLDER);
      const exercises = shippedScenarios(EXERCISES_FOLDER);
      io.out(
        options.json === true
          ? JSON.stringify({ ...scenarioList(scenarios), exercises })
          : `${scenarioTable(scenarios)}\n\n${exercises[0]} to ${exercises.at(-1)}: what is wrong with this design?`,
      );
      io.exit(0);
    });
}

/** Every scenario of the folder. Throws InputError with the problems of all that cannot be used. */
export function readShipped(folder: URL): readonly Scenario[] {
  const scenarios: Scenario[] = [];
  const problems = shippedScenarios(folder).flatMap((name) =>
    problemsIn(() => {
      const fileName = `scenarios/${name}.yaml`;
      scenarios.push(parseScenario(readText(new URL(`${name}.yaml`, folder), fileName), fileName));
    }),
  );
  if (problems.length > 0) throw inputError(problems);
  return scenarios;
}

/** The document of `scenarios --json`. */
export function scenarioList(scenarios: readonly Scenario[]) {
  return {
    scenarios: scenarios.map((scenario) => ({
      scenario: scenario.name,
      file: scenario.source.fileName,
      title: scenario.title,
      summary: scenario.summary,
      teaches: scenario.teaches,
      users: scenario.workload.users,
      durationSeconds: scenario.durationUs / US_PER_SECOND,
      questions: scenario.script.filter((step) => step.does.do === 'ask').length,
      worlds: 1 + scenario.compare.length,
    })),
  };
}

/** The list for people: three lines a scenario. */
export function scenarioTable(scenarios: readonly Scenario[]): string {
  if (scenarios.length === 0) return 'There are no scenarios.';
  return scenarios
    .map(({ name, title, summary, teaches, workload, durationUs }) => {
      const size = `${formatCount(workload.users)} users, ${formatDuration(durationUs)}`;
      const topics = teaches.length === 0 ? '' : `\n  teaches ${teaches.join(', ')}`;
      const shows = summary === '' ? '' : `\n  ${summary.replace(/\s+/g, ' ')}`;
      return `${name}: ${title} (${size})${shows}${topics}`;
    })
    .join('\n\n');
}
