import { expect, test } from 'vitest';
import { InputError } from '../../../src/base/errors.ts';
import { createRun } from '../../../src/run/run.ts';
import { parseScenario } from '../../../src/scenario/parse.ts';

const withClasses = (count: number): string => `scenario: classes
title: Classes of clients
seed: 1
duration: 1s
design:
  network:
    clients:
${Array.from({ length: count }, (_, i) => `      - { name: class ${i + 1}, share: ${1 / count}, latency: 10ms }`).join('\n')}
workload:
  users: 100
  channels: { groups: { count: 1, size: 10 } }
`;

test('eight classes of clients fit in the word of a user, and a ninth is refused', () => {
  expect(createRun(parseScenario(withClasses(8), 'classes.yaml')).system).toBeDefined();
  expect(() => parseScenario(withClasses(9), 'classes.yaml')).toThrow(InputError);
  expect(() => parseScenario(withClasses(9), 'classes.yaml')).toThrow(/at most 8 items/);
});
