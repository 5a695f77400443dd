import { describe, expect, test } from 'vitest';
import { parseScenario } from '../../../src/scenario/parse.ts';
import { type Action, ALL_USERS } from '../../../src/system/faults/actions.ts';
import { USER_NODE } from '../../../src/trace/trace.ts';
import { actionLine, yamlDuration } from '../../../src/worker/action-line.ts';
import { SMALL } from './page.ts';

const scenario = parseScenario(SMALL, 'test.yaml');
const WHOLE = { cut: false, loss: 0, duplicate: 0, reorder: 0, delayUs: 0 };

/** Gateways 0 and 1, servers 2 to 4, shards 5 and 6, chat service 7, database 8. */
const ACTIONS: readonly Action[] = [
  { do: 'crash', node: 4, forUs: 5_000_000 },
  { do: 'crash', node: 8, forUs: null },
  { do: 'restart', node: 0 },
  { do: 'slow', node: 7, factor: 10, forUs: 1 },
  { do: 'slow', node: 7, factor: 0.5, forUs: null },
  { do: 'block', node: 2, forUs: 50_500 },
  { do: 'link', from: [2], to: [5, 6], fault: { ...WHOLE, cut: true }, forUs: 1_234_567 },
  { do: 'link', from: [2], to: [0, 1, 3, 4, 5, 6, 7, 8], fault: { ...WHOLE, cut: true }, forUs: null },
  { do: 'link', from: [2], to: [0, 1, 3, 4, 5, 6, 7, 8], fault: WHOLE, forUs: null },
  {
    do: 'link',
    from: [ALL_USERS],
    to: [0, 1],
    fault: { cut: false, loss: 0.01, duplicate: 0.02, reorder: 0.1, delayUs: 20_000 },
    forUs: 60_000_000,
  },
  { do: 'link', from: [USER_NODE, USER_NODE + 7], to: [0], fault: { ...WHOLE, loss: 1 }, forUs: null },
  { do: 'send', user: 0, channel: 0, bytes: 200 },
  { do: 'send', user: 9, channel: 12, bytes: 1 },
  { do: 'disconnect', user: 5, forUs: 3_600_000_000 },
  { do: 'connect', user: 39 },
  { do: 'join', user: 5, channel: 0 },
  { do: 'leave', user: 1, channel: 0 },
  { do: 'choose', sender: 0, nth: 3, from: 5, to: 2, fate: 'lost', takesUs: 0 },
  { do: 'choose', sender: 0, nth: 3, from: 2, to: USER_NODE + 7, fate: 'twice', takesUs: 0 },
  { do: 'choose', sender: 9, nth: 12, from: USER_NODE + 9, to: 0, fate: 'takes', takesUs: 12_500 },
];

describe('the line of an action', () => {
  test.each(
    ACTIONS.map((action) => [actionLine(2_500_001, action, scenario.design, scenario.workload), action]),
  )('%s is read back as the same action at the same time', (line, action) => {
    const { script } = parseScenario(SMALL.replace(/script:[\s\S]*/, `script:\n  ${line}\n`), 'test.yaml');
    expect(script.length).toBe(1);
    expect(script[0]!.trigger).toEqual({ on: 'time', atUs: 2_500_001 });
    expect(script[0]!.does).toMatchObject({ do: 'act', actions: [action] });
  });

  test.each([
    ['retry.timeoutUs', 250_000, 'design.retry.timeout: 250ms'],
    ['reconnect.backoff', 'full-jitter', 'design.reconnect.backoff: full-jitter'],
    ['flow', ['validate', 'ack', 'persist', 'publish'], 'design.flow: [validate, ack, persist, publish]'],
    ['database.write', { kind: 'constant', us: 3_000 }, 'design.database.write: 3ms'],
    [
      'database.write',
      { kind: 'lognormal', medianUs: 2_000, p99Us: 15_000 },
      'design.database.write: { median: 2ms, p99: 15ms }',
    ],
  ])('a setting %s goes by its name in a scenario', (path, value, written) => {
    const line = actionLine(1_000_000, { do: 'set', path, value }, scenario.design, scenario.workload);
    expect(line).toBe(`- { at: 1s, set: { ${written} } }`);
    const { script } = parseScenario(SMALL.replace(/script:[\s\S]*/, `script:\n  ${line}\n`), 'test.yaml');
    const [step] = script;
    const changes = step?.does.do === 'act' ? step.does.actions : [];
    for (const change of changes) expect(change).toMatchObject({ do: 'set', path, value });
  });

  test.each([
    [0, '0s'],
    [1, '1us'],
    [999, '999us'],
    [1_500, '1.5ms'],
    [12_345_678, '12.345678s'],
    [90_000_000, '90s'],
    [120_000_000, '2m'],
    [7_200_000_000, '2h'],
  ])('%d microseconds are written as %s', (us, text) => {
    expect(yamlDuration(us)).toBe(text);
  });
});
