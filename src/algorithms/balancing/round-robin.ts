import { columns, u32 } from '../../base/columns.ts';
import type { BalancerPlan, BalancerSize } from './balancer.ts';
import { fleetColumns, openFleet } from './fleet.ts';

/**
 * Round robin: one server after the other, leaving out those that are not available. It counts who was sent, not who stayed: after a
 * server's restart the others keep what they have.
 */
export function roundRobin(size: BalancerSize): BalancerPlan {
  const group = columns(size.name ?? 'balancer', { ...fleetColumns(size), next: u32(1) });
  return {
    group,
    open(columnsOf) {
      const opened = columnsOf(group);
      const fleet = openFleet(opened, size);
      const { next } = opened;
      return {
        ...fleet,
        pick() {
          const server = fleet.nextFrom(next[0]);
          if (server >= 0) next[0] = server + 1 === size.servers ? 0 : server + 1;
          return server;
        },
      };
    },
  };
}
