import { US_PER_SECOND } from '../base/units.ts';
import { type Verdict, verdictInWords } from '../guarantees/verdict.ts';
import { METRIC_NAMES, type MetricName } from '../scenario/metrics.ts';
import { worldsOf } from '../scenario/parse.ts';
import type { Expectation, Scenario } from '../scenario/types.ts';
import type { Cost } from '../system/design/cost.ts';
import { type RateLimit, rateLimitsOf } from '../system/design/design.ts';
import { findingsOf } from './findings.ts';
import { costNow, lowerBounds, metricsOf } from './metrics-of.ts';
import type { Run } from './run.ts';
import { silentUsers } from './silent-users.ts';
import { judgeFigure } from './within-bound.ts';

/** What a run has come to: the document of `run --json`. */
export interface RunReport {
  readonly scenario: string;
  readonly world: string;
  readonly seed: number;
  readonly version: string;
  readonly users: number;
  readonly virtualSeconds: number;
  readonly wallSeconds: number;
  readonly events: number;
  readonly peakMemoryMB: number;
  readonly worldHash: string;
  readonly traceHash: string;
  readonly metrics: Readonly<Record<MetricName, number>>;
  /** Those metrics that are lower bounds, because who still waited when the run ended decides them: at least so much. */
  readonly atLeast: readonly MetricName[];
  /** What `cost.perHour.usd` is made of, US dollars; the prices are `PRICES` of cost.ts. */
  readonly cost: Cost;
  /** Users who never send, because they are in no channel to write to. */
  readonly usersInNoChannel: number;
  readonly guarantees: readonly Verdict[];
  /** Which messages the guarantees were judged on. */
  readonly judged: string;
  readonly expectations: readonly ExpectationResult[];
  /** Steps of the script that had not happened when the run ended: by their line in the file, as they are written. */
  readonly script: { readonly neverCame: readonly { readonly line: number; readonly step: string }[] };
  /** What the script has said and asked, in the order of time, with the figures of its moment. */
  readonly narration: readonly { readonly seconds: number; readonly text: string }[];
  readonly worlds: readonly RunReport[];
}

/** What was expected of a run, and whether it holds. */
export interface ExpectationResult {
  readonly text: string;
  readonly world: string;
  readonly holds: boolean;
  /** What was found in place of it. */
  readonly found: string;
}

export interface Measured {
  readonly version: string;
  readonly wallSeconds: number;
  readonly peakMemoryMB: number;
}

/** One world's report without expectations (those may speak of several worlds). The run must have ended. */
export function reportOf(run: Run, world: string, measured: Measured): RunReport {
  const { scenario } = run;
  const found = findingsOf(run.system.context);
  const metrics = metricsOf(run.system.context, found);
  return {
    scenario: scenario.name,
    world,
    seed: run.seed,
    version: measured.version,
    users: scenario.workload.users,
    virtualSeconds: run.nowUs / US_PER_SECOND,
    wallSeconds: measured.wallSeconds,
    events: run.events,
    peakMemoryMB: measured.peakMemoryMB,
    worldHash: run.worldHash(),
    traceHash: run.traceHash(),
    metrics: Object.fromEntries(METRIC_NAMES.map((name) => [name, metrics[name]])) as Record<
      MetricName,
      number
    >,
    atLeast: lowerBounds(found),
    cost: costNow(run.system.context),
    usersInNoChannel: silentUsers(run.system.context),
    guarantees: run.judge.final(run.nowUs),
    judged: run.judge.judged(),
    expectations: run.script
      .expectations()
      .map(({ expectation, holds, found }) => ({ text: expectation.text, world, holds, found })),
    narration: narrationOf(run),
    script: { neverCame: neverCameIn(run) },
    worlds: [],
  };
}

/** Steps that waited for something that did not come, or for a step that did not. */
function neverCameIn({ scenario, script }: Run): RunReport['script']['neverCame'] {
  return scenario.script
    .filter(({ index, does }) => does.do !== 'nothing' && script.happenedAtUs(index) === null)
    .map(({ range, source }) => ({ line: range.line, step: source.trim().replace(/\s+/g, ' ') }));
}

