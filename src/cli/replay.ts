import type { Command } from 'commander';
import { InputError, UserError } from '../base/errors.ts';
import { formatDuration } from '../base/units.ts';
import { MAX_CHOICE_LIST, whyNoChoiceList } from '../run/choice-list.ts';
import { combineReports, fallsShort, promises, type RunReport, reportOf } from '../run/report.ts';
import type { Run } from '../run/run.ts';
import { pageLink, type RunTold, scenarioOfToken, startShared, tokenOf } from '../run/share.ts';
import { readToken, TOKEN_FILE, TokenError } from '../run/token.ts';
import { type Override, type Scenario, WORLD_AS_WRITTEN } from '../scenario/types.ts';
import { readAddress } from '../worker/address.ts';
import type { CommandIo } from './io.ts';
import { createProgress } from './progress.ts';
import { readScenario } from './read-scenario.ts';
import { formatReport } from './report-text.ts';
import { VERSION } from './version.ts';

/** A run that was told of in a link or a list, and what has become of it. */
export interface ReplayReport extends RunReport {
  /**
   * What the token is about, where that is broken, or else the first promise of the design that is, with the moment; null when neither
   * is broken.
   */
  readonly fatal: { readonly guarantee: string; readonly atSeconds: number; readonly text: string } | null;
  /** Opens the run in the page, at the fatal moment when there is one. */
  readonly link: string;
  readonly token: string;
}

interface ReplayOptions {
  readonly choices?: string;
  readonly json?: true;
}

/** Adds the verb `replay`. Ends with status 0, 1 when an expectation or a promise falls short, 2 when the token cannot be used. */
export function registerReplay(program: Command, io: CommandIo): void {
  program
    .command('replay')
    .argument('<token>', 'a token, a link of the page, or, with --choices, a scenario')
    .description('run a shared link or a recorded list of choices again')
    .option('--choices <list>', 'whole numbers with commas: the answers to what is not determined, in order')
    .option('--json', 'one JSON document')
    .action((given: string, options: ReplayOptions) => replay(given, options, io));
}

interface Told extends RunTold {
  readonly scenario: Scenario;
}

function replay(given: string, options: ReplayOptions, io: CommandIo): void {
  const told = options.choices === undefined ? toldBy(given) : listed(given, options.choices);
  const report = runTold(told, options.json !== true);
  io.out(options.json === true ? JSON.stringify(report) : formatReplay(report));
  const isBrokenAsTold = told.about != null && report.fatal?.guarantee === told.about;
  io.exit(isBrokenAsTold || fallsShort(told.scenario, report) ? 1 : 0);
}

const refusal = (message: string): InputError =>
  new InputError([{ file: TOKEN_FILE, line: 1, column: 1, message }]);

/** Throws InputError. */
function toldBy(given: string): Told {
  const hash = given.indexOf('#');
  if (hash < 0) return toldByToken(given);
  const { address, problems } = readAddress(given.slice(hash));
  if (problems[0] !== undefined) throw refusal(problems[0]);
  const { token = null, scenario, seed, users, hand, timeUs, version } = address;
  const overrides: Override[] = [];
  if (users !== null) overrides.push({ kind: 'users', path: 'users', value: users });
  if (seed !== null) overrides.push({ kind: 'seed', path: 'seed', value: seed });
  checkVersion(version);
  if (token !== null) {
    const told = toldByToken(token, overrides);
    return {
      ...told,
      hand: hand.length > 0 ? hand : (told.hand ?? []),
      timeUs: timeUs ?? told.timeUs ?? 0,
    };
  }
  if (scenario === null) throw refusal('the link names no scenario; it has neither s= nor x=');
  return { scenario: readScenario(scenario, overrides), hand, choices: null, timeUs: timeUs ?? 0 };
}

function checkVersion(version: string | null): void {
  if (version !== null && version !== VERSION)
    throw refusal(
      `this was made by version ${version}, and this is version ${VERSION}, which may run it differently; use ${version}`,
    );
}

/** Throws InputError. */
function toldByToken(token: string, more: readonly Override[] = []): Told {
  try {
    const shared = readToken(token.trim());
    checkVersion(shared.version);
    const { hand, choices, timeUs, about } = shared;
    const scenario = scenarioOfToken({ ...shared, overrides: [...shared.overrides, ...more] });
    return { scenario, hand, choices, timeUs, about };
  } catch (error) {
    if (error instanceof TokenError) throw refusal(error.message);
    throw error;
  }
}

function listed(file: string, list: string): Told {
  const choices = list.trim() === '' ? [] : list.split(',').map((one) => Number(one.trim() || Number.NaN));
  const why = whyNoChoiceList(choices);
  if (why !== null) {
    const message = `${why}; write 0,0,2147483648 with at most ${MAX_CHOICE_LIST} numbers`;
    throw new InputError([{ file: '--choices', line: 1, column: 1, message }]);
  }
  return { scenario: readScenario(file, []), choices, hand: [] };
}

/** Runs to the end. Throws InputError when the hand does what makes no sense in this scenario. */
function runTold({ scenario, ...told }: Told, shows: boolean): ReplayReport {
  const begunMs = performance.now();
  const progress = createProgress(shows, 'replay');
  let run: Run;
  try {
    run = startShared(scenario, told);
  } catch (error) {
    if (error instanceof UserError) throw refusal(error.message);
    throw error;
  }
  const sliceUs = Math.max(100_000, Math.floor(scenario.durationUs / 200));
  while (run.advance(run.nowUs + sliceUs, Number.POSITIVE_INFINITY) !== 'end')
    progress.show(
      run.nowUs / scenario.durationUs,
      `${formatDuration(run.nowUs)} of ${formatDuration(scenario.durationUs)}`,
    );
  progress.end();
  const wallSeconds = Math.round(performance.now() - begunMs) / 1000;
  const peakMemoryMB = Math.round(process.resourceUsage().maxRSS / 1024);
  const own = reportOf(run, WORLD_AS_WRITTEN, { version: VERSION, wallSeconds, peakMemoryMB });
  const asWritten = { ...scenario, expect: scenario.expect.filter(({ world }) => world === null) };
  const violated = own.guarantees.filter(({ verdict }) => verdict === 'violated');
  const broken =
    violated.find(({ name }) => name === told.about) ??
    violated
      .filter(({ name }) => promises(scenario, name))
      .sort((a, b) => (a.sinceUs ?? 0) - (b.sinceUs ?? 0))[0];
  const timeUs = broken?.sinceUs ?? told.timeUs ?? 0;
  const token = tokenOf(scenario, { ...told, timeUs });
  return {
    ...combineReports(asWritten, [own]),
    fatal:
      broken === undefined
        ? null
        : { guarantee: broken.name, atSeconds: timeUs / 1e6, text: broken.witness?.text ?? '' },
    link: pageLink(
      token,
      undefined,
      broken === undefined ? undefined : { name: broken.name, sinceUs: timeUs },
    ),
    token,
  };
}

function formatReplay(report: ReplayReport): string {
  const { fatal, link } = report;
  const lines = [formatReport(report), ''];
  if (fatal !== null)
    lines.push(`${fatal.guarantee} is broken at ${fatal.atSeconds} s: ${fatal.text}`, 'open that moment:');
  else lines.push('open it in the page:');
  lines.push(`  ${link}`);
  return lines.join('\n');
}
