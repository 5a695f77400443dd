import { columns, fixed, u32 } from '../../base/columns.ts';
import { firstWhere } from '../../base/first-where.ts';
import { mix32 } from '../../base/hash.ts';
import type { BalancerPlan, BalancerSize } from './balancer.ts';
import { fleetColumns, openFleet } from './fleet.ts';

const VIRTUAL_NODES = 128;
const MAX_POINTS = 2 ** 20;

/**
 * Consistent hashing (D. Karger et al., "Consistent hashing and random trees", 1997): every server has `virtualNodes` points on a ring of
 * 2^32 places, and a user belongs to the first point at or after its own place. A user's server changes only when that server
 * leaves or is full, or one comes between: about one user in n moves when one of n servers leaves. With v points a server, the
 * servers' shares of the users differ from the mean by about 1 / sqrt(v). A full server's users go on along the ring to the next
 * one with room (V. Mirrokni, M. Thorup, M. Zadimoghaddam, "Consistent hashing with bounded loads", 2016).
 *
 * The hash is `mix32` of base/hash.ts: a bijection, so no two points fall together. Users are hashed twice and moved, because user u and
 * point u would meet otherwise.
 *
 * Memory: 8 bytes a point, written once.
 */
export function consistentHashing(size: BalancerSize): BalancerPlan {
  const { servers, virtualNodes = VIRTUAL_NODES } = size;
  const points = servers * virtualNodes;
  if (!(virtualNodes >= 1) || !Number.isInteger(virtualNodes) || points > MAX_POINTS) {
    throw new RangeError(
      `${servers} servers with ${virtualNodes} virtual nodes; virtual nodes are whole numbers, at least 1, at most ${MAX_POINTS} for all servers together`,
    );
  }
  const group = columns(size.name ?? 'balancer', {
    ...fleetColumns(size),
    ringPlace: fixed(u32(points)),
    ringServer: fixed(u32(points)),
  });
  return {
    group,
    open(columnsOf) {
      const opened = columnsOf(group);
      const { ringPlace, ringServer } = opened;
      if (opened.isOpen[0] === 0) layRing(ringPlace, ringServer, virtualNodes);
      const fleet = openFleet(opened, size);
      return {
        ...fleet,
        pick(userKey) {
          if (fleet.available() === 0) return -1;
          let at = firstAtOrAfter(ringPlace, mix32(mix32(userKey) + 0x9e37_79b9));
          while (!fleet.isAvailable(ringServer[at])) at = at + 1 === points ? 0 : at + 1;
          return ringServer[at];
        },
      };
    },
  };
}

/** Writes the points in the order of their places. */
function layRing(ringPlace: Uint32Array, ringServer: Uint32Array, virtualNodes: number): void {
  // Place and number of a point in one double of 52 bits: a sort of numbers sorts both.
  const sorted = new Float64Array(ringPlace.length);
  for (let point = 0; point < sorted.length; point++) sorted[point] = mix32(point) * MAX_POINTS + point;
  sorted.sort();
  for (let i = 0; i < sorted.length; i++) {
    const place = Math.floor(sorted[i] / MAX_POINTS);
    ringPlace[i] = place;
    ringServer[i] = Math.floor((sorted[i] - place * MAX_POINTS) / virtualNodes);
  }
}

/** The first point whose place is `place` or later, going round. */
function firstAtOrAfter(ringPlace: Uint32Array, place: number): number {
  const first = firstWhere(ringPlace.length, (i) => ringPlace[i] >= place);
  return first === ringPlace.length ? 0 : first;
}
