import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { whyInstall, whyNotThisNode } from '../../../scripts/install.mjs';

const directories = [];
afterEach(() => {
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true });
});

const A = { version: '1.0.0', integrity: 'sha512-a' };

/** A project with these packages locked and, unless null, these installed. */
function project(locked, installed, engines = { node: '>=20.19' }) {
  const directory = mkdtempSync(join(tmpdir(), 'fanout-'));
  directories.push(directory);
  const write = (file, value) => writeFileSync(join(directory, file), JSON.stringify(value));
  write('package.json', { engines });
  write('package-lock.json', { packages: { '': { name: 'project' }, ...locked } });
  if (installed !== null) {
    mkdirSync(join(directory, 'node_modules'));
    write('node_modules/.package-lock.json', { packages: installed });
  }
  return directory;
}

test('nothing has to be installed when what is installed is what is locked', () => {
  expect(whyInstall(project({ 'node_modules/a': A }, { 'node_modules/a': A }))).toBeNull();
});

test('an optional package of another platform need not be installed', () => {
  const locked = { 'node_modules/a': A, 'node_modules/a-for-mars': { ...A, optional: true } };
  expect(whyInstall(project(locked, { 'node_modules/a': A }))).toBeNull();
});

test.each([
  ['nothing is', null, 'no dependencies are installed'],
  ['a package is missing', {}, '@x/a 1.0.0 is not installed'],
  [
    'a version differs',
    { 'node_modules/@x/a': { ...A, version: '0.9.0' } },
    '@x/a is 0.9.0, and 1.0.0 is locked',
  ],
  ['a content differs', { 'node_modules/@x/a': { ...A, integrity: 'sha512-b' } }, '@x/a is 1.0.0'],
])('the dependencies have to be installed when %s', (_, installed, why) => {
  expect(whyInstall(project({ 'node_modules/@x/a': A }, installed))).toContain(why);
});

test('a Node that is too old is told which one would do', () => {
  expect(whyNotThisNode(project({}, {}, { node: '>=999.1' }))).toContain('Fanout needs Node 999.1 or newer');
  expect(whyNotThisNode(project({}, {}, { node: '>=20.0' }))).toBeNull();
});
