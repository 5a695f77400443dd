import { InputError, type Problem } from '../../base/errors.ts';
import { MAX_PROBLEMS } from '../bounds.ts';

/** Where something is in an input. */
interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** Begins the message, where line and column do not say enough: the path of a setting. */
  readonly about?: string;
}

export type Path = readonly (string | number)[];

export const isPrefix = (prefix: Path, path: Path): boolean =>
  prefix.length <= path.length && prefix.every((p, i) => p === path[i]);

/** Where the thing at a path is written: its key, or its value. A path that is not written is where its parent is. */
export type Locate = (path: Path, at: 'key' | 'value') => Place;

/** Problems whose messages are worked out in full: far more than are reported. */
const WORDED = 10 * MAX_PROBLEMS;

/** Collects problems; each `message` says what is wrong; what would be right. */
export class ProblemList {
  readonly problems: Problem[] = [];
  readonly locate: Locate;

  constructor(locate: Locate) {
    this.locate = locate;
  }

  /** A message that takes work to find (the nearest of many names) is a function: it is asked as long as problems are few. */
  add(path: Path, message: string | (() => string), at: 'key' | 'value' = 'value'): void {
    const text =
      typeof message === 'string' ? message : this.problems.length < WORDED ? message() : 'as above';
    const { about = '', ...place } = this.locate(path, at);
    this.problems.push({ ...place, message: about + text });
  }

  /** Throws an InputError when there is any problem. */
  throwIfAny(): void {
    if (this.problems.length > 0) throw inputError(this.problems);
  }
}

/** The problems of an InputError that `attempt` throws; none when it throws nothing. Other errors pass. */
export function problemsIn(attempt: () => unknown): readonly Problem[] {
  try {
    attempt();
    return [];
  } catch (error) {
    if (error instanceof InputError) return error.problems;
    throw error;
  }
}

/** An error with the first problems in the order of the text, each once, and a last line for those left out. */
export function inputError(problems: readonly Problem[]): InputError {
  const seen = new Set<string>();
  const distinct = problems
    .filter((p) => {
      const key = `${p.file}:${p.line}:${p.column}:${p.message}`;
      return !seen.has(key) && seen.add(key);
    })
    .sort((p, q) => p.line - q.line || p.column - q.column);
  if (distinct.length <= MAX_PROBLEMS) return new InputError(distinct);
  const first = distinct[MAX_PROBLEMS]!;
  const left = distinct.length - MAX_PROBLEMS;
  return new InputError([
    ...distinct.slice(0, MAX_PROBLEMS),
    { ...first, message: `${left} more problems from here on are left out; mend those above first` },
  ]);
}
