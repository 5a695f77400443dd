import { columns, f64, type Opened, u8, u32 } from '../../base/columns.ts';

/**
 * Stations: a FIFO queue before a number of workers, for all stations of the system in one group of columns.
 *
 * A station is work-conserving and first come first served, so when a job arrives, its start is the moment at which the first worker
 * is free, and its departure follows (Lindley's recursion, D. V. Lindley, "The theory of queues with a single server", 1952;
 * for c workers Kiefer and Wolfowitz, 1955). No event is needed for the start of service. The free times of the workers are a
 * binary heap; the jobs that wait are in a ring, in order of start, which is the queue that a person can look into.
 */

export interface StationSpec {
  readonly workers: number;
  /** Jobs that may wait. */
  readonly queue: number;
}

/** Why `enqueue` took no job. */
export const DOWN = -1;
export const FULL = -2;

const ringLength = (queue: number): number => {
  let length = 8;
  while (length < queue + 1) length *= 2;
  return length;
};

/** The rings of a hundred servers must not take the memory of a million users. */
const sum = (numbers: readonly number[]): number => numbers.reduce((total, n) => total + n, 0);

export const stationColumns = (specs: readonly StationSpec[]) =>
  columns('stations', {
    up: u8(specs.length),
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
    ringStart: u32(specs.length),
    ringMask: u32(specs.length),
    head: u32(specs.length),
    tail: u32(specs.length),
    waitingUs: f64(sum(specs.map((s) => ringLength(s.queue)))),
    waitingJob: u32(sum(specs.map((s) => ringLength(s.queue)))),
    arrived: f64(specs.length),
    refused: f64(specs.length),
    busyUs: f64(specs.length),
    waitUs: f64(specs.length),
  });

export type StationColumns = Opened<ReturnType<typeof stationColumns>['columns']>;

export interface Stations {
  readonly columns: StationColumns;
  readonly count: number;
  /** Takes a job that needs `serviceUs` of a worker. Returns when it is done, or DOWN or FULL. */
  enqueue(station: number, nowUs: number, serviceUs: number, job: number): number;
  /** The same without a limit: what waits beyond the queue waits in the buffer of whoever sends it. */
  enqueueAlways(station: number, nowUs: number, serviceUs: number, job: number): number;
  /** Lengthens the work of the worker that will be free first: found out while serving. */
  extend(station: number, us: number): void;
  /** Microseconds until a job that arrives now would start. */
  backlogUs(station: number, nowUs: number): number;
  /** Jobs that wait (not those in service). Changes nothing: whoever looks at a run must not change its bytes. */
  waiting(station: number, nowUs: number): number;
  /**
   * The same with what waits beyond the queue (`enqueueAlways`): that is reckoned from the time it will take, at the mean of all jobs so
   * far. Changes nothing.
   */
  waitingInAll(station: number, nowUs: number): number;
  /** The first of them in order, with the time at which each starts. Changes nothing. */
  waitingJobs(
    station: number,
    nowUs: number,
    most: number,
  ): { readonly job: number; readonly startUs: number }[];
  /** Workers that are busy. */
  busy(station: number, nowUs: number): number;
  isUp(station: number): boolean;
  crash(station: number, nowUs: number): void;
  restart(station: number, nowUs: number): void;
  /** Nothing is served until this time: a synchronous task on an event loop. */
  block(station: number, nowUs: number, forUs: number): void;
}

