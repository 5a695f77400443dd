import { z } from 'zod';
import { formatDuration } from '../../base/units.ts';
import { isAssumption, PARAMETERS } from '../../system/design/parameters.ts';
import { DEFAULT_DURATION_US, DEFAULT_SEED, scenarioSchema } from './schema.ts';

/** The JSON Schema of a scenario: what editors complete, check and explain. Made from the zod schema that reads scenarios. */

type JsonSchema = Record<string, unknown>;

const OWN_DEFAULTS: Readonly<Record<string, string>> = {
  seed: String(DEFAULT_SEED),
  duration: formatDuration(DEFAULT_DURATION_US),
  'workload.users': '1,000,000',
};

const isSchema = (value: unknown): value is JsonSchema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Adds `Default: 120,000.`, or `Default: 2,000 (assumption).`, to the description of every parameter, at any depth of alternatives. */
function describeDefaults(schema: JsonSchema, path: string): void {
  const parameter = PARAMETERS.find((one) => one.path === path);
  const value = OWN_DEFAULTS[path] ?? parameter?.value;
  const assumed = parameter !== undefined && isAssumption(parameter) ? ' (assumption)' : '';
  if (value !== undefined && typeof schema.description === 'string')
    schema.description += ` Default: ${value}${assumed}.`;
  const { properties, anyOf } = schema;
  if (isSchema(properties)) {
    for (const [key, inner] of Object.entries(properties)) {
      if (isSchema(inner)) describeDefaults(inner, path === '' ? key : `${path}.${key}`);
    }
  }
  if (value === undefined && Array.isArray(anyOf)) {
    for (const form of anyOf) if (isSchema(form)) describeDefaults({ properties: form.properties }, path);
  }
}

/** A JSON Schema (draft 2020-12) of the format of `scenarios/*.yaml`. */
export function scenarioJsonSchema(): JsonSchema {
  const schema = z.toJSONSchema(scenarioSchema, { io: 'input', target: 'draft-2020-12' }) as JsonSchema;
  describeDefaults(schema, '');
  return { ...schema, title: 'Fanout scenario' };
}

/** The text of `scenarios/scenario.schema.json`. */
export function scenarioSchemaText(): string {
  return `${JSON.stringify(scenarioJsonSchema(), null, 2)}\n`;
}
