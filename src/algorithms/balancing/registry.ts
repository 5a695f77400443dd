import type { BalancerPlan, BalancerSize } from './balancer.ts';
import { consistentHashing } from './consistent-hashing.ts';
import { leastConnections } from './least-connections.ts';
import { random } from './random.ts';
import { roundRobin } from './round-robin.ts';
import { twoChoices } from './two-choices.ts';

/** A new algorithm is a file beside these and a line here; the laws of all balancers then run on it. */
const ALGORITHMS = {
  'round-robin': roundRobin,
  'least-connections': leastConnections,
  random,
  'two-choices': twoChoices,
  'consistent-hashing': consistentHashing,
} satisfies Record<string, (size: BalancerSize) => BalancerPlan>;

/** How a server is chosen for a new connection. */
export type BalancingAlgorithm = keyof typeof ALGORITHMS;

/** Every balancer. */
export const BALANCING_ALGORITHMS = Object.keys(ALGORITHMS) as readonly BalancingAlgorithm[];

/**
 * The columns of a balancer and the way to open it on them:
 *
 *     const plan = planBalancer('two-choices', { servers: 100, maxConnections: 120_000 });
 *     const world = createWorld([plan.group]);
 *     const balancer = plan.open((group) => openColumns(world, group));
 *
 * Throws RangeError when there is no server, or a limit is no whole number from 1 to 2^32 - 1.
 */
export function planBalancer(algorithm: BalancingAlgorithm, size: BalancerSize): BalancerPlan {
  for (const [name, value] of [
    ['servers', size.servers],
    ['maxConnections', size.maxConnections],
  ] as const) {
    if (value >>> 0 !== value || value === 0) {
      throw new RangeError(`${name} is ${value}; it is a whole number from 1 to 4294967295`);
    }
  }
  return ALGORITHMS[algorithm](size);
}
