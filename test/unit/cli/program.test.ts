import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  CAPACITY_SETTINGS,
  CapacityError,
  DefectError,
  InputError,
  UserError,
} from '../../../src/base/errors.ts';
import { runCommandLine } from '../../../src/cli/program.ts';
import { VERBS, type Verb } from '../../../src/cli/verbs.ts';
import { VERSION } from '../../../src/cli/version.ts';
import { createRun } from '../../../src/run/run.ts';
import { parseScenario } from '../../../src/scenario/parse.ts';
import { scenarioJsonSchema } from '../../../src/scenario/schema/json-schema.ts';
import { SMALL_TEXT } from '../../property/hunt/small-text.ts';

interface Ended {
  readonly out: string;
  readonly err: string;
  readonly statuses: readonly number[];
}

async function fanout(args: readonly string[], verbs: readonly Verb[] = VERBS): Promise<Ended> {
  let out = '';
  let err = '';
  const statuses: number[] = [];
  await runCommandLine(
    args,
    { out: (text) => (out += text), err: (text) => (err += text), exit: (status) => statuses.push(status) },
    verbs,
  );
  return { out, err, statuses };
}

const throwing = (error: unknown): Verb => ({
  name: 'try',
  register: async (program) => {
    program.command('try').action(() => {
      throw error;
    });
  },
});

describe('help', () => {
  test('lists every verb with what it does', async () => {
    const { out, statuses } = await fanout(['--help']);
    for (const { name } of VERBS) expect(out).toMatch(new RegExp(`^  ${name} +\\S`, 'm'));
    expect(out).toContain(
      'Exit status: 0 all holds; 1 an expectation or a guarantee falls short; 2 the input',
    );
    expect(statuses).toEqual([0]);
  });

  test.each(VERBS.map(({ name }) => [name]))(
    'of %s is there by --help and by help VERB, and ends with 0',
    async (name) => {
      const byFlag = await fanout([name, '--help']);
      expect(byFlag.out).toContain(`Usage: fanout ${name}`);
      expect(byFlag.statuses).toEqual([0]);
      expect((await fanout(['help', name])).out).toBe(byFlag.out);
    },
  );

  test('is printed on standard error, with status 2, where no verb is given', async () => {
    const { out, err, statuses } = await fanout([]);
    expect([out, statuses]).toEqual(['', [2]]);
    expect(err).toContain('Usage: fanout');
  });

  test('has the version beside it', async () => {
    expect(await fanout(['--version'])).toEqual({ out: `${VERSION}\n`, err: '', statuses: [0] });
  });
});

describe('an argument that cannot be used ends with status 2 and one line', () => {
  test.each([
    [['rnu'], 'fanout:1:1: there is no verb "rnu"; did you mean run?'],
    [['frobnicate'], 'fanout:1:1: there is no verb "frobnicate"; use run, scenarios, diagram'],
    [['constructor'], 'fanout:1:1: there is no verb "constructor"; use run, scenarios, diagram'],
    [['--jsn', 'scenarios'], "--jsn:1:1: unknown option '--jsn'; see fanout scenarios --help"],
    [['scenarios', '--jsn'], "--jsn:1:1: unknown option '--jsn'; did you mean --json?"],
    [
      ['scenarios', 'all'],
      "fanout scenarios:1:1: too many arguments for 'scenarios'. Expected 0 arguments but got 1; see",
    ],
    [['run'], "fanout run:1:1: missing required argument 'scenario'; see fanout run --help"],
    [
      ['run', 'one-message', '--seed'],
      "--seed:1:1: option '--seed <number>' argument missing; see fanout run --help",
    ],
    [['run', 'one-mesage'], 'one-mesage:1:1: there is no such file; did you mean one-message?'],
    [['run', 'scenarios'], 'scenarios:1:1: this is no file; '],
    [
      ['run', 'one-message', '--seed', '-1'],
      '--seed:1:1: "-1" is no count; write a whole number from 0 to 4,294,967,295',
    ],
    [
      ['run', 'one-message', '--for', '60'],
      '--for:1:1: "60" is no duration; it has no unit: write 60ms or 60s',
    ],
    [['run', 'one-message', '--users', '1e12'], '--users:1:1: "1e12" is no count; '],
    [['run', 'one-message', '--set', 'design.delivery'], '--set:1:1: "design.delivery" has no value; '],
    [
      ['run', 'one-message', '--set', 'design.delivery=once'],
      '--set:1:17: design.delivery: "once" is not one of the names here; ',
    ],
    [
      ['run', 'one-message', '--set', 'design.flow=[ack'],
      '--set:1:17: design.flow: a bracket is not closed here; ',
    ],
    [
      ['run', 'one-message', '--set', 'design.flow=*a'],
      '--set:1:13: design.flow: aliases are not read here; ',
    ],
  ])('%j', async (args, line) => {
    const { out, err, statuses } = await fanout(args);
    expect(err.trimEnd().split('\n')).toEqual([expect.stringContaining(line)]);
    expect(err.startsWith(line)).toBe(true);
    expect([out, statuses]).toEqual(['', [2]]);
  });

  test('of a file that is too large, no text, or no scenario', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'fanout-'));
    const file = (name: string, bytes: string | Uint8Array): string => {
      writeFileSync(join(folder, name), bytes);
      return join(folder, name);
    };
    const large = file('large.yaml', 'a: b\n'.repeat(2_000_000));
    const binary = file('binary.yaml', new Uint8Array([0x73, 0xff, 0xfe]));
    const other = file('other.yaml', 'scenario: other\ntitle: 7\n');
    expect((await fanout(['run', large])).err).toBe(
      `${large}:1:1: the file has 10000000 bytes; a scenario has at most 262144 characters`,
    );
    expect((await fanout(['run', binary])).err).toBe(
      `${binary}:1:1: the file is not UTF-8; save it as UTF-8 text`,
    );
    expect((await fanout(['run', other])).err).toBe(`${other}:2:8: 7 is no text; put it in quotes`);
  });
});

