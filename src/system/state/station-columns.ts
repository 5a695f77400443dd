import { columns, f64, type Opened, u8, u32 } from '../../base/columns.ts';

export interface StationSpec {
  readonly workers: number;
  /** Jobs that may wait. */
  readonly queue: number;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, n) => total + n, 0);

/** `jobs`: how many may wait at all stations together. */
export const stationColumns = (specs: readonly StationSpec[], jobs: number) =>
  columns('stations', {
    /** See IS_DOWN, IS_UP and IS_OPEN in station.ts. */
    state: u8(specs.length),
    crashedUs: f64(specs.length),
    slowFactor: f64(specs.length),
    /**
     * Changes with each crash and restart, and with each slowing down, so that the end of an older one is not taken for the end of a newer one.
     */
    faultNumber: u32(specs.length),
    slowNumber: u32(specs.length),
    workers: u32(specs.length),
    queueLimit: u32(specs.length),
    workerStart: u32(specs.length),
    freeUs: f64(sum(specs.map((s) => s.workers))),
    /** The list of what waits: place + 1 of its first and last job; how many, and the most there were. */
    first: u32(specs.length),
    last: u32(specs.length),
    waiting: u32(specs.length),
    peak: u32(specs.length),
    /** Jobs that wait times microseconds until `changedUs`, when their number last changed: the time that all jobs have waited. */
    waitedUs: f64(specs.length),
    changedUs: f64(specs.length),
    /** When the next that waits is to begin: an event of another time is an older one. -1: none is planned. */
    nextUs: f64(specs.length),
    arrived: f64(specs.length),
    refused: f64(specs.length),
    busyUs: f64(specs.length),
    /** What a wake-up takes, and how many of the first that wait are in the batch of the last one. */
    wakeUpUs: f64(specs.length),
    batchLeft: u32(specs.length),
    /** Work done until the last full second of the run, and in it, microseconds. */
    doneUs: f64(specs.length),
    secondUs: f64(specs.length),
    /** Places of the lists: [0] ever used, [1] first free one + 1, chained by `jobNext`. */
    jobCounts: u32(2),
    jobWhat: u32(jobs),
    jobA: u32(jobs),
    jobB: u32(jobs),
    jobNext: u32(jobs),
  });

export type StationColumns = Opened<ReturnType<typeof stationColumns>['columns']>;
