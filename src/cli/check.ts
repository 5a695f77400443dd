import { createReadStream, statSync } from 'node:fs';
import { type Command, Option } from 'commander';
import { formatProblem, InputError } from '../base/errors.ts';
import { formatCount, parseCount, parseDurationUs } from '../base/units.ts';
import type { CheckerOptions, Guarantee } from '../guarantees/checker.ts';
import { HistoryReader } from '../guarantees/history-reader.ts';
import { HistoryJudge } from '../guarantees/judge.ts';
import { GUARANTEES } from '../guarantees/registry.ts';
import { rightName } from '../scenario/text/nearest.ts';
import { type CheckReport, formatVerdicts } from './check-report.ts';
import type { CommandIo } from './io.ts';
import { createProgress } from './progress.ts';

interface CheckOptions {
  readonly guarantee: readonly string[];
  readonly limit?: string;
  readonly window?: string;
  readonly boundary?: string;
  readonly json?: true;
}

const STANDARD_INPUT = '-';
const CHUNK_BYTES = 1 << 20;

/** Adds the verb `check`: judges a history. Ends with status 0, 1 when a guarantee is violated, 2 when the input cannot be used. */
export function registerCheck(program: Command, io: CommandIo): void {
  const names = GUARANTEES.map(({ name }) => name);
  const widest = Math.max(...names.map((name) => name.length));
  program
    .command('check')
    .argument('<history>', 'a file of JSON Lines, one event a line, or - for standard input')
    .description('judge a history that anyone recorded')
    .addOption(
      new Option('--guarantee <name>', 'judge this one; may be given again')
        .argParser((name: string, before: readonly string[]) => [...before, name])
        .default([], 'all'),
    )
    .option('--limit <count>', 'for rate-bound: accepted requests of one key, such as 5 or 1k ...')
    .option('--window <duration>', '... in any window of this length, such as 60s')
    .option(
      '--boundary <convention>',
      'whether a request one window old counts: inclusive (the default) or exclusive',
    )
    .option('--json', 'one JSON document')
    .addHelpText(
      'after',
      `\nGuarantees:\n${GUARANTEES.map(({ name, promise }) => `  ${name.padEnd(widest)}  ${promise}`).join('\n')}`,
    )
    .action((file: string, options: CheckOptions) => check(file, options, io));
}

async function check(file: string, options: CheckOptions, io: CommandIo): Promise<void> {
  try {
    const report = await judgeFile(file, guaranteesOf(options), checkerOptionsOf(options));
    io.out(options.json === true ? JSON.stringify(report) : formatVerdicts(report));
    io.exit(report.guarantees.some(({ verdict }) => verdict === 'violated') ? 1 : 0);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    io.err(error.problems.map(formatProblem).join('\n'));
    io.exit(2);
  }
}

/** Throws InputError when the file cannot be read, or is no history. */
async function judgeFile(
  file: string,
  guarantees: readonly Guarantee[],
  options: CheckerOptions,
): Promise<CheckReport> {
  const judge = new HistoryJudge({ ...options, guarantees });
  const reader = new HistoryReader(file, (event) => judge.push(event));
  const progress = createProgress(process.stderr.isTTY === true, 'check');
  const utf8 = new TextDecoder('utf-8', { fatal: true });
  let read = 0;
  try {
    const isStandard = file === STANDARD_INPUT;
    const size = isStandard ? 0 : statSync(file).size;
    const bytes = isStandard ? process.stdin : createReadStream(file, { highWaterMark: CHUNK_BYTES });
    for await (const chunk of bytes as AsyncIterable<Uint8Array>) {
      reader.push(utf8.decode(chunk, { stream: true }));
      read += chunk.length;
      progress.show(size === 0 ? 0 : read / size, `${formatCount(judge.events)} events`);
    }
    reader.push(utf8.decode());
  } catch (error) {
    const why = UNREADABLE[(error as NodeJS.ErrnoException).code ?? ''];
    if (why === undefined) throw error;
    throw refusal(file, `${why}; give a file of JSON Lines, or - for standard input`);
  } finally {
    progress.end();
  }
  reader.finish();
  return { history: file, events: judge.events, guarantees: judge.verdicts() };
}

/** By the code of the error. */
const UNREADABLE: Readonly<Record<string, string>> = {
  ERR_ENCODING_INVALID_ENCODED_DATA: 'this is not UTF-8',
  ENOENT: 'there is no such file',
  EISDIR: 'this is a folder',
  EACCES: 'this file may not be read',
  ENOTDIR: 'there is no such file',
};

const refusal = (where: string, message: string): InputError =>
  new InputError([{ file: where, line: 1, column: 1, message }]);

/** Throws InputError for names that are none. */
function guaranteesOf({ guarantee }: CheckOptions): readonly Guarantee[] {
  if (guarantee.length === 0) return GUARANTEES;
  const names = GUARANTEES.map(({ name }) => name);
  const wrong = guarantee.filter((name) => !names.includes(name));
  if (wrong.length > 0) {
    throw new InputError(
      wrong.map((name) => ({
        file: '--guarantee',
        line: 1,
        column: 1,
        message: `there is no guarantee "${name}"; ${rightName(name, names)}`,
      })),
    );
  }
  return [...new Set(guarantee)].map((name) => GUARANTEES.find((one) => one.name === name)!);
}

/** Throws InputError. */
function checkerOptionsOf({ limit, window, boundary }: CheckOptions): CheckerOptions {
  if (boundary !== undefined && boundary !== 'inclusive' && boundary !== 'exclusive') {
    throw refusal('--boundary', `there is no "${boundary}"; choose inclusive or exclusive`);
  }
  if (limit === undefined && window === undefined) return { boundary };
  if (limit === undefined)
    throw refusal('--limit', 'is missing beside --window; write a count such as 5 or 1k');
  if (window === undefined)
    throw refusal('--window', 'is missing beside --limit; write a duration such as 60s');
  const count = parseCount(limit);
  if (count === null || count < 1) {
    throw refusal('--limit', `"${limit}" is no number of requests; write a count such as 5 or 1k`);
  }
  const windowUs = parseDurationUs(window);
  if (windowUs === null || windowUs < 1) {
    throw refusal('--window', `"${window}" is no duration; write one such as 60s or 1500ms`);
  }
  return { limit: count, windowUs, boundary };
}
