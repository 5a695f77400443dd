import type { StationSpec } from '../state/station-columns.ts';
import { type Design, serviceLimits } from './design.ts';
import type { ScriptLoad } from './sizes.ts';
import { stationNumbers } from './stations.ts';

/** Jobs that may wait at a station of a lean world: more than its few messages ever make. */
const LEAN_QUEUE = 255;

/** Stations in the order of their numbers (see stations.ts). */
export function stationSpecs(design: Design, script: ScriptLoad): StationSpec[] {
  const nodes = stationNumbers(design);
  const repeat = (times: number, spec: StationSpec): StationSpec[] =>
    Array.from({ length: times }, () => spec);
  const specs = [
    ...repeat(nodes.gateways, { workers: design.gateway.workers, queue: design.gateway.queue }),
    ...repeat(nodes.servers, { workers: 1, queue: design.servers.queue }),
    ...repeat(nodes.shards, { workers: 1, queue: design.pubsub.queue }),
    { workers: design.service.workers, queue: design.service.queue },
    { workers: design.database.workers, queue: design.database.queue },
    ...serviceLimits(design)
      .slice(0, 1)
      .map(({ workers, queue }) => ({ workers, queue })),
    ...repeat(nodes.sequencers, { workers: 1, queue: design.sequencer.queue }),
  ];
  if (script.isLean !== true) return specs;
  return specs.map(({ workers, queue }) => ({ workers, queue: Math.min(queue, LEAN_QUEUE) }));
}
