import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { overridesOf } from '../../../src/cli/read-scenario.ts';
import { combineReports, fallsShort, type RunReport, reportOf } from '../../../src/run/report.ts';
import { createRun } from '../../../src/run/run.ts';
import { parseScenario, worldsOf } from '../../../src/scenario/parse.ts';

/**
 * Every scenario on rate limiting does what it says it does: its expectations hold, in every world. The large ones run with a
 * fraction of their users, and with as small a fraction of the workers.
 */
const SCALED: Readonly<Record<string, { users: string; set: string[] }>> = {
  flood: {
    users: '50k',
    set: [
      'design.gateway.count=1',
      'design.gateway.workers=1',
      'design.service.workers=1',
      'design.database.workers=1',
      'design.database.queue=1000',
    ],
  },
  'limiter-down': { users: '40k', set: ['design.service.workers=1', 'design.database.workers=1'] },
};

const FILES = [
  'rate-limit-basics',
  'double-burst',
  'boundary',
  'counter-error',
  'too-strict',
  'limiter-down',
  'flood',
];

function reportOfAll(name: string): { report: RunReport; fails: boolean } {
  const overrides = name in SCALED ? overridesOf(SCALED[name]!) : [];
  const scenario = parseScenario(readFileSync(`scenarios/${name}.yaml`, 'utf8'), `${name}.yaml`, overrides);
  const reports = worldsOf(scenario).map((world) => {
    const run = createRun(world.scenario, { snapshotBytes: 0 });
    while (run.advance(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY) !== 'end') run.script.answer();
    return reportOf(run, world.name, { version: 'test', wallSeconds: 0, peakMemoryMB: 0 });
  });
  const report = combineReports(scenario, reports);
  return { report, fails: fallsShort(scenario, report) };
}

describe.each(FILES)('%s', (name) => {
  test('comes to what it says', () => {
    const { report, fails } = reportOfAll(name);
    const { expectations } = report;
    expect(expectations.length).toBeGreaterThan(0);
    for (const { text, holds, found } of expectations)
      expect({ text, holds, found }).toMatchObject({ holds: true });
    // Nor is a promise broken that the design makes.
    expect(fails).toBe(false);
  }, 60_000);

  test('tells a story: narration, and a question with its answer explained', () => {
    const text = readFileSync(`scenarios/${name}.yaml`, 'utf8');
    const { script } = parseScenario(text, `${name}.yaml`);
    expect(script.filter(({ does }) => does.do === 'say').length).toBeGreaterThan(1);
    const questions = script.flatMap(({ does }) => (does.do === 'ask' ? [does] : []));
    expect(questions.length).toBeGreaterThan(0);
    for (const { answer, explain } of questions) {
      expect(answer).not.toBeNull();
      expect(explain).not.toBe('');
    }
  });
});
