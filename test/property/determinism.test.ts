import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { overridesOf } from '../../src/cli/read-scenario.ts';
import { createRun, type Run } from '../../src/run/run.ts';
import { parseScenario } from '../../src/scenario/parse.ts';
import type { Scenario } from '../../src/scenario/types.ts';
import { WATCH_ALL, WATCH_NOTHING } from '../../src/system/watching.ts';

/** Every shipped scenario comes to the same bytes, whatever is done on the way. The large ones run with fewer users, and not to their end. */
const SMALLER = overridesOf({ users: '3k', for: '12s', set: [] });

const files = readdirSync('scenarios').filter((name) => name.endsWith('.yaml'));

function scenarioOf(file: string): Scenario {
  const text = readFileSync(`scenarios/${file}`, 'utf8');
  const whole = parseScenario(text, file);
  return whole.workload.users > 100_000 ? parseScenario(text, file, SMALLER) : whole;
}

function toTheEnd(run: Run): Run {
  while (run.advance(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY) !== 'end') run.script.answer();
  return run;
}

describe.each(files)('%s', (file) => {
  const scenario = scenarioOf(file);
  const plain = toTheEnd(createRun(scenario));
  const hash = plain.worldHash();
  const trace = plain.traceHash();

  test('judges messages where it sends any that are watched', () => {
    const sent = plain.system.context.watching.tracer.rows().some((row) => row.kind === 'send');
    const isLarge = scenario.workload.channels.everyone !== null;
    if (sent && !isLarge) expect(plain.judge.judged()).not.toMatch(/^(all )?0 /);
  });

  test('comes to the same bytes when run again', () => {
    const again = toTheEnd(createRun(scenario));
    expect(again.worldHash()).toBe(hash);
    expect(again.traceHash()).toBe(trace);
  });

  test('comes to the same world with everything watched and with nothing', () => {
    for (const watch of [WATCH_ALL, WATCH_NOTHING]) {
      expect(toTheEnd(createRun(scenario, { watch, maxTraceRows: 200_000 })).worldHash()).toBe(hash);
    }
  });

  test('comes to another world with another seed', () => {
    expect(toTheEnd(createRun(scenario, { seed: scenario.seed + 1 })).worldHash()).not.toBe(hash);
  });

  test('comes to the same bytes when stepped, paused and rewound at random', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    const command = fc.oneof(
      fc.record({ do: fc.constant('step' as const), events: fc.integer({ min: 1, max: 50 }) }),
      fc.record({ do: fc.constant('run' as const), to: share }),
      fc.record({ do: fc.constant('rewind' as const), to: share }),
      fc.record({ do: fc.constant('keep' as const) }),
    );
    fc.assert(
      fc.property(fc.array(command, { maxLength: 8 }), (commands) => {
        const run = createRun(scenario, { snapshotBytes: 500_000_000 });
        for (const one of commands) {
          if (one.do === 'step') run.advance(Number.POSITIVE_INFINITY, one.events);
          else if (one.do === 'run')
            run.advance(Math.floor(one.to * scenario.durationUs), Number.POSITIVE_INFINITY);
          else if (one.do === 'keep') run.keepSnapshot();
          else run.rewindTo(Math.floor(one.to * run.nowUs));
        }
        toTheEnd(run);
        expect(run.worldHash()).toBe(hash);
        expect(run.traceHash()).toBe(trace);
      }),
      { numRuns: 6 },
    );
  });
});
