import { columns, fixed, type Opened, u32 } from '../../base/columns.ts';
import { firstWhere } from '../../base/first-where.ts';
import { mix32 } from '../../base/hash.ts';
import type { Choices } from '../../kernel/choices.ts';
import { PURPOSE } from '../purposes.ts';
import type { SizeDistribution, Workload } from './design.ts';
import { channelNumbers } from './names.ts';

/**
 * Who is in which channel. A membership has a number, its slot (its entry is in users.ts): the members of a channel are the slots
 * from its first to its end, so a fan-out reads memory in order; the memberships of user u are
 * slots[userStart[u] .. userStart[u + 1]). Written once at set-up.
 */

const COARSE_BITS = 6;

/** The words of `channel`, at [4 channel + ...]. */
export const CHANNEL = {
  /** Its first slot, and the one behind its last. */
  FIRST: 0,
  END: 1,
  /** Last sequence number given out, and the highest one in the history. */
  ASSIGNED: 2,
  PERSISTED: 3,
} as const;

export interface TopologySizes {
  readonly users: number;
  readonly channels: number;
  readonly slots: number;
}

export const topologyColumns = (sizes: TopologySizes) =>
  columns('topology', {
    /** Four words a channel, asked for together: see CHANNEL. */
    channel: u32(4 * sizes.channels),
    userStart: fixed(u32(sizes.users + 1)),
    slots: fixed(u32(sizes.slots)),
    /** The channel of every 64th slot. */
    coarse: fixed(u32((sizes.slots >>> COARSE_BITS) + 1)),
  });

export type Topology = Opened<ReturnType<typeof topologyColumns>['columns']>;

/** Memberships that the script will create: they get a slot from the start, and count only after the join. */
export interface LaterMember {
  readonly user: number;
  readonly channel: number;
}

function meanOf(size: SizeDistribution, zipfMean: number): number {
  if (size.kind === 'constant') return size.size;
  if (size.kind === 'uniform') return (size.min + size.max) / 2;
  return zipfMean;
}

/** The mean of a bounded Zipf distribution, summed exactly. `pow` must be an engine-independent one. */
function zipfMean(size: SizeDistribution, pow: (x: number, y: number) => number): number {
  if (size.kind !== 'zipf') return 0;
  let weights = 0;
  let sum = 0;
  for (let k = size.min; k <= size.max; k++) {
    const weight = pow(k, -size.exponent);
    weights += weight;
    sum += weight * k;
  }
  return sum / weights;
}

export interface SizeDraws {
  /** One u32 to a size of the distribution. */
  zipf(size: Extract<SizeDistribution, { kind: 'zipf' }>): (u32: number) => number;
  pow(x: number, y: number): number;
}

/** Number of members of every channel, in the order of channel numbers. Allocates one Uint32Array. */
export function channelSizes(
  workload: Workload,
  later: readonly LaterMember[],
  choices: Choices,
  draws: SizeDraws,
): Uint32Array {
  const of = channelNumbers(workload);
  const sizes = new Uint32Array(of.count);
  workload.channels.named.forEach((channel, c) => {
    sizes[c] = channel.members.length;
  });
  if (of.everyone >= 0) sizes[of.everyone] = workload.users;
  sizes.fill(2, of.firstPrivate, of.firstGroup);
  let c = of.firstGroup;
  for (const group of workload.channels.groups) {
    const { size } = group;
    const scale = group.meanSize === null ? 1 : group.meanSize / meanOf(size, zipfMean(size, draws.pow));
    const zipf = size.kind === 'zipf' ? draws.zipf(size) : null;
    for (let i = 0; i < group.count; i++, c++) {
      const u = choices.u32(PURPOSE.CHANNEL_SIZE, c, 0);
      let drawn: number;
      if (size.kind === 'constant') drawn = size.size;
      else if (size.kind === 'uniform')
        drawn = size.min + Math.floor((u / 0x1_0000_0000) * (size.max - size.min + 1));
      else drawn = zipf === null ? size.min : zipf(u);
      sizes[c] = Math.min(workload.users, Math.max(2, Math.round(drawn * scale)));
    }
  }
  for (const { channel } of later) sizes[channel]++;
  return sizes;
}

const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b));

/**
 * Fills the topology. The members of a drawn channel are start, start + step, start + 2 step, ... modulo the number of users with
 * a step that has no common factor with it, so they differ without a look-up, and the memory is written in order. `entry` is
 * that of membershipColumns: the users go into its even words.
 */
