import { describe, expect, it } from 'vitest';
import { createRun, type Run } from '../../src/run/run.ts';
import { parseScenario } from '../../src/scenario/parse.ts';

/**
 * Queueing theory (L. Kleinrock, "Queueing Systems", vol. 1, 1975) against whole runs of a scenario: messages go through gateway, server, chat
 * service, database and broker, and what they waited is read from the rows that the run leaves. The database is the bottleneck with random
 * work; what leaves an M/M/1 queue is again a Poisson stream (P. J. Burke, 1956), so the broker behind it, whose work is a fan-out of
 * constant length, is M/D/1.
 */

const SEEDS = 8;
const MEAN_US = 1_000;
/** Of the broker's work the smaller part is the publication: what is told to subscribers afterwards must delay what waits as well. */
const PUBLISH_US = 200;
const WARM_UP_US = 2_000_000;

interface Variant {
  readonly write?: string;
  readonly databaseWorkers?: number;
  readonly perSubscriberUs?: number;
  readonly change?: (run: Run) => void;
}

const text = (load: number, { write, databaseWorkers, perSubscriberUs }: Variant): string => `scenario: queues
title: Queues
duration: 16s
design:
  gateway: { count: 1, workers: 64, service: 0us }
  servers: { count: 1, receive: 0us, notify: 0us, send: 0us, heartbeat: 0us }
  service: { workers: 64, service: 0us }
  database: { workers: ${databaseWorkers ?? 1}, write: ${write ?? `{ mean: ${MEAN_US}us }`} }
  pubsub: { kind: redis, shards: 1, publish: ${PUBLISH_US}us, perSubscriber: ${perSubscriberUs ?? MEAN_US - PUBLISH_US}us }
  network: { internal: { min: 1ms, max: 9ms } }
  rateLimit: none
workload:
  users: 1500
  channels: { private: 0, groups: { count: 9000, size: 2 } }
  messages: { perUserPerMinute: ${((load / MEAN_US) * 60_000_000) / 1500} }
  churnPerSecond: 0
`;

/** What each message stayed at the database, and waited at the broker, microseconds, ascending. */
function measure(load: number, seed: number, variant: Variant): { database: number[]; broker: number[] } {
  const run = createRun(parseScenario(text(load, variant), 'queues.yaml'), { seed });
  variant.change?.(run);
  while (run.advance(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY) !== 'end');
  const { nodes, watching } = run.system.context;
  const arrivedUs = new Map<string, number>();
  const database: number[] = [];
  const broker: number[] = [];
  for (const { kind, node, sender, nth, timeUs } of watching.tracer.rows()) {
    if (timeUs < WARM_UP_US || (node !== nodes.database && node !== nodes.firstShard)) continue;
    const key = `${node} ${sender} ${nth}`;
    const sinceUs = arrivedUs.get(key);
    if (kind === 'arrive') arrivedUs.set(key, timeUs);
    else if (kind === 'persist' && sinceUs !== undefined) database.push(timeUs - sinceUs);
    else if (kind === 'publish' && sinceUs !== undefined) broker.push(timeUs - sinceUs - PUBLISH_US);
  }
  return { database: database.sort((a, b) => a - b), broker: broker.sort((a, b) => a - b) };
}

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
const quantile = (sorted: readonly number[], q: number): number => sorted[Math.floor(q * sorted.length)]!;

interface Estimate {
  readonly mean: number;
  readonly standardError: number;
}
function estimate(values: readonly number[]): Estimate {
  const middle = mean(values);
  const variance = values.reduce((sum, x) => sum + (x - middle) ** 2, 0) / (values.length - 1);
  return { mean: middle, standardError: Math.sqrt(variance / values.length) };
}

/** Within three and a half standard errors (of 8 seeds: Student's t has heavier tails) and the microsecond that times are whole numbers of. */
const fits = (found: Estimate, theory: number): boolean =>
  Math.abs(found.mean - theory) < 3.5 * found.standardError + 2;

