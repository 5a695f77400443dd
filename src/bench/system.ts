import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { OneRun } from './one-run.ts';
import {
  type BenchOptions,
  type BenchRow,
  type BenchSection,
  type BenchSectionReport,
  median,
} from './report.ts';

/** The whole system: shipped scenarios of a million users, from the text to the end of the run. */

interface Figure {
  readonly figure: string;
  readonly unit: string;
  readonly of: (run: OneRun) => number;
  /** At least this, or at most this. */
  readonly atLeast?: number;
  readonly atMost?: number;
}

const BUILD: Figure = { figure: 'to build', unit: 's', of: (r) => r.buildCpuSeconds, atMost: 3 };
const MEMORY: Figure = { figure: 'peak memory', unit: 'MB', of: (r) => r.peakMemoryMB, atMost: 700 };

const MEASURED: readonly { readonly scenario: string; readonly figures: readonly Figure[] }[] = [
  {
    scenario: 'million-users',
    figures: [
      {
        figure: 'simulated in a second',
        unit: 's',
        of: (r) => r.virtualSeconds / r.runCpuSeconds,
        atLeast: 5,
      },
      BUILD,
      { figure: 'events a second', unit: '1/s', of: (r) => r.events / r.runCpuSeconds },
      { figure: 'deliveries a message', unit: '', of: (r) => r.deliveries / r.messages },
      MEMORY,
    ],
  },
  {
    scenario: 'town-hall',
    figures: [
      { figure: 'to run', unit: 's', of: (r) => r.runCpuSeconds, atMost: 1.5 },
      BUILD,
      { figure: 'deliveries', unit: '', of: (r) => r.deliveries },
      MEMORY,
    ],
  },
];

const RUN_TS = fileURLToPath(new URL('../../scripts/run-ts.mjs', import.meta.url));

/** Runs a scenario in a process of its own. Throws when it fails. */
function runOnce(scenario: string): OneRun {
  const child = spawnSync(process.execPath, [RUN_TS, 'src/bench/one-run.ts', scenario], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (child.status !== 0) throw new Error(`the run of ${scenario} ended with status ${child.status}`);
  return JSON.parse(child.stdout) as OneRun;
}

function rowOf(scenario: string, { figure, unit, of, atLeast, atMost }: Figure, runs: OneRun[]): BenchRow {
  const rounds = runs.map(of);
  const value = median(rounds);
  const goal =
    atLeast !== undefined
      ? { text: `at least ${atLeast}`, isMet: value >= atLeast }
      : atMost !== undefined
        ? { text: `at most ${atMost}`, isMet: value <= atMost }
        : null;
  return { workload: scenario, contender: figure, value, unit, rounds, timesSlower: null, goal };
}

export const systemSection: BenchSection = {
  name: 'system',
  async run({ quick = false }: BenchOptions): Promise<BenchSectionReport> {
    return {
      name: 'system',
      title: 'Scenarios of a million users, one process each: CPU time',
      rows: MEASURED.flatMap(({ scenario, figures }) => {
        const runs = Array.from({ length: quick ? 1 : 3 }, () => runOnce(scenario));
        return figures.map((figure) => rowOf(scenario, figure, runs));
      }),
      notes: [
        'A run is one thread; the CPU time is that of the whole process, compiling and collecting garbage included.',
      ],
    };
  },
};
