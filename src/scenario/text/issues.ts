import type { z } from 'zod';
import type { Path, ProblemList } from './problems.ts';

/** What the schema complains about, as problems with a place. */

type Issue = z.core.$ZodIssue;

const pathOf = (path: readonly PropertyKey[]): Path =>
  path.map((p) => (typeof p === 'symbol' ? String(p) : p));

/**
 * Adds a problem for each issue. `written` tells what is written at a path: what is required and is undefined there is reported as
 * missing.
 */
export function addIssues(
  problems: ProblemList,
  issues: readonly Issue[],
  written: (path: Path) => unknown,
  base: Path = [],
): void {
  for (const issue of issues) {
    const path = [...base, ...pathOf(issue.path)];
    const value = written(path);
    // The schema measures words as if they were lists; that they are none is an issue of its own.
    if ((issue.code === 'too_big' || issue.code === 'too_small') && !Array.isArray(value)) continue;
    if (issue.code === 'invalid_union') {
      const nearest = nearestForm(issue.errors);
      if (nearest !== null && !isAlien(nearest, value)) addIssues(problems, nearest, written, path);
      else problems.add(path, value === undefined ? missing(path, issue.message) : issue.message);
    } else if (issue.code === 'unrecognized_keys') {
      const lines = issue.message.split('\n');
      issue.keys.forEach((key, i) => {
        problems.add([...path, key], lines[i] ?? issue.message, 'key');
      });
    } else if (issue.code === 'invalid_key') {
      problems.add(path, issue.issues[0]?.message ?? issue.message, 'key');
    } else {
      problems.add(path, value === undefined ? missing(path, issue.message) : issue.message);
    }
  }
}

/** The message of a value that is not there: keeps what would be right. */
function missing(path: Path, message: string): string {
  const right = message.slice(message.indexOf('; ') + 2);
  const key = path[path.length - 1];
  return typeof key === 'number'
    ? `item ${key + 1} is missing; ${right}`
    : `the key ${key} is missing; ${right}`;
}

/** Whether a value has nothing of a form: it is not there, or it is a map without any of its keys. */
function isAlien(issues: readonly Issue[], value: unknown): boolean {
  if (value === undefined) return true;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const unknown = issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys' && issue.path.length === 0 ? issue.keys : [],
  );
  return (
    issues.length > 0 &&
    Object.keys(value).every((key) => unknown.includes(key)) &&
    issues.every((i) => i.path.length <= 1)
  );
}

/**
 * Of the forms of an alternative, the issues of the one that the author most likely meant: the fewest unknown and missing keys;
 * a value of another type altogether (a map where a word stands) counts most.
 */
function nearestForm(forms: readonly (readonly Issue[])[]): readonly Issue[] | null {
  let best: readonly Issue[] | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (const issues of forms) {
    let distance = 0;
    for (const issue of issues) {
      if (issue.code === 'unrecognized_keys') distance += 10 * issue.keys.length;
      else if (issue.path.length > 0 || issue.code === 'too_big' || issue.code === 'too_small')
        distance += 10;
      else distance += issue.code === 'custom' ? 1_000 : 10_000;
    }
    if (distance < least) {
      best = issues;
      least = distance;
    }
  }
  return best;
}
