import type { Command } from 'commander';
import {
  hasBucket,
  MAX_TIME_US,
  RATE_LIMIT_ALGORITHMS,
  type RateLimitConfig,
  rateLimitProblems,
} from '../algorithms/rate-limit/config.ts';
import { type Decision, rateLimitDecisions } from '../algorithms/rate-limit/decisions.ts';
import type { RateLimitState } from '../algorithms/rate-limit/limiter.ts';
import { parseCount, parseDurationUs, secondsText, US_PER_SECOND } from '../base/units.ts';
import type { CommandIo } from './io.ts';

interface Options {
  readonly algorithm?: string;
  readonly limit?: string;
  readonly window?: string;
  readonly times?: string;
  readonly boundary?: string;
  readonly burst?: string;
  readonly leak?: string;
  readonly align?: string;
  readonly rounding?: string;
  readonly refusedCount?: true;
  readonly json?: true;
}

/** Adds the verb `rate-limit` to a program. Ends with status 0, or 2 when the input cannot be used (one line per problem). */
export function registerRateLimit(program: Command, io: CommandIo): void {
  program
    .command('rate-limit')
    .description('decide a list of requests with one rate limiter, and say why')
    .option('--algorithm <name>', RATE_LIMIT_ALGORITHMS.join(', '))
    .option('--limit <count>', 'requests per window, such as 5 or 1k')
    .option('--window <duration>', 'such as 60s or 1500ms')
    .option('--times <list>', 'when the requests come, in order: 0s,15s,59.999999s')
    .option(
      '--boundary <convention>',
      'sliding-window-log: does a request exactly one window old count? inclusive (the default) or exclusive',
    )
    .option('--burst <count>', 'buckets and gcra: requests that may come at once (default: the limit)')
    .option('--leak <kind>', 'leaky-bucket: meter (refuses, the default) or queue (delays)')
    .option('--align <kind>', 'fixed-window: clock (the default) or first-request')
    .option('--rounding <kind>', 'sliding-window-counter: exact (the default) or floor')
    .option('--refused-count', 'windows and log: refused requests count too')
    .option('--json', 'one JSON document')
    .addHelpText(
      'after',
      '\nExample, the sixth request is refused and the seventh allowed:\n' +
        '  rate-limit --algorithm sliding-window-log --limit 5 --window 60s --times 0s,15s,20s,35s,55s,60s,65s',
    )
    .action((options: Options) => {
      const { config, timesUs, problems } = readOptions(options);
      if (problems.length > 0) {
        io.err(`${problems.join('\n')}\n`);
        io.exit(2);
        return;
      }
      const decisions = rateLimitDecisions(config, timesUs);
      io.out(
        options.json === true ? `${JSON.stringify(report(config, decisions))}\n` : table(config, decisions),
      );
      io.exit(0);
    });
}

/** Most requests that one call decides. */
const MOST_TIMES = 100_000;

interface Read {
  readonly config: RateLimitConfig;
  readonly timesUs: readonly number[];
  /** `--option: what is wrong; what would be right` */
  readonly problems: readonly string[];
}

function readOptions(options: Options): Read {
  const problems: string[] = [];
  const unread = new Set<string>();
  const bad = (option: string, message: string): void => {
    unread.add(option);
    problems.push(`--${option}: ${message}`);
  };

  function choice<T extends string>(option: keyof Options, allowed: readonly T[], otherwise: T | null): T {
    const given = options[option] as string | undefined;
    if (given === undefined && otherwise !== null) return otherwise;
    const found = allowed.find((name) => name === given);
    if (found !== undefined) return found;
    const right = `choose ${allowed.length > 2 ? 'one of ' : ''}${allowed.join(allowed.length > 2 ? ', ' : ' or ')}`;
    bad(option, given === undefined ? `is missing; ${right}` : `there is no "${given}"; ${right}`);
    return allowed[0]!;
  }

  function number(
    option: 'limit' | 'window' | 'burst',
    read: (text: string) => number | null,
    what: string,
    right: string,
    otherwise: number | null,
  ): number {
    const given = options[option];
    if (given === undefined) {
      if (otherwise === null) bad(option, `is missing; ${right}`);
      return otherwise ?? Number.NaN;
    }
    const value = read(given);
    if (value === null) bad(option, `"${given}" is ${what}; ${right}`);
    return value ?? Number.NaN;
  }

  const algorithm = choice('algorithm', RATE_LIMIT_ALGORITHMS, null);
  const count = 'write a whole number such as 5 or 1k';
  const duration = 'write a number with its unit, such as 60s, 1500ms or 250us';
  const limit = number('limit', parseCount, 'no number of requests', count, null);
  const windowUs = number('window', parseDurationUs, 'no whole number of microseconds', duration, null);
  const config: RateLimitConfig = {
    algorithm,
    limit,
    windowUs,
    burst: number('burst', parseCount, 'no number of requests', count, limit),
    boundary: choice('boundary', ['inclusive', 'exclusive'], 'inclusive'),
    leak: choice('leak', ['meter', 'queue'], 'meter'),
    align: choice('align', ['clock', 'first-request'], 'clock'),
    rounding: choice('rounding', ['exact', 'floor'], 'exact'),
    refusedCount: options.refusedCount === true,
  };
  // What could not be read has been reported; the rest is judged by the limiter's own rules.
  for (const { field, message } of rateLimitProblems(config)) {
    if (!unread.has(field)) problems.push(`--${field}: ${message}`);
  }
  const times = readTimes(options.times);
  return { config, timesUs: times.timesUs, problems: [...problems, ...times.problems] };
}

