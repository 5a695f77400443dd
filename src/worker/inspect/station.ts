import { US_PER_SECOND } from '../../base/units.ts';
import type { Run } from '../../run/run.ts';
import { serviceLimits } from '../../system/design/design.ts';
import { stationList } from '../../system/design/stations.ts';
import { type Job, jobOf } from '../../system/state/jobs.ts';
import type { Inspection, Structure } from '../protocol.ts';
import { inspectDatabase } from './database.ts';
import { inspectPubsub } from './pubsub.ts';
import { inspectServer } from './server.ts';
import {
  type Called,
  duration,
  fact,
  MOST_ENTRIES,
  moment,
  namesIn,
  number,
  type StationParts,
} from './words.ts';

const NOTHING: StationParts = { facts: [], structures: [] };

/** A station: its queue with the names of what waits, its workers, and what its kind holds. */
export function inspectStation(run: Run, node: number): Inspection | null {
  const { stations } = run.system.context;
  const station = stationList(run.scenario.design)[node];
  if (station === undefined) return null;
  const { columns } = stations;
  const { nowUs } = run;
  const { memberships, mechanisms } = run.system.context;
  const userOfSlot = (slot: number): number => memberships.entry[2 * slot]!;
  const copyOfUnacked = (place: number): number => mechanisms.unacked?.copy[place] ?? 0;
  const names = namesIn(run);
  const arrived = columns.arrived[node]!;
  const waits = stations.waiting(node);
  const isUp = stations.isUp(node);
  const facts = [
    fact('state', isUp ? 'up' : `down since ${moment(columns.crashedUs[node]!)}`),
    fact('busy workers', `${number(stations.busy(node))} of ${number(columns.workers[node]!)}`),
    fact('jobs so far', number(arrived)),
    fact('turned away, queue full', number(columns.refused[node]!)),
    fact('longest queue', number(columns.peak[node]!)),
    fact('mean queue', number(stations.meanWaiting(node))),
    fact(
      'mean wait',
      arrived === 0 ? 'no job yet' : duration((stations.meanWaiting(node) * nowUs) / arrived),
    ),
    fact('mean work', arrived === 0 ? 'no job yet' : duration(columns.busyUs[node]! / arrived)),
  ];
  if (isUp && columns.crashedUs[node]! >= 0) facts.push(fact('last crash', moment(columns.crashedUs[node]!)));
  const slow = columns.slowFactor[node]!;
  if (slow !== 1) facts.push(fact('speed', `everything takes ${slow} times as long`));
  const entries = stations
    .waitingJobs(node, MOST_ENTRIES)
    .map((job) => jobName(run, names, jobOf(job, userOfSlot, copyOfUnacked)));
  const queue: Structure = {
    kind: 'queue',
    name: 'queue of jobs',
    size: waits,
    limit: columns.queueLimit[node]!,
    entries,
  };
  const parts = partsOf(run, station.kind, node, names);
  return {
    selection: { kind: 'station', node },
    seat: null,
    facts: [...facts, ...parts.facts],
    structures: [queue, ...parts.structures],
  };
}

function jobName({ system }: Run, names: Called, job: Job): string {
  const { copies } = system.context;
  switch (job.of) {
    case 'copy':
      return names.message(copies.sender[job.copy]!, copies.nth[job.copy]!);
    case 'connection':
      return `connection of ${names.user(job.user)}`;
    case 'history':
      return `history for ${names.user(job.user)}`;
    case 'nothing':
      return 'a record for nobody here';
  }
}

function partsOf(run: Run, kind: string, node: number, names: Called): StationParts {
  switch (kind) {
    case 'ws-server':
      return inspectServer(run, node, names);
    case 'pubsub':
      return inspectPubsub(run, node, names);
    case 'database':
      return inspectDatabase(run, names);
    case 'gateway': {
      const { acceptFreeUs, design } = run.system.context;
      const waitUs = Math.max(0, acceptFreeUs[node]! - run.nowUs);
      const waiting = Math.ceil((waitUs * design.gateway.acceptsPerSecond) / US_PER_SECOND);
      return {
        facts: [
          fact('admits', `${number(design.gateway.acceptsPerSecond)} connections/s`),
          fact(
            'connections that wait for admission',
            `${number(waiting)} of ${number(design.gateway.acceptQueue)}`,
          ),
          fact('balancing', design.gateway.balancing),
        ],
        structures: [],
      };
    }
    case 'limiter': {
      const [rateLimit] = serviceLimits(run.system.context.design);
      if (rateLimit === undefined) return NOTHING;
      return {
        facts: [
          fact('algorithm', rateLimit.algorithm),
          fact(
            'limit',
            `${number(rateLimit.limit)} in ${duration(rateLimit.windowUs)} for each ${rateLimit.by}`,
          ),
          fact('when it is down', rateLimit.whenDown === 'open' ? 'everything passes' : 'nothing passes'),
        ],
        structures: [],
      };
    }
    default:
      return NOTHING;
  }
}
