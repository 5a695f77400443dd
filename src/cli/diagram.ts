import { type Command, Option } from 'commander';
import { CapacityError, formatProblem, InputError, UserError } from '../base/errors.ts';
import { DIAGRAMS, type DiagramName } from '../diagrams/registry.ts';
import { drawDiagram } from '../package/draw-diagram.ts';
import { rightName } from '../scenario/text/nearest.ts';
import type { CommandIo } from './io.ts';
import { overridesOf, readScenario } from './read-scenario.ts';

interface DiagramOptions {
  readonly kind: string;
  readonly message?: string;
  readonly seed?: string;
  readonly users?: string;
  readonly for?: string;
  readonly set: readonly string[];
}

const KINDS = Object.keys(DIAGRAMS) as DiagramName[];

/** Adds the verb `diagram`: Mermaid text of a design, or of what a run of the scenario did. Ends with status 0, or 2. */
export function registerDiagram(program: Command, io: CommandIo): void {
  program
    .command('diagram')
    .argument('<scenario>', 'a scenario file, or the name of a shipped one')
    .description('draw a design, or what a run did, as Mermaid text')
    .addOption(new Option('--kind <kind>', KINDS.join(', ')).makeOptionMandatory())
    .option('--message <name>', 'one message by its name, such as alice/1; for rate-limit its sender')
    .option('--seed <number>', 'in place of the seed of the scenario')
    .option('--users <count>', 'in place of the number of users')
    .option('--for <duration>', 'in place of the duration')
    .option(
      '--set <setting>',
      'a setting such as design.pubsub.kind=kafka; may be given again',
      (v: string, all: string[]) => [...all, v],
      [],
    )
    .addHelpText(
      'after',
      `\nKinds:\n${KINDS.map((kind) => `  ${kind.padEnd(22)} ${DIAGRAMS[kind].description}`).join('\n')}`,
    )
    .action((file: string, options: DiagramOptions) => draw(file, options, io));
}

const refusal = (flag: string, message: string): InputError =>
  new InputError([{ file: flag, line: 1, column: 1, message }]);

function draw(file: string, options: DiagramOptions, io: CommandIo): void {
  try {
    const kind = KINDS.find((k) => k === options.kind);
    if (kind === undefined) {
      throw refusal('--kind', `there is no kind "${options.kind}"; ${rightName(options.kind, KINDS)}`);
    }
    const scenario = readScenario(file, overridesOf(options));
    io.out(drawDiagram(scenario, kind, options.message ?? null).trimEnd());
    io.exit(0);
  } catch (error) {
    if (error instanceof InputError) for (const problem of error.problems) io.err(formatProblem(problem));
    else if (error instanceof UserError || error instanceof CapacityError)
      io.err(`${file}:1:1: ${error.message}`);
    else throw error;
    io.exit(2);
  }
}
