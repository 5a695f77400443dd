import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const ROOT = new URL('../../', import.meta.url);
const { dependencies } = JSON.parse(readFileSync(new URL('package.json', ROOT), 'utf8')) as {
  dependencies: Record<string, string>;
};
const sources = readdirSync(new URL('src/', ROOT), { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.tsx?$/.test(file))
  .map((file) => readFileSync(new URL(`src/${file}`, ROOT), 'utf8'))
  .join('\n');

/** `from 'd3-scale'`, `import('mermaid')`, `from 'react-dom/client'`. */
const isImported = (name: string): boolean =>
  new RegExp(`(from |import |import\\()'${name.replace(/[/.]/g, '\\$&')}(/[^']*)?'`).test(sources);

test('every dependency of the page and the command line is imported by something', () => {
  expect(isImported('react')).toBe(true);
  expect(isImported('left-pad')).toBe(false);
  expect(Object.keys(dependencies).filter((name) => !isImported(name))).toEqual([]);
});
