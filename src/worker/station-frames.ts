import { US_PER_SECOND } from '../base/units.ts';
import type { Run } from '../run/run.ts';
import { COUNT } from '../system/state/counters.ts';
import type { FlowRates, StationFrame } from './protocol.ts';

/** How busy each station has been lately, and how it is now. */
export interface StationFrames {
  /** Rates and utilisation are those of the last `windowUs`, or of what is known of it. */
  take(windowUs: number): readonly StationFrame[];
  /** What passed between the stations in the span of the last `take`. */
  flows(): FlowRates;
}

const FLOWS = {
  sent: COUNT.transmissions,
  refused: COUNT.refused,
  persisted: COUNT.persisted,
  published: COUNT.published,
  notified: COUNT.notified,
  shown: COUNT.shown,
} as const satisfies Record<keyof FlowRates, number>;
const FLOW_NAMES = Object.keys(FLOWS) as readonly (keyof FlowRates)[];
const NOTHING_FLOWS: FlowRates = { sent: 0, refused: 0, persisted: 0, published: 0, notified: 0, shown: 0 };

/** Less virtual time than this says nothing. */
const SHORTEST_US = 1_000;
/** How finely the window moves on. */
const STEPS = 8;

interface Sample {
  readonly timeUs: number;
  /** Work done and jobs taken since the start, by station. */
  readonly doneUs: Float64Array;
  readonly arrived: Float64Array;
  /** The counters of FLOW_NAMES. */
  readonly passed: Float64Array;
}

export function createStationFrames(run: Run): StationFrames {
  const { count } = run.system.context.stations;
  const utilisation = new Float64Array(count);
  const ratePerSecond = new Float64Array(count);
  let samples: Sample[] = [];
  let flows = NOTHING_FLOWS;

  const sampleNow = (): Sample => {
    const { stations } = run.system.context;
    const { arrived } = stations.columns;
    const timeUs = run.nowUs;
    const doneUs = Float64Array.from(arrived, (_, node) => stations.doneUs(node));
    const { values } = run.system.context;
    const passed = Float64Array.from(FLOW_NAMES, (name) => values[FLOWS[name]]!);
    return { timeUs, doneUs, arrived: Float64Array.from(arrived), passed };
  };

  const measure = (windowUs: number): void => {
    const now = sampleNow();
    let last = samples[samples.length - 1];
    if (last === undefined || now.timeUs < last.timeUs) {
      samples = [now];
      utilisation.fill(0);
      ratePerSecond.fill(0);
      flows = NOTHING_FLOWS;
      return;
    }
    while (samples.length > 1 && samples[1]!.timeUs <= now.timeUs - windowUs) samples.shift();
    const from = samples[0]!;
    const spanUs = now.timeUs - from.timeUs;
    if (spanUs >= SHORTEST_US) {
      const { stations } = run.system.context;
      for (let node = 0; node < count; node++) {
        const share = (now.doneUs[node]! - from.doneUs[node]!) / (spanUs * stations.columns.workers[node]!);
        utilisation[node] = stations.isUp(node) ? Math.min(1, Math.max(0, share)) : 0;
        ratePerSecond[node] = ((now.arrived[node]! - from.arrived[node]!) * US_PER_SECOND) / spanUs;
      }
    }
    if (spanUs >= SHORTEST_US) {
      const rates = FLOW_NAMES.map((name, i): [string, number] => [
        name,
        ((now.passed[i]! - from.passed[i]!) * US_PER_SECOND) / spanUs,
      ]);
      flows = Object.fromEntries(rates) as unknown as FlowRates;
    }
    last = samples[samples.length - 1]!;
    if (now.timeUs - last.timeUs >= windowUs / STEPS) samples.push(now);
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
    flows: () => flows,
    take(windowUs) {
      measure(windowUs);
      const { stations, balancer, nodes } = run.system.context;
      const blocked = blockedNodes(run);
      return Array.from({ length: count }, (_, node): StationFrame => {
        const server = node - nodes.firstServer;
        const isServer = server >= 0 && server < nodes.servers;
        return {
          node,
          up: stations.isUp(node),
          slowFactor: stations.columns.slowFactor[node]!,
          queue: stations.waiting(node),
          // A blocked event loop is busy with nothing else.
          utilisation: blocked.has(node) && stations.isUp(node) ? 1 : utilisation[node]!,
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