/** Writes the initial state of stations whose columns are all zero. */
export function openStations(c: StationColumns, specs: readonly StationSpec[], isNew: boolean): Stations {
  const { up, crashedUs, slowFactor, workerStart, workers, freeUs, ringStart, ringMask, head, tail } = c;
  const { waitingUs, waitingJob, queueLimit, arrived, refused, busyUs, waitUs } = c;
  if (isNew) {
    let worker = 0;
    let ring = 0;
    specs.forEach((spec, station) => {
      if (!(spec.workers >= 1)) throw new RangeError('a station needs a worker');
      up[station] = 1;
      crashedUs[station] = -1;
      slowFactor[station] = 1;
      workers[station] = spec.workers;
      queueLimit[station] = spec.queue;
      workerStart[station] = worker;
      ringStart[station] = ring;
      ringMask[station] = ringLength(spec.queue) - 1;
      worker += spec.workers;
      ring += ringLength(spec.queue);
    });
  }

  /** The first place of the ring whose job is not in service by now. Changes nothing. */
  const firstWaiting = (station: number, nowUs: number): number => {
    const base = ringStart[station];
    const mask = ringMask[station];
    const end = tail[station];
    let at = head[station];
    while (at !== end && waitingUs[base + (at & mask)] <= nowUs) at = (at + 1) >>> 0;
    return at;
  };

  /** Lets the jobs leave the ring that are in service by now. */
  const sweep = (station: number, nowUs: number): number => {
    const at = firstWaiting(station, nowUs);
    head[station] = at;
    return (tail[station] - at) >>> 0;
  };

  const siftDown = (base: number, n: number, value: number): void => {
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= n) break;
      if (child + 1 < n && freeUs[base + child + 1] < freeUs[base + child]) child++;
      if (freeUs[base + child] >= value) break;
      freeUs[base + i] = freeUs[base + child];
      i = child;
    }
    freeUs[base + i] = value;
  };

  const take = (station: number, nowUs: number, serviceUs: number, job: number, limited: boolean): number => {
    if (up[station] === 0) return DOWN;
    const base = workerStart[station];
    const freeAtUs = freeUs[base];
    let startUs = nowUs;
    if (freeAtUs > nowUs) {
      const length = sweep(station, nowUs);
      const hasRoom = length < queueLimit[station];
      if (!hasRoom && limited) {
        refused[station] = refused[station] + 1;
        return FULL;
      }
      startUs = freeAtUs;
      if (hasRoom) {
        const at = tail[station];
        const place = ringStart[station] + (at & ringMask[station]);
        waitingUs[place] = startUs;
        waitingJob[place] = job;
        tail[station] = (at + 1) >>> 0;
      }
      waitUs[station] = waitUs[station] + (startUs - nowUs);
    }
    const factor = slowFactor[station];
    const takesUs = factor === 1 ? serviceUs : Math.floor(serviceUs * factor);
    const departUs = startUs + takesUs;
    const n = workers[station];
    if (n === 1) freeUs[base] = departUs;
    else siftDown(base, n, departUs);
    arrived[station] = arrived[station] + 1;
    busyUs[station] = busyUs[station] + takesUs;
    return departUs;
  };

  return {
    columns: c,
    count: specs.length,
    enqueue: (station, nowUs, serviceUs, job) => take(station, nowUs, serviceUs, job, true),
    enqueueAlways: (station, nowUs, serviceUs, job) => take(station, nowUs, serviceUs, job, false),
    extend(station, us) {
      const base = workerStart[station];
      siftDown(base, workers[station], freeUs[base] + us);
      busyUs[station] = busyUs[station] + us;
    },
    backlogUs: (station, nowUs) => Math.max(0, freeUs[workerStart[station]] - nowUs),
    waiting: (station, nowUs) => (tail[station] - firstWaiting(station, nowUs)) >>> 0,
    waitingInAll(station, nowUs) {
      const at = firstWaiting(station, nowUs);
      const queued = (tail[station] - at) >>> 0;
      if (queued < queueLimit[station] || queued === 0) return queued;
      const lastUs = waitingUs[ringStart[station] + ((tail[station] - 1) & ringMask[station])];
      const beyondUs = Math.max(0, freeUs[workerStart[station]] - lastUs) * workers[station];
      return queued + (beyondUs * arrived[station]) / Math.max(1, busyUs[station]);
    },
    waitingJobs(station, nowUs, most) {
      const jobs: { job: number; startUs: number }[] = [];
      const end = tail[station];
      for (let at = firstWaiting(station, nowUs); at !== end && jobs.length < most; at = (at + 1) >>> 0) {
        const place = ringStart[station] + (at & ringMask[station]);
        jobs.push({ job: waitingJob[place], startUs: waitingUs[place] });
      }
      return jobs;
    },
    busy(station, nowUs) {
      const base = workerStart[station];
      let count = 0;
      for (let i = 0; i < workers[station]; i++) if (freeUs[base + i] > nowUs) count++;
      return count;
    },
    isUp: (station) => up[station] === 1,
    crash(station, nowUs) {
      up[station] = 0;
      crashedUs[station] = nowUs;
      head[station] = tail[station];
      const base = workerStart[station];
      freeUs.fill(0, base, base + workers[station]);
    },
    restart(station, nowUs) {
      up[station] = 1;
      const base = workerStart[station];
      freeUs.fill(nowUs, base, base + workers[station]);
    },
    block(station, nowUs, forUs) {
      const base = workerStart[station];
      for (let i = 0; i < workers[station]; i++) {
        // A heap stays one when every entry is raised to at least the same bound and then moved by the same amount.
        freeUs[base + i] = Math.max(freeUs[base + i], nowUs) + forUs;
      }
    },
  };
}
