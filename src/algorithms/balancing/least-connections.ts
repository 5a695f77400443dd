import { columns, u32 } from '../../base/columns.ts';
import type { BalancerPlan, BalancerSize } from './balancer.ts';
import { fleetColumns, openFleet } from './fleet.ts';

/**
 * Least connections: the available server with the fewest, the lower number among equals.
 *
 * The available servers form a binary heap (J. W. J. Williams, "Heapsort", 1964) by (connections, number), and each knows its place
 * in it, so a pick is O(1) and a change O(log servers).
 */
export function leastConnections(size: BalancerSize): BalancerPlan {
  const { servers } = size;
  // A place is 1 or more; 0 means: not in the heap.
  const group = columns(size.name ?? 'balancer', {
    ...fleetColumns(size),
    heap: u32(servers + 1),
    place: u32(servers),
    heapSize: u32(1),
  });
  return {
    group,
    open(columnsOf) {
      const opened = columnsOf(group);
      const { connections, heap, place, heapSize } = opened;

      const isBefore = (a: number, b: number): boolean => {
        const difference = connections[a] - connections[b];
        return difference < 0 || (difference === 0 && a < b);
      };

      function put(server: number, at: number): void {
        heap[at] = server;
        place[server] = at;
      }

      function moveUp(server: number, at: number): void {
        while (at > 1) {
          const parent = at >>> 1;
          const above = heap[parent];
          if (!isBefore(server, above)) break;
          put(above, at);
          at = parent;
        }
        put(server, at);
      }

      function moveDown(server: number, at: number): void {
        const last = heapSize[0];
        for (let child = 2 * at; child <= last; child = 2 * at) {
          if (child < last && isBefore(heap[child + 1], heap[child])) child++;
          const under = heap[child];
          if (!isBefore(under, server)) break;
          put(under, at);
          at = child;
        }
        put(server, at);
      }

      function settle(server: number, at: number): void {
        moveUp(server, at);
        moveDown(server, place[server]);
      }

      function remove(server: number): void {
        const at = place[server];
        const last = heapSize[0];
        const moved = heap[last];
        heapSize[0] = last - 1;
        place[server] = 0;
        if (moved !== server) settle(moved, at);
      }

      const fleet = openFleet(opened, size, (server) => {
        const at = place[server];
        const isAvailable = ((opened.availableBits[server >>> 5] >>> (server & 31)) & 1) === 1;
        if (isAvailable && at === 0) moveUp(server, ++heapSize[0]);
        else if (isAvailable) settle(server, at);
        else if (at !== 0) remove(server);
      });
      return { ...fleet, pick: () => (heapSize[0] === 0 ? -1 : heap[1]) };
    },
  };
}
