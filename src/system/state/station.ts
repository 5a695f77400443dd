import type { EventList } from '../../kernel/event-list.ts';
import { EVENT } from '../kinds.ts';
import type { StationColumns, StationSpec } from './station-columns.ts';

/**
 * Stations: a FIFO queue before a number of workers, for all stations of the system in one group of columns.
 *
 * A job that finds a free worker, and nobody before it, begins when it arrives. Any other waits as the event that it came with: (kind, a, b, c)
 * in a list of its station, and begins when a worker is free. What its work takes is found out when it begins, not before: so a station that
 * is slowed down, or gets back to its speed, serves what waits at the speed that holds then, and a job whose work shows while it is done
 * (a fan-out) delays what waits behind it. A job in service ends when it was to end at the speed that it began with. A job costs no event for its beginning unless it waits.
 *
 * A station that is an event loop may take time for each wake-up: when it has done what it knew of, it looks what has come meanwhile, and takes
 * all of that in one batch. So under load many jobs share a wake-up, and one that comes alone pays for its own.
 *
 * The free times of the workers are a binary heap.
 */

/** What becomes of a job that arrives: its work begins, it waits, or it is not taken. */
export const BEGINS = 0;
export const QUEUED = 1;
export const DOWN = -1;
export const FULL = -2;

/** What is so near is booked ahead: `serveSoon`. */
const SOON_US = 100;

/** States of a station. OPEN: a job is being done that says itself when it is done (`free`), and no worker begins another before. */
const IS_DOWN = 0;
const IS_UP = 1;
const IS_OPEN = 2;

/** Does the work of a job that has arrived, at its station: asks `serve`, which says DOWN when the job is lost with its station. */
export type Begin = (kind: number, a: number, b: number, c: number, station: number) => void;

/** A job that waits, as the event that it arrived with. */
export interface WaitingJob {
  readonly kind: number;
  readonly a: number;
  readonly b: number;
  readonly c: number;
}

export interface Stations {
  readonly columns: StationColumns;
  readonly count: number;
  /** A job arrives. BEGINS: the caller begins it now. QUEUED: `next` does, later. DOWN, FULL: it is not taken. */
  arrive(station: number, nowUs: number, kind: number, a: number, b: number, c: number): number;
  /** The same without the limit of its queue: what waits beyond it waits in the buffer of whoever sends it. FULL where no buffer has room any more. */
  arriveAlways(station: number, nowUs: number, kind: number, a: number, b: number, c: number): number;
  /** Whether a job that arrives now must wait. */
  mustWait(station: number, nowUs: number): boolean;
  /** A worker that is free takes on work of `workUs` at full speed. Returns when it is done, or DOWN. */
  serve(station: number, nowUs: number, workUs: number): number;
  /** The same for work that may turn out longer: no other job begins before `free` says how much longer it was, in microseconds at full speed. */
  serveOpen(station: number, nowUs: number, workUs: number): number;
  /** Returns when the work of `serveOpen` is done with what was added to it. */
  free(station: number, moreUs: number): number;
  /** Work for the worker that is free first, whoever waits; planned at the speed of now. Returns when it is done, or DOWN. */
  serveLater(station: number, workUs: number): number;
  /**
   * Work for what reaches the station at `atUs`, very soon, booked now: returns when it is done. -1: someone waits, or a worker is not free
   * as soon as that, so that it must come as a job of its own.
   */
  serveSoon(station: number, atUs: number, workUs: number): number;
  /** The time for the next that waits has come: all begin that find a worker. */
  next(station: number, begin: Begin): void;
  /** Jobs that wait (not those in service). */
  waiting(station: number): number;
  /** Jobs that waited on average since the start. Changes nothing: whoever looks at a run must not change its bytes. */
  meanWaiting(station: number): number;
  /** The first of them in order. Changes nothing. */
  waitingJobs(station: number, most: number): WaitingJob[];
  /** Workers that are busy. */
  busy(station: number): number;
  /** Time of all its workers that work has taken until now: what is begun counts as far as it is done. */
  doneUs(station: number): number;
  /** A second of the run is over. */
  endSecond(): void;
  /** Takes out each job that waits of which `isLost` says so, asked in their order. */
  discard(station: number, isLost: (kind: number, a: number, b: number, c: number) => boolean): void;
  /** From now on each wake-up of the station, of one worker, takes so long; 0: none takes any time. */
  setWakeUp(station: number, us: number): void;
  isUp(station: number): boolean;
  /** What waits is lost: each job begins and finds its station down. */
  crash(station: number, begin: Begin): void;
  restart(station: number): void;
  /** Nothing begins until this time: a synchronous task on an event loop. */
  block(station: number, forUs: number): void;
}

