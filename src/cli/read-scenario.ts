import { readdirSync, readFileSync, statSync } from 'node:fs';
import type { InputError } from '../base/errors.ts';
import { MAX_TEXT_LENGTH } from '../scenario/bounds.ts';
import { parseScenario } from '../scenario/parse.ts';
import { nearest } from '../scenario/text/nearest.ts';
import { inputError, problemsIn } from '../scenario/text/problems.ts';
import { show } from '../scenario/text/show.ts';
import { readYaml } from '../scenario/text/yaml-text.ts';
import type { Override, Scenario } from '../scenario/types.ts';

/** Scenarios from files, and what the command line changes about them. */

/** The folder of the shipped scenarios, wherever the command is started. */
export const SCENARIOS_FOLDER = new URL('../../scenarios/', import.meta.url);

/** A character of UTF-8 has at most three bytes for each UTF-16 code unit. */
const MAX_FILE_BYTES = 3 * MAX_TEXT_LENGTH + 3;

const refusal = (file: string, message: string, column = 1): InputError =>
  inputError([{ file, line: 1, column, message }]);

/** Names of the shipped scenarios, sorted. */
export function shippedScenarios(folder: URL = SCENARIOS_FOLDER): readonly string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => file.slice(0, -'.yaml'.length))
    .sort();
}

/** The folder of the exercises, which are shipped as well. */
export const EXERCISES_FOLDER = new URL('exercises/', SCENARIOS_FOLDER);

/** A file or a shipped scenario as text, with the name that messages give it. Throws InputError. */
export function readScenarioText(file: string): { readonly fileName: string; readonly text: string } {
  const shipped = (folder: URL): boolean => /^[\w-]+$/.test(file) && shippedScenarios(folder).includes(file);
  if (shipped(SCENARIOS_FOLDER)) return shippedText(file, 'scenarios/', SCENARIOS_FOLDER);
  if (shipped(EXERCISES_FOLDER)) return shippedText(file, 'scenarios/exercises/', EXERCISES_FOLDER);
  return { fileName: file, text: readText(file, file) };
}

function shippedText(name: string, shownFolder: string, folder: URL) {
  const fileName = `${shownFolder}${name}.yaml`;
  return { fileName, text: readText(new URL(`${name}.yaml`, folder), fileName) };
}

/** Text of a file that is small enough to be a scenario. Throws InputError. */
export function readText(path: string | URL, fileName: string): string {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) throw refusal(fileName, `there is no such file; ${suggestion(fileName)}`);
  if (!stat.isFile()) throw refusal(fileName, `this is no file; ${suggestion(fileName)}`);
  if (stat.size > MAX_FILE_BYTES) {
    throw refusal(
      fileName,
      `the file has ${stat.size} bytes; a scenario has at most ${MAX_TEXT_LENGTH} characters`,
    );
  }
  const bytes = readFileSync(path);
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw refusal(fileName, 'the file is not UTF-8; save it as UTF-8 text');
  }
}

function suggestion(file: string): string {
  const name = file.replace(/^.*\//, '').replace(/\.ya?ml$/, '');
  const near = nearest(name, [...shippedScenarios(), ...shippedScenarios(EXERCISES_FOLDER)]);
  return near === null ? 'the verb scenarios lists those that are shipped' : `did you mean ${near}?`;
}

/** Reads a scenario file, or a shipped one by its name. Throws InputError. */
export function readScenario(file: string, overrides: readonly Override[]): Scenario {
  const { fileName, text } = readScenarioText(file);
  return parseScenario(text, fileName, overrides);
}

/** Options that change a scenario, as commander gives them. */
export interface ScenarioOptions {
  readonly seed?: string;
  readonly users?: string;
  readonly for?: string;
  readonly set: readonly string[];
}

/** The changes that the options ask for, in the order: set, users, for, seed. Throws InputError. */
export function overridesOf({ set, users, for: duration, seed }: ScenarioOptions): Override[] {
  const overrides = set.map(overrideOfSetting);
  if (users !== undefined) overrides.push({ kind: 'users', path: 'users', value: users });
  if (duration !== undefined) overrides.push({ kind: 'for', path: 'duration', value: duration });
  if (seed !== undefined) overrides.push({ kind: 'seed', path: 'seed', value: seed });
  return overrides;
}

/** `design.flow=[validate, persist]`: a path, and a value as YAML writes it. */
function overrideOfSetting(setting: string): Override {
  const at = setting.indexOf('=');
  if (at <= 0) throw refusal('--set', `${show(setting)} has no value; write design.delivery=at-most-once`);
  const path = setting.slice(0, at);
  let value: unknown;
  const problems = problemsIn(() => {
    value = readYaml(setting.slice(at + 1), '--set').value;
  });
  if (problems.length > 0) {
    const placed = problems.map((p) => ({ ...p, column: p.line === 1 ? p.column + at + 1 : p.column }));
    throw inputError(placed.map((p) => ({ ...p, message: `${path}: ${p.message}` })));
  }
  return { kind: 'set', path, value };
}
