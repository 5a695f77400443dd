import { formatCount } from '../base/units.ts';
import { failureText } from '../testkit/failure.ts';
import { faultsUsedText } from '../testkit/faults-used.ts';
import { reachText } from '../testkit/reach.ts';
import { HIDDEN } from '../testkit/zoo/hidden.ts';
import { huntHidden, huntPlanted } from '../testkit/zoo/hunt-planted.ts';
import { RIGHT_DESIGNS, survives } from '../testkit/zoo/right-designs.ts';
import { ZOO } from '../testkit/zoo/zoo.ts';
import { createProgress } from './progress.ts';

/**
 * `npm run hunt -- [SCENARIOS] [SEED]`: every planted mistake must be found, and every right design must survive so many random scenarios
 * (20,000 when nothing is said). Takes some minutes.
 */
const [scenarios = '20000', seed = '1'] = process.argv.slice(2);
const options = { numRuns: Number(scenarios), seed: Number(seed) };
if (!/^[1-9]\d*$/.test(scenarios) || !/^\d+$/.test(seed)) {
  console.error('npm run hunt -- [SCENARIOS] [SEED]: both are whole numbers, as in npm run hunt -- 20000 1');
  process.exit(2);
}

const LONGEST_MS = 60_000;
const seconds = (fromMs: number): string => `${((performance.now() - fromMs) / 1000).toFixed(1)} s`;
let failures = 0;

console.log(`planted mistakes: ${ZOO.length}, and ${HIDDEN.length} that hardly show`);
for (const mistake of [...ZOO, ...HIDDEN]) {
  const fromMs = performance.now();
  const hunt = HIDDEN.some(({ name }) => name === mistake.name) ? huntHidden : huntPlanted;
  const result = hunt(mistake, { numRuns: 100_000, seed: options.seed, timeLimitMs: LONGEST_MS });
  const named = `${mistake.name.padEnd(26)} ${mistake.breaks.padEnd(18)}`;
  if (!result.found) {
    failures++;
    console.log(`  NOT FOUND  ${named} in ${formatCount(result.runs)} scenarios, ${seconds(fromMs)}`);
    continue;
  }
  const { messages, faults, users } = result.failure.small;
  console.log(
    `  found      ${named} ${String(result.runs).padStart(5)} runs ${seconds(fromMs).padStart(7)}   ${messages.length} messages, ${faults.length} faults, ${users} users`,
  );
}

console.log(`right designs, ${formatCount(options.numRuns)} scenarios each`);
for (const right of RIGHT_DESIGNS) {
  const fromMs = performance.now();
  const progress = createProgress(process.stderr.isTTY === true, right.name);
  const result = survives(right, {
    ...options,
    progress: (runs) => progress.show(runs / options.numRuns, `${formatCount(runs)} scenarios`),
  });
  progress.end();
  const told = `${faultsUsedText(result.used)}\n${reachText(result.reach)}`.replace(/^/gm, '               ');
  if (result.survived) {
    console.log(`  survived   ${right.name} (${right.promises.join(', ')}), ${seconds(fromMs)}\n${told}`);
  } else {
    failures++;
    console.log(`  BROKEN     ${right.name} after ${formatCount(result.runs)} scenarios, ${seconds(fromMs)}`);
    console.log(`${told}\n${failureText(result.failure).replace(/^/gm, '    ')}`);
  }
}
process.exitCode = failures > 0 ? 1 : 0;
