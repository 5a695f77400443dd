import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { root } from '../../../scripts/install.mjs';

let directory;
beforeAll(() => {
  mkdirSync(join(root, '.cache'), { recursive: true });
  directory = mkdtempSync(join(root, '.cache', 'run-ts-')); // within the project, whose package.json says that modules are ESM
});
afterAll(() => rmSync(directory, { recursive: true }));

function run(source, ...args) {
  const file = join(directory, 'program.ts');
  writeFileSync(file, source);
  const runner = join(root, 'scripts', 'run-ts.mjs');
  const { status, stdout, stderr } = spawnSync(process.execPath, [runner, file, ...args], {
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

test('a TypeScript program gets its arguments, with or without the two dashes before them', () => {
  const program = 'const rest: readonly string[] = process.argv.slice(2); console.log(rest.join(" "));';
  expect(run(program, '--', 'run', '--json').stdout).toBe('run --json\n');
  expect(run(program, 'run', '--', '--json').stdout).toBe('run -- --json\n');
});

test('it imports TypeScript, and nothing else is said on standard output', () => {
  const program = `import { formatDuration } from '${root}/src/base/units.ts'; console.log(formatDuration(1250));`;
  expect(run(program)).toEqual({ status: 0, stdout: '1.25 ms\n', stderr: '' });
});

test('its closures are as it wrote them, without a call that names each', () => {
  const program =
    'const make = () => { const add = (x: number) => x + 1; return add; }; console.log(make.toString());';
  expect(run(program).stdout).not.toContain('__name');
});

test('its status is its own, and an error names the line of the source', () => {
  expect(run('process.exitCode = 2;').status).toBe(2);
  const failed = run('interface A { x: number }\n\nconst a: A | null = null;\nthrow new Error(String(a));');
  expect(failed.status).toBe(1);
  expect(failed.stderr).toContain('program.ts:4');
});

test('a second thread runs TypeScript by the same script', () => {
  const program = `
    import { isMainThread, Worker } from 'node:worker_threads';
    if (isMainThread) new Worker('${root}/scripts/run-ts.mjs', { argv: [process.argv[1]!, 'from', 'a', 'thread'] });
    else console.log(process.argv.slice(2).join(' '));`;
  expect(run(program).stdout).toBe('from a thread\n');
});

test('a file that does not exist is one clear line', () => {
  const { status, stderr } = spawnSync(process.execPath, ['scripts/run-ts.mjs', 'src/nothing.ts'], {
    cwd: root,
    encoding: 'utf8',
  });
  expect(status).toBe(2);
  expect(stderr).toBe('src/nothing.ts: there is no such file\n');
});
