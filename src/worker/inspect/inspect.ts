import { formatCount, formatDuration } from '../../base/units.ts';
import type { Run } from '../../scenario/run.ts';
import { namesOf } from '../../system/names.ts';
import { CONNECTION } from '../../system/tables.ts';
import { channelOfSlot } from '../../system/topology.ts';
import { generationOf, NO_SERVER, serverOf, stateOf } from '../../system/user-word.ts';
import { OWN, SEQ_MASK } from '../../system/users.ts';
import type { Crowd } from '../crowd.ts';
import type { Inspection, Selection, Structure } from '../protocol.ts';

/** Entries that a structure shows at most; its size says how many there are. */
const SHOWN = 50;

/** The state of one thing as facts and data structures, or null when there is nothing to say of it. */
export function inspect(run: Run, crowd: Crowd, selection: Selection): Inspection | null {
  switch (selection.kind) {
    case 'station':
      return inspectStation(run, selection.node);
    case 'user':
      return inspectUser(run, crowd, selection.user);
    case 'seat': {
      const user = crowd.occupant(selection.seat);
      return user < 0 ? null : inspectUser(run, crowd, user);
    }
    default:
      return null;
  }
}

function inspectStation(run: Run, node: number): Inspection {
  const { stations, events, copies } = run.system.context;
  const names = namesOf(run.system.spec.design, run.scenario.workload);
  const nowUs = events.nowUs();
  const { head, tail, ringStart, ringMask, waitingJob, waitingUs, queueLimit, workers, arrived } =
    stations.columns;
  const waits = stations.waiting(node, nowUs);
  const entries: string[] = [];
  for (let i = 0; i < Math.min(waits, SHOWN); i++) {
    const place = ringStart[node]! + ((head[node]! + i) & ringMask[node]!);
    const copy = waitingJob[place]!;
    const name =
      copy < copies.sender.length ? names.message(copies.sender[copy]!, copies.nth[copy]!) : `job ${copy}`;
    entries.push(`${name}, starts in ${formatDuration(waitingUs[place]! - nowUs)}`);
  }
  return {
    selection: { kind: 'station', node },
    seat: null,
    facts: [
      { name: 'state', value: stations.isUp(node) ? 'up' : 'down' },
      { name: 'busy workers', value: `${stations.busy(node, nowUs)} of ${workers[node]!}` },
      { name: 'jobs so far', value: formatCount(arrived[node]!) },
      { name: 'jobs ever queued', value: formatCount(tail[node]!) },
    ],
    structures: [{ kind: 'queue', name: 'queue', size: waits, limit: queueLimit[node]!, entries }],
  };
}

function inspectUser(run: Run, crowd: Crowd, user: number): Inspection {
  const { users, topology, memberships, limiter, events, nodes, reorder } = run.system.context;
  const names = namesOf(run.system.spec.design, run.scenario.workload);
  const word = users.pair[2 * user]!;
  const server = serverOf(word);
  const from = topology.userStart[user]!;
  const to = topology.userStart[user + 1]!;
  const entries: { key: string; value: string }[] = [];
  const waiting: string[] = [];
  for (let i = from; i < Math.min(to, from + SHOWN); i++) {
    const slot = topology.slots[i]!;
    const channel = names.channel(channelOfSlot(topology, slot));
    entries.push({ key: channel, value: `last number shown ${memberships.entry[2 * slot + 1]! & SEQ_MASK}` });
    for (const { seq, sender, nth } of reorder.entries(slot))
      waiting.push(`${channel} ${seq}: ${names.message(sender, nth)}`);
  }
  const structures: Structure[] = [
    { kind: 'map', name: 'channels', size: to - from, entries, probed: null },
    {
      kind: 'queue',
      name: 'reorder buffer',
      size: waiting.length,
      limit: run.system.spec.design.reorder.maxEntries,
      entries: waiting,
    },
  ];
  const { rateLimit } = run.system.spec.design;
  if (limiter !== null && rateLimit !== null) {
    const state = limiter.state(user, events.nowUs());
    structures.push({
      kind: 'window',
      name: rateLimit.algorithm,
      windowUs: rateLimit.windowUs,
      limit: rateLimit.limit,
      count: limiter.count(user, events.nowUs()),
      acceptedUs: state.kind === 'log' ? state.logUs : [],
      refusedUs: [],
    });
  }
  return {
    selection: { kind: 'user', user },
    seat: crowd.seatOf(user),
    facts: [
      { name: 'connection', value: CONNECTION.states[stateOf(word)]! },
      { name: 'server', value: server === NO_SERVER ? 'none' : names.node(nodes.firstServer + server) },
      { name: 'gateway', value: names.node(users.own[8 * user + OWN.GATEWAY]!) },
      { name: 'connection number', value: String(generationOf(word)) },
      { name: 'messages sent', value: String(users.own[8 * user + OWN.SENT]!) },
    ],
    structures,
  };
}
