import { InputError } from '../base/errors.ts';
import type { HandAction } from '../run/run.ts';
import { withMoreOverrides, worldsOf } from '../scenario/parse.ts';
import { readYaml } from '../scenario/text/yaml-text.ts';
import type { Scenario } from '../scenario/types.ts';
import { stationList } from '../system/design/stations.ts';
import { ALL_USERS } from '../system/faults/actions.ts';
import { USER_NODE } from '../trace/trace.ts';
import type { WorldChoice } from './protocol.ts';
import { actionThere } from './world-choice.ts';

/** The scenario of another world. Throws InputError: there is no such world, or the setting cannot be so. */
export function worldScenario(scenario: Scenario, choice: WorldChoice): Scenario {
  const { fileName } = scenario.source;
  if (choice.kind === 'set') {
    const { value } = readYaml(choice.value, `--set ${choice.path}`);
    return withMoreOverrides(scenario, [{ kind: 'set', path: choice.path, value }]);
  }
  const worlds = worldsOf(scenario).slice(1);
  const found = worlds.find(({ name }) => name === choice.name);
  if (found !== undefined) return found.scenario;
  const right =
    worlds.length === 0 ? 'the scenario has none' : `it has ${worlds.map(({ name }) => name).join(', ')}`;
  throw new InputError([
    {
      file: fileName,
      line: 1,
      column: 1,
      message: `there is no world ${choice.name} under compare; ${right}`,
    },
  ]);
}

/** Gives the number, in `there`, of the station that has this number in `here`, by its name; users are the same in both. */
export function nodesBetween(here: Scenario, there: Scenario): (node: number) => number | null {
  const names = new Map(stationList(here.design).map(({ node, name }) => [node, name]));
  const nodes = new Map(stationList(there.design).map(({ node, name }) => [name, node]));
  return (node) =>
    node === ALL_USERS || node >= USER_NODE ? node : (nodes.get(names.get(node) ?? '') ?? null);
}

/** What was done by hand in one world, as it is done in another; what has no place there is left out, and told to `leftOut`. */
export function handThere(
  hand: readonly HandAction[],
  nodeThere: (node: number) => number | null,
  leftOut: () => void,
): readonly HandAction[] {
  return hand.flatMap((done) => {
    const action = actionThere(done.action, nodeThere);
    if (action !== null) return [{ atUs: done.atUs, action }];
    leftOut();
    return [];
  });
}
