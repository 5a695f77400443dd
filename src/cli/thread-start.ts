import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';

/** Whether this is the source, which needs a loader; in the package it is JavaScript. */
export const IS_SOURCE = import.meta.url.endsWith('.ts');

/** A thread that runs a file of this folder, such as `sweep-worker`. */
export function startThread(name: string, workerData?: unknown): Worker {
  const file = new URL(`./${name}${IS_SOURCE ? '.ts' : '.js'}`, import.meta.url);
  if (!IS_SOURCE) return new Worker(file, { workerData });
  return new Worker(new URL('../../scripts/run-ts.mjs', import.meta.url), {
    argv: [fileURLToPath(file)],
    workerData,
  });
}
