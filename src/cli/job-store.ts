import { createHash } from 'node:crypto';
import { appendFileSync, readFileSync, truncateSync } from 'node:fs';
import { inputError } from '../scenario/text/problems.ts';
import { VERSION } from './version.ts';

/**
 * Results of jobs in a file of JSON Lines, `{"key":"...","result":{...}}`, each written when its job is done. A job is found by its content, so
 * whoever stops and begins again, or asks for more, has only the rest to do.
 */
export interface JobStore<R> {
  find(key: string): R | undefined;
  /** Writes one line. */
  keep(key: string, result: R): void;
}

/** What a job is named by: all that decides its result, the version of Fanout too. `job` is plain data with its fields in a fixed order. */
export const jobKey = (job: unknown): string =>
  createHash('sha256')
    .update(JSON.stringify([VERSION, job]))
    .digest('hex');

/**
 * Opens a store, or begins one. A last line without its line break is what a process that was killed had begun: it is cut off. Throws InputError
 * when another line is none of a store, or the file cannot be written. One process at a time may write to it.
 */
export function openJobStore<R>(file: string): JobStore<R> {
  const results = new Map<string, R>();
  checkWritable(file);
  const bytes = readFileSync(file);
  const whole = bytes.subarray(0, bytes.lastIndexOf('\n') + 1);
  for (const [i, line] of whole.toString('utf8').split('\n').slice(0, -1).entries()) {
    const entry = entryOf(line);
    if (entry === null) {
      const message = 'this is no line of a store; name a file that a sweep has written, or a new one';
      throw inputError([{ file, line: i + 1, column: 1, message }]);
    }
    results.set(entry.key, entry.result as R);
  }
  if (whole.length < bytes.length) truncateSync(file, whole.length);
  return {
    find: (key) => results.get(key),
    keep(key, result) {
      results.set(key, result);
      appendFileSync(file, `${JSON.stringify({ key, result })}\n`);
    },
  };
}

function checkWritable(file: string): void {
  try {
    appendFileSync(file, '');
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code ?? String(error);
    const message = `this cannot be written (${why}); name a file in a folder that is there`;
    throw inputError([{ file, line: 1, column: 1, message }]);
  }
}

function entryOf(line: string): { readonly key: string; readonly result: unknown } | null {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null || !('key' in value) || !('result' in value)) return null;
  const { key, result } = value;
  return typeof key === 'string' ? { key, result } : null;
}
