import type { Worker } from 'node:worker_threads';
import { inputError } from '../scenario/text/problems.ts';
import type { SweepAnswer, SweepJob, SweepRun } from './sweep-run.ts';
import { startThread } from './thread-start.ts';

/**
 * Runs jobs on so many threads. The runs come back in the order of the jobs, whichever was done first; `done` is told of each. Throws InputError when a job's
 * input cannot be used, and what a thread throws.
 */
export async function runOnThreads(
  jobs: readonly SweepJob[],
  threads: number,
  done: (job: SweepJob, run: SweepRun) => void,
): Promise<readonly SweepRun[]> {
  const runs = new Array<SweepRun>(jobs.length);
  let next = 0;
  const workers = Array.from({ length: Math.min(threads, jobs.length) }, () => startThread('sweep-worker'));
  const work = (worker: Worker): Promise<void> =>
    new Promise((resolve, reject) => {
      const give = (): void => {
        const job = jobs[next++];
        if (job === undefined) resolve();
        else worker.postMessage(job);
      };
      worker.on('message', (answer: SweepAnswer) => {
        if ('problem' in answer) {
          const { fileName } = jobs[answer.index]!;
          reject(inputError([{ file: fileName, line: 1, column: 1, message: answer.problem }]));
          return;
        }
        runs[answer.index] = answer.run;
        done(jobs[answer.index]!, answer.run);
        give();
      });
      worker.on('error', reject);
      worker.on('exit', (status) => reject(new Error(`a thread of the sweep ended with status ${status}`)));
      give();
    });
  try {
    await Promise.all(workers.map(work));
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
  return runs;
}
