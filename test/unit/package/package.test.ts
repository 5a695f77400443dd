import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { root } from '../../../scripts/install.mjs';
import { ENTRIES, PACKAGE_FOLDER } from '../../../scripts/package.mjs';
import { createRun } from '../../../src/run/run.ts';
import { parseScenario } from '../../../src/scenario/parse.ts';
import {
  blocksOf,
  createForeignProject,
  docExamples,
  type ForeignProject,
  nestFastCheck,
} from './foreign-project.ts';
import { apiReports, publintMessages } from './package-tools.mjs';

/** The package as somebody else has it: packed, unpacked outside the repository, with its own dependencies and no others. */

let project: ForeignProject;
beforeAll(async () => {
  project = await createForeignProject(['typescript', '@types/node', 'undici-types', 'vitest']);
}, 300_000);
afterAll(() => project?.remove());

const MAIN = 'node_modules/fanout/dist/cli/main.js';

/** As the source comes to it. */
function hashOfOneMessage(): string {
  const file = join(root, 'scenarios/one-message.yaml');
  const run = createRun(parseScenario(readFileSync(file, 'utf8'), file));
  while (run.advance(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY) !== 'end');
  return run.worldHash();
}

test('its manifest is right, and its types are found by whoever imports ESM', async () => {
  expect(await publintMessages()).toEqual([]);
  const attw = spawnSync(
    process.execPath,
    [
      join(root, 'node_modules/@arethetypeswrong/cli/dist/index.js'),
      project.tarball,
      '--profile',
      'esm-only',
      '--format',
      'ascii',
      '--exclude-entrypoints',
      'lab/*',
      'scenarios/*',
    ],
    { encoding: 'utf8' },
  );
  expect(attw.stdout.match(/node16 \(from ESM\): 🟢/g)).toHaveLength(Object.keys(ENTRIES).length + 1);
  expect(attw.status).toBe(0);
});

test('under strict settings, the libraries checked as well, what the README and the docstrings show compiles, and it runs', () => {
  const examples = new Map([
    ...blocksOf(readFileSync(join(PACKAGE_FOLDER, 'README.md'), 'utf8')).map(
      (code, i) => [`readme-${i}`, code] as const,
    ),
    ...docExamples(join(PACKAGE_FOLDER, 'dist')),
  ]);
  expect(examples.size).toBeGreaterThan(10);
  for (const [name, code] of examples) project.write(`src/${name}.ts`, code);
  project.write('src/wrong.ts', "import { parseScenario } from 'fanout';\nparseScenario(7);\n");
  project.write(
    'src/all.ts',
    `${[...examples.keys()].map((name) => `import './${name}.js';`).join('\n')}\nconsole.log('all held');\n`,
  );
  project.write(
    'tsconfig.json',
    JSON.stringify({
      compilerOptions: {
        target: 'es2022',
        module: 'nodenext',
        strict: true,
        exactOptionalPropertyTypes: true,
        skipLibCheck: false,
        types: ['node'],
        rootDir: 'src',
        outDir: 'built',
      },
      include: ['src'],
    }),
  );
  const compiled = project.node('node_modules/typescript/bin/tsc');
  // The one mistake is seen, and nothing else is one.
  expect(compiled.stdout.trim().split('\n')).toEqual([
    expect.stringMatching(/^src\/wrong\.ts\(2,15\): error TS2345/),
  ]);
  const ran = project.node('built/all.js');
  expect(ran.stderr).toBe('');
  expect(ran.stdout).toMatch(/all held\n$/);
});

test('the command runs a shipped scenario to the same bytes as the repository, and a sweep on threads of its own', () => {
  const { status, stdout, stderr } = project.node(MAIN, 'run', 'one-message', '--json');
  expect([status, stderr]).toEqual([0, '']);
  expect((JSON.parse(stdout) as { worldHash: string }).worldHash).toBe(hashOfOneMessage());

  const swept = project.node(MAIN, 'sweep', 'one-message', '--seeds', '1..2', '--threads', '2', '--json');
  expect((JSON.parse(swept.stdout) as { cells: { runs: unknown[] }[] }).cells[0]!.runs).toHaveLength(2);
  expect(project.node(MAIN, 'bench').stderr).toMatch(/^fanout bench:1:1: .*clone it/);
});

