import fc from 'fast-check';
import type { Balancer, BalancerSize } from '../../../src/algorithms/balancing/balancer.ts';

export type MakeBalancer = (size: BalancerSize) => Balancer;

/** What can happen to a balancer. A number names a server (modulo their number) or a connection that is open. */
export type Step =
  | { readonly do: 'pick'; readonly userKey: number; readonly choice: number }
  | { readonly do: 'disconnect' | 'down' | 'up'; readonly which: number };

const word = fc.integer({ min: 0, max: 0xffff_ffff });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('pick' as const), userKey: word, choice: word }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('disconnect' as const), which: fc.nat(999) }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constantFrom('down' as const, 'up' as const), which: fc.nat(999) }),
  },
);
export const size = fc.record({
  // More than 32 servers take more than one word of bits.
  servers: fc.oneof(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 30, max: 70 })),
  maxConnections: fc.integer({ min: 1, max: 5 }),
  virtualNodes: fc.integer({ min: 1, max: 8 }),
});
export const steps = fc.array(step, { maxLength: 300 });

/** The obvious balancer's memory, kept beside the real one. */
export interface Model {
  readonly size: BalancerSize;
  readonly connections: number[];
  readonly isUp: boolean[];
  readonly open: number[];
}

export const modelOf = (of: BalancerSize): Model => ({
  size: of,
  connections: Array.from({ length: of.servers }, () => 0),
  isUp: Array.from({ length: of.servers }, () => true),
  open: [],
});

const availableIn = (model: Model): number[] =>
  [...model.connections.keys()].filter(
    (s) => model.isUp[s]! && model.connections[s]! < model.size.maxConnections,
  );

/** Does one step to both; `judge` sees each pick before it is counted. Returns the server picked, if the step is a pick. */
export function take(
  balancer: Balancer,
  model: Model,
  next: Step,
  judge: (picked: number, step: Extract<Step, { do: 'pick' }>) => void = () => {},
): number | null {
  if (next.do === 'pick') {
    const picked = balancer.pick(next.userKey, next.choice);
    judge(picked, next);
    if (picked >= 0) {
      balancer.connected(picked);
      model.connections[picked]! += 1;
      model.open.push(picked);
    }
    return picked;
  }
  if (next.do === 'disconnect') {
    if (model.open.length === 0) return null;
    const [server] = model.open.splice(next.which % model.open.length, 1);
    balancer.disconnected(server!);
    model.connections[server!]! -= 1;
    return null;
  }
  const server = next.which % model.size.servers;
  balancer.setUp(server, next.do === 'up');
  model.isUp[server] = next.do === 'up';
  return null;
}

const fail = (why: string): never => {
  throw new Error(why);
};

/** A pick is a server that is up and below its limit, and -1 exactly when there is none; counts are what they should be. */
export const picksOnlyAvailable = (make: MakeBalancer) =>
  fc.property(size, steps, (of, list) => {
    const balancer = make(of);
    const model = modelOf(of);
    for (const next of list) {
      take(balancer, model, next, (picked) => {
        const available = availableIn(model);
        if (balancer.available() !== available.length)
          fail(`${balancer.available()} available, not ${available.length}`);
        if (picked === -1 ? available.length > 0 : !available.includes(picked)) {
          fail(`picked ${picked} of ${available.join(', ') || 'none'}`);
        }
      });
    }
    for (let s = 0; s < of.servers; s++) {
      if (balancer.connections(s) !== model.connections[s])
        fail(`server ${s} has ${balancer.connections(s)} connections`);
      if (balancer.isUp(s) !== model.isUp[s]) fail(`server ${s} is up: ${balancer.isUp(s)}`);
    }
  });

/** Every pick is the one that the obvious program makes. `memory` is whatever that program remembers between picks. */
export const picksAs = <Memory>(
  make: MakeBalancer,
  start: () => Memory,
  obvious: (
    model: Model,
    available: readonly number[],
    memory: Memory,
    step: { userKey: number; choice: number },
  ) => number,
) =>
  fc.property(size, steps, (of, list) => {
    const balancer = make(of);
    const model = modelOf(of);
    const memory = start();
    for (const next of list) {
      take(balancer, model, next, (picked, asked) => {
        const available = availableIn(model);
        const expected = available.length === 0 ? -1 : obvious(model, available, memory, asked);
        if (picked !== expected) fail(`picked ${picked}, not ${expected}`);
      });
    }
  });

const users = (count: number): number[] => Array.from({ length: count }, (_, u) => u);

/**
 * When a server leaves, its users go to others and everybody else stays; when it is back, all are where they were. The share that
 * moved is the leaving server's, at most `most` times 1/n.
 */
export const movesOnlyTheLeavingServersUsers = (make: MakeBalancer, most: number) =>
  fc.property(fc.integer({ min: 2, max: 40 }), fc.nat(39), (servers, which) => {
    const balancer = make({ servers, maxConnections: 1_000_000 });
    const keys = users(4000);
    const before = keys.map((u) => balancer.pick(u, 0));
    const leaving = which % servers;
    balancer.setUp(leaving, false);
    const without = keys.map((u) => balancer.pick(u, 0));
    balancer.setUp(leaving, true);
    const after = keys.map((u) => balancer.pick(u, 0));
    const moved = keys.filter((u) => before[u] !== without[u]);
    const strays = moved.filter((u) => before[u] !== leaving);
    if (strays.length > 0) fail(`${strays.length} users moved whose server had not left`);
    if (moved.length > (most * keys.length) / servers) fail(`${moved.length} of ${keys.length} users moved`);
    if (keys.some((u) => after[u] !== before[u])) fail('a user did not come back');
  });

/** The most connections of one server after `connections` picks on `servers` servers, nobody leaving. */
export function fullest(
  make: MakeBalancer,
  servers: number,
  connections: number,
  choiceOf: (i: number) => number,
): number {
  const balancer = make({ servers, maxConnections: connections });
  for (let i = 0; i < connections; i++) balancer.connected(balancer.pick(i, choiceOf(i)));
  return Math.max(...Array.from({ length: servers }, (_, s) => balancer.connections(s)));
}
