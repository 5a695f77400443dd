import { readdirSync, readFileSync } from 'node:fs';
import { overridesOf } from '../../../src/cli/read-scenario.ts';
import { combineReports, fallsShort, type RunReport, reportOf } from '../../../src/run/report.ts';
import { createRun } from '../../../src/run/run.ts';
import { parseScenario, worldsOf } from '../../../src/scenario/parse.ts';
import type { Scenario } from '../../../src/scenario/types.ts';

/** Each shipped scenario run once in all of its worlds, whatever is then asked of the runs. */

interface Scaled {
  readonly users: string;
  readonly set: readonly string[];
  /** What is expected of the number of users itself, which is another here. */
  readonly leavesOut?: readonly string[];
}

/**
 * The large ones run with a fraction of their users, and with as small a fraction of what serves them: load, ratios and waiting times are
 * those of the whole, only what one thing costs by itself is the same.
 */
const SCALED: Readonly<Record<string, Scaled>> = {
  'million-users': {
    users: '100k',
    set: ['design.gateway.acceptsPerSecond=200', 'design.servers.count=10', 'design.service.workers=2'],
  },
  'server-crash': {
    users: '100k',
    set: ['design.gateway.acceptQueue=200', 'design.servers.maxConnections=13k'],
    leavesOut: ['connections.peak is 1000000'],
  },
  flood: {
    users: '50k',
    set: [
      'design.gateway.count=1',
      'design.gateway.workers=1',
      'design.service.workers=1',
      'design.database.workers=1',
      'design.database.queue=1000',
    ],
  },
  'limiter-down': { users: '40k', set: ['design.service.workers=1', 'design.database.workers=1'] },
};

const FOLDER = new URL('../../../scenarios/', import.meta.url);
const EXERCISES = new URL('exercises/', FOLDER);

const namesIn = (folder: URL): readonly string[] =>
  readdirSync(folder)
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => file.slice(0, -'.yaml'.length));

export const SHIPPED = namesIn(FOLDER);
export const EXERCISE_NAMES = namesIn(EXERCISES);

const fileOf = (name: string): URL => new URL(`${name}.yaml`, SHIPPED.includes(name) ? FOLDER : EXERCISES);

/** The scenario as it is shipped. */
export const scenarioOf = (name: string): Scenario =>
  parseScenario(readFileSync(fileOf(name), 'utf8'), `${name}.yaml`);

export interface Lesson {
  /** As it was run. */
  readonly scenario: Scenario;
  readonly report: RunReport;
  readonly fails: boolean;
}

const lessons = new Map<string, Lesson>();

/** What a scenario comes to. It is run when it is first asked for. */
export function lessonOf(name: string): Lesson {
  const known = lessons.get(name);
  if (known !== undefined) return known;
  const { leavesOut = [], ...scaled } = SCALED[name] ?? {};
  const overrides = 'users' in scaled ? overridesOf(scaled as Scaled) : [];
  const read = parseScenario(readFileSync(fileOf(name), 'utf8'), `${name}.yaml`, overrides);
  const scenario = { ...read, expect: read.expect.filter(({ text }) => !leavesOut.includes(text)) };
  const reports = worldsOf(scenario).map((world) => {
    const run = createRun(world.scenario, { snapshotBytes: 0 });
    while (run.advance(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY) !== 'end') run.script.answer();
    return reportOf(run, world.name, { version: 'test', wallSeconds: 0, peakMemoryMB: 0 });
  });
  const report = combineReports(scenario, reports);
  const lesson = { scenario, report, fails: fallsShort(scenario, report) };
  lessons.set(name, lesson);
  return lesson;
}
