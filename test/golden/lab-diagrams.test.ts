import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { LAB_DIAGRAMS, labDiagramText } from '../../src/cli/lab-diagrams.ts';

test.each(LAB_DIAGRAMS)('diagrams/$file.mmd is what the source draws; if not: npm run diagrams', (one) => {
  expect(readFileSync(`diagrams/${one.file}.mmd`, 'utf8')).toBe(labDiagramText(one));
});

test('diagrams/ holds no diagram that nothing draws', () => {
  const found = readdirSync('diagrams').filter((name) => name.endsWith('.mmd'));
  expect(found.sort()).toEqual(LAB_DIAGRAMS.map(({ file }) => `${file}.mmd`).sort());
});
