import { formatCount } from '../base/units.ts';
import type { MetricName } from '../scenario/metrics.ts';
import { show } from '../scenario/text/show.ts';
import type { Cell, Varied } from './sweep-grid.ts';
import type { SweepRun } from './sweep-run.ts';

/** What a sweep has come to. */

/** Over the seeds of one cell. */
interface Spread {
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

interface CellReport {
  /** Value by path. */
  readonly set: Readonly<Record<string, unknown>>;
  readonly metrics: Readonly<Record<MetricName, Spread>>;
  /** In how many runs. */
  readonly guarantees: Readonly<
    Record<string, { readonly holds: number; readonly violated: number; readonly unknown: number }>
  >;
  readonly fallsShort: number;
  /** In the order of the seeds. */
  readonly runs: readonly SweepRun[];
}

/** The document of `sweep --json`. */
export interface SweepReport {
  readonly scenario: string;
  readonly version: string;
  readonly vary: readonly { readonly setting: string; readonly values: readonly unknown[] }[];
  readonly seeds: readonly number[];
  readonly threads: number;
  readonly wallSeconds: number;
  readonly events: number;
  readonly cells: readonly CellReport[];
}

/** `runs`: of each cell in turn, in the order of the seeds. */
export function sweepReport(
  head: Pick<SweepReport, 'scenario' | 'version' | 'seeds' | 'threads' | 'wallSeconds'>,
  varied: readonly Varied[],
  cells: readonly Cell[],
  runs: readonly SweepRun[],
): SweepReport {
  const n = head.seeds.length;
  return {
    ...head,
    vary: varied.map(({ path, values }) => ({ setting: path, values })),
    events: runs.reduce((sum, { events }) => sum + events, 0),
    cells: cells.map(({ set }, i) => cellReport(set, runs.slice(i * n, (i + 1) * n))),
  };
}

function cellReport(set: Cell['set'], runs: readonly SweepRun[]): CellReport {
  const metrics = Object.keys(runs[0]!.metrics) as MetricName[];
  const verdictsOf = (index: number) => {
    const count = { holds: 0, violated: 0, unknown: 0 };
    for (const { guarantees } of runs) count[guarantees[index]!.verdict]++;
    return count;
  };
  return {
    set: Object.fromEntries(set.map(({ path, value }) => [path, value])),
    metrics: Object.fromEntries(
      metrics.map((name) => [name, spreadOf(runs.map((run) => run.metrics[name]))]),
    ) as Record<MetricName, Spread>,
    guarantees: Object.fromEntries(runs[0]!.guarantees.map(({ name }, i) => [name, verdictsOf(i)])),
    fallsShort: runs.filter((run) => run.fallsShort).length,
    runs,
  };
}

/** Of an even number of values the median is the lower of the two in the middle: a value that was measured. */
function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  return {
    min: sorted[0]!,
    median: sorted[(sorted.length - 1) >> 1]!,
    max: sorted[sorted.length - 1]!,
  };
}

/** The report for people: a row a cell, and what was broken in it. */
export function formatSweep(report: SweepReport, metrics: readonly MetricName[]): string {
  const { scenario, version, cells, seeds, threads, wallSeconds, events } = report;
  const count = cells.length * seeds.length;
  const lines = [
    `${scenario}, version ${version}: ${cells.length} ${cells.length === 1 ? 'design' : 'designs'} x ${seeds.length} ${seeds.length === 1 ? 'seed' : 'seeds'} = ${count} runs in ${wallSeconds} s on ${threads} ${threads === 1 ? 'thread' : 'threads'}; ${formatCount(events)} events`,
    `median over the seeds${seeds.length === 1 ? '' : ', and from the least to the most'}`,
    '',
  ];
  const rows = [
    ['', ...metrics],
    ...cells.map((cell) => [nameOf(cell), ...metrics.map((name) => spreadText(cell.metrics[name]))]),
  ];
  const widths = rows[0]!.map((_, c) => Math.max(...rows.map((row) => row[c]!.length)));
  rows.forEach((row, r) => {
    const texts = row.map((text, c) => (c === 0 ? text.padEnd(widths[c]!) : text.padStart(widths[c]!)));
    lines.push(texts.join('  ').trimEnd());
    if (r > 0) lines.push(...brokenIn(cells[r - 1]!));
  });
  return lines.join('\n');
}

const nameOf = ({ set }: CellReport): string => {
  const texts = Object.entries(set).map(
    ([path, value]) => `${path.replace(/^design\./, '')}=${valueText(value)}`,
  );
  return texts.length === 0 ? 'as written' : texts.join(' ');
};
const valueText = (value: unknown): string => (typeof value === 'string' ? value : show(value));

const spreadText = ({ min, median, max }: Spread): string =>
  min === max ? String(median) : `${median} (${min}..${max})`;

function brokenIn(cell: CellReport): string[] {
  const lines = Object.entries(cell.guarantees).flatMap(([name, { violated }]) => {
    if (violated === 0) return [];
    const first = cell.runs.find((run) =>
      run.guarantees.some((g) => g.name === name && g.verdict === 'violated'),
    );
    return [`  violated in ${violated} of ${cell.runs.length}: ${name}, first with seed ${first?.seed}`];
  });
  const texts = new Map<string, number>();
  for (const run of cell.runs)
    for (const { text, holds } of run.expectations) if (!holds) texts.set(text, (texts.get(text) ?? 0) + 1);
  for (const [text, times] of texts)
    lines.push(`  expected, and not so in ${times} of ${cell.runs.length}: ${text}`);
  return lines;
}