function readTimes(text: string | undefined): { timesUs: number[]; problems: string[] } {
  const right = 'write times in order with their units, such as 0s,15s,59.999999s';
  const no = (what: string): { timesUs: number[]; problems: string[] } => ({
    timesUs: [],
    problems: [`--times: ${what}`],
  });
  if (text === undefined) return no(`is missing; ${right}`);
  if (text.trim() === '') return no(`is empty; ${right}`);
  const parts = text.split(',');
  if (parts.length > MOST_TIMES) return no(`${parts.length} times are too many; write at most ${MOST_TIMES}`);
  const timesUs = parts.map(parseDurationUs);
  const more = (n: number): string => (n > 1 ? ` (and ${n - 1} more like it)` : '');
  const bad = parts.flatMap((_, i) => {
    const timeUs = timesUs[i]!;
    return timeUs === null || timeUs > MAX_TIME_US ? [i] : [];
  });
  if (bad.length > 0) {
    const first = bad[0]!;
    const why = timesUs[first] === null ? 'is no whole number of microseconds' : 'is past 142 years';
    return no(`"${parts[first]!.trim()}" at place ${first + 1} ${why}${more(bad.length)}; ${right}`);
  }
  const times = timesUs as number[];
  const early = times.flatMap((timeUs, i) => (i > 0 && timeUs < times[i - 1]! ? [i] : []));
  if (early.length > 0) {
    const i = early[0]!;
    const pair = `${parts[i]!.trim()} at place ${i + 1} comes after ${parts[i - 1]!.trim()}`;
    return no(`${pair}, but is earlier${more(early.length)}; write the times in order`);
  }
  return { timesUs: times, problems: [] };
}

const seconds = (us: number): number => us / US_PER_SECOND;

/** The state with its times in seconds: `logUs` becomes `log`. */
function stateInSeconds(state: RateLimitState): Record<string, unknown> {
  const shown: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(state) as [string, number | string | readonly number[]][]) {
    if (name === 'kind') continue;
    const inUs = name.endsWith('Us');
    if (Array.isArray(value)) shown[name.slice(0, -2)] = value.map(seconds);
    else if (inUs) shown[name.slice(0, -2)] = seconds(value as number);
    else shown[name] = value;
  }
  return shown;
}

/** The document of `--json`. Counts and state are as the decision leaves them; `retryAfter` is from the request's own time. */
function report(config: RateLimitConfig, decisions: readonly Decision[]): unknown {
  return {
    algorithm: config.algorithm,
    limit: config.limit,
    window: seconds(config.windowUs),
    boundary: config.boundary,
    ...(hasBucket(config.algorithm) ? { burst: config.burst } : {}),
    decisions: decisions.map((d) => ({
      time: seconds(d.timeUs),
      allowed: d.allowed,
      count: d.countAfter,
      retryAfter: d.allowed ? null : seconds(d.retryAfterUs),
      ...(config.leak === 'queue' && d.allowed ? { delay: seconds(d.delayUs) } : {}),
      state: stateInSeconds(d.stateAfter),
      ...(config.algorithm === 'sliding-window-log' ? { expired: d.expiredUs.map(seconds) } : {}),
      remaining: d.remaining,
      because: d.words,
    })),
  };
}

const CONVENTION: Readonly<Record<RateLimitConfig['algorithm'], (config: RateLimitConfig) => string>> = {
  'fixed-window': ({ align }) =>
    align === 'clock' ? 'windows begin at multiples of the window' : 'the window begins at the first request',
  'sliding-window-log': ({ boundary }) =>
    `a request exactly one window old ${boundary === 'inclusive' ? 'still counts' : 'no longer counts'}`,
  'sliding-window-counter': ({ rounding }) =>
    rounding === 'exact'
      ? 'the estimate with the request must be within the limit'
      : 'the estimate, rounded down, must be below the limit',
  'token-bucket': ({ burst }) => `the bucket holds ${burst}`,
  'leaky-bucket': ({ burst, leak }) =>
    `the bucket holds ${burst} and ${leak === 'queue' ? 'delays what it admits' : 'refuses what would overflow'}`,
  gcra: ({ burst }) => `burst ${burst}`,
};

function table(config: RateLimitConfig, decisions: readonly Decision[]): string {
  const head = ['', 'time', 'verdict', 'count', 'because'];
  const rows = decisions.map((d, i) => [
    String(i + 1),
    `${secondsText(d.timeUs)} s`,
    d.allowed ? 'allowed' : 'REFUSED',
    String(Number(d.countAfter.toFixed(6))),
    d.words,
  ]);
  const widths = head.map((name, column) => {
    let width = name.length;
    for (const row of rows) width = Math.max(width, row[column]!.length);
    return width;
  });
  const isNumber = [true, true, false, true, false];
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, i) => (isNumber[i] ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!)))
      .join('  ')
      .trimEnd();
  const refused = decisions.filter((d) => !d.allowed).length;
  const title = `${config.algorithm}: ${config.limit} in ${secondsText(config.windowUs)} s; ${CONVENTION[config.algorithm](config)}`;
  const sum = `${decisions.length - refused} allowed, ${refused} refused. Count is what counts after the request.`;
  return `${[title, '', line(head), ...rows.map(line), '', sum].join('\n')}\n`;
}
