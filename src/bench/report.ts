/** The shapes of a measurement: plain data, to be printed as JSON. */

export interface BenchOptions {
  readonly quick?: boolean;
}

export interface BenchRow {
  readonly workload: string;
  readonly contender: string;
  /** Median of the rounds. */
  readonly value: number;
  readonly unit: string;
  /** The rounds, in order. */
  readonly rounds: readonly number[];
  /** How many times the value of the first contender of the same workload; null for the first itself, and where there is no race. */
  readonly timesSlower: number | null;
  readonly goal: BenchGoal | null;
}

interface BenchGoal {
  /** For instance "at least 4 x". */
  readonly text: string;
  readonly isMet: boolean;
}

export interface BenchSectionReport {
  readonly name: string;
  readonly title: string;
  readonly rows: readonly BenchRow[];
  readonly notes: readonly string[];
}

export interface BenchSection {
  readonly name: string;
  run(options: BenchOptions): Promise<BenchSectionReport>;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Microseconds of CPU time that this process has used. */
export function cpuUs(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}
