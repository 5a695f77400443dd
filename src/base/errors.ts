/** A column of the world is full: says which, and which setting of the scenario makes it larger. */
export class CapacityError extends Error {
  override readonly name = 'CapacityError';
  readonly column: string;
  readonly capacity: number;
  readonly setting: string;
  constructor(column: string, capacity: number, setting: string) {
    super(`the column "${column}" is full at ${capacity} entries; raise ${setting}`);
    this.column = column;
    this.capacity = capacity;
    this.setting = setting;
  }
}

/** One problem of an input: `where: what is wrong; what would be right`. */
export interface Problem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** An input that cannot be used. Carries every problem found, one line each. */
export class InputError extends Error {
  override readonly name = 'InputError';
  readonly problems: readonly Problem[];
  constructor(problems: readonly Problem[]) {
    super(problems.map(formatProblem).join('\n'));
    this.problems = problems;
  }
}

export function formatProblem(p: Problem): string {
  return `${p.file}:${p.line}:${p.column}: ${p.message}`;
}

/** A broken invariant: a defect of Fanout itself, never of its input. */
export function assert(condition: boolean, why: string): asserts condition {
  if (!condition) throw new Error(`defect: ${why}`);
}
