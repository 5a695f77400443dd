import type { Command } from 'commander';
import { InputError, UserError } from '../base/errors.ts';
import { formatCount, parseCount } from '../base/units.ts';
import { pageLink, tokenOf } from '../run/share.ts';
import { GUARANTEE_NAMES } from '../scenario/guarantee-names.ts';
import { rightName } from '../scenario/text/nearest.ts';
import type { Scenario } from '../scenario/types.ts';
import {
  EXPLORED_FAULTS,
  type ExploredFault,
  type ExploredWitness,
  type ExploreResult,
  explore,
} from '../testkit/explore/explore.ts';
import type { CommandIo } from './io.ts';
import { createProgress } from './progress.ts';
import { overridesOf, readScenario } from './read-scenario.ts';

interface ExploreArguments {
  readonly depth: string;
  readonly faults: string;
  readonly events: string;
  readonly set: readonly string[];
  readonly json?: true;
}

/** The document of `explore --json`. */
export interface ExploreReport extends Omit<ExploreResult, 'guarantees'> {
  readonly scenario: string;
  readonly depth: number;
  readonly faults: readonly ExploredFault[];
  /** What the verdicts rest on: which answers each question was given. */
  readonly tried: string;
  readonly wallSeconds: number;
  readonly eventsPerSecond: number;
  readonly guarantees: readonly (Omit<ExploreResult['guarantees'][number], 'shortest'> & {
    /** `always holds`, `sometimes fails`, `always fails`, `unknown`. */
    readonly is: string;
    readonly shortest:
      | (Pick<ExploredWitness, 'deviations' | 'events' | 'text'> & {
          readonly token: string;
          readonly link: string;
        })
      | null;
  })[];
}

/** A state takes 12 bytes in a table that is at least a quarter full. */
const MAX_STATES = 4_000_000;
/** No other value of a delay is tried: an order that only a third value makes is not found. */
const TRIED = 'of each delay two values: the shortest, and one longer than 15 of 16';
const MAX_DEPTH = 20;

/** Adds the verb `explore`. Ends with status 0, 1 when a promise of the design can be broken, 2 when the scenario cannot be explored. */
export function registerExplore(program: Command, io: CommandIo): void {
  program
    .command('explore')
    .argument('<scenario>', 'a scenario file, or the name of a shipped one, with few users and few messages')
    .description('all interleavings of a small scenario that two values of each delay make')
    .option('--depth <number>', 'decisions in which a run may differ from the tame one', '2')
    .option(
      '--faults <list>',
      `what may go wrong beside slow hops: ${EXPLORED_FAULTS.join(', ')}, or none`,
      'none',
    )
    .option('--events <count>', 'stop after so many events', '10M')
    .option(
      '--set <setting>',
      'a setting such as design.delivery=at-most-once; may be given again',
      (value: string, before: readonly string[]) => [...before, value],
      [],
    )
    .option('--json', 'one JSON document')
    .addHelpText(
      'after',
      '\nThe tame run has every delay at its shortest and no fault but those of the script. A decision is a hop or a database call that is\n' +
        'slow (slower than 15 of 16), a message between a client and a gateway that is lost or arrives twice, a station that crashes for 300 ms.',
    )
    .action((file: string, options: ExploreArguments) => run(file, options, io));
}

const refusal = (file: string, message: string): InputError =>
  new InputError([{ file, line: 1, column: 1, message }]);

function run(file: string, options: ExploreArguments, io: CommandIo): void {
  const depth = Number(options.depth);
  if (!/^\d+$/.test(options.depth) || depth > MAX_DEPTH)
    throw refusal('--depth', `"${options.depth}" is no depth; it is a whole number from 0 to ${MAX_DEPTH}`);
  const maxEvents = parseCount(options.events);
  if (maxEvents === null || maxEvents < 1)
    throw refusal('--events', `"${options.events}" is no count; write one such as 10M`);
  const faults = faultsOf(options.faults);
  const scenario = readScenario(file, overridesOf({ set: options.set }));
  const report = exploreScenario(file, scenario, { depth, faults, maxEvents }, options.json !== true);
  io.out(options.json === true ? JSON.stringify(report) : formatExploration(report));
  io.exit(report.guarantees.some(({ isPromised, violated }) => isPromised && violated > 0) ? 1 : 0);
}

