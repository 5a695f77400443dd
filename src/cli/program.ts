import { Command, CommanderError } from 'commander';
import { CapacityError, DefectError, formatProblem, InputError, UserError } from '../base/errors.ts';
import { rightName } from '../scenario/text/nearest.ts';
import { show } from '../scenario/text/show.ts';
import type { CommandIo } from './io.ts';
import { VERBS, type Verb } from './verbs.ts';
import { VERSION } from './version.ts';

/** The command line: finds the verb, runs it, and turns whatever is thrown into lines and an exit status. */

/** All holds; an expectation or guarantee falls short; the input cannot be used; a defect of Fanout (as in BSD's sysexits.h). */
const STATUS = { holds: 0, fallsShort: 1, badInput: 2, defect: 70 } as const;

/**
 * Runs one command line (without the names of node and the program). Ends by `io.exit` with a status: the verb's own, 2 for
 * input that cannot be used, 70 for a defect. Throws nothing.
 */
export async function runCommandLine(
  args: readonly string[],
  io: CommandIo,
  verbs: readonly Verb[] = VERBS,
): Promise<void> {
  const asked = args.find((arg) => !arg.startsWith('-'));
  try {
    const verb = verbs.find(({ name }) => name === asked);
    if (verb === undefined && asked !== undefined && asked !== 'help') {
      const right = rightName(
        asked,
        verbs.map(({ name }) => name),
      );
      throw new InputError([
        { file: 'fanout', line: 1, column: 1, message: `there is no verb ${show(asked)}; ${right}` },
      ]);
    }
    const program = createProgram(io);
    for (const { register } of verb === undefined ? verbs : [verb]) await register(program, io);
    if (args.length === 0) {
      io.err(program.helpInformation());
      io.exit(STATUS.badInput);
      return;
    }
    await program.parseAsync([...args], { from: 'user' });
  } catch (error) {
    report(error, asked, io);
  }
}

function createProgram(io: CommandIo): Command {
  return new Command('fanout')
    .description(
      'A laboratory for real-time systems: a chat system with up to a million users, simulated deterministically.',
    )
    .version(VERSION, '--version', 'print the version')
    .helpOption('--help', 'print this help')
    .helpCommand('help [verb]', 'print the help of a verb')
    .configureHelp({ subcommandTerm: (command) => command.name() })
    .addHelpText(
      'after',
      '\nEach verb has its own help: fanout VERB --help\n' +
        'Exit status: 0 all holds; 1 an expectation or a guarantee falls short; 2 the input cannot be used; 70 a defect of Fanout.',
    )
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.out(text),
      writeErr: (text) => io.err(text),
      // What is wrong with the arguments is reported below, in the form of all other problems.
      outputError: () => {},
    });
}

/** Whatever a verb throws, as lines on standard error and a status. */
function report(error: unknown, verb: string | undefined, io: CommandIo): void {
  if (error instanceof CommanderError && error.exitCode === 0) {
    io.exit(STATUS.holds);
  } else if (error instanceof CommanderError) {
    io.err(argumentProblem(error, verb));
    io.exit(STATUS.badInput);
  } else if (error instanceof InputError) {
    io.err(error.problems.map(formatProblem).join('\n'));
    io.exit(STATUS.badInput);
  } else if (error instanceof CapacityError || error instanceof UserError) {
    io.err(`fanout${verb === undefined ? '' : ` ${verb}`}:1:1: ${error.message}`);
    io.exit(STATUS.badInput);
  } else {
    io.err(defectLine(error));
    io.exit(STATUS.defect);
  }
}

/** `--sed:1:1: unknown option '--sed'; did you mean --seed?` */
function argumentProblem(error: CommanderError, verb: string | undefined): string {
  const said = error.message.replace(/^error: /, '');
  const [what = '', hint] = said.split('\n');
  const near = /\(Did you mean (.*)\?\)/.exec(hint ?? '')?.[1];
  const command = verb === undefined ? 'fanout' : `fanout ${verb}`;
  const flag = /'(--?[\w-]+)/.exec(what)?.[1] ?? command;
  const right = near === undefined ? `see ${command} --help` : `did you mean ${near}?`;
  return `${flag}:1:1: ${what.replace(/\.$/, '')}; ${right}`;
}

/** One line for a defect: what, and the first place of the source that its stack names. */
function defectLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const thrown = error instanceof DefectError ? error.cause : error;
  const place = /\/(src\/[^\s:)]+:\d+)/.exec(thrown instanceof Error ? (thrown.stack ?? '') : '')?.[1];
  const where = place === undefined ? '' : ` (${place})`;
  return `fanout: this is a defect of Fanout, not of its input; please report it: ${message.replace(/\n.*?(?=;|$)/s, '')}${where}`;
}
