import { describe, expect, test } from 'vitest';
import { createRun } from '../../src/run/run.ts';
import { parseScenario } from '../../src/scenario/parse.ts';
import { measure, overSeeds } from './station-rig.ts';

/**
 * A station that is an event loop: each wake-up takes W, each job s, and what waits when the loop wakes is one batch. With Poisson arrivals the
 * sizes of the batches are a Markov chain: after a batch of n there come Poisson(lambda (W + n s)) during it, and these are the next, or, where
 * none came, the one that comes alone. A job costs s + W / (mean batch).
 */

const ITEM_US = 82_000;
const WAKE_UP_US = 48_000;
const JOBS = 40_000;
const MOST = 400;

/** The mean size of a batch at lambda jobs a microsecond, from the stationary distribution of the chain. */
function meanBatch(lambda: number): number {
  let shares = Array.from({ length: MOST + 1 }, (_, n): number => (n === 1 ? 1 : 0));
  for (let step = 0; step < 300; step++) {
    const next = new Array<number>(MOST + 1).fill(0);
    shares.forEach((share, n) => {
      if (share < 1e-12) return;
      const mean = lambda * (WAKE_UP_US + n * ITEM_US);
      let probability = Math.exp(-mean);
      for (let k = 0; k <= MOST; k++) {
        next[Math.max(1, k)]! += share * probability;
        probability *= mean / (k + 1);
      }
    });
    shares = next;
  }
  return shares.reduce((sum, share, n) => sum + share * n, 0);
}

const model = { workers: 1, service: { kind: 'constant', us: ITEM_US }, wakeUpUs: WAKE_UP_US } as const;

describe('an event loop with a cost per wake-up and a cost per item', () => {
  test.each([0.05, 0.3, 0.6, 0.9])(
    'at %d of what it can do at most takes as long for a job as the chain of batches says',
    (load) => {
      const lambda = load / ITEM_US;
      const theory = ITEM_US + WAKE_UP_US / meanBatch(lambda);
      const { mean, standardError } = overSeeds(
        (seed) => measure([model], 1 / lambda, JOBS, seed).meanWorkUs[0]!,
      );
      expect(
        Math.abs(mean - theory),
        `measured ${mean}, theory ${theory}, standard error ${standardError}`,
      ).toBeLessThan(3.3 * standardError + 1);
      expect(standardError / theory).toBeLessThan(0.01);
    },
  );

  test('a job alone costs a wake-up and an item; under load nearly an item: 130 and 84 ms', () => {
    expect(meanBatch(0.001 / ITEM_US)).toBeCloseTo(1, 2);
    expect(WAKE_UP_US / meanBatch(0.95 / ITEM_US)).toBeLessThan(4_200);
  });

  test('carries nearly one item in an item time, where without batches it would carry one in a wake-up and an item', () => {
    const most = (of: object): number =>
      measure([{ ...model, ...of }], ITEM_US / 3, JOBS, 1).throughputPerUs * ITEM_US;
    expect(most({})).toBeGreaterThan(0.999);
    const alone = most({ wakeUpUs: 0, service: { kind: 'constant', us: ITEM_US + WAKE_UP_US } });
    expect(Math.abs(alone - ITEM_US / (ITEM_US + WAKE_UP_US))).toBeLessThan(0.01);
  });
});

const TEXT = (wakeUp: string, perMinute: number): string => `scenario: loop
title: A server that wakes
duration: 20s
design:
  servers: { count: 1, receive: 82us, notify: 0us, send: 0us, heartbeat: 0us, wakeUp: ${wakeUp} }
  heartbeat: { interval: 1h }
  rateLimit: none
  flow: [publish]
  delivery: at-most-once
workload:
  users: 2000
  channels: { private: 1000 }
  messages: { perUserPerMinute: ${perMinute} }
  churnPerSecond: 0
`;

test('a server of a scenario shares its wake-ups under load, and a run that is rewound does the same again', () => {
  const busy = (wakeUp: string, perMinute: number) => {
    const run = createRun(parseScenario(TEXT(wakeUp, perMinute), 'loop.yaml'), { snapshotBytes: 1e9 });
    run.advance(10e6, Number.POSITIVE_INFINITY);
    run.keepSnapshot();
    run.advance(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY);
    const { stations, nodes } = run.system.context;
    const { busyUs, arrived } = stations.columns;
    const perJobUs = busyUs[nodes.firstServer]! / arrived[nodes.firstServer]!;
    const hash = run.worldHash();
    run.rewindTo(15e6);
    run.advance(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY);
    expect(run.worldHash()).toBe(hash);
    return perJobUs;
  };
  // Half of the server's jobs are notifications and take nothing but a wake-up.
  expect(busy('0us', 3)).toBeCloseTo(41, 0);
  const calm = busy('48us', 3);
  const crowded = busy('48us', 300);
  expect(calm).toBeGreaterThan(86);
  expect(crowded).toBeLessThan(75);
});
