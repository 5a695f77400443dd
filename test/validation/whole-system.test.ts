import { describe, expect, it } from 'vitest';
import { createRun, type Run } from '../../src/run/run.ts';
import { parseScenario } from '../../src/scenario/parse.ts';

/**
 * Queueing theory (L. Kleinrock, "Queueing Systems", vol. 1, 1975) against whole runs of a scenario: messages go through gateway, server, chat
 * service, database and broker, and what they waited is read from the rows that the run leaves. Service and database have random work;
 * what leaves an M/M/1 queue is again a Poisson stream (P. J. Burke, 1956), so the database behind the service is M/M/1 or M/G/1, and the
 * broker behind the database, whose work is a fan-out of constant length, is M/D/1.
 *
 * A quantile is held against theory by the share of jobs on either side of where theory has it: the share has no bias, as the quantile
 * of a run of finite length has.
 */

const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];
/**
 * Student's t of twelve runs, two-sided, at 1 % for the 24 comparisons of twelve runs together (0.04 % each, Bonferroni): with other seeds
 * one of a hundred such files would fail by chance.
 */
const STUDENT = 4.98;
const MEAN_US = 1_000;
/** Of the broker's work the smaller part is the publication: what is told to subscribers afterwards must delay what waits as well. */
const PUBLISH_US = 200;
/** More than five relaxation times of M/M/1 at the highest load: mean / (1 - sqrt(0.9))^2 = 0.38 s. */
const WARM_UP_US = 2_000_000;

interface Variant {
  readonly write?: string;
  readonly serviceWorkers?: number;
  readonly databaseWorkers?: number;
  readonly perSubscriberUs?: number;
  readonly change?: (run: Run) => void;
}

/** Internal delays are constant: where they vary, who comes late on a connection holds up the others, and arrivals are no Poisson process. */
const text = (load: number, variant: Variant): string => `scenario: queues
title: Queues
duration: 12s
design:
  gateway: { count: 1, workers: 64, service: 0us }
  servers: { count: 1, receive: 0us, notify: 0us, send: 0us, heartbeat: 0us }
  service: { workers: ${variant.serviceWorkers ?? 1}, service: { mean: ${MEAN_US}us } }
  database: { workers: ${variant.databaseWorkers ?? 1}, write: ${variant.write ?? `{ mean: ${MEAN_US}us }`} }
  pubsub: { kind: redis, shards: 1, publish: ${PUBLISH_US}us, perSubscriber: ${variant.perSubscriberUs ?? MEAN_US - PUBLISH_US}us }
  network: { internal: 5ms }
  rateLimit: none
workload:
  users: 1500
  channels: { private: 0, groups: { count: 9000, size: 2 } }
  messages: { perUserPerMinute: ${((load / MEAN_US) * 60_000_000) / 1500} }
  churnPerSecond: 0
`;

/** Microseconds that each message stayed at the service and at the database, and that it waited at the broker. */
interface Measured {
  readonly service: number[];
  readonly database: number[];
  readonly broker: number[];
}

function measure(load: number, seed: number, variant: Variant): Measured {
  const run = createRun(parseScenario(text(load, variant), 'queues.yaml'), { seed });
  variant.change?.(run);
  while (run.advance(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY) !== 'end');
  const { nodes, watching } = run.system.context;
  const stations = [
    { node: nodes.chatService, ends: 'validate', ownUs: 0, found: [] as number[] },
    { node: nodes.database, ends: 'persist', ownUs: 0, found: [] as number[] },
    { node: nodes.firstShard, ends: 'publish', ownUs: PUBLISH_US, found: [] as number[] },
  ] as const;
  const arrivedUs = stations.map(() => new Map<number, number>());
  for (const { kind, node, sender, nth, timeUs } of watching.tracer.rows()) {
    const at = stations.findIndex((station) => station.node === node);
    if (timeUs < WARM_UP_US || at < 0) continue;
    const { ends, ownUs, found } = stations[at]!;
    const message = sender * 10_000 + nth;
    if (kind === 'arrive') arrivedUs[at]!.set(message, timeUs);
    if (kind !== ends) continue;
    const sinceUs = arrivedUs[at]!.get(message);
    if (sinceUs !== undefined) found.push(timeUs - sinceUs - ownUs);
  }
  const [service, database, broker] = stations;
  return { service: service.found, database: database.found, broker: broker.found };
}

