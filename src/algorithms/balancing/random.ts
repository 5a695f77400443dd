import { below } from '../../base/below.ts';
import { columns } from '../../base/columns.ts';
import type { BalancerPlan, BalancerSize } from './balancer.ts';
import { fleetColumns, openFleet } from './fleet.ts';

/** Random: every available server with the same probability. With n connections on n servers the fullest has about ln n / ln ln n. */
export function random(size: BalancerSize): BalancerPlan {
  const group = columns(size.name ?? 'balancer', fleetColumns(size));
  return {
    group,
    open(columnsOf) {
      const fleet = openFleet(columnsOf(group), size);
      return { ...fleet, pick: (_userKey, choice) => fleet.nth(below(choice, fleet.available())) };
    },
  };
}
