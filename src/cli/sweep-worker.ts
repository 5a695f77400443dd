import { parentPort } from 'node:worker_threads';
import { runJob, type SweepJob } from './sweep-run.ts';

/** A thread of a sweep: one job after the other, each answered. */
parentPort?.on('message', (job: SweepJob) => parentPort?.postMessage(runJob(job)));
