import { expect, test } from 'vitest';
import { fallsShort, type RunReport } from '../../../src/run/report.ts';
import { parseScenario } from '../../../src/scenario/parse.ts';

const text = (own: string, other: string): string => `scenario: two-worlds
title: Two orderings
seed: 1
duration: 1s
design: { ordering: ${own} }
workload: { users: 3 }
compare:
  - { name: other, set: { design.ordering: ${other} } }
`;

/** A report in which both worlds broke the order of a channel. */
const outOfOrder = (world: string, worlds: readonly RunReport[]): RunReport =>
  ({
    world,
    worlds,
    expectations: [],
    guarantees: [{ name: 'per-channel-order', verdict: 'violated' }],
  }) as unknown as RunReport;

test("a world falls short of what its own design promises, not of the first world's promises", () => {
  const judge = (own: string, other: string): boolean =>
    fallsShort(
      parseScenario(text(own, other), 'two.yaml'),
      outOfOrder('as written', [outOfOrder('other', [])]),
    );
  expect(judge('best-effort', 'best-effort')).toBe(false);
  expect(judge('best-effort', 'per-channel')).toBe(true);
  expect(judge('per-channel', 'best-effort')).toBe(true);
  expect(judge('best-effort', 'causal')).toBe(false);
});
