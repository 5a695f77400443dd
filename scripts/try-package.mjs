/**
 * `npm run try-package`: packs the package, installs it with npm, which takes its dependencies from the network, into a folder outside
 * of the repository, and runs there what its README promises, under every test runner of examples/. Says how long it took.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './install.mjs';
import { buildPackage, packPackage } from './package.mjs';

await buildPackage();
const folder = mkdtempSync(join(tmpdir(), 'fanout-try-'));
const tarball = packPackage(folder);
const examples = join(folder, 'examples');
cpSync(join(root, 'examples'), examples, {
  recursive: true,
  filter: (file) => !file.includes('node_modules'),
});

/** Runs npm or npx; what it says goes on. Throws when it fails. */
function run(cwd, command, ...args) {
  const begunMs = performance.now();
  console.log(`\n> ${command} ${args.join(' ')}`);
  // Building the page sets NODE_ENV to production, in which npm installs no tools.
  const { NODE_ENV: _, ...env } = process.env;
  const { status } = spawnSync(command, args, {
    cwd,
    env,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with status ${status}`);
  return (performance.now() - begunMs) / 1000;
}

try {
  const quiet = ['--no-audit', '--no-fund', '--loglevel=error'];
  const alone = mkdtempSync(join(folder, 'alone-'));
  run(alone, 'npm', 'init', '--yes', '--loglevel=error');
  const install = run(alone, 'npm', 'install', ...quiet, tarball);
  const report = run(alone, 'npx', 'fanout', 'run', 'one-message');
  run(examples, 'npm', 'install', ...quiet, tarball);
  for (const runner of ['node-test', 'vitest', 'jest']) run(examples, 'npm', 'run', runner);
  console.log(
    `\nnpm install ${install.toFixed(1)} s, the first report ${report.toFixed(1)} s later: all runs.`,
  );
} finally {
  rmSync(folder, { recursive: true });
}
