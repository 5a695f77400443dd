import { cpus } from 'node:os';
import { kernelSection } from './kernel.ts';
import type { BenchOptions, BenchSection, BenchSectionReport } from './report.ts';
import { systemSection } from './system.ts';

/** What is measured, in this order. A section for another part of Fanout is one more line. */
const BENCH_SECTIONS: BenchSection[] = [kernelSection, systemSection];

export interface BenchReport {
  readonly node: string;
  readonly processor: string;
  readonly quick: boolean;
  readonly sections: readonly BenchSectionReport[];
}

/**
 * Measures all sections. `quick` takes fewer rounds and events, for a look at the ratios. The numbers are CPU time of this process,
 * never wall-clock time. Throws when a contender is not installed or the contenders disagree about the order of the events.
 */
export async function runBench(options: BenchOptions): Promise<BenchReport> {
  const sections: BenchSectionReport[] = [];
  for (const section of BENCH_SECTIONS) sections.push(await section.run(options));
  return {
    node: process.version,
    processor: cpus()[0]?.model ?? 'unknown',
    quick: options.quick ?? false,
    sections,
  };
}

/** The report as a table for people. */
export function formatBench(report: BenchReport): string {
  const lines = [`Node ${report.node}, ${report.processor}${report.quick ? ', quick' : ''}`];
  for (const section of report.sections) {
    lines.push('', section.title, '');
    const rows = section.rows.map((row) => [
      row.workload,
      row.contender,
      row.value < 1000 ? row.value.toFixed(1) : Math.round(row.value).toLocaleString('en-US'),
      row.unit,
      row.timesSlower === null ? '' : `${row.timesSlower.toFixed(2)} x`,
      row.goal === null ? '' : `goal ${row.goal.text}${row.goal.isMet ? '' : ', MISSED'}`,
    ]);
    const widths = rows[0]?.map((_, c) => Math.max(...rows.map((row) => row[c]!.length))) ?? [];
    for (const row of rows) {
      const cells = row.map((cell, c) => (c < 2 ? cell.padEnd(widths[c]!) : cell.padStart(widths[c]!)));
      lines.push(`  ${cells.join('  ').trimEnd()}`);
    }
    for (const note of section.notes) lines.push(`  ${note}`);
  }
  return lines.join('\n');
}