const measureAll = (load: number, variant: Variant = {}, seeds = SEEDS): Measured[] =>
  seeds.map((seed) => measure(load, seed, variant));

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

interface Estimate {
  readonly mean: number;
  readonly standardError: number;
}
function estimate(values: readonly number[]): Estimate {
  const middle = mean(values);
  const variance = values.reduce((sum, x) => sum + (x - middle) ** 2, 0) / (values.length - 1);
  return { mean: middle, standardError: Math.sqrt(variance / values.length) };
}

/** Times are whole microseconds. */
const fits = (found: Estimate, theory: number, roundingTo: number): boolean =>
  Math.abs(found.mean - theory) < STUDENT * found.standardError + roundingTo;

interface Theory {
  readonly meanUs: number;
  readonly p50Us: number;
  readonly p99Us: number;
}
interface Comparison {
  readonly what: string;
  readonly found: Estimate;
  readonly theory: number;
  readonly holds: boolean;
}

/** What a station's runs have come to beside theory: the mean, and the shares up to the median and beyond the 99th percentile. */
function compare(runs: readonly Measured[], station: keyof Measured, theory: Theory): Comparison[] {
  const times = runs.map((run) => run[station]);
  const comparison = (
    what: string,
    of: (values: number[]) => number,
    expected: number,
    roundingTo: number,
  ) => {
    const found = estimate(times.map(of));
    return { what: `${station} ${what}`, found, theory: expected, holds: fits(found, expected, roundingTo) };
  };
  const shareUpTo = (us: number) => (values: number[]) =>
    values.filter((x) => x <= us).length / values.length;
  return [
    comparison('mean', mean, theory.meanUs, 2),
    comparison('up to the median', shareUpTo(theory.p50Us), 0.5, 0.001),
    comparison('up to the 99th percentile', shareUpTo(theory.p99Us), 0.99, 0.001),
  ];
}
const deviations = (comparisons: readonly Comparison[]): Comparison[] =>
  comparisons.filter(({ holds }) => !holds);

/** Means that are so vague that one half too small or too large would pass: these runs would prove nothing. */
const vague = (comparisons: readonly Comparison[]): Comparison[] =>
  comparisons.filter(
    ({ what, found, theory }) => what.endsWith('mean') && STUDENT * found.standardError > theory / 2,
  );

/** The stay in an M/M/1 queue is exponential. */
function stayMM1(load: number): Theory {
  const meanUs = MEAN_US / (1 - load);
  return { meanUs, p50Us: meanUs * Math.LN2, p99Us: meanUs * Math.log(100) };
}

/** Pollaczek-Khinchine: the mean wait before service, for a squared coefficient of variation. */
const meanWaitUs = (load: number, squaredVariation: number): number =>
  ((load * MEAN_US) / (1 - load)) * ((1 + squaredVariation) / 2);

const CELL_US = 10;

/**
 * The share of jobs of an M/G/1 queue that wait no longer than each cell of time. The wait is a geometric sum of residual works (V. E. Benes,
 * 1957), found cell by cell as for any compound geometric sum (H. H. Panjer, 1981).
 *
 * @param residual share of the residual of a work in each cell
 */
function waitUpTo(load: number, residual: readonly number[]): number[] {
  // A cell stands for its middle, which is shared between the places at its two ends.
  const places = [...residual, 0].map((share, i) => (share + (residual[i - 1] ?? 0)) / 2);
  const wait: number[] = [];
  for (let at = 0; at < (80 * MEAN_US) / CELL_US; at++) {
    let sum = at === 0 ? 1 - load : 0;
    for (let i = 1; i <= Math.min(at, residual.length); i++) sum += load * places[i]! * wait[at - i]!;
    wait.push(sum / (1 - load * places[0]!));
  }
  let upTo = 0;
  return wait.map((share) => {
    upTo += share;
    return upTo;
  });
}

