/**
 * What the user has asked for cannot be done, which shows only when it is tried: one sentence, for the user. Any other RangeError (the
 * engine's own, a check that fails) is a defect.
 */
export class UserError extends RangeError {
  override readonly name = 'UserError';
}

/** What the user has asked for takes so much that it is done only when it is confirmed: one sentence, for the user. */
export class LargeWorldError extends UserError {}

/** The settings of a scenario that a column's size is reckoned from: lower, they ask for less. */
export const CAPACITY_SETTINGS = {
  underWay: ['workload.users', 'workload.messages.perUserPerMinute'],
  everSent: ['workload.users', 'workload.messages.perUserPerMinute', 'duration'],
  waiting: ['workload.users', 'design.reorder.maxEntries'],
  remembered: ['workload.messages.perUserPerMinute', 'design.dedup.window'],
  counted: ['workload.users', 'design.rateLimit.limit'],
} as const;

/** A column of the world is full: says which, and which settings of the scenario need less of it. It comes up while a run goes on. */
export class CapacityError extends Error {
  override readonly name = 'CapacityError';
  readonly column: string;
  readonly capacity: number;
  readonly settings: readonly string[];
  constructor(column: string, capacity: number, settings: readonly string[]) {
    super(`the column "${column}" is full at ${capacity} entries; lower ${listed(settings)}`);
    this.column = column;
    this.capacity = capacity;
    this.settings = settings;
  }
}

const listed = (all: readonly string[]): string =>
  all.length < 2 ? all.join('') : `${all.slice(0, -1).join(', ')} or ${all[all.length - 1]}`;

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

/** A fault of Fanout itself that a run came upon, with all that it takes to see it again. */
export class DefectError extends Error {
  override readonly name = 'DefectError';
  constructor(cause: unknown, scenario: string, seed: number, at: string) {
    const what = cause instanceof Error ? cause.message : String(cause);
    super(`${what}; scenario ${scenario}, seed ${seed}, at ${at}`, { cause });
  }
}

/** The error as it is where it speaks to the user; otherwise as a defect of a run. */
export function asDefect(error: unknown, scenario: string, seed: number, at: string): unknown {
  const isTheirs = [UserError, CapacityError, InputError, DefectError].some((kind) => error instanceof kind);
  return isTheirs ? error : new DefectError(error, scenario, seed, at);
}

export function formatProblem(p: Problem): string {
  return `${p.file}:${p.line}:${p.column}: ${p.message}`;
}

/** A broken invariant: a defect of Fanout itself, never of its input. */
export function assert(condition: boolean, why: string): asserts condition {
  if (!condition) throw new Error(`defect: ${why}`);
}
