/**
 * `npm test`: everything that can fail, one step after the other. A failing step does not stop the ones after it. The exit
 * status is the first failing step's; the last line is `N passed, N failed`, where a step that is no test run counts as one.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { findChromium } from './chromium.mjs';
import { installDependencies, root } from './install.mjs';
import { buildPage } from './page.mjs';

const seconds = (fromMs) => `${((performance.now() - fromMs) / 1000).toFixed(1)} s`;

/** No step takes half as long; a test that computes for ever can be stopped by no time-out of its own. */
const LONGEST_STEP_MS = 900_000;

/** Runs the program of an installed package with this Node. */
function runTool(script, args, env = {}) {
  const { status, error } = spawnSync(process.execPath, [join(root, 'node_modules', script), ...args], {
    cwd: root,
    stdio: 'inherit',
    // Building the page sets NODE_ENV to production, with which React lacks what tests need.
    env: { ...process.env, NODE_ENV: 'test', ...env },
    timeout: LONGEST_STEP_MS,
    killSignal: 'SIGKILL',
  });
  if (error !== undefined) console.error(`${script} ${args.join(' ')}: ${error.message}`);
  return status ?? 1;
}

const asOne = (status) => ({ status, passed: status === 0 ? 1 : 0, failed: status === 0 ? 0 : 1 });

/** Runs a vitest project and counts its tests; a file that cannot be loaded counts as a failed test. */
function runVitest(project, env) {
  const reportPath = join(root, '.cache', `test-${project}.json`);
  rmSync(reportPath, { force: true });
  const status = runTool(
    'vitest/vitest.mjs',
    ['run', '--project', project, '--reporter=default', '--reporter=json', `--outputFile.json=${reportPath}`],
    env,
  );
  if (!existsSync(reportPath)) return { status: status || 1, passed: 0, failed: 1 };
  const report = JSON.parse(readFileSync(reportPath, 'utf8'));
  const notLoaded = report.testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.length === 0,
  );
  const failed = report.numFailedTests + notLoaded.length;
  // Errors outside of any test fail the run too.
  return { status, passed: report.numPassedTests, failed: status !== 0 && failed === 0 ? 1 : failed };
}

async function build() {
  try {
    await buildPage('warn');
    return asOne(0);
  } catch (error) {
    console.error(error.message);
    return asOne(1);
  }
}

async function testInBrowser() {
  try {
    return runVitest('e2e', { CHROMIUM_PATH: await findChromium() });
  } catch (error) {
    console.error(error.message);
    return asOne(1);
  }
}

const STEPS = [
  ['lint', 'format and lint (biome)', () => asOne(runTool('@biomejs/biome/bin/biome', ['check', '.']))],
  ['types', 'types (tsc)', () => asOne(runTool('typescript/bin/tsc', ['--build']))],
  ['build', 'build (vite)', build],
  ['tests', 'unit, property, golden, validation and architecture tests (vitest)', () => runVitest('node')],
  ['browser', 'tests in Chromium', testInBrowser],
];

const startMs = performance.now();
if (!installDependencies()) {
  console.log('0 passed, 1 failed');
  process.exit(1);
}
mkdirSync(join(root, '.cache'), { recursive: true });
const results = [];
for (const [name, title, step] of STEPS) {
  console.log(`\n== ${title}`);
  const stepMs = performance.now();
  const result = await step();
  results.push({ name, ...result, time: seconds(stepMs) });
}
console.log('');
for (const { name, status, passed, failed, time } of results) {
  console.log(
    `${status === 0 ? 'ok    ' : 'FAILED'} ${name.padEnd(8)} ${passed} passed, ${failed} failed, ${time}`,
  );
}
console.log(`All in ${seconds(startMs)}.`);
const total = (key) => results.reduce((sum, result) => sum + result[key], 0);
process.exitCode = results.find((result) => result.status !== 0)?.status ?? 0;
console.log(`${total('passed')} passed, ${total('failed')} failed`);