function estimates(load: number, variant: Variant = {}) {
  const runs = Array.from({ length: SEEDS }, (_, i) => measure(load, i + 1, variant));
  return {
    stay: estimate(runs.map(({ database }) => mean(database))),
    stayP50: estimate(runs.map(({ database }) => quantile(database, 0.5))),
    stayP99: estimate(runs.map(({ database }) => quantile(database, 0.99))),
    wait: estimate(runs.map(({ broker }) => mean(broker))),
    waitP50: estimate(runs.map(({ broker }) => quantile(broker, 0.5))),
    waitP99: estimate(runs.map(({ broker }) => quantile(broker, 0.99))),
  };
}

/** Pollaczek-Khinchine: the mean wait before service, for a squared coefficient of variation. */
const meanWaitUs = (load: number, squaredVariation: number): number =>
  ((load * MEAN_US) / (1 - load)) * ((1 + squaredVariation) / 2);

/** The share of jobs of an M/D/1 queue that wait no longer than this (A. K. Erlang, 1909). */
function waitsAtMost(load: number, us: number): number {
  let sum = 0;
  for (let k = 0; k * MEAN_US <= us; k++) {
    const x = load * (k - us / MEAN_US);
    let term = Math.exp(-x);
    for (let i = 1; i <= k; i++) term *= x / i;
    sum += term;
  }
  return (1 - load) * sum;
}
function waitQuantileUs(load: number, q: number): number {
  let [low, high] = [0, 40 * MEAN_US];
  while (high - low > 0.5) {
    const middle = (low + high) / 2;
    if (waitsAtMost(load, middle) < q) low = middle;
    else high = middle;
  }
  return high;
}

describe('queues of a whole run against theory', () => {
  it.each([0.5, 0.8, 0.9])(
    'at load %f the database is M/M/1 and the broker with its fan-out M/D/1: mean, median and 99th percentile',
    (load) => {
      const found = estimates(load);
      const stayUs = MEAN_US / (1 - load);
      expect.soft(fits(found.stay, stayUs), `stay ${JSON.stringify(found.stay)} ${stayUs}`).toBe(true);
      expect.soft(fits(found.stayP50, stayUs * Math.LN2), `p50 ${JSON.stringify(found.stayP50)}`).toBe(true);
      expect
        .soft(fits(found.stayP99, stayUs * Math.log(100)), `p99 ${JSON.stringify(found.stayP99)}`)
        .toBe(true);
      const theory = [meanWaitUs(load, 0), waitQuantileUs(load, 0.5), waitQuantileUs(load, 0.99)] as const;
      expect.soft(fits(found.wait, theory[0]), `wait ${JSON.stringify(found.wait)} ${theory[0]}`).toBe(true);
      expect
        .soft(fits(found.waitP50, theory[1]), `p50 ${JSON.stringify(found.waitP50)} ${theory[1]}`)
        .toBe(true);
      expect
        .soft(fits(found.waitP99, theory[2]), `p99 ${JSON.stringify(found.waitP99)} ${theory[2]}`)
        .toBe(true);
      // A standard error so large that anything passes would prove nothing.
      expect(found.wait.standardError / theory[0]).toBeLessThan(0.08);
      expect(found.stay.standardError / stayUs).toBeLessThan(0.08);
    },
  );

  it.each([0.5, 0.8, 0.9])(
    'at load %f a database with uniform work is M/G/1 (Pollaczek-Khinchine)',
    (load) => {
      const { stay } = estimates(load, { write: `{ min: 0us, max: ${2 * MEAN_US}us }` });
      const theory = MEAN_US + meanWaitUs(load, 1 / 3);
      expect(fits(stay, theory), `${JSON.stringify(stay)} ${theory}`).toBe(true);
    },
  );

  it('catches a fan-out that takes 1.3 times as long', () => {
    const { wait } = estimates(0.5, { perSubscriberUs: 1.3 * (MEAN_US - PUBLISH_US) });
    expect(fits(wait, meanWaitUs(0.5, 0))).toBe(false);
  });

  it('catches one worker more at the database', () => {
    const { stay } = estimates(0.5, { databaseWorkers: 2 });
    expect(fits(stay, MEAN_US / 0.5)).toBe(false);
  });

  it('catches a fan-out that delays nothing that waits', () => {
    const { wait } = estimates(0.5, {
      change: ({ system }) => {
        const { stations } = system.context;
        const { free } = stations;
        Object.assign(stations, { free: (node: number) => free(node, 0) });
      },
    });
    expect(fits(wait, meanWaitUs(0.5, 0))).toBe(false);
  });
});