/** Where a distribution given by cells reaches a share, in a straight line between two cells. */
function quantileUs(upTo: readonly number[], share: number): number {
  const at = upTo.findIndex((sum) => sum >= share);
  if (at === 0) return 0;
  const [before, after] = [upTo[at - 1]!, upTo[at]!];
  return CELL_US * (at - 1 + (share - before) / (after - before));
}

/** The wait in M/D/1: the residual of a constant work is uniform. */
function waitMD1(load: number): Theory {
  const cells = MEAN_US / CELL_US;
  const upTo = waitUpTo(load, new Array<number>(cells).fill(1 / cells));
  return { meanUs: meanWaitUs(load, 0), p50Us: quantileUs(upTo, 0.5), p99Us: quantileUs(upTo, 0.99) };
}

/** The stay in M/G/1 whose work is uniform between 0 and twice the mean: the density of its residual falls in a straight line. */
function stayUniform(load: number): Theory {
  const cells = (2 * MEAN_US) / CELL_US;
  const wait = waitUpTo(
    load,
    Array.from({ length: cells }, (_, i) => (2 / cells) * (1 - (i + 0.5) / cells)),
  );
  // With the own work on top: the mean of the wait's distribution over all works, each cell again by its two ends.
  const upTo = wait.map((_, at) => {
    let sum = 0;
    for (let i = 0; i < cells; i++) sum += ((wait[at - i] ?? 0) + (wait[at - i - 1] ?? 0)) / 2;
    return sum / cells;
  });
  return {
    meanUs: MEAN_US + meanWaitUs(load, 1 / 3),
    p50Us: quantileUs(upTo, 0.5),
    p99Us: quantileUs(upTo, 0.99),
  };
}

describe('queues of a whole run against theory', () => {
  it.each([0.8, 0.9])(
    'at load %f service and database are M/M/1 and the broker with its fan-out M/D/1: mean, median and 99th percentile',
    (load) => {
      const runs = measureAll(load);
      const comparisons = [
        ...compare(runs, 'service', stayMM1(load)),
        ...compare(runs, 'database', stayMM1(load)),
        ...compare(runs, 'broker', waitMD1(load)),
      ];
      expect(deviations(comparisons)).toEqual([]);
      expect(vague(comparisons)).toEqual([]);
    },
  );

  it.each([0.8, 0.9])(
    'at load %f a database with uniform work is M/G/1: mean, median and 99th percentile',
    (load) => {
      const runs = measureAll(load, { write: `{ min: 0us, max: ${2 * MEAN_US}us }` });
      const comparisons = compare(runs, 'database', stayUniform(load));
      expect(deviations(comparisons)).toEqual([]);
      expect(vague(comparisons)).toEqual([]);
    },
  );
});

describe('what these comparisons catch, four runs each', () => {
  const few = SEEDS.slice(0, 4);
  const deviates = (station: keyof Measured, theory: Theory, mutant: Variant): boolean =>
    deviations(compare(measureAll(0.5, mutant, few), station, theory)).length > 0;

  it('nothing where nothing is wrong', () => {
    expect(deviates('broker', waitMD1(0.5), {})).toBe(false);
  });

  it('a fan-out that takes 1.3 times as long', () => {
    const perSubscriberUs = 1.3 * (MEAN_US - PUBLISH_US);
    expect(deviates('broker', waitMD1(0.5), { perSubscriberUs })).toBe(true);
  });

  it('one worker more at the database', () => {
    expect(deviates('database', stayMM1(0.5), { databaseWorkers: 2 })).toBe(true);
  });

  it('one worker more at the service', () => {
    expect(deviates('service', stayMM1(0.5), { serviceWorkers: 2 })).toBe(true);
  });

  it('a fan-out that delays nothing that waits', () => {
    const change = ({ system }: Run): void => {
      const { stations } = system.context;
      const { free } = stations;
      Object.assign(stations, { free: (node: number) => free(node, 0) });
    };
    expect(deviates('broker', waitMD1(0.5), { change })).toBe(true);
  });
});
