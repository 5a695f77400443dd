import { type Opened, u8, u32 } from '../../base/columns.ts';
import type { Balancer, BalancerSize } from './balancer.ts';

/**
 * What every balancer knows of its servers: how many connections each has, which are up, and which are available (up and below
 * the limit). The available ones are a set of bits, 32 servers a word: finding the next one or the k-th one among 1000 servers
 * reads at most 32 words, and depends on the set alone, not on how it came about.
 */
export interface Fleet extends Omit<Balancer, 'pick'> {
  isAvailable(server: number): boolean;
  /** The k-th available server, counted from 0 in the order of their numbers. `k` is below `available()`. */
  nth(k: number): number;
  /** The first available server at or after `from`, going round; -1 when none is available. */
  nextFrom(from: number): number;
}

type FleetColumns = ReturnType<typeof fleetColumns>;

export function fleetColumns({ servers }: BalancerSize) {
  const words = (servers + 31) >>> 5;
  return {
    connections: u32(servers),
    isDown: u8(servers),
    availableBits: u32(words),
    availableCount: u32(1),
    isOpen: u8(1),
  };
}

/** How many bits of a word are set (H. S. Warren, Hacker's Delight, 2nd edition, figure 5-2). */
function countBits(word: number): number {
  word -= (word >>> 1) & 0x5555_5555;
  word = (word & 0x3333_3333) + ((word >>> 2) & 0x3333_3333);
  return Math.imul((word + (word >>> 4)) & 0x0f0f_0f0f, 0x0101_0101) >>> 24;
}

/** The place of the lowest bit that is set; `word` is not 0. */
const lowestBit = (word: number): number => 31 - Math.clz32(word & -word);

/**
 * Opens the fleet on its columns; on new columns all servers are up. `changed` is called after each change of a server's
 * connections or availability.
 */
export function openFleet(
  { connections, isDown, availableBits, availableCount, isOpen }: Opened<FleetColumns>,
  { servers, maxConnections }: BalancerSize,
  changed: (server: number) => void = () => {},
): Fleet {
  const words = availableBits.length;
  const isAvailable = (server: number): boolean =>
    ((availableBits[server >>> 5] >>> (server & 31)) & 1) === 1;

  function update(server: number): void {
    const is = isDown[server] === 0 && connections[server] < maxConnections;
    if (is !== isAvailable(server)) {
      availableBits[server >>> 5] ^= 1 << (server & 31);
      availableCount[0] += is ? 1 : -1;
    }
    changed(server);
  }

  function check(server: number): void {
    if (server >>> 0 !== server || server >= servers) {
      throw new RangeError(
        `there is no server ${server}; servers are whole numbers from 0 to ${servers - 1}`,
      );
    }
  }

  function nth(k: number): number {
    for (let w = 0; w < words; w++) {
      let bits = availableBits[w];
      const count = countBits(bits);
      if (k >= count) {
        k -= count;
        continue;
      }
      for (; k > 0; k--) bits &= bits - 1;
      return (w << 5) + lowestBit(bits);
    }
    return -1;
  }

  function nextFrom(from: number): number {
    if (availableCount[0] === 0) return -1;
    let w = from >>> 5;
    let bits = availableBits[w] & (-1 << (from & 31));
    while (bits === 0) {
      w = w + 1 === words ? 0 : w + 1;
      bits = availableBits[w];
    }
    return (w << 5) + lowestBit(bits);
  }

  if (isOpen[0] === 0) {
    isOpen[0] = 1;
    for (let server = 0; server < servers; server++) update(server);
  }
  return {
    isAvailable,
    nth,
    nextFrom,
    connected(server) {
      check(server);
      connections[server] += 1;
      update(server);
    },
    disconnected(server) {
      check(server);
      if (connections[server] === 0) throw new Error(`server ${server} has no connection that could end`);
      connections[server] -= 1;
      update(server);
    },
    setUp(server, up) {
      check(server);
      isDown[server] = up ? 0 : 1;
      update(server);
    },
    isUp(server) {
      check(server);
      return isDown[server] === 0;
    },
    connections(server) {
      check(server);
      return connections[server];
    },
    available: () => availableCount[0],
  };
}
