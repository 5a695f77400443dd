import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Balancer, BalancerSize } from '../../../src/algorithms/balancing/balancer.ts';
import {
  BALANCING_ALGORITHMS,
  type BalancingAlgorithm,
  planBalancer,
} from '../../../src/algorithms/balancing/registry.ts';
import { below } from '../../../src/base/below.ts';
import { standaloneColumns } from '../../../src/base/columns.ts';
import { mix32 } from '../../../src/base/hash.ts';
import { createWorld, openColumns, restoreSnapshot, takeSnapshot } from '../../../src/kernel/world.ts';
import {
  fullest,
  type MakeBalancer,
  modelOf,
  movesOnlyTheLeavingServersUsers,
  picksAs,
  picksOnlyAvailable,
  size,
  steps,
  take,
} from './laws.ts';

const standaloneBalancer = (algorithm: BalancingAlgorithm, of: BalancerSize): Balancer =>
  planBalancer(algorithm, of).open(standaloneColumns);

const real =
  (algorithm: BalancingAlgorithm): MakeBalancer =>
  (of) =>
    standaloneBalancer(algorithm, of);

/** A balancer whose pick is another one: the place for mistakes. */
const planted =
  (pick: (balancer: Balancer, of: BalancerSize, userKey: number, choice: number) => number): MakeBalancer =>
  (of) => {
    const balancer = standaloneBalancer('random', of);
    return { ...balancer, pick: (userKey, choice) => pick(balancer, of, userKey, choice) };
  };

const catches = (law: fc.IProperty<unknown>): void => {
  expect(fc.check(law, { seed: 1, numRuns: 300 }).failed).toBe(true);
};

describe.each(BALANCING_ALGORITHMS)('%s', (algorithm) => {
  test('picks only servers that are up and below their limit, and none only when there is none', () => {
    fc.assert(picksOnlyAvailable(real(algorithm)));
  });

  test('picks the same after a snapshot is put back, and when opened anew', () => {
    fc.assert(
      fc.property(size, steps, steps, (of, before, after) => {
        const plan = planBalancer(algorithm, of);
        const world = createWorld([plan.group]);
        const balancer = plan.open((group) => openColumns(world, group));
        const model = modelOf(of);
        for (const step of before) take(balancer, model, step);
        const snapshot = takeSnapshot(world);
        const again = (): (number | null)[] => {
          const copy = structuredClone(model);
          return after.map((step) => take(balancer, copy, step));
        };
        const first = again();
        restoreSnapshot(world, snapshot);
        expect(again()).toEqual(first);
        restoreSnapshot(world, snapshot);
        const another = plan.open((group) => openColumns(world, group));
        expect(after.map((step) => take(another, model, step))).toEqual(first);
      }),
      { numRuns: 50 },
    );
  });

  test('refuses a server that does not exist, and the end of a connection that does not', () => {
    const balancer = standaloneBalancer(algorithm, { servers: 3, maxConnections: 5 });
    for (const server of [-1, 3, 1.5, Number.NaN]) {
      expect(() => balancer.connected(server)).toThrow('servers are whole numbers from 0 to 2');
      expect(() => balancer.disconnected(server)).toThrow(RangeError);
      expect(() => balancer.setUp(server, true)).toThrow(RangeError);
    }
    expect(() => balancer.disconnected(0)).toThrow('server 0 has no connection');
    expect(() => standaloneBalancer(algorithm, { servers: 0, maxConnections: 5 })).toThrow('servers is 0');
    expect(() => standaloneBalancer(algorithm, { servers: 1, maxConnections: 1.5 })).toThrow(
      'maxConnections is 1.5',
    );
  });
});

describe('each algorithm does what its obvious program does', () => {
  test('round robin goes on from the server after the last', () => {
    fc.assert(
      picksAs(
        real('round-robin'),
        () => ({ last: -1 }),
        (_, available, memory) => {
          memory.last = available.find((s) => s > memory.last) ?? available[0]!;
          return memory.last;
        },
      ),
    );
  });

  test('least connections takes the least, by looking at all', () => {
    fc.assert(
      picksAs(
        real('least-connections'),
        () => null,
        ({ connections }, available) => {
          const least = Math.min(...available.map((s) => connections[s]!));
          return available.find((s) => connections[s] === least)!;
        },
      ),
    );
  });

  test('random takes the available server that the choice falls on', () => {
    fc.assert(
      picksAs(
        real('random'),
        () => null,
        (_, available, __, { choice }) => available[below(choice, available.length)]!,
      ),
    );
  });

  test('two choices takes the one with fewer connections of two different ones', () => {
    fc.assert(
      picksAs(
        real('two-choices'),
        () => null,
        ({ connections }, available, _, { choice }) => {
          const k = below(choice, available.length);
          const first = available[k]!;
          const others = available.toSpliced(k, 1);
          const second = others[below(mix32(choice), others.length)] ?? first;
          return connections[second]! < connections[first]! ? second : first;
        },
      ),
    );
  });

  test('consistent hashing goes along the ring from the user, by looking at all points', () => {
    fc.assert(
      picksAs(
        real('consistent-hashing'),
        () => null,
        ({ size: of }, available, _, { userKey }) => {
          const place = mix32((mix32(userKey) + 0x9e3779b9) % 2 ** 32);
          const distance = (point: number): number => (mix32(point) - place + 2 ** 32) % 2 ** 32;
          const points = Array.from({ length: of.servers * of.virtualNodes! }, (_, point) => point);
          const reachable = points.filter((point) =>
            available.includes(Math.floor(point / of.virtualNodes!)),
          );
          const nearest = reachable.reduce((a, b) => (distance(b) < distance(a) ? b : a));
          return Math.floor(nearest / of.virtualNodes!);
        },
      ),
    );
  });
});

