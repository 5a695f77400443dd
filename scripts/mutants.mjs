/**
 * `npm run mutants -- [SLICE...]`: changes the source of algorithms, guarantees and kernel in every way that Stryker knows, one place at a
 * time, and runs the tests of that place: each change (a mutant) must fail one. A campaign of hours, not part of `npm test`. It goes slice
 * by slice, and what a slice has found is kept (`.cache/mutants/SLICE.json`), so it can be stopped, and goes on where it was. Words
 * (string literals: names, sentences of errors) are not changed: those who read them judge them.
 */

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './install.mjs';

/** What is changed, and the test files that must notice. */
const SLICES = {
  backoff: { mutate: 'src/algorithms/backoff', tests: ['test/property/backoff'] },
  balancing: { mutate: 'src/algorithms/balancing', tests: ['test/property/balancing'] },
  dedup: { mutate: 'src/algorithms/dedup', tests: ['test/property/dedup'] },
  ordering: {
    mutate: 'src/algorithms/ordering',
    tests: ['test/property/ordering'],
  },
  'rate-limit': {
    mutate: 'src/algorithms/rate-limit',
    tests: ['test/property/rate-limit', 'test/unit/rate-limit', 'test/golden/rate-limit'],
  },
  guarantees: { mutate: 'src/guarantees', tests: ['test/unit/guarantees', 'test/property/guarantees'] },
  kernel: {
    mutate: 'src/kernel',
    tests: ['test/unit/kernel', 'test/property/kernel'],
  },
};

const folder = join(root, '.cache', 'mutants');
const names = process.argv.slice(2);
for (const name of names) {
  if (!(name in SLICES)) {
    console.error(`no slice ${JSON.stringify(name)}; there are ${Object.keys(SLICES).join(', ')}`);
    process.exit(2);
  }
}
mkdirSync(folder, { recursive: true });

const rows = [];
for (const name of names.length === 0 ? Object.keys(SLICES) : names) {
  const { mutate, tests } = SLICES[name];
  const report = join(folder, `${name}.json`);
  const config = join(folder, `${name}.config.json`);
  writeFileSync(
    config,
    JSON.stringify({
      testRunner: 'vitest',
      vitest: { configFile: 'vitest.mutants.config.ts', related: false },
      mutate: [`${mutate}/**/*.ts`],
      mutator: { excludedMutations: ['StringLiteral'] },
      coverageAnalysis: 'perTest',
      concurrency: 1,
      incremental: true,
      incrementalFile: join(folder, `${name}.incremental.json`),
      reporters: ['json', 'dots'],
      // A mutant that loops for ever waits this long beyond the time of its tests.
      timeoutMS: 2000,
      jsonReporter: { fileName: report },
      tempDirName: '.cache/mutants/sandbox',
      allowEmpty: false,
    }),
  );
  const stryker = join(root, 'node_modules', '@stryker-mutator', 'core', 'bin', 'stryker.js');
  const globs = tests.map((test) => (test.endsWith('.ts') ? test : `${test}/**/*.test.ts`)).join(' ');
  const { status } = spawnSync(process.execPath, [stryker, 'run', config], {
    cwd: root,
    stdio: ['inherit', 'inherit', 'inherit'],
    env: { ...process.env, FANOUT_MUTANTS_TESTS: globs },
  });
  if (status !== 0 || !existsSync(report)) process.exit(status ?? 1);
  rows.push(summary(name, JSON.parse(readFileSync(report, 'utf8'))));
}
console.table(rows);

/** Prints each survivor in a line; returns the slice's numbers. */
function summary(slice, { files }) {
  const counts = { killed: 0, timeout: 0, survived: 0, 'no test': 0 };
  for (const [file, { mutants, source }] of Object.entries(files)) {
    const lines = source.split('\n');
    for (const { status, location, mutatorName, replacement } of mutants) {
      if (status === 'Killed' || status === 'RuntimeError') counts.killed++;
      else if (status === 'Timeout') counts.timeout++;
      else if (status === 'Survived' || status === 'NoCoverage') {
        counts[status === 'Survived' ? 'survived' : 'no test']++;
        const { line, column } = location.start;
        const to = (replacement ?? '').replace(/\s+/g, ' ').slice(0, 60);
        console.log(
          `${file}:${line}:${column} ${mutatorName} -> ${to}   | ${lines[line - 1].trim().slice(0, 90)}`,
        );
      }
    }
  }
  const caught = counts.killed + counts.timeout;
  const all = caught + counts.survived + counts['no test'];
  return {
    slice,
    mutants: all,
    ...counts,
    'percent caught': all === 0 ? 0 : Math.round((1000 * caught) / all) / 10,
  };
}
