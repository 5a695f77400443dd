import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { CHAPTERS, inChapters } from '../../../src/app/chapters.ts';

const shipped = readdirSync(new URL('../../../scenarios/', import.meta.url))
  .filter((file) => file.endsWith('.yaml'))
  .map((file) => file.slice(0, -'.yaml'.length));

test('every shipped scenario is in one chapter, and every name in a chapter is a shipped scenario', () => {
  expect(CHAPTERS.flatMap(({ names }) => names).sort()).toEqual([...shipped].sort());
});

test('what is in no chapter comes last, by name, and an empty chapter is left out', () => {
  const entries = ['zebra', 'server-crash', 'ant', 'one-message'].map((name) => ({ name }));
  expect(inChapters(entries).map((c) => [c.title, ...c.entries.map(({ name }) => name)])).toEqual([
    ['The way of a message', 'one-message', 'server-crash'],
    ['More', 'ant', 'zebra'],
  ]);
});
