import { MAX_SEED } from '../scenario/bounds.ts';
import { inputError, problemsIn } from '../scenario/text/problems.ts';
import { show } from '../scenario/text/show.ts';
import { readYaml } from '../scenario/text/yaml-text.ts';
import type { Override } from '../scenario/types.ts';

/** The arguments of a sweep as the runs that they ask for. */

export interface Varied {
  /** `design.ordering`. */
  readonly path: string;
  /** As YAML gives them; at least one. */
  readonly values: readonly unknown[];
}

/** One choice of a value for each setting that is varied. */
export interface Cell {
  readonly set: readonly { readonly path: string; readonly value: unknown }[];
  readonly overrides: readonly Override[];
}

/** More runs are a mistake in the arguments. */
const MOST_RUNS = 100_000;

/** `design.x=a,b,[c, d]`: a path, and values as YAML writes the items of a list. Throws InputError. */
export function variedOf(text: string): Varied {
  const at = text.indexOf('=');
  if (at <= 0)
    throw refusal(
      '--vary',
      1,
      `${show(text)} has no values; write design.delivery=at-most-once,at-least-once`,
    );
  const path = text.slice(0, at);
  let values: unknown;
  const problems = problemsIn(() => {
    values = readYaml(`[${text.slice(at + 1)}]`, '--vary').value;
  });
  if (problems.length > 0) {
    // The bracket stands where the text has its `=`.
    const placed = problems.map((p) => ({ ...p, column: p.line === 1 ? p.column + at : p.column }));
    throw inputError(placed.map((p) => ({ ...p, message: `${path}: ${p.message}` })));
  }
  if (!Array.isArray(values) || values.length === 0 || values.includes(null))
    throw refusal('--vary', at + 2, `${path}: a value is missing; write one or more between commas`);
  return { path, values };
}

/** `7`, `1..20` or `1,5,9..12`. Throws InputError. */
export function seedsOf(text: string): readonly number[] {
  const seeds: number[] = [];
  for (const part of text.split(',')) {
    const match = /^\s*(\d{1,10})(?:\.\.(\d{1,10}))?\s*$/.exec(part);
    const [from, to] = [Number(match?.[1]), Number(match?.[2] ?? match?.[1])];
    if (match === null || to > MAX_SEED || from > to)
      throw refusal('--seeds', 1, `${show(part)} is no seed; write 7, 1..20 or 1,5,9..12, up to ${MAX_SEED}`);
    if (seeds.length + to - from >= MOST_RUNS)
      throw refusal('--seeds', 1, `these are too many seeds; write at most ${MOST_RUNS}`);
    for (let seed = from; seed <= to; seed++) seeds.push(seed);
  }
  return seeds;
}

/** Every combination of the values, the last setting varying fastest. Throws InputError. */
export function cellsOf(varied: readonly Varied[], seeds: number): readonly Cell[] {
  const twice = varied.find(({ path }, i) => varied.findIndex((other) => other.path === path) < i);
  if (twice !== undefined)
    throw refusal('--vary', 1, `${twice.path} is varied twice; write all its values after one --vary`);
  const count = varied.reduce((product, { values }) => product * values.length, seeds);
  if (count > MOST_RUNS)
    throw refusal('--vary', 1, `this grid has ${count} runs; it may have at most ${MOST_RUNS}`);
  let sets: Cell['set'][] = [[]];
  for (const { path, values } of varied)
    sets = sets.flatMap((set) => values.map((value) => [...set, { path, value }]));
  return sets.map((set) => ({
    set,
    overrides: set.map(({ path, value }) => ({ kind: 'set', path, value })),
  }));
}

const refusal = (file: string, column: number, message: string) =>
  inputError([{ file, line: 1, column, message }]);
