import { SETTING_PATH } from '../schema/script.ts';
import { isPrefix, type Locate, type Path, ProblemList } from '../text/problems.ts';
import { show } from '../text/show.ts';
import type { YamlText } from '../text/yaml-text.ts';
import type { Override } from '../types.ts';
import type { Draft } from './compile.ts';
import { pathOfSetting, valueAt, withValueAt } from './settings.ts';

/** What is changed over the text of a scenario, and where a problem with it is reported. */

export interface PlacedOverride {
  readonly override: Override;
  readonly path: Path;
  /** Where something inside the override's value is written. */
  readonly locate: Locate;
}

/** An override by its flag: `--set:1:1` is the path, `--set:1:17` the value. */
export function placeOfOverride(override: Override): PlacedOverride {
  const { kind, path } = override;
  const file = `--${kind}`;
  const valueColumn = kind === 'set' ? path.length + 2 : 1;
  return {
    override,
    path: kind === 'set' ? pathOfSetting(path) : OWN_PATHS[kind],
    locate: (rest, at) => ({
      file,
      line: 1,
      column: at === 'key' && rest.length === 0 ? 1 : valueColumn,
      ...(kind === 'set' ? { about: `${path}: ` } : {}),
    }),
  };
}

const OWN_PATHS: Readonly<Record<'users' | 'for' | 'seed', Path>> = {
  users: ['workload', 'users'],
  for: ['duration'],
  seed: ['seed'],
};

/** Places in the text. A place in what is no list is the thing itself; what is not written is where its parent is. */
export function placeInText(yaml: YamlText): Locate {
  return (path, at) => {
    const written = writtenPath(yaml.value, path);
    for (let length = written.length; length >= 0; length--) {
      const own = length === written.length;
      const range = yaml.rangeOf(written.slice(0, length), own ? at : length === 0 ? 'value' : 'key');
      if (range !== null) return { file: yaml.fileName, line: range.line, column: range.column };
    }
    return { file: yaml.fileName, line: 1, column: 1 };
  };
}

/** The path without places in what is no list. */
function writtenPath(of: unknown, path: Path): Path {
  const written: (string | number)[] = [];
  for (const step of path) {
    const here = valueAt(of, written);
    if (typeof step === 'number' && !Array.isArray(here)) continue;
    written.push(step);
  }
  return written;
}

/** The text's data with the overrides laid over it. Throws InputError when one has no place there. */
export function withOverrides(yaml: YamlText, overrides: readonly PlacedOverride[]): Draft {
  const inText = placeInText(yaml);
  const locate: Locate = (path, at) => {
    for (let length = path.length; length >= 0; length--) {
      const here = path.slice(0, length);
      const over = overrides.findLast((o) => isPrefix(o.path, here));
      if (over !== undefined) return over.locate(path.slice(over.path.length), at);
      if (valueAt(yaml.value, here) !== undefined) break;
      const below = overrides.findLast((o) => isPrefix(here, o.path));
      if (below !== undefined) return below.locate([], 'key');
    }
    return inText(path, at);
  };
  const problems = new ProblemList(locate);
  let value = yaml.value;
  let users: unknown;
  for (const { override, path, locate: own } of overrides) {
    const complain = (message: string, at: 'key' | 'value'): void => {
      const { about: _, ...place } = own([], at);
      problems.problems.push({ ...place, message });
    };
    if (override.kind === 'users') {
      users = override.value;
    } else if (override.kind === 'set' && !SETTING_PATH.test(override.path)) {
      complain(`${show(override.path)} is no setting; write a path such as design.retry.timeout`, 'key');
    } else {
      const changed = withValueAt(value, path, override.value);
      if (typeof changed === 'string') complain(changed, 'key');
      else value = changed.ok;
    }
  }
  problems.throwIfAny();
  return {
    value,
    users,
    problems,
    stepSource: (path) => stepSource(yaml, path),
  };
}

/** A step of the script as it stands in the file, its further lines moved as far left as its first. */
function stepSource(yaml: YamlText, path: Path) {
  const range = yaml.rangeOf(path, 'value') ?? { line: 1, column: 1, start: 0, end: 0 };
  const text = yaml.text.slice(range.start, range.end).trimEnd();
  const indent = new RegExp(`\\n {0,${range.column - 1}}`, 'g');
  return { source: text.replace(indent, '\n'), range: { ...range, end: range.start + text.length } };
}