function narrationOf({ scenario, script }: Run): RunReport['narration'] {
  const said = scenario.script.flatMap(({ index, does }) => {
    const timeUs = script.happenedAtUs(index);
    if (timeUs === null || (does.do !== 'say' && does.do !== 'ask')) return [];
    return [{ seconds: timeUs / US_PER_SECOND, text: script.saidWithFigures(index)?.text ?? does.text }];
  });
  return said.sort((a, b) => a.seconds - b.seconds);
}

/** The worlds' reports as one document, the scenario's own first, with what was expected of each. */
export function combineReports(scenario: Scenario, reports: readonly RunReport[]): RunReport {
  const [own, ...others] = reports;
  if (own === undefined) throw new Error('defect: a scenario has at least its own world');
  const judge = (expectation: Expectation): ExpectationResult => {
    const report = expectation.world === null ? own : reports.find((r) => r.world === expectation.world);
    const world = expectation.world ?? own.world;
    if (report === undefined)
      return { text: expectation.text, world, holds: false, found: 'no such world was run' };
    if (expectation.of === 'guarantee') {
      const found = report.guarantees.find(({ name }) => name === expectation.guarantee);
      if (found === undefined) throw new Error(`defect: ${expectation.guarantee} was not judged`);
      const holds = found.verdict === expectation.is;
      return { text: expectation.text, world, holds, found: verdictInWords(found) };
    }
    const value = report.metrics[expectation.metric];
    const isAtLeast = report.atLeast.includes(expectation.metric);
    return { text: expectation.text, world, ...judgeFigure(expectation.bound, { value, isAtLeast }) };
  };
  return { ...own, expectations: [...own.expectations, ...scenario.expect.map(judge)], worlds: others };
}

/**
 * Whether the run falls short: an expectation that does not hold, or a violated guarantee that the design of its world promises and nobody
 * expected to be violated.
 */
export function fallsShort(scenario: Scenario, report: RunReport): boolean {
  if ([report, ...report.worlds].some((r) => r.expectations.some((e) => !e.holds))) return true;
  const scenarios = new Map(worldsOf(scenario).map((world) => [world.name, world.scenario]));
  return [report, ...report.worlds].some((r) =>
    r.guarantees.some(
      (g) =>
        g.verdict === 'violated' &&
        promises(scenarios.get(r.world) ?? scenario, g.name) &&
        !isExpected(scenarios.get(r.world) ?? scenario, scenario, r.world, report.world, g.name),
    ),
  );
}

const isExpected = (
  ofWorld: Scenario,
  scenario: Scenario,
  world: string,
  own: string,
  guarantee: string,
): boolean =>
  scenario.expect.some(
    (e) =>
      e.of === 'guarantee' && e.guarantee === guarantee && e.is === 'violated' && (e.world ?? own) === world,
  ) ||
  ofWorld.script.some(
    ({ does }) =>
      does.do === 'expect' && does.expectation.of === 'guarantee' && does.expectation.guarantee === guarantee,
  );

/**
 * A limit that holds in every window of every user: an exact log with one counter for all. A service may be down, and then loses what it
 * has counted.
 */
const isExact = ({ algorithm, by, placement, counters }: RateLimit): boolean =>
  algorithm === 'sliding-window-log' && by === 'user' && placement === 'gateway' && counters === 'shared';

/**
 * The guarantees that a design promises: no-phantoms, authorised-only, joined-only and acked-is-durable always; the order
 * that it names; no duplicates where it delivers effectively once; no loss, and an answer to every message, unless it delivers at most once.
 */
export function promises(scenario: Scenario, guarantee: string): boolean {
  const { ordering, delivery, retry } = scenario.design;
  switch (guarantee) {
    case 'no-phantoms':
    case 'authorised-only':
    case 'joined-only':
    case 'acked-is-durable':
      return true;
    case 'per-channel-order':
      return ordering !== 'best-effort' && ordering !== 'causal';
    case 'causal-order':
      return ordering === 'causal' || (ordering === 'global' && retry.maxInFlight === 1);
    case 'global-order':
      return ordering === 'global';
    case 'no-duplicates':
      return delivery === 'effectively-once';
    case 'no-loss':
    case 'answered':
      return delivery !== 'at-most-once';
    case 'rate-bound':
      return rateLimitsOf(scenario.design).some(isExact);
    default:
      return false;
  }
}
