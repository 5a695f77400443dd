import { below } from '../../base/below.ts';
import { columns } from '../../base/columns.ts';
import { mix32 } from '../../base/hash.ts';
import type { BalancerPlan, BalancerSize } from './balancer.ts';
import { fleetColumns, openFleet } from './fleet.ts';

/**
 * The better of two random servers (Y. Azar, A. Broder, A. Karlin, E. Upfal, "Balanced allocations", 1994; M. Mitzenmacher, "The power
 * of two choices in randomized load balancing", 2001): draws two different available servers and takes the one with fewer
 * connections, the first drawn when they are equal. With n connections on n servers the fullest has about ln ln n / ln 2.
 */
export function twoChoices(size: BalancerSize): BalancerPlan {
  const group = columns(size.name ?? 'balancer', fleetColumns(size));
  return {
    group,
    open(columnsOf) {
      const opened = columnsOf(group);
      const fleet = openFleet(opened, size);
      const { connections } = opened;
      return {
        ...fleet,
        pick(_userKey, choice) {
          const count = fleet.available();
          if (count < 2) return fleet.nth(0);
          // Both draws come from one word: mixing it again gives a second one that does not follow from the first draw.
          const k = below(choice, count);
          const l = below(mix32(choice), count - 1);
          const first = fleet.nth(k);
          const second = fleet.nth(l < k ? l : l + 1);
          return connections[second] < connections[first] ? second : first;
        },
      };
    },
  };
}