/** Writes the initial state of stations whose columns are all zero. */
export function openStations(
  c: StationColumns,
  specs: readonly StationSpec[],
  events: Pick<EventList, 'nowUs' | 'schedule'>,
  isNew: boolean,
): Stations {
  const { state, crashedUs, slowFactor, workerStart, workers, freeUs, queueLimit } = c;
  const { wakeUpUs, batchLeft } = c;
  const { first, last, waiting, peak, waitedUs, changedUs, nextUs, arrived, refused, busyUs } = c;
  const { jobCounts, jobWhat, jobA, jobB, jobNext } = c;
  if (isNew) {
    let worker = 0;
    specs.forEach((spec, station) => {
      if (!(spec.workers >= 1)) throw new RangeError('a station needs a worker');
      state[station] = IS_UP;
      crashedUs[station] = -1;
      slowFactor[station] = 1;
      workers[station] = spec.workers;
      queueLimit[station] = spec.queue;
      workerStart[station] = worker;
      nextUs[station] = -1;
      worker += spec.workers;
    });
  }

  const mustWait = (station: number, nowUs: number): boolean =>
    state[station] !== IS_UP || waiting[station] !== 0 || freeUs[workerStart[station]] > nowUs;

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

  /** The first worker that is free is so from `atUs` on. */
  const occupy = (station: number, atUs: number): void => {
    const base = workerStart[station];
    const n = workers[station];
    if (n === 1) freeUs[base] = atUs;
    else siftDown(base, n, atUs);
  };

  const atSpeed = (station: number, us: number): number => {
    const factor = slowFactor[station];
    return factor === 1 ? us : Math.floor(us * factor);
  };

  /** The number of those that wait is about to change. */
  const countTime = (station: number, nowUs: number): void => {
    waitedUs[station] = waitedUs[station] + waiting[station] * (nowUs - changedUs[station]);
    changedUs[station] = nowUs;
  };

  /** Whoever waits begins when the first worker is free. */
  const planNext = (station: number): void => {
    if (waiting[station] === 0 || state[station] !== IS_UP) return;
    const atUs = Math.max(events.nowUs(), freeUs[workerStart[station]]);
    if (nextUs[station] === atUs) return;
    nextUs[station] = atUs;
    events.schedule(atUs, EVENT.NEXT_JOB, station, 0, 0);
  };

  const hasPlace = (): boolean => jobCounts[1] !== 0 || jobCounts[0] < jobWhat.length;

  const takePlace = (): number => {
    const free = jobCounts[1];
    if (free !== 0) {
      jobCounts[1] = jobNext[free - 1];
      return free - 1;
    }
    const place = jobCounts[0];
    jobCounts[0] = place + 1;
    return place;
  };

  const wait = (station: number, nowUs: number, kind: number, a: number, b: number, job: number): void => {
    const place = takePlace();
    jobWhat[place] = (kind << 13) | job;
    jobA[place] = a;
    jobB[place] = b;
    jobNext[place] = 0;
    countTime(station, nowUs);
    const before = last[station];
    if (before === 0) first[station] = place + 1;
    else jobNext[before - 1] = place + 1;
    last[station] = place + 1;
    const length = waiting[station] + 1;
    waiting[station] = length;
    if (length > peak[station]) peak[station] = length;
    if (length === 1) planNext(station);
  };

  /** The first that waits waits no longer. */
  const beginFirst = (station: number, nowUs: number, begin: Begin): void => {
    const place = first[station] - 1;
    countTime(station, nowUs);
    first[station] = jobNext[place];
    if (first[station] === 0) last[station] = 0;
    waiting[station]--;
    const what = jobWhat[place];
    const a = jobA[place];
    const b = jobB[place];
    jobNext[place] = jobCounts[1];
    jobCounts[1] = place + 1;
    begin(what >>> 13, a, b, what & 8191, station);
  };

  const arrive = (
    station: number,
    nowUs: number,
    kind: number,
    a: number,
    b: number,
    job: number,
    limited: boolean,
  ): number => {
    if (!mustWait(station, nowUs)) {
      arrived[station]++;
      return BEGINS;
    }
    if (state[station] === IS_DOWN) return DOWN;
    if ((limited && waiting[station] >= queueLimit[station]) || !hasPlace()) {
      refused[station]++;
      return FULL;
    }
    arrived[station]++;
    wait(station, nowUs, kind, a, b, job);
    return QUEUED;
  };

  /** A job begins: what the loop's waking takes before it, if it wakes for it. */
  const wakeUp = (station: number): number => {
    if (batchLeft[station] > 0) {
      batchLeft[station]--;
      return 0;
    }
    batchLeft[station] = waiting[station];
    return wakeUpUs[station];
  };

  const serve = (station: number, nowUs: number, workUs: number): number => {
    if (state[station] === IS_DOWN) return DOWN;
    const takesUs = atSpeed(station, wakeUpUs[station] === 0 ? workUs : workUs + wakeUp(station));
    // A worker is free, unless this job was begun out of turn because no more jobs can wait.
    const doneUs = Math.max(nowUs, freeUs[workerStart[station]]) + takesUs;
    occupy(station, doneUs);
    busyUs[station] = busyUs[station] + takesUs;
    return doneUs;
  };

  /** Of the work that is booked, what is still to be done. */
  const aheadUs = (station: number): number => {
    const nowUs = events.nowUs();
    const base = workerStart[station];
    let ahead = 0;
    for (let i = 0; i < workers[station]; i++) ahead += Math.max(0, freeUs[base + i] - nowUs);
    return ahead;
  };

  const doneSoFarUs = (station: number): number => busyUs[station] - aheadUs(station);

  return {
    columns: c,
    count: specs.length,
    arrive: (station, nowUs, kind, a, b, job) => arrive(station, nowUs, kind, a, b, job, true),
    arriveAlways: (station, nowUs, kind, a, b, job) => arrive(station, nowUs, kind, a, b, job, false),
    mustWait,
    serve,
    serveOpen(station, nowUs, workUs) {
      const doneUs = serve(station, nowUs, workUs);
      if (doneUs !== DOWN) state[station] = IS_OPEN;
      return doneUs;
    },
    free(station, moreUs) {
      const takesUs = atSpeed(station, moreUs);
      const doneUs = Math.max(events.nowUs(), freeUs[workerStart[station]]) + takesUs;
      occupy(station, doneUs);
      busyUs[station] = busyUs[station] + takesUs;
      state[station] = IS_UP;
      planNext(station);
      return doneUs;
    },
    serveLater(station, workUs) {
      if (state[station] === IS_DOWN) return DOWN;
      const takesUs = atSpeed(station, workUs);
      const doneUs = Math.max(events.nowUs(), freeUs[workerStart[station]]) + takesUs;
      occupy(station, doneUs);
      arrived[station]++;
      busyUs[station] = busyUs[station] + takesUs;
      return doneUs;
    },
    serveSoon(station, atUs, workUs) {
      if (state[station] !== IS_UP || waiting[station] !== 0) return -1;
      const nowUs = events.nowUs();
      const workerUs = freeUs[workerStart[station]];
      if (atUs > nowUs + SOON_US || workerUs > nowUs + SOON_US) return -1;
      const takesUs = atSpeed(station, workUs);
      // Booked from now on, so that no time of a worker is lost between now and then; it is never done before it can be.
      const doneUs = Math.max(nowUs, workerUs) + takesUs;
      occupy(station, doneUs);
      arrived[station]++;
      busyUs[station] = busyUs[station] + takesUs;
      return Math.max(doneUs, atUs + takesUs);
    },
    next(station, begin) {
      const nowUs = events.nowUs();
      if (nextUs[station] !== nowUs) return;
      nextUs[station] = -1;
      const base = workerStart[station];
      while (waiting[station] > 0 && state[station] === IS_UP && freeUs[base] <= nowUs)
        beginFirst(station, nowUs, begin);
      planNext(station);
    },
    waiting: (station) => waiting[station],
    meanWaiting(station) {
      const nowUs = events.nowUs();
      if (nowUs === 0) return waiting[station];
      return (waitedUs[station] + waiting[station] * (nowUs - changedUs[station])) / nowUs;
    },
    waitingJobs(station, most) {
      const jobs: WaitingJob[] = [];
      for (let at = first[station]; at !== 0 && jobs.length < most; at = jobNext[at - 1]) {
        const what = jobWhat[at - 1];
        jobs.push({ kind: what >>> 13, a: jobA[at - 1], b: jobB[at - 1], c: what & 8191 });
      }
      return jobs;
    },
    busy(station) {
      const nowUs = events.nowUs();
      const base = workerStart[station];
      let count = 0;
      for (let i = 0; i < workers[station]; i++) if (freeUs[base + i] > nowUs) count++;
      return count;
    },
    doneUs: doneSoFarUs,
    endSecond() {
      for (let station = 0; station < specs.length; station++) {
        const soFarUs = doneSoFarUs(station);
        c.secondUs[station] = soFarUs - c.doneUs[station];
        c.doneUs[station] = soFarUs;
      }
    },
    discard(station, isLost) {
      countTime(station, events.nowUs());
      let before = 0;
      let ofBatch = batchLeft[station];
      for (let at = first[station]; at !== 0; ofBatch--) {
        const next = jobNext[at - 1];
        const what = jobWhat[at - 1];
        if (isLost(what >>> 13, jobA[at - 1], jobB[at - 1], what & 8191)) {
          if (before === 0) first[station] = next;
          else jobNext[before - 1] = next;
          if (next === 0) last[station] = before;
          waiting[station]--;
          if (ofBatch > 0) batchLeft[station]--;
          jobNext[at - 1] = jobCounts[1];
          jobCounts[1] = at;
        } else before = at;
        at = next;
      }
    },
    setWakeUp(station, us) {
      wakeUpUs[station] = us;
    },
    isUp: (station) => state[station] !== IS_DOWN,
    crash(station, begin) {
      busyUs[station] = busyUs[station] - aheadUs(station);
      const nowUs = events.nowUs();
      state[station] = IS_DOWN;
      batchLeft[station] = 0;
      crashedUs[station] = nowUs;
      nextUs[station] = -1;
      const base = workerStart[station];
      freeUs.fill(0, base, base + workers[station]);
      while (waiting[station] > 0) beginFirst(station, nowUs, begin);
    },
    restart(station) {
      state[station] = IS_UP;
      const base = workerStart[station];
      freeUs.fill(events.nowUs(), base, base + workers[station]);
    },
    block(station, forUs) {
      const nowUs = events.nowUs();
      const base = workerStart[station];
      for (let i = 0; i < workers[station]; i++) {
        // A heap stays one when every entry is raised to at least the same bound and then moved by the same amount.
        freeUs[base + i] = Math.max(freeUs[base + i], nowUs) + forUs;
        busyUs[station] = busyUs[station] + forUs;
      }
      planNext(station);
    },
  };
}