test('what a hunt prints runs again outside the repository, and so it does beside a second copy of fast-check', () => {
  project.write(
    'hunt.js',
    `import fc from 'fast-check';
     import { guarantee, scenarios } from 'fanout/testkit';
     const design = fc.constant({ delivery: 'at-least-once' });
     try { guarantee('no-duplicates').holdsFor(scenarios({ design, faults: ['client-link'] }), { seed: 1 }); }
     catch (error) { console.log(error.message); }`,
  );
  const once = project.node('hunt.js');
  const [, command, token] = /^replay: +npx (fanout replay) (\S+)$/m.exec(once.stdout) ?? [once.stderr];
  expect(command).toBe('fanout replay');
  const replayed = project.node(MAIN, 'replay', token!);
  expect(replayed.status).toBe(1);
  expect(replayed.stdout).toContain('no-duplicates');

  nestFastCheck(project);
  expect(project.node('hunt.js')).toEqual({ ...once, pid: expect.anything(), output: expect.anything() });
});

test('the examples find the mistake of a chat server under node:test and vitest', () => {
  const underNode = project.node('--test', 'examples/node-test/');
  expect(underNode.stdout).toMatch(/# pass 2\n# fail 0/);
  const underVitest = project.node('node_modules/vitest/vitest.mjs', 'run', '--root', 'examples/vitest');
  expect(underVitest.stdout).toMatch(/2 passed/);
});

test('a bundle for browsers has nothing of Node in it, and of the package only what is used', async () => {
  const bundled = async (code: string): Promise<string> => {
    const { outputFiles } = await build({
      stdin: { contents: code, resolveDir: project.folder },
      bundle: true,
      write: false,
      minify: true,
      // What a browser has not would be an import that cannot be resolved.
      format: 'iife',
      globalName: 'bundle',
      platform: 'browser',
      logLevel: 'silent',
    });
    return outputFiles[0]!.text;
  };
  const limiter = await bundled("export { standaloneRateLimiter } from 'fanout/algorithms';");
  expect(limiter.length).toBeLessThan(30_000);
  expect(limiter).not.toMatch(/vectorClock|bloomFilter|backoff/);
  const whole = await bundled("export { parseScenario, runScenario } from 'fanout';");
  expect(whole).not.toMatch(/require\(/);

  // In a realm with the language and the two text coders, which every browser has, and nothing else.
  const script = `${whole}; bundle.runScenario(bundle.parseScenario(text)).worldHash`;
  const text = readFileSync(join(root, 'scenarios/one-message.yaml'), 'utf8');
  const hash: unknown = runInNewContext(script, { text, TextEncoder, TextDecoder });
  expect(hash).toBe(hashOfOneMessage());
});

test('what it exports is documented, and as the reports in test/golden/api say', async () => {
  const golden = join(root, 'test/golden/api');
  for (const [name, report] of await apiReports()) {
    const file = join(golden, `${name}.api.md`);
    // RENEW=1 writes them anew: what others rely on has changed then, and CHANGELOG.md says how.
    if (process.env.RENEW === '1') writeFileSync(file, report);
    expect(report, `${name}: RENEW=1 if this is meant`).toBe(readFileSync(file, 'utf8'));
    expect(report).not.toMatch(/@public \(undocumented\)\nexport .*/);
  }
});

test('to import it does nothing', () => {
  project.write(
    'import.js',
    `const before = Object.getOwnPropertyNames(globalThis);
     await Promise.all(${JSON.stringify(Object.keys(ENTRIES))}.map((entry) => import('fanout' + entry.slice(1))));
     // zod keeps its settings there.
     const left = Object.getOwnPropertyNames(globalThis).filter((name) => !before.includes(name) && !name.startsWith('__zod'));
     console.log(JSON.stringify({ left, resources: process.getActiveResourcesInfo().filter((name) => /Time|Worker|Server/.test(name)) }));`,
  );
  expect(JSON.parse(project.node('import.js').stdout)).toEqual({ left: [], resources: [] });
});

test('it has a source map for every module, with the source in it', () => {
  const map = join(PACKAGE_FOLDER, 'dist/kernel/world.js.map');
  expect(existsSync(map)).toBe(true);
  const { sourcesContent } = JSON.parse(readFileSync(map, 'utf8')) as { sourcesContent: string[] };
  expect(sourcesContent[0]).toBe(readFileSync(join(root, 'src/kernel/world.ts'), 'utf8'));
});
