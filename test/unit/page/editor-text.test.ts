import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { helpAt, type JsonSchema, keysAt, schemasAt, valuesAt } from '../../../src/app/editor/schema-help.ts';
import { scriptLineEdit, settingEdit, type TextEdit, writtenAt } from '../../../src/app/editor/text-edits.ts';
import { yamlPlaceAt } from '../../../src/app/editor/yaml-place.ts';
import { parseScenario } from '../../../src/scenario/parse.ts';

const withEdit = (text: string, { from, to, insert }: TextEdit): string =>
  text.slice(0, from) + insert + text.slice(to);

const folder = join(import.meta.dirname, '../../../scenarios');
const files = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
const schema = JSON.parse(readFileSync(join(folder, 'scenario.schema.json'), 'utf8')) as JsonSchema;

/** The place of the `|` in a text. */
function at(marked: string) {
  const offset = marked.indexOf('|');
  return yamlPlaceAt(marked.slice(0, offset) + marked.slice(offset + 1), offset);
}

describe('the place of the cursor', () => {
  it.each([
    ['des|', [], 'either'],
    ['|title: x', [], 'key'],
    ['design:\n  ga|', ['design'], 'either'],
    ['design:\n  |', ['design'], 'key'],
    ['design:\n  servers:\n    count: 3\n  |', ['design'], 'key'],
    ['design:\n  servers:\n    count: 3\n|', [], 'key'],
    ['design:\n  protocol: |', ['design', 'protocol'], 'value'],
    ['design:\n  protocol: web|', ['design', 'protocol'], 'value'],
    ['design:\n  gateway: { bal|', ['design', 'gateway'], 'key'],
    ['design:\n  gateway: { count: 4, balancing: le|ast }\n', ['design', 'gateway', 'balancing'], 'value'],
    ['design:\n  flow: [validate, |]', ['design', 'flow', 0], 'either'],
    ['script:\n  - at: 0s\n    sa|', ['script', 0], 'either'],
    ['script:\n- at: 0s\n- |', ['script', 0], 'either'],
    ['script:\n- at: 0s\n|', [], 'key'],
    ['script:\n  - when: { station: x, is: |', ['script', 0, 'when', 'is'], 'value'],
    ['compare:\n  - { name: a, set: { design.flow: [|', ['compare', 0, 'set', 'design.flow', 0], 'either'],
    ['a: { b: 1,\n  c: 2 }\ndesign:\n  x|', ['design'], 'either'],
  ])('in %j is found', (marked, path, kind) => {
    const place = at(marked);
    expect([place?.path, place?.at]).toEqual([path, kind]);
  });

  it.each(['# comm|ent', 'script:\n  - say: >\n      some te|xt', 'title: x # no|te'])(
    'in %j is none',
    (marked) => {
      // The block's own sign is written `>` here, since `|` marks the cursor.
      expect(at(marked)).toBeNull();
    },
  );

  it('at any key of a scenario that is complete is where YAML says that it is', () => {
    for (const file of files) {
      const text = readFileSync(join(folder, file), 'utf8');
      for (const match of text.matchAll(/(?<=^|\n)([a-z]+):/g)) {
        expect(yamlPlaceAt(text, match.index + 1)).toMatchObject({ path: [], at: 'key' });
      }
    }
  });

  it('in any text is found without throwing, and begins at or before the cursor', () => {
    const piece = fc.constantFrom(
      'a: ',
      '- ',
      '{ ',
      '}',
      '[',
      ']',
      '\n',
      '  ',
      '"',
      "'",
      'word',
      ': ',
      ', ',
      '#',
      '|',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), fc.nat(), (pieces, n) => {
        const text = pieces.join('');
        const offset = n % (text.length + 1);
        const place = yamlPlaceAt(text, offset);
        expect(place === null || place.from <= offset).toBe(true);
      }),
    );
  });
});

