import { seededChoices } from '../../src/kernel/choices.ts';
import { createDuration, type DurationSpec } from '../../src/kernel/distributions.ts';
import { eventListColumns, openEventList } from '../../src/kernel/event-list.ts';
import { createWorld, openColumns } from '../../src/kernel/world.ts';
import { EVENT } from '../../src/system/kinds.ts';
import { BEGINS, type Begin, openStations } from '../../src/system/state/station.ts';
import { stationColumns } from '../../src/system/state/station-columns.ts';

/** What a network of stations did: measured by counting jobs at events, not by what the stations say of themselves. */
export interface Measured {
  /** Mean time in each station, microseconds. */
  readonly meanStayUs: readonly number[];
  /** Mean wait before service, microseconds. */
  readonly meanWaitUs: readonly number[];
  /** Time-average number of jobs in each station: the area under the count of jobs, over time. */
  readonly meanJobs: readonly number[];
  readonly throughputPerUs: number;
  /** Mean work that a job was, microseconds. */
  readonly meanWorkUs: readonly number[];
}

export interface StationModel {
  readonly workers: number;
  readonly service: DurationSpec;
  /** An event loop: what each wake-up takes. */
  readonly wakeUpUs?: number;
  /** Where a served job goes: [station, share] of the rest; what is left over leaves. */
  readonly next?: readonly (readonly [station: number, share: number])[];
}

const ARRIVAL = 1;
const ARRIVE_AT = 2;
const DEPART = 3;

/** Feeds jobs from outside into station 0 with exponential gaps, and lets them run through the network. */
export function measure(
  stationsOf: readonly StationModel[],
  meanGapUs: number,
  jobs: number,
  seed: number,
): Measured {
  const specs = stationsOf.map(({ workers }) => ({ workers, queue: 1_000_000 }));
  const stationGroup = stationColumns(specs, 1_000_000);
  const eventGroup = eventListColumns({ maxPending: 2_000_000, timers: 1 });
  const world = createWorld([stationGroup, eventGroup]);
  const events = openEventList(world, eventGroup);
  const stations = openStations(openColumns(world, stationGroup), specs, events, true);
  stationsOf.forEach(({ wakeUpUs = 0 }, station) => {
    stations.setWakeUp(station, wakeUpUs);
  });
  const choices = seededChoices(seed);
  const gap = createDuration({ kind: 'exponential', meanUs: meanGapUs });
  const services = stationsOf.map(({ service }) => createDuration(service));

  const stay = stationsOf.map(() => 0);
  const wait = stationsOf.map(() => 0);
  const served = stationsOf.map(() => 0);
  const begun = stationsOf.map(() => 0);
  const inside = stationsOf.map(() => 0);
  const area = stationsOf.map(() => 0);
  let lastUs = 0;
  const arrivedAt = new Map<number, number>();
  const visits = new Map<number, number>();
  // The first tenth warms up and does not count.
  const warmUpJobs = Math.floor(jobs / 10);
  let countedFromUs = 0;
  let counts = false;

  const passTime = (nowUs: number): void => {
    if (counts)
      inside.forEach((n, s) => {
        area[s] = area[s]! + n * (nowUs - lastUs);
      });
    lastUs = nowUs;
  };
  const enter = (nowUs: number, station: number, job: number): void => {
    const visit = visits.get(job) ?? 0;
    visits.set(job, visit + 1);
    const serviceUs = services[station]!(choices.u32(10 + station, job, visit));
    inside[station] = inside[station]! + 1;
    arrivedAt.set(job, nowUs);
    if (stations.arrive(station, nowUs, DEPART, job, serviceUs, 0) === BEGINS)
      begin(DEPART, job, serviceUs, 0, station);
  };
  const begin: Begin = (_kind, job, serviceUs, _c, station) => {
    begun[station] = begun[station]! + 1;
    if (counts) wait[station] = wait[station]! + (events.nowUs() - arrivedAt.get(job)!);
    events.schedule(stations.serve(station, events.nowUs(), serviceUs), DEPART, job, station, 0);
  };

  events.schedule(0, ARRIVAL, 0, 0, 0);
  events.run(Number.MAX_SAFE_INTEGER, Number.POSITIVE_INFINITY, (nowUs, kind, job, station) => {
    passTime(nowUs);
    if (kind === EVENT.NEXT_JOB) stations.next(job, begin);
    else if (kind === ARRIVAL) {
      if (job === warmUpJobs) {
        counts = true;
        countedFromUs = nowUs;
      }
      if (job + 1 < jobs) events.schedule(nowUs + gap(choices.u32(1, job, 0)), ARRIVAL, job + 1, 0, 0);
      enter(nowUs, 0, job);
    } else if (kind === ARRIVE_AT) enter(nowUs, station, job);
    else if (kind === DEPART) {
      inside[station] = inside[station]! - 1;
      if (counts) {
        stay[station] = stay[station]! + (nowUs - arrivedAt.get(job)!);
        served[station] = served[station]! + 1;
      }
      let share = choices.u32(100 + station, job, visits.get(job)!) / 0x1_0000_0000;
      for (const [next, of] of stationsOf[station]!.next ?? []) {
        share -= of;
        if (share < 0) {
          events.schedule(nowUs, ARRIVE_AT, job, next, 0);
          return false;
        }
      }

      visits.delete(job);
      arrivedAt.delete(job);
    }
    // The end is where arrivals end: what drains afterwards is not the steady state.
    return kind === ARRIVAL && job + 1 === jobs;
  });
  const spanUs = lastUs - countedFromUs;
  return {
    meanStayUs: stay.map((sum, s) => sum / served[s]!),
    meanWaitUs: wait.map((sum, s) => sum / served[s]!),
    meanJobs: area.map((sum) => sum / spanUs),
    throughputPerUs: served[0]! / spanUs,
    meanWorkUs: stationsOf.map((_, s) => stations.columns.busyUs[s]! / begun[s]!),
  };
}

/** The mean of ten seeds and its standard error. */
export function overSeeds(of: (seed: number) => number): { mean: number; standardError: number } {
  const values = Array.from({ length: 10 }, (_, i) => of(i + 1));
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const variance = values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (values.length - 1);
  return { mean, standardError: Math.sqrt(variance / values.length) };
}