describe('balance', () => {
  const choiceOf =
    (seed: number) =>
    (i: number): number =>
      mix32(mix32(i + 1) ^ mix32(seed));
  const seeds = fc.integer({ min: 0, max: 0xffff_ffff });

  // Azar et al.: the fullest of n servers with m connections has m/n + ln ln n / ln 2 + O(1); random: m/n + sqrt(2 m/n ln n) about.
  const twoChoicesAreAlmostEven = (make: MakeBalancer) =>
    fc.property(seeds, (seed) => fullest(make, 100, 10_000, choiceOf(seed)) <= 100 + 8);

  test('two choices keep the fullest of 100 servers within 8 of the mean 100, whatever the choices', () => {
    fc.assert(twoChoicesAreAlmostEven(real('two-choices')), { numRuns: 30 });
  });

  test('random does not: its fullest is 15 to 60 above the mean', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const most = fullest(real('random'), 100, 10_000, choiceOf(seed));
        return most >= 115 && most <= 160;
      }),
      { numRuns: 30 },
    );
  });

  test.each(['round-robin', 'least-connections'] as const)('%s is even to one connection', (algorithm) => {
    expect(fullest(real(algorithm), 70, 70 * 10 + 1, choiceOf(1))).toBe(11);
  });

  test('consistent hashing with 128 points a server gives the fullest of 100 at most 1.4 times the mean', () => {
    expect(fullest(real('consistent-hashing'), 100, 100_000, choiceOf(1))).toBeLessThan(1400);
  });

  test('is lost, and noticed, when two choices draw one server twice, or take the fuller one', () => {
    catches(twoChoicesAreAlmostEven(real('random')));
    catches(
      twoChoicesAreAlmostEven(
        planted((b, { servers }, _, choice) => {
          const [k, l] = [below(choice, servers), below(mix32(choice), servers)];
          return b.connections(k) > b.connections(l) ? k : l;
        }),
      ),
    );
  });
});

describe('consistent hashing', () => {
  test('moves the users of a server that leaves and nobody else, about one in n', () => {
    fc.assert(movesOnlyTheLeavingServersUsers(real('consistent-hashing'), 1.6), { numRuns: 40 });
  });

  test('by the remainder of the key moves almost everybody, and is noticed', () => {
    const remainder = planted((b, { servers }, userKey) => {
      const up = Array.from({ length: servers }, (_, s) => s).filter((s) => b.isUp(s));
      return up[mix32(userKey) % up.length]!;
    });
    catches(movesOnlyTheLeavingServersUsers(remainder, 1.6));
  });

  test('with one point a server gives some far too much, and is noticed', () => {
    catches(
      movesOnlyTheLeavingServersUsers((of) => real('consistent-hashing')({ ...of, virtualNodes: 1 }), 1.6),
    );
  });

  test('refuses more points than it can number', () => {
    const points = { servers: 10_000, maxConnections: 1 };
    expect(() => standaloneBalancer('consistent-hashing', points)).toThrow('at most 1048576');
    expect(() => standaloneBalancer('consistent-hashing', { ...points, virtualNodes: 0 })).toThrow(
      'at least 1',
    );
  });
});

describe('the laws catch', () => {
  test('a server that is picked though it is full', () => {
    catches(picksOnlyAvailable(planted((_, { servers }, __, choice) => below(choice, servers))));
  });

  test('a limit that is off by one', () => {
    catches(
      picksOnlyAvailable((of) =>
        standaloneBalancer('random', { ...of, maxConnections: of.maxConnections + 1 }),
      ),
    );
  });

  test('a server that comes back and is not picked any more', () => {
    catches(
      picksOnlyAvailable((of) => {
        const balancer = standaloneBalancer('round-robin', of);
        return { ...balancer, setUp: (server, up) => (up ? undefined : balancer.setUp(server, up)) };
      }),
    );
  });

  test('giving up after one server that is full', () => {
    catches(
      picksOnlyAvailable(
        planted((b, of, _, choice) => {
          const server = below(choice, of.servers);
          return b.isUp(server) && b.connections(server) < of.maxConnections ? server : -1;
        }),
      ),
    );
  });

  test('a least-connections that does not hear of connections that end', () => {
    const deaf: MakeBalancer = (of) => {
      const balancer = standaloneBalancer('least-connections', { ...of, maxConnections: 1_000_000 });
      return { ...balancer, disconnected: () => {} };
    };
    catches(
      picksAs(
        deaf,
        () => null,
        ({ connections }, available) => {
          const least = Math.min(...available.map((s) => connections[s]!));
          return available.find((s) => connections[s] === least)!;
        },
      ),
    );
  });
});