describe('the schema', () => {
  it('completes keys, also those of steps and of settings under compare', () => {
    const words = (path: readonly (string | number)[]) => keysAt(schema, path).map(({ word }) => word);
    expect(words([])).toContain('workload');
    expect(words(['design', 'servers'])).toContain('maxConnections');
    expect(words(['script', 0])).toEqual(expect.arrayContaining(['at', 'say', 'crash']));
    expect(words(['compare', 0, 'set'])).toEqual(
      expect.arrayContaining(['design.flow', 'design.servers.count']),
    );
  });

  it('completes values, and explains them', () => {
    const words = (path: readonly (string | number)[]) => valuesAt(schema, path).map(({ word }) => word);
    expect(words(['design', 'protocol'])).toEqual(['websocket', 'sse', 'long-polling']);
    expect(words(['design', 'rateLimit'])).toEqual(['none']);
    expect(words(['design', 'reconnect', 'resume'])).toEqual(['true', 'false']);
    expect(words(['compare', 0, 'set', 'design.delivery'])).toContain('at-least-once');
    expect(helpAt(schema, ['design', 'servers', 'count'])?.text).toContain('How many servers');
    expect(helpAt(schema, ['design', 'servers', 'count'])?.type).toContain('from 1 to 1,000');
    expect(helpAt(schema, ['nothing', 'such'])).toBeNull();
  });

  it('knows every key of every scenario that comes with the page', () => {
    const walk = (value: unknown, path: readonly (string | number)[]): void => {
      expect([path, schemasAt(schema, path).length > 0]).toEqual([path, true]);
      if (Array.isArray(value)) for (const [i, one] of value.entries()) walk(one, [...path, i]);
      else if (typeof value === 'object' && value !== null)
        for (const [key, one] of Object.entries(value)) walk(one, [...path, key]);
    };
    for (const file of files) {
      const whole = parse(readFileSync(join(folder, file), 'utf8')) as Record<string, unknown>;
      const { compare: _, ...rest } = whole;
      walk(rest, []);
    }
  });
});

describe('a setting', () => {
  it.each([
    [
      'design:\n  servers: { count: 3 } # three\n',
      'servers.count',
      '5',
      'design:\n  servers: { count: 5 } # three\n',
    ],
    [
      'design:\n  servers: { count: 3 }\n',
      'servers.state',
      'local',
      'design:\n  servers: { count: 3, state: local }\n',
    ],
    [
      'design:\n  servers:\n    count: 3 # n\n\n# next\nworkload: {}\n',
      'servers.state',
      'local',
      'design:\n  servers:\n    count: 3 # n\n    state: local\n\n# next\nworkload: {}\n',
    ],
    ['design:\n  protocol: sse\n', 'retry.base', '1s', 'design:\n  protocol: sse\n  retry: { base: 1s }\n'],
    ['design:\n  rateLimit: none\n', 'rateLimit.limit', '5', 'design:\n  rateLimit: { limit: 5 }\n'],
    ['title: x', 'protocol', 'sse', 'title: x\ndesign: { protocol: sse }\n'],
    ['design:\ntitle: x\n', 'protocol', 'sse', 'design: { protocol: sse }\ntitle: x\n'],
    ['design: {}\n', 'protocol', 'sse', 'design: { protocol: sse }\n'],
  ])('in %j is changed and nothing else is', (text, path, value, after) => {
    const edit = settingEdit(text, ['design', ...path.split('.')], value);
    expect(edit === null ? null : withEdit(text, edit)).toBe(after);
    expect(writtenAt(after, ['design', ...path.split('.')])).toBe(value);
  });

  it('of any scenario can be set, and is then what the parser reads', () => {
    for (const file of files) {
      const text = readFileSync(join(folder, file), 'utf8');
      for (const [path, value] of [
        ['delivery', 'effectively-once'],
        ['servers.state', 'external'],
        ['reconnect.backoff', 'constant'],
        ['pubsub.kind', 'kafka'],
      ] as const) {
        const edit = settingEdit(text, ['design', ...path.split('.')], value)!;
        const changed = withEdit(text, edit);
        expect(writtenAt(changed, ['design', ...path.split('.')])).toBe(value);
        expect(changed.length - text.length).toBe(edit.insert.length - (edit.to - edit.from));
        expect(() => parse(changed)).not.toThrow();
      }
    }
  });
});

describe('a line for the script', () => {
  const LINE = '- { at: 12.3s, crash: ws-server-3 }';
  it.each([
    [
      'script:\n  - at: 0s\n    say: |\n      a\n      b\nexpect: []\n',
      'script:\n  - at: 0s\n    say: |\n      a\n      b\n  - { at: 12.3s, crash: ws-server-3 }\nexpect: []\n',
    ],
    [
      'script:\n- { at: 0s, say: x } # c\n',
      'script:\n- { at: 0s, say: x } # c\n- { at: 12.3s, crash: ws-server-3 }\n',
    ],
    ['script: []\n', 'script: \n  - { at: 12.3s, crash: ws-server-3 }\n'],
    ['title: x\n', 'title: x\nscript:\n  - { at: 12.3s, crash: ws-server-3 }\n'],
    ['script: [{ at: 0s, say: x }]\n', 'script: [{ at: 0s, say: x }, { at: 12.3s, crash: ws-server-3 }]\n'],
  ])('is added to %j', (text, after) => {
    expect(withEdit(text, scriptLineEdit(text, LINE))).toBe(after);
  });

  it('makes a scenario that can be run of every scenario', () => {
    for (const file of files) {
      const text = readFileSync(join(folder, file), 'utf8');
      const changed = withEdit(text, scriptLineEdit(text, '- { at: 1s, crash: database, for: 10ms }'));
      const { script } = parseScenario(changed, file);
      expect(script.at(-1)?.source).toContain('crash: database');
    }
  });
});
