import type { z } from 'zod';
import { DEFAULT_DESIGN } from '../../system/design/defaults.ts';
import type { Design } from '../../system/design/design.ts';
import type { Action } from '../../system/faults/actions.ts';
import {
  MAX_DURATION_US,
  MAX_EXPECTATIONS,
  MAX_SETTINGS,
  MAX_STEPS,
  MAX_USERS,
  MAX_WORLDS,
} from '../bounds.ts';
import { designSchema, type WrittenDesign } from '../schema/design.ts';
import { expectationSchema, type WrittenExpectation } from '../schema/expectation.ts';
import { count } from '../schema/scalars.ts';
import {
  DEFAULT_DURATION_US,
  DEFAULT_SEED,
  scenarioSchema,
  type WrittenScenario,
  type WrittenWorld,
  worldSchema,
} from '../schema/schema.ts';
import { stepSchema, type WrittenStep } from '../schema/script.ts';
import type { WrittenWorkload } from '../schema/workload.ts';
import { addIssues } from '../text/issues.ts';
import { type Path, ProblemList } from '../text/problems.ts';
import {
  type ComparedWorld,
  type Scenario,
  type ScenarioSource,
  type TextRange,
  WORLD_AS_WRITTEN,
} from '../types.ts';
import { Directory } from './directory.ts';
import { normaliseDesign } from './normalise-design.ts';
import { normaliseExpectation } from './normalise-expectation.ts';
import { normaliseScript } from './normalise-script.ts';
import { normaliseWorkload, scaleUsers } from './normalise-workload.ts';
import { designChanges, fixedSettingIn, pathOfSetting, valueAt, withValueAt } from './settings.ts';

/** Plain data with its places, ready to be understood. */
export interface Draft {
  readonly value: unknown;
  /** The number of users to scale the workload to, unchecked; undefined: as written. */
  readonly users: unknown;
  readonly problems: ProblemList;
  stepSource(path: Path): { readonly source: string; readonly range: TextRange };
}

const usersSchema = count('How many users there are.', { min: 1, max: MAX_USERS });

/** What of a scenario has the right form. An item of a list that has not is null; so is a section that nothing can be said of. */
interface Sound {
  readonly head: Partial<WrittenScenario>;
  readonly design: WrittenDesign | undefined | null;
  readonly workload: WrittenWorkload | undefined | null;
  readonly script: readonly (WrittenStep | null)[];
  readonly compare: readonly (WrittenWorld | null)[];
  readonly expect: readonly (WrittenExpectation | null)[];
}

function soundOf(written: WrittenScenario): Sound {
  const { script = [], compare = [], expect = [], design, workload } = written;
  return { head: written, design, workload, script, compare, expect };
}

/** The parts that are right of a scenario that is not, so that what is wrong with their meaning is reported in the same go. */
function salvage(value: unknown): Sound {
  const part = <T>(schema: z.ZodType<T>, of: unknown): T | null => {
    const parsed = schema.safeParse(of);
    return parsed.success ? parsed.data : null;
  };
  const items = <T>(schema: z.ZodType<T>, key: string, most: number): (T | null)[] => {
    const list = valueAt(value, [key]);
    return Array.isArray(list) && list.length <= most ? list.map((item) => part(schema, item)) : [];
  };
  const { shape } = scenarioSchema;
  const durationUs = part(shape.duration, valueAt(value, ['duration']));
  return {
    // A time of the script that is past a wrong duration is not worth a word.
    head: { duration: durationUs === null ? MAX_DURATION_US : durationUs },
    design: part(shape.design, valueAt(value, ['design'])),
    workload: part(shape.workload, valueAt(value, ['workload'])),
    script: items(stepSchema, 'script', MAX_STEPS),
    compare: items(worldSchema, 'compare', MAX_WORLDS),
    expect: items(expectationSchema, 'expect', MAX_EXPECTATIONS),
  };
}