export function fillTopology(
  topology: Topology,
  workload: Workload,
  sizes: Uint32Array,
  later: readonly LaterMember[],
  choices: Choices,
  entry: Uint32Array,
): void {
  const { channel, coarse } = topology;
  const of = channelNumbers(workload);
  const n = workload.users;
  const STEPS = 4096;
  const steps = new Uint32Array(STEPS);
  for (let i = 0; i < STEPS; i++) {
    let step = n === 1 ? 1 : 1 + (choices.u32(PURPOSE.CHANNEL_STEP, i, 0) % (n - 1));
    while (gcd(step, n) !== 1) step = step === n - 1 ? 1 : step + 1;
    steps[i] = step;
  }
  let at = 0;
  for (let c = 0; c < of.count; c++) {
    channel[4 * c + CHANNEL.FIRST] = at;
    const size = sizes[c];
    if (c < of.named) {
      for (const user of workload.channels.named[c].members) entry[2 * at++] = user;
      for (const one of later) if (one.channel === c) entry[2 * at++] = one.user;
    } else if (c === of.everyone) {
      for (let user = 0; user < n; user++) entry[2 * at++] = user;
    } else {
      const u = choices.u32(PURPOSE.CHANNEL_MEMBERS, c, 0);
      const step = steps[mix32(u) & (STEPS - 1)];
      let user = Math.floor((u / 0x1_0000_0000) * n);
      for (let i = 0; i < size; i++) {
        entry[2 * at++] = user;
        user += step;
        if (user >= n) user -= n;
      }
    }
    channel[4 * c + CHANNEL.END] = at;
  }
  for (let i = 0, c = 0; i < coarse.length; i++) {
    while (c + 1 < of.count && channel[4 * c + CHANNEL.END] <= i << COARSE_BITS) c++;
    coarse[i] = c;
  }

  invert(topology, n, at, entry);
}

/** About so many users at a time fit a processor's cache with their memberships. */
const USERS_AT_A_TIME_BITS = 16;

/**
 * Fills userStart and slots from the members: a radix sort by user in two passes, so that the second one works within a cache.
 * Slots ascend for each user. The odd words of `entry` are scratch, and zero again afterwards.
 */
function invert(topology: Topology, users: number, slotCount: number, entry: Uint32Array): void {
  const { userStart, slots } = topology;
  const parts = (users >>> USERS_AT_A_TIME_BITS) + 1;
  const ends = new Uint32Array(parts);
  for (let slot = 0; slot < slotCount; slot++) ends[entry[2 * slot] >>> USERS_AT_A_TIME_BITS]++;
  let sum = 0;
  let largest = 0;
  for (let part = 0; part < parts; part++) {
    const count = ends[part];
    ends[part] = sum;
    sum += count;
    if (count > largest) largest = count;
  }
  // Side by side, part after part: the slot in an odd word of `entry`, its user in `slots`.
  for (let slot = 0; slot < slotCount; slot++) {
    const user = entry[2 * slot];
    const at = ends[user >>> USERS_AT_A_TIME_BITS]++;
    entry[2 * at + 1] = slot;
    slots[at] = user;
  }
  // Now ends[part] is where the part ends. Within a part: count, make starts of the counts, place.
  const userOf = new Uint32Array(largest);
  let from = 0;
  for (let part = 0; part < parts; part++) {
    const to = ends[part];
    const firstUser = part << USERS_AT_A_TIME_BITS;
    const endUser = Math.min(users, firstUser + (1 << USERS_AT_A_TIME_BITS));
    for (let i = from; i < to; i++) {
      const user = slots[i];
      userOf[i - from] = user;
      userStart[user]++;
    }
    let start = from;
    for (let user = firstUser; user < endUser; user++) {
      const count = userStart[user];
      userStart[user] = start;
      start += count;
    }
    for (let i = from; i < to; i++) {
      slots[userStart[userOf[i - from]]++] = entry[2 * i + 1];
      entry[2 * i + 1] = 0;
    }
    // Placing has moved each start to the end of its user's run, that is to the next user's start.
    for (let user = endUser - 1; user > firstUser; user--) userStart[user] = userStart[user - 1];
    if (endUser > firstUser) userStart[firstUser] = from;
    from = to;
  }
  userStart[users] = slotCount;
}

/** The channel of a slot: from the coarse index a few steps on. */
export function channelOfSlot(topology: Topology, slot: number): number {
  const { channel, coarse } = topology;
  let c = coarse[slot >>> COARSE_BITS];
  while (channel[4 * c + CHANNEL.END] <= slot) c++;
  return c;
}

/** The slot of a user in a channel, or -1: reads the user's memberships. */
export function slotOf(topology: Topology, user: number, channel: number): number {
  const { userStart, slots } = topology;
  const from = topology.channel[4 * channel + CHANNEL.FIRST];
  const to = topology.channel[4 * channel + CHANNEL.END];
  // A user's slots ascend, because they were filled in the order of slots.
  const first = userStart[user];
  const count = userStart[user + 1] - first;
  const nth = firstWhere(count, (i) => slots[first + i] >= from);
  const slot = nth < count ? slots[first + nth] : to;
  return slot < to ? slot : -1;
}

/** How many slots a channel has: its members, and who may join. */
export const membersOf = (topology: Topology, channel: number): number =>
  topology.channel[4 * channel + CHANNEL.END] - topology.channel[4 * channel + CHANNEL.FIRST];

export const channelCount = (topology: Topology): number => topology.channel.length / 4;

/** Number of members of every channel of a filled topology. Allocates one Uint32Array. */
export function membersOfChannels(topology: Topology): Uint32Array {
  const { channel } = topology;
  const sizes = new Uint32Array(channelCount(topology));
  for (let c = 0; c < sizes.length; c++)
    sizes[c] = channel[4 * c + CHANNEL.END] - channel[4 * c + CHANNEL.FIRST];
  return sizes;
}
