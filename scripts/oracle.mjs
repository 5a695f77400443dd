/**
 * `npm run oracle -- [HISTORIES]`: the checkers of the guarantees against the brute-force oracle, on so many random histories (100,000 when
 * nothing is said). `npm test` looks at 2,000. Takes half a minute.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { root } from './install.mjs';

const [histories = '100000', ...more] = process.argv.slice(2);
if (!/^[1-9]\d*$/.test(histories) || more.length > 0) {
  console.error('npm run oracle -- [HISTORIES]: a whole number, as in npm run oracle -- 100000');
  process.exit(2);
}
const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
const { status } = spawnSync(
  process.execPath,
  [
    vitest,
    'run',
    '--project',
    'node',
    'test/property/guarantees/checkers-against-oracle.test.ts',
    '-t',
    'agrees with the brute-force oracle',
    '--testTimeout',
    '0',
  ],
  { cwd: root, stdio: 'inherit', env: { ...process.env, FANOUT_DEPTH: histories } },
);
process.exitCode = status ?? 1;