/** Makes a scenario of plain data: checks the form, then the meaning. Throws InputError with every problem found. */
export function compileScenario(draft: Draft, source: ScenarioSource): Scenario {
  const { problems, value } = draft;
  if (value === null) {
    problems.add([], 'the scenario is empty; begin with `scenario: NAME` and `title: TITLE`');
    problems.throwIfAny();
  }
  const parsed = scenarioSchema.safeParse(value);
  if (!parsed.success) addIssues(problems, parsed.error.issues, (path) => valueAt(value, path));
  const sound = parsed.success ? soundOf(parsed.data) : salvage(value);
  const users = usersOf(draft);

  const design = sound.design === null ? DEFAULT_DESIGN : normaliseDesign(sound.design, problems);
  const isDesignSound = problems.problems.length === 0;
  if (sound.design === null || sound.workload === null) problems.throwIfAny();
  const asked = users === null ? sound.workload : scaleUsers(sound.workload ?? undefined, users);
  const before = problems.problems.length;
  const workload = normaliseWorkload(asked ?? undefined, design, problems);
  // Names in the script mean nothing when the users are not known.
  if (problems.problems.length > before) problems.throwIfAny();

  const { head } = sound;
  const durationUs = head.duration ?? DEFAULT_DURATION_US;
  const compare = comparedWorlds(sound.compare, problems);
  const worlds = compare.map((world) => world.name);
  // A run cut short from outside (--for) leaves the steps after its end out; in the file such a step is a slip.
  const isCut = source.overrides.some(({ path }) => path === 'duration');
  const script = normaliseScript(sound.script, {
    design,
    durationUs: isCut ? MAX_DURATION_US : durationUs,
    worlds,
    world: source.world ?? WORLD_AS_WRITTEN,
    directory: new Directory(design, workload, problems),
    problems,
    sourceOf: draft.stepSource,
    settingActions: createSettingActions(draft, design, isDesignSound),
  });
  const expect = sound.expect.flatMap((expectation, i) => {
    if (expectation === null) return [];
    const path = ['expect', i];
    return [normaliseExpectation(expectation, path, draft.stepSource(path).range, worlds, problems)];
  });
  problems.throwIfAny();
  return {
    name: head.scenario ?? '',
    title: head.title ?? '',
    summary: head.summary ?? '',
    teaches: head.teaches ?? [],
    seed: head.seed ?? DEFAULT_SEED,
    durationUs,
    design,
    workload,
    script,
    compare,
    expect,
    source,
  };
}

/** The number of users to scale to, or null: as written. */
function usersOf({ users, problems }: Draft): number | null {
  if (users === undefined) return null;
  const parsed = usersSchema.safeParse(users);
  if (!parsed.success) addIssues(problems, parsed.error.issues, () => users, ['workload', 'users']);
  return parsed.success ? parsed.data : null;
}

function comparedWorlds(
  written: readonly (WrittenWorld | null)[],
  problems: ProblemList,
): readonly ComparedWorld[] {
  const names = written.map((world) => world?.name);
  return written.flatMap((world, i) => {
    if (world === null) return [];
    const { name, set } = world;
    if (names.indexOf(name) !== i || name === WORLD_AS_WRITTEN) {
      problems.add(['compare', i, 'name'], `there is another world called ${name}; rename one`);
    }
    const settings = Object.entries(set);
    if (settings.length > MAX_SETTINGS) {
      problems.add(['compare', i, 'set'], `${settings.length} settings change; at most ${MAX_SETTINGS}`);
    }
    for (const [path] of settings) {
      if (path === 'design' || path.startsWith('design.') || path.startsWith('workload.')) continue;
      const right = 'worlds differ in settings of design and workload only';
      problems.add(['compare', i, 'set', path], `${path} is the same in all worlds; ${right}`, 'key');
    }
    return [{ name, set: settings }];
  });
}

/** The actions of the `set` steps: each on top of those before it, checked as if it stood in the file. */
function createSettingActions({ value: text, problems }: Draft, design: Design, isDesignSound: boolean) {
  let value = valueAt(text, ['design']);
  let before = design;
  return (settings: Readonly<Record<string, unknown>>, path: Path): readonly Action[] => {
    const own = new ProblemList((where, at) => {
      const setting = Object.keys(settings).find((key) => startTheSame(pathOfSetting(key), where));
      if (setting === undefined) return problems.locate(path, at);
      const rest = where.slice(pathOfSetting(setting).length);
      return problems.locate([...path, setting, ...rest], rest.length === 0 ? at : 'value');
    });
    for (const [setting, to] of Object.entries(settings)) {
      const fixed = fixedSettingIn(setting);
      const changed = withValueAt({ design: value }, pathOfSetting(setting), to);
      if (fixed !== null) {
        const right = 'make a world of it under compare';
        problems.add([...path, setting], `${fixed} cannot change while the system runs; ${right}`, 'key');
      } else if (typeof changed === 'string') problems.add([...path, setting], changed, 'key');
      else value = valueAt(changed.ok, ['design']);
    }
    const parsed = designSchema.safeParse(value);
    if (!parsed.success) {
      addIssues(own, parsed.error.issues, (where) => valueAt({ design: value }, where), ['design']);
    }
    const after = parsed.success ? normaliseDesign(parsed.data, own) : before;
    // What is wrong with the design already is not the fault of a setting.
    if (isDesignSound) problems.problems.push(...own.problems);
    const actions = designChanges(before, after);
    before = after;
    return actions;
  };
}

function startTheSame(a: Path, b: Path): boolean {
  const length = Math.min(a.length, b.length);
  return a.slice(0, length).every((step, i) => step === b[i]);
}