function faultsOf(list: string): readonly ExploredFault[] {
  if (list === 'none') return [];
  return list.split(',').map((name) => {
    const fault = EXPLORED_FAULTS.find((one) => one === name.trim());
    if (fault === undefined)
      throw refusal(
        '--faults',
        `there is no fault "${name}" to explore; ${rightName(name, [...EXPLORED_FAULTS, 'none'])}`,
      );
    return fault;
  });
}

function exploreScenario(
  file: string,
  scenario: Scenario,
  bounds: { readonly depth: number; readonly faults: readonly ExploredFault[]; readonly maxEvents: number },
  shows: boolean,
): ExploreReport {
  const { depth, faults, maxEvents } = bounds;
  const begunMs = performance.now();
  const progress = createProgress(shows, 'explore');
  let result: ExploreResult;
  try {
    result = explore(scenario, {
      depth,
      faults,
      maxEvents,
      maxStates: MAX_STATES,
      progress: (so) =>
        progress.show(
          so.events / maxEvents,
          `depth ${so.depth}: ${formatCount(so.runs)} runs, ${formatCount(so.states)} states, ${formatCount(so.events)} events`,
        ),
    });
  } catch (error) {
    if (error instanceof UserError) throw refusal(file, error.message);
    throw error;
  } finally {
    progress.end();
  }
  const wallSeconds = Math.round(performance.now() - begunMs) / 1000;
  return {
    scenario: scenario.name,
    depth,
    faults,
    tried: TRIED,
    ...result,
    wallSeconds,
    eventsPerSecond: wallSeconds === 0 ? result.events : Math.round(result.events / wallSeconds),
    guarantees: result.guarantees.map(({ shortest, ...guarantee }) => {
      const { holds, violated, unknown } = guarantee;
      const is =
        violated > 0
          ? holds + unknown === 0
            ? 'always fails'
            : 'sometimes fails'
          : holds > 0
            ? 'always holds'
            : 'unknown';
      if (shortest === null) return { ...guarantee, is, shortest };
      const { deviations, events, text, choices, hand, sinceUs } = shortest;
      const token = tokenOf(scenario, {
        choices,
        hand,
        timeUs: sinceUs,
        about: GUARANTEE_NAMES.find((name) => name === guarantee.name) ?? null,
      });
      return {
        ...guarantee,
        is,
        shortest: {
          deviations,
          events,
          text,
          token,
          link: pageLink(token, undefined, { name: guarantee.name, sinceUs }),
        },
      };
    }),
  };
}

function formatExploration(report: ExploreReport): string {
  const { runs, cutOff, states, events, wallSeconds, eventsPerSecond, depth, completeTo, stopped } = report;
  const lines = [
    `${report.scenario}: ${formatCount(runs)} runs to the end, ${formatCount(cutOff)} cut off in a state that was seen; ${formatCount(states)} distinct states`,
    `${formatCount(events)} events in ${wallSeconds} s, ${formatCount(eventsPerSecond)} a second`,
    stopped === null
      ? `every run with at most ${depth} deviations from the tame one was explored (${report.faults.length === 0 ? 'no faults' : report.faults.join(', ')})`
      : `stopped ${stopped}: every run with at most ${Math.max(0, completeTo)} deviations was explored, and some with more`,
    `tried: ${report.tried}`,
    '',
  ];
  const width = Math.max(...report.guarantees.map(({ name }) => name.length));
  for (const { name, is, isPromised, violated, shortest } of report.guarantees) {
    const how =
      shortest === null
        ? ''
        : `  in ${formatCount(violated)} runs; fewest deviations: ${shortest.deviations}`;
    lines.push(
      `  ${is.padEnd(15)}  ${name.padEnd(width)}  ${isPromised ? 'promised' : '        '}${how}`.trimEnd(),
    );
    if (shortest === null) continue;
    lines.push(`      ${shortest.text}`, `      fanout replay ${shortest.token}`);
  }
  return lines.join('\n');
}
