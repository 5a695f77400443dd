import { compileScenario, type Draft } from './compile/compile.ts';
import { idleSettings, type Reading } from './compile/idle-settings.ts';
import { type PlacedOverride, placeInText, placeOfOverride, withOverrides } from './compile/overrides.ts';
import { pathOfSetting } from './compile/settings.ts';
import { inputError, problemsIn } from './text/problems.ts';
import { readYaml, type YamlText } from './text/yaml-text.ts';
import { type Override, type Scenario, type ScenarioWorld, type Setting, WORLD_AS_WRITTEN } from './types.ts';

/** From text to scenario, to variants of it, and to the worlds that it compares. */

/**
 * Reads a scenario. `overrides` are laid over the text, in order. Throws InputError with one line for each problem:
 * `FILE:LINE:COLUMN: what is wrong; what would be right`; the file of an override is its flag (`--set`). `world`: the one whose steps it is to do.
 */
export function parseScenario(
  text: string,
  fileName: string,
  overrides: readonly Override[] = [],
  world?: string,
): Scenario {
  const yaml = readYaml(text, fileName);
  const base = readingOf(yaml, overrides, [], world);
  const { scenario } = base;
  // Every variant is tried at once, so that a wrong setting is found before an hour of another world has run.
  const worlds: Reading[] = [];
  const problems = scenario.compare.flatMap((world, i) =>
    problemsIn(() => worlds.push(worldReading(yaml, scenario, i))).map((problem) => ({
      ...problem,
      message: `in the world "${world.name}": ${problem.message}`,
    })),
  );
  if (problems.length === 0) problems.push(...idleSettings(yaml.value, base, worlds));
  if (problems.length > 0) throw inputError(problems);
  return scenario;
}

/** The same scenario with more overrides. Throws InputError. */
export function withMoreOverrides(scenario: Scenario, overrides: readonly Override[]): Scenario {
  const { text, fileName, overrides: before, world } = scenario.source;
  return parseScenario(text, fileName, [...before, ...overrides], world);
}

/** The same scenario with some settings changed, as `--set design.delivery=at-most-once` does. Throws InputError. */
export function applySettings(scenario: Scenario, settings: readonly Setting[]): Scenario {
  return withMoreOverrides(
    scenario,
    settings.map(([path, value]): Override => ({ kind: 'set', path, value })),
  );
}

/** The worlds to run: the scenario as written, then one for each variant under `compare:`; each expects what is expected of it. */
export function worldsOf(scenario: Scenario): readonly ScenarioWorld[] {
  const yaml = readYaml(scenario.source.text, scenario.source.fileName);
  const asWritten = { ...scenario, expect: scenario.expect.filter(({ world }) => world === null) };
  return [
    { name: WORLD_AS_WRITTEN, scenario: asWritten },
    ...scenario.compare.map(({ name }, i) => ({ name, scenario: compareWorld(yaml, scenario, i) })),
  ];
}

function compareWorld(yaml: YamlText, scenario: Scenario, index: number): Scenario {
  const variant = worldReading(yaml, scenario, index).scenario;
  const { name } = scenario.compare[index]!;
  return {
    ...variant,
    compare: [],
    expect: variant.expect.filter((expectation) => expectation.world === name),
  };
}

function worldReading(yaml: YamlText, scenario: Scenario, index: number) {
  const world = scenario.compare[index]!;
  const path = ['compare', index, 'set'];
  const more = world.set.map(([setting, value]): PlacedOverride => {
    const locate = placeInText(yaml);
    return {
      override: { kind: 'set', path: setting, value },
      path: pathOfSetting(setting),
      locate: (rest, at) => locate([...path, setting, ...rest], rest.length === 0 ? at : 'value'),
    };
  });
  return readingOf(yaml, scenario.source.overrides, more, world.name);
}

/** The scenario of a text in one of its worlds, `more` laid over it after the overrides. What it has set itself is `more`, or else the overrides. */
function readingOf(
  yaml: YamlText,
  overrides: readonly Override[],
  more: readonly PlacedOverride[],
  world: string | undefined,
): Reading & { readonly scenario: Scenario } {
  const placed = [...overrides.map(placeOfOverride), ...more];
  const draft: Draft = withOverrides(yaml, placed);
  const scenario = compileScenario(draft, {
    fileName: yaml.fileName,
    text: yaml.text,
    overrides: placed.map((p) => p.override),
    ...(world === undefined ? {} : { world }),
  });
  const own = more.length > 0 ? more : placed;
  return { scenario, value: draft.value, locate: draft.problems.locate, own: own.map(({ path }) => path) };
}
