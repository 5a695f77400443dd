import { expect, test } from 'vitest';
import { createRun } from '../../../src/run/run.ts';
import { parseScenario } from '../../../src/scenario/parse.ts';

test('a setting can be changed after fourteen hours, whose half a million points of the curves stay', () => {
  const text = `scenario: hours
title: Hours
duration: 50700s
workload:
  users: [alice, bob]
  channels: { named: { general: [alice, bob] } }
  messages: { perUserPerMinute: 0 }
script:
  - { at: 14h, set: { design.retry.timeout: 1s } }
`;
  const run = createRun(parseScenario(text, 'hours.yaml'), { isLean: true });
  while (run.advance(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY) !== 'end');
  expect(run.system.spec.design.retry.timeoutUs).toBe(1_000_000);
  expect(run.system.handlers.intervals.points.length).toBe(507_000);
});
