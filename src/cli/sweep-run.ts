import { CapacityError, InputError, UserError } from '../base/errors.ts';
import type { Verdict } from '../guarantees/verdict.ts';
import { combineReports, type ExpectationResult, fallsShort, reportOf } from '../run/report.ts';
import { createRun } from '../run/run.ts';
import type { MetricName } from '../scenario/metrics.ts';
import { parseScenario, worldsOf } from '../scenario/parse.ts';
import type { Override } from '../scenario/types.ts';
import { VERSION } from './version.ts';

/** One run of a sweep: plain data, because it is sent to another thread and back. */
export interface SweepJob {
  /** Its place in the grid. */
  readonly index: number;
  readonly fileName: string;
  readonly text: string;
  readonly overrides: readonly Override[];
}

export interface SweepRun {
  readonly seed: number;
  readonly worldHash: string;
  readonly traceHash: string;
  readonly events: number;
  readonly wallSeconds: number;
  readonly metrics: Readonly<Record<MetricName, number>>;
  readonly guarantees: readonly {
    readonly name: string;
    readonly verdict: Verdict['verdict'];
    readonly violations: number;
  }[];
  readonly expectations: readonly ExpectationResult[];
  /** An expectation does not hold, or a promise of this design is broken and nobody expected it. */
  readonly fallsShort: boolean;
}

export type SweepAnswer =
  | { readonly index: number; readonly run: SweepRun }
  /** What the input asks for does not fit. */
  | { readonly index: number; readonly problem: string };

/** Runs the scenario's own world to its end. What the input cannot have is a problem; other errors are thrown. */
export function runJob({ index, fileName, text, overrides }: SweepJob): SweepAnswer {
  try {
    const parsed = parseScenario(text, fileName, overrides);
    const { scenario, name } = worldsOf({ ...parsed, compare: [] })[0]!;
    const begunMs = performance.now();
    const run = createRun(scenario, { seed: scenario.seed });
    while (run.advance(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY) !== 'end');
    const wallSeconds = Math.round(performance.now() - begunMs) / 1000;
    const own = reportOf(run, name, { version: VERSION, wallSeconds, peakMemoryMB: 0 });
    const report = combineReports(scenario, [own]);
    return {
      index,
      run: {
        seed: report.seed,
        worldHash: report.worldHash,
        traceHash: report.traceHash,
        events: report.events,
        wallSeconds,
        metrics: report.metrics,
        guarantees: report.guarantees.map(({ name: of, verdict, violations }) => ({
          name: of,
          verdict,
          violations,
        })),
        expectations: report.expectations,
        fallsShort: fallsShort(scenario, report),
      },
    };
  } catch (error) {
    if (error instanceof CapacityError || error instanceof UserError || error instanceof InputError)
      return { index, problem: error.message };
    throw error;
  }
}
