import { expect, test } from 'vitest';
import { InputError } from '../../../src/base/errors.ts';
import { createRun } from '../../../src/run/run.ts';
import { parseScenario } from '../../../src/scenario/parse.ts';
import { COUNT } from '../../../src/system/state/counters.ts';
import { classOf } from '../../../src/system/state/user-word.ts';

const withClasses = (count: number): string => `scenario: classes
title: Classes of clients
seed: 1
duration: 20s
design:
  network:
    clients:
${Array.from({ length: count }, (_, i) => `      - { name: class ${i + 1}, share: ${1 / count}, latency: 10ms }`).join('\n')}
workload:
  users: 800
  channels: { groups: { count: 1, size: 10 } }
  churnPerSecond: 20%
`;

test('eight classes of clients fit in the word of a user, which keeps its class through every new connection', () => {
  const run = createRun(parseScenario(withClasses(8), 'classes.yaml'));
  const { users, values } = run.system.context;
  const classes = () => Array.from({ length: 800 }, (_, user) => classOf(users.pair[2 * user]!));
  const drawn = classes();
  for (let of = 0; of < 8; of++) {
    // A hundred of 800, within four standard deviations of a binomial draw.
    const count = drawn.filter((found) => found === of).length;
    expect(Math.abs(count - 100), `class ${of}`).toBeLessThan(4 * Math.sqrt(800 * (1 / 8) * (7 / 8)));
  }
  expect(run.advance(20_000_000, Number.POSITIVE_INFINITY)).toBe('end');
  expect(values[COUNT.connects]).toBeGreaterThan(1000);
  expect(classes()).toEqual(drawn);
});

test('a ninth class of clients is refused', () => {
  expect(() => parseScenario(withClasses(9), 'classes.yaml')).toThrow(InputError);
  expect(() => parseScenario(withClasses(9), 'classes.yaml')).toThrow(/at most 8 items/);
});