describe('what a verb throws', () => {
  const problem = { file: 'a.yaml', line: 2, column: 3, message: 'x; y' };

  test('is one line a problem and status 2 where the input is at fault', async () => {
    expect(await fanout(['try'], [throwing(new InputError([problem, { ...problem, line: 4 }]))])).toEqual({
      out: '',
      err: 'a.yaml:2:3: x; y\na.yaml:4:3: x; y',
      statuses: [2],
    });
    expect(
      (await fanout(['try'], [throwing(new CapacityError('users.word', 10, ['workload.users']))])).err,
    ).toBe('fanout try:1:1: the column "users.word" is full at 10 entries; lower workload.users');
  });

  test('is one line that calls it a defect, with its place, and status 70 otherwise', async () => {
    const error = new Error('defect: the heap is upside down\nsecond line');
    error.stack =
      'Error\n    at sift (/home/someone/fanout/src/kernel/event-list.ts:12:3)\n    at x (/y/src/z.ts:1:1)';
    expect(await fanout(['try'], [throwing(error)])).toEqual({
      out: '',
      err: 'fanout: this is a defect of Fanout, not of its input; please report it: defect: the heap is upside down (src/kernel/event-list.ts:12)',
      statuses: [70],
    });
    expect((await fanout(['try'], [throwing('a string')])).statuses).toEqual([70]);
  });
});

test('only the verb that is asked for is loaded', async () => {
  const loaded: string[] = [];
  const verb = (name: string): Verb => ({
    name,
    register: async (program, io) => {
      loaded.push(name);
      program.command(name).action(() => io.exit(0));
    },
  });
  const verbs = [verb('one'), verb('two'), verb('three')];
  expect((await fanout(['two'], verbs)).statuses).toEqual([0]);
  expect(loaded).toEqual(['two']);
});

test('the process prints one JSON document, ends with the status, and survives a reader that has seen enough', () => {
  const root = join(import.meta.dirname, '../../..');
  const main = 'node scripts/run-ts.mjs src/cli/main.ts --';
  const list = spawnSync('sh', ['-c', `${main} scenarios --json`], { cwd: root, encoding: 'utf8' });
  expect(list.status).toBe(0);
  expect(JSON.parse(list.stdout)).toHaveProperty('scenarios');
  expect(list.stdout.endsWith('}\n')).toBe(true);
  const wrong = spawnSync('sh', ['-c', `${main} scenarois`], { cwd: root, encoding: 'utf8' });
  expect([wrong.status, wrong.stdout]).toEqual([2, '']);
  const cut = spawnSync('sh', ['-c', `${main} scenarios | true`], { cwd: root, encoding: 'utf8' });
  expect(cut.stderr).not.toContain('EPIPE');
});

test('a setting that a full column names is one of a scenario', () => {
  interface Schema {
    readonly properties?: Readonly<Record<string, Schema>>;
    readonly anyOf?: readonly Schema[];
  }
  for (const path of Object.values(CAPACITY_SETTINGS).flat()) {
    const at = path
      .split('.')
      .reduce<Schema | undefined>(
        (of, key) => [of, ...(of?.anyOf ?? [])].find((form) => form?.properties?.[key])?.properties?.[key],
        scenarioJsonSchema() as Schema,
      );
    expect(at, path).toBeDefined();
  }
});

test('a run that comes upon a defect says where: scenario, seed and moment; what a user may not do is no defect', () => {
  const run = createRun(parseScenario(SMALL_TEXT, 'small.yaml'));
  expect(() => run.act({ do: 'crash', node: 999, forUs: null })).toThrow(UserError);
  run.system.context.events.nextTimeUs = () => {
    throw new RangeError('Invalid array length');
  };
  const told = () => run.advance(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY);
  expect(told).toThrow(DefectError);
  expect(told).toThrow(/^Invalid array length; scenario small, seed \d+, at [\d.]+ s$/);
});
