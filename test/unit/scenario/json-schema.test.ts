import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { scenarioJsonSchema, scenarioSchemaText } from '../../../src/scenario/schema/json-schema.ts';
import { EVERYTHING, TINY } from './texts.ts';

interface Schema {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
}

const file = new URL('../../../scenarios/scenario.schema.json', import.meta.url);

test('the JSON Schema beside the scenarios is that of the source; when it is stale: npm run schema', () => {
  expect(readFileSync(file, 'utf8')).toBe(scenarioSchemaText());
});

test('every key has a description that begins large and ends with a full stop', () => {
  const keys: string[] = [];
  const collect = (schema: Schema, path: string): void => {
    for (const [key, inner] of Object.entries(schema.properties ?? {})) {
      if (!/^[A-Za-z0-9\d].*\.$/s.test(inner.description ?? ''))
        keys.push(`${path}.${key}: ${inner.description}`);
      collect(inner, `${path}.${key}`);
    }
    for (const form of schema.anyOf ?? []) collect(form, path);
    if (schema.items !== undefined) collect(schema.items, `${path}[]`);
  };
  collect(scenarioJsonSchema() as Schema, '');
  expect(keys).toEqual([]);
});

test('a parameter tells its default', () => {
  const schema = scenarioJsonSchema() as { properties: Record<string, Schema> };
  expect(schema.properties.design?.properties?.gateway?.properties?.acceptsPerSecond?.description).toBe(
    'New connections that one gateway admits in a second. Default: 2,000 (assumption).',
  );
  expect(
    schema.properties.design?.properties?.servers?.properties?.maxConnections?.description,
  ).not.toContain('assumption');
});

test('an editor that knows only the JSON Schema accepts what Fanout accepts, and refuses unknown keys', () => {
  const check = z.fromJSONSchema(scenarioJsonSchema());
  for (const text of [TINY, EVERYTHING]) expect(check.safeParse(parse(text)).error?.issues ?? []).toEqual([]);
  expect(check.safeParse(parse(`${TINY}desing: {}`)).success).toBe(false);
  expect(check.safeParse(parse(`${TINY}design: { delivery: once }`)).success).toBe(false);
});
