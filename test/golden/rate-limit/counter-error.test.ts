import { expect, test } from 'vitest';
import { counterAgainstLog } from '../../../src/testkit/counter-against-log.ts';

// "0.003 % of requests were wrong" is an average over clients that are mostly far from their limit.

test('of a client at its limit the counter decides about one request in seven wrongly', () => {
  const { wronglyAllowed, wronglyRefused } = counterAgainstLog(1);
  expect(wronglyAllowed + wronglyRefused).toBeGreaterThan(0.13);
  expect(wronglyAllowed + wronglyRefused).toBeLessThan(0.155);
  expect(wronglyAllowed).toBeGreaterThan(0.1);
  expect(wronglyAllowed).toBeLessThan(0.115);
  expect(wronglyRefused).toBeGreaterThan(0.03);
  expect(wronglyRefused).toBeLessThan(0.04);
});

test('of a client at half its limit it decides hardly any request wrongly', () => {
  const { wronglyAllowed, wronglyRefused, sideBySide } = counterAgainstLog(0.5);
  expect(wronglyAllowed + wronglyRefused).toBeLessThan(0.0001);
  expect(sideBySide).toBeLessThan(0.0001);
});
