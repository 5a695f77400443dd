import { parseScenario } from '../scenario/parse.ts';
import type { Scenario, ScriptStep } from '../scenario/types.ts';
import { nodesByName, type Station, stationList } from '../system/design/stations.ts';
import { type Action, ALL_USERS, type LinkFault } from '../system/faults/actions.ts';
import { perDesign } from './per-design.ts';
import { scenarioText } from './scenario-text.ts';
import { durationMs } from './small-design.ts';
import type { SmallFault, SmallScenario } from './small-scenario.ts';

/** From small scenarios to scenarios that run. */

/** What a small scenario is in the words of a scenario file: for people, for tokens. Throws InputError when the settings are wrong. */
export function readableScenario(of: SmallScenario): Scenario {
  return parseScenario(scenarioText(of), 'hunted.yaml');
}

/** By users and channels: a scenario without its script. */
const worldsOf = perDesign(() => new Map<number, Scenario>());

function worldOf(of: SmallScenario): Scenario {
  const worlds = worldsOf(of.design);
  const key = 100 * of.users + of.channels;
  let world = worlds.get(key);
  if (world === undefined) {
    world = parseScenario(scenarioText({ ...of, messages: [], faults: [] }), 'hunted.yaml');
    worlds.set(key, world);
  }
  return world;
}

const NO_FAULT: LinkFault = { cut: false, loss: 0, duplicate: 0, reorder: 0, delayUs: 0 };

/** The same scenario as `readableScenario` makes, but for its source, without going through its text. Throws InputError. */
export function scenarioOf(of: SmallScenario): Scenario {
  const world = worldOf(of);
  const stations = stationList(world.design);
  const steps: Omit<ScriptStep, 'index'>[] = [];
  const add = (atMs: number, actions: readonly Action[], verb: 'send' | SmallFault['do']): void => {
    steps.push({
      trigger: { on: 'time', atUs: atMs * 1000 },
      does: { do: 'act', verb, actions, times: 1, everyUs: 0 },
      world: null,
      source: '',
      range: { line: 1, column: 1, start: 0, end: 0 },
    });
  };
  for (const fault of of.faults) add(fault.atMs, actionsOf(fault, stations), fault.do);
  for (const { atMs, from, to } of of.messages)
    add(atMs, [{ do: 'send', user: from, channel: to, bytes: world.design.message.bytes }], 'send');
  return {
    ...world,
    durationUs: durationMs(of) * 1000,
    script: steps.map((step, index) => ({ ...step, index })),
  };
}

const nodesOf = (name: string, stations: readonly Station[]): readonly number[] =>
  name === 'clients' ? [ALL_USERS] : nodesByName(stations, name);

function actionsOf(fault: SmallFault, stations: readonly Station[]): readonly Action[] {
  switch (fault.do) {
    case 'crash':
    case 'block':
      return nodesOf(fault.station, stations).map((node) => ({
        do: fault.do,
        node,
        forUs: fault.forMs * 1000,
      }));
    case 'slow':
      return nodesOf(fault.station, stations).map((node) => ({
        do: 'slow',
        node,
        factor: fault.factor,
        forUs: fault.forMs * 1000,
      }));
    case 'failover':
      return nodesOf('database', stations).map((node) => ({
        do: 'failover',
        node,
        forUs: fault.forMs * 1000,
      }));
    case 'disconnect':
      return [{ do: 'disconnect', user: fault.user, forUs: fault.forMs * 1000 }];
    case 'leave':
    case 'join':
      return [{ do: fault.do, user: fault.user, channel: fault.channel }];
    default: {
      const [from, to] = fault.between;
      const { loss, duplicate, reorder, delayMs } =
        fault.do === 'link' ? fault : { loss: 0, duplicate: 0, reorder: 0, delayMs: 0 };
      return [
        {
          do: 'link',
          from: nodesOf(from, stations),
          to: nodesOf(to, stations),
          fault: { ...NO_FAULT, cut: fault.do === 'cut', loss, duplicate, reorder, delayUs: delayMs * 1000 },
          forUs: fault.forMs * 1000,
        },
      ];
    }
  }
}
