import { describe, expect, test } from 'vitest';
import { createRun } from '../../../src/run/run.ts';
import { parseScenario } from '../../../src/scenario/parse.ts';

const text = (kind: string, shards: number): string => `scenario: cluster
title: A cluster of Redis
duration: 2s
design:
  servers: { count: 20 }
  pubsub: { kind: ${kind}, shards: ${shards}, publish: 20us, perSubscriber: 2us }
  rateLimit: none
workload:
  users: 400
  channels: { private: 0, groups: { count: 100, size: 20 } }
  messages: { perUserPerMinute: 60 }
  churnPerSecond: 0
`;

/** Microseconds of work at each node of the broker. */
function workUs(kind: string, shards: number): number[] {
  const run = createRun(parseScenario(text(kind, shards), 'cluster.yaml'));
  run.advance(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY);
  const { stations, nodes } = run.system.context;
  return [...stations.columns.busyUs.slice(nodes.firstShard, nodes.firstShard + shards)];
}
const sum = (numbers: readonly number[]): number => numbers.reduce((total, n) => total + n, 0);

describe('Redis', () => {
  const alone = sum(workUs('redis', 1));

  test('sharded divides the work among its shards, so that they scale linearly', () => {
    const shards = workUs('redis', 3);
    expect(Math.abs(sum(shards) / alone - 1)).toBeLessThan(0.02);
    expect(Math.max(...shards) / alone).toBeLessThan(0.5);
  });

  test('as a classic cluster has every node work for every message: three carry 400 k/s where one carries 650', () => {
    for (const node of workUs('redis-cluster', 3))
      expect(Math.abs(alone / node - 400 / 650)).toBeLessThan(0.02);
  });

  test('as a classic cluster carries less with every node more', () => {
    const busiest = [1, 2, 3, 6].map((nodes) => Math.max(...workUs('redis-cluster', nodes)));
    expect(busiest).toEqual([...busiest].sort((a, b) => a - b));
    expect(busiest[0]).toBe(alone);
  });
});
