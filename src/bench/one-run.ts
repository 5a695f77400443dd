import { readFileSync } from 'node:fs';
import { US_PER_SECOND } from '../base/units.ts';
import { createRun } from '../run/run.ts';
import { parseScenario } from '../scenario/parse.ts';
import { COUNT } from '../system/state/counters.ts';
import { cpuUs } from './report.ts';

/**
 * `bench-one-run.ts SCENARIO`: builds and runs one scenario in this process, and prints what that took as JSON. A process of its own for each
 * run, so that none finds code or memory that another one warmed up, and the peak of the memory is its own.
 */
export interface OneRun {
  readonly buildCpuSeconds: number;
  readonly runCpuSeconds: number;
  readonly virtualSeconds: number;
  readonly events: number;
  readonly deliveries: number;
  readonly messages: number;
  readonly peakMemoryMB: number;
}

const file = `${process.argv[2]}.yaml`;
const scenario = parseScenario(
  readFileSync(new URL(`../../scenarios/${file}`, import.meta.url), 'utf8'),
  file,
);
const begunUs = cpuUs();
const run = createRun(scenario, { seed: scenario.seed });
const builtUs = cpuUs();
while (run.advance(scenario.durationUs, Number.POSITIVE_INFINITY) !== 'end');
const endUs = cpuUs();
const { values } = run.system.context;
const measured: OneRun = {
  buildCpuSeconds: (builtUs - begunUs) / US_PER_SECOND,
  runCpuSeconds: (endUs - builtUs) / US_PER_SECOND,
  virtualSeconds: run.nowUs / US_PER_SECOND,
  events: run.events,
  deliveries: values[COUNT.shown]! + values[COUNT.shownFromHistory]!,
  messages: values[COUNT.persisted]!,
  peakMemoryMB: Math.round(process.resourceUsage().maxRSS / 1024),
};
process.stdout.write(JSON.stringify(measured));
