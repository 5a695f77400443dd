import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { InputError } from '../../../src/base/errors.ts';
import { SCENARIOS_FOLDER, shippedScenarios } from '../../../src/cli/read-scenario.ts';
import { readShipped, scenarioList, scenarioTable } from '../../../src/cli/scenarios.ts';
import { EVERYTHING, TINY } from '../scenario/texts.ts';

function folderOf(files: Readonly<Record<string, string>>): URL {
  const folder = mkdtempSync(join(tmpdir(), 'fanout-'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return pathToFileURL(`${folder}/`);
}

const two = folderOf({ 'two-friends.yaml': TINY, 'everything.yaml': EVERYTHING, 'notes.txt': 'no scenario' });

test('the list has each scenario with what it teaches, how large it is, and how many questions and worlds', () => {
  expect(scenarioList(readShipped(two)).scenarios).toEqual([
    {
      scenario: 'everything',
      file: 'scenarios/everything.yaml',
      title: 'Everything at once',
      summary: 'Uses each key of the format.',
      teaches: ['message-ordering', 'persistence'],
      users: 10_000,
      durationSeconds: 300,
      questions: 1,
      worlds: 4,
    },
    {
      scenario: 'two-friends',
      file: 'scenarios/two-friends.yaml',
      title: 'Two friends',
      summary: '',
      teaches: [],
      users: 2,
      durationSeconds: 10,
      questions: 0,
      worlds: 1,
    },
  ]);
});

test('the list for people names them with title, size, summary and topics', () => {
  expect(scenarioTable(readShipped(two))).toBe(
    'everything: Everything at once (10 k users, 5 min)\n' +
      '  Uses each key of the format.\n' +
      '  teaches message-ordering, persistence\n\n' +
      'two-friends: Two friends (2 users, 10 s)',
  );
  expect(scenarioTable([])).toBe('There are no scenarios.');
});

test('a folder with wrong scenarios is refused with the problems of all of them', () => {
  const wrong = folderOf({ 'a.yaml': 'scenario: a', 'b.yaml': TINY, 'c.yaml': '{' });
  expect(() => readShipped(wrong)).toThrow(InputError);
  expect(() => readShipped(wrong)).toThrow(/^scenarios\/a\.yaml:1:1: .*\nscenarios\/c\.yaml:1:2: /);
});

test('every shipped scenario can be used, is called as its file, says what it shows and asks a question', () => {
  const shipped = readShipped(SCENARIOS_FOLDER);
  expect(shipped.length).toBeGreaterThan(0);
  expect(shipped.map((scenario) => scenario.name)).toEqual(shippedScenarios());
  for (const { name, summary, teaches, script } of shipped) {
    expect(summary.length, name).toBeGreaterThan(20);
    expect(teaches.length, name).toBeGreaterThan(0);
    expect(script.filter(({ does }) => does.do === 'ask').length, name).toBeGreaterThan(0);
  }
});
