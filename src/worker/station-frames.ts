import { US_PER_SECOND } from '../base/units.ts';
import type { Run } from '../scenario/run.ts';
import type { StationFrame } from './protocol.ts';

/** How busy each station was since the last call, and how it is now. */
export interface StationFrames {
  take(): readonly StationFrame[];
}

/** Rates and utilisation are those of at least this much virtual time: less says nothing. */
const SHORTEST_US = 1_000;

export function createStationFrames(run: Run): StationFrames {
  const { count } = run.system.context.stations;
  const busyUs = new Float64Array(count);
  const arrived = new Float64Array(count);
  const utilisation = new Float64Array(count);
  const ratePerSecond = new Float64Array(count);
  let sinceUs = Number.NaN;

  /** Takes the rates of the time since the last one, when enough has passed. After a rewind it begins anew. */
  const measure = (): void => {
    const { stations } = run.system.context;
    const { columns } = stations;
    const nowUs = run.nowUs;
    if (nowUs < sinceUs || Number.isNaN(sinceUs)) {
      utilisation.fill(0);
      ratePerSecond.fill(0);
    } else {
      const spanUs = nowUs - sinceUs;
      if (spanUs < SHORTEST_US) return;
      for (let node = 0; node < count; node++) {
        // Work is counted when it is taken on, so what still waits is not yet done.
        const doneUs = columns.busyUs[node]! - busyUs[node]!;
        const share = doneUs / (spanUs * columns.workers[node]!);
        utilisation[node] = stations.isUp(node) ? Math.min(1, Math.max(0, share)) : 0;
        ratePerSecond[node] = ((columns.arrived[node]! - arrived[node]!) * US_PER_SECOND) / spanUs;
      }
    }
    sinceUs = nowUs;
    busyUs.set(columns.busyUs);
    arrived.set(columns.arrived);
  };

  const isCutOff = (node: number): boolean => {
    const { links } = run.system.context;
    if (links.active() === 0 || count < 2) return false;
    for (let other = 0; other < count; other++) {
      if (other !== node && !links.isCut(node, other)) return false;
    }
    return true;
  };

  return {
    take() {
      measure();
      const { stations, balancer, nodes } = run.system.context;
      const blocked = blockedNodes(run);
      return Array.from({ length: count }, (_, node): StationFrame => {
        const server = node - nodes.firstServer;
        const isServer = server >= 0 && server < nodes.servers;
        return {
          node,
          up: stations.isUp(node),
          slowFactor: stations.columns.slowFactor[node]!,
          queue: stations.waiting(node, run.nowUs),
          utilisation: utilisation[node]!,
          ratePerSecond: ratePerSecond[node]!,
          connections: isServer ? balancer.connections(server) : 0,
          ...(isCutOff(node) ? { cut: true } : {}),
          ...(blocked.has(node) ? { blocked: true } : {}),
        };
      });
    },
  };
}

/** Stations whose event loop runs one long task now: from what the script and the hand have done. */
function blockedNodes({ scenario, script, hand, nowUs }: Run): ReadonlySet<number> {
  const nodes = new Set<number>();
  const look = (atUs: number, action: (typeof hand)[number]['action']): void => {
    if (action.do === 'block' && atUs <= nowUs && nowUs < atUs + action.forUs) nodes.add(action.node);
  };
  for (const { index, does } of scenario.script) {
    const atUs = script.happenedAtUs(index);
    if (does.do === 'act' && atUs !== null) for (const action of does.actions) look(atUs, action);
  }
  for (const { atUs, action } of hand) look(atUs, action);
  return nodes;
}
