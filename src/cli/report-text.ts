import { formatCount, formatExact, secondsText, US_PER_SECOND } from '../base/units.ts';
import { groundsOf } from '../guarantees/registry.ts';
import { standingWord, standingWords } from '../guarantees/verdict.ts';
import type { RunReport } from '../run/report.ts';
import { METRICS, type MetricName } from '../scenario/metrics.ts';
import { PRICES } from '../system/design/cost.ts';

/** A report for people. */
export function formatReport(report: RunReport): string {
  const worlds = [report, ...report.worlds];
  const lines = [`${report.scenario}, seed ${report.seed}, version ${report.version}`, ''];
  for (const world of worlds) lines.push(...worldLines(world, worlds.length > 1), '');
  if (report.narration.length > 0) lines.push('told', ...report.narration.map(toldLine), '');
  for (const world of worlds) {
    const name = worlds.length > 1 ? ` in world "${world.world}"` : '';
    for (const { line, step } of world.script.neverCame)
      lines.push(`never came${name}: line ${line}: ${shortened(step)}`);
  }
  if (report.expectations.length > 0) {
    lines.push('expected');
    for (const { text, holds, found } of report.expectations) {
      lines.push(`  ${holds ? 'yes' : 'NO '}  ${text}${holds ? '' : `: found ${found}`}`);
    }
  }
  return lines.join('\n').trimEnd();
}

const STEP_LENGTH = 100;
const shortened = (step: string): string =>
  step.length <= STEP_LENGTH ? step : `${step.slice(0, STEP_LENGTH - 3)}...`;

const toldLine = ({ seconds, text }: RunReport['narration'][number]): string =>
  `  ${secondsText(Math.round(seconds * US_PER_SECOND)).padStart(9)} s  ${text.replace(/\s+/g, ' ')}`;

function worldLines(world: RunReport, named: boolean): string[] {
  const { virtualSeconds, wallSeconds, events } = world;
  const speed =
    wallSeconds > 0 ? `, ${Number((virtualSeconds / wallSeconds).toPrecision(2))} times real time` : '';
  const lines = [
    `${named ? `world "${world.world}": ` : ''}${formatCount(world.users)} users, ${virtualSeconds} s simulated in ${wallSeconds} s${speed}; ${formatCount(events)} events, ${world.peakMemoryMB} MB`,
    `  world ${world.worldHash}  trace ${world.traceHash}`,
  ];
  const isIdle = (name: MetricName): boolean =>
    /^(queue|utilisation)\./.test(name) && world.metrics[name] === 0;
  const names = (Object.keys(METRICS) as MetricName[]).filter((name) => !isIdle(name));
  const width = Math.max(...names.map((name) => name.length));
  for (const name of names) {
    const value = `${world.atLeast.includes(name) ? 'at least ' : ''}${world.metrics[name]}`;
    lines.push(`  ${name.padEnd(width)}  ${value.padStart(14)}  ${METRICS[name]}`);
  }
  lines.push('  every queue.* and utilisation.* that is not listed is 0');
  const { compute, loadBalancer, database, egress } = world.cost;
  const usd = (amount: number): string => `$${Number(amount.toPrecision(3))}`;
  lines.push(
    `  cost in an hour: compute ${usd(compute)}, load balancer ${usd(loadBalancer)}, database ${usd(database)}, egress ${usd(egress)}`,
    ...PRICES.map((price) => `    ${price}`),
  );
  if (world.usersInNoChannel > 0)
    lines.push(
      `  ${formatExact(world.usersInNoChannel)} of ${formatExact(world.users)} users are in no channel: they never send`,
    );
  lines.push(`  guarantees, judged on ${world.judged}: ${standingWords(world.guarantees)}`);
  for (const verdict of world.guarantees) {
    const { name, violations, witness } = verdict;
    const times =
      verdict.verdict === 'violated' ? `${formatCount(violations)} times: ${witness?.text ?? ''}; ` : '';
    lines.push(`    ${standingWord(verdict).padEnd(12)}  ${name}  (${times}${groundsOf(verdict)})`);
  }
  return lines;
}
