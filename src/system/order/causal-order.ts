import {
  coversOthers,
  DENSE_ENTRY_BYTES,
  EARLY,
  known,
  merge,
  READY,
  SEEN,
  SPARSE_ENTRY_BYTES,
  standingOf,
  tick,
} from '../../algorithms/ordering/vector-clock.ts';
import { columns, fixed, u32 } from '../../base/columns.ts';
import { UserError } from '../../base/errors.ts';
import type { Design, Workload } from '../design/design.ts';
import { CHANNEL, channelOfSlot, type Topology } from '../design/topology.ts';
import { NO_SLOT } from '../state/messages.ts';
import type { Stamps } from '../state/stamps.ts';
import { NOT_A_MEMBER } from '../state/users.ts';
import type { Order } from './order.ts';

/**
 * Causal order by vector clocks (Birman, Schiper, Stephenson 1991). Over one channel a vector has an entry for each member; over all
 * channels (the paper's section 5.3, groups that overlap) it has one for each membership, and a message waits for what its sender had been
 * shown in any channel that the receiver is in as well, at that moment: nothing comes to it from a channel that it has left. What a client
 * learns of channels that it is not in it passes on.
 */

/** A vector of this many words is beyond what a run can hold. */
const MOST_WORDS = 1 << 26;

/** Words of vectors that all clients keep. `sizes`: members of each channel. */
export function vectorWords(design: Design, workload: Workload, sizes: Uint32Array): number {
  let words = 0;
  if (design.causal.scope === 'channel') for (const n of sizes) words += n * n;
  else words = workload.users * sizes.reduce((sum, n) => sum + n, 0);
  if (words > MOST_WORDS) {
    throw new UserError(
      `causal order over ${design.causal.scope === 'all' ? 'all channels' : 'each channel'} needs ${words} counters; at most ${MOST_WORDS}; fewer users, smaller channels${design.causal.scope === 'all' ? ', or design.causal.scope: channel' : ''} need less`,
    );
  }
  return words;
}

/** Words of the vector that a message carries, in a channel of n members. */
export const vectorLength = (design: Design, n: number, slots: number): number =>
  design.causal.scope === 'channel' ? n : slots;

export const causalColumns = (words: number, channels: number, slots: number) =>
  columns('vectorClocks', {
    vectors: u32(words),
    /** [slot] of the member's last 32 counts there, the latest in bit 0: 1 where the message was refused for good. */
    refused: u32(slots),
    /** Over one channel: where the vectors of a channel's members begin. */
    start: fixed(u32(channels)),
  });

export interface CausalColumns {
  readonly vectors: Uint32Array;
  readonly refused: Uint32Array;
  readonly start: Uint32Array;
}

/** Writes where the vectors of each channel begin. */
export function fillCausalStarts(start: Uint32Array, sizes: Uint32Array): void {
  let at = 0;
  for (let c = 0; c < start.length; c++) {
    start[c] = at;
    at += sizes[c] * sizes[c];
  }
}

const neverAtServer = (): number => 0;

export function createCausalOrder(
  design: Design,
  topology: Topology,
  entry: Uint32Array,
  { vectors, refused, start }: CausalColumns,
  stamps: Stamps,
): Order {
  const own = openOwnCounts(vectors, refused);
  return design.causal.scope === 'channel'
    ? overOneChannel(topology, vectors, start, stamps, own)
    : overAllChannels(topology, entry, vectors, stamps, own);
}

/** How a client counts its own messages in a channel. */
interface OwnCounts {
  /** One more; the count lies at `at`. */
  raise(at: number, slot: number): void;
  /**
   * The message with this count was refused for good. The count is taken back, so that the next message has it: nobody waits for the refused
   * one. Where later messages have gone out meanwhile it is remembered and taken back when they are refused as well; if they are not, who
   * gets them waits for what is missing, as for anything that is lost.
   */
  takeBack(at: number, slot: number, count: number): void;
}

function openOwnCounts(vectors: Uint32Array, refused: Uint32Array): OwnCounts {
  return {
    raise(at, slot) {
      tick(vectors, at, 0);
      refused[slot] <<= 1;
    },
    takeBack(at, slot, count) {
      const later = vectors[at] - count;
      if (later > 31) return;
      refused[slot] |= 1 << later;
      while ((refused[slot] & 1) === 1) {
        refused[slot] >>>= 1;
        vectors[at]--;
      }
    },
  };
}

/** A stamp: the sender's place, the sum of its vector's entries, the vector. */
const SUM = 1;
const VECTOR = 2;
export const STAMP_HEAD_WORDS = VECTOR;

/**
 * Which of two that wait comes first when a gap is given up. Whatever happened before has a vector that is nowhere greater and somewhere
 * smaller, so its sum is smaller: the sums give an order that fits all causes.
 */
function bySum(stamps: Stamps): Order['isBefore'] {
  const sumOf = (sender: number, nth: number): number => {
    const at = stamps.find(sender, nth);
    return at < 0 ? 0 : stamps.words[at + SUM];
  };
  return (slot, sender, nth, seq, otherSlot, otherSender, otherNth, otherSeq) => {
    const mine = sumOf(sender, nth);
    const its = sumOf(otherSender, otherNth);
    if (mine !== its) return mine < its;
    return seq !== otherSeq ? seq < otherSeq : slot < otherSlot;
  };
}

/** Writes a stamp. */
function writeStamp(
  stamps: Stamps,
  sender: number,
  nth: number,
  place: number,
  vectors: Uint32Array,
  at: number,
  n: number,
): void {
  const to = stamps.reserve(sender, nth, n + VECTOR);
  let sum = 0;
  for (let k = 0; k < n; k++) {
    sum += vectors[at + k];
    stamps.words[to + VECTOR + k] = vectors[at + k];
  }
  stamps.words[to] = place;
  stamps.words[to + SUM] = sum;
}

function overOneChannel(
  topology: Topology,
  vectors: Uint32Array,
  start: Uint32Array,
  stamps: Stamps,
  own: OwnCounts,
): Order {
  const { channel: channels } = topology;
  const firstOf = (c: number): number => channels[4 * c + CHANNEL.FIRST];
  const membersOf = (c: number): number => channels[4 * c + CHANNEL.END] - firstOf(c);
  const vectorOf = (slot: number, c: number): number => start[c] + (slot - firstOf(c)) * membersOf(c);
  return {
    waitsFor: 'cause',
    atSend(user, nth, channel, slot) {
      if (slot === NO_SLOT) return 0;
      const n = membersOf(channel);
      const at = vectorOf(slot, channel);
      const place = slot - firstOf(channel);
      own.raise(at + place, slot);
      writeStamp(stamps, user, nth, place, vectors, at, n);
      return n * DENSE_ENTRY_BYTES;
    },
    refused(sender, nth, slot) {
      const at = stamps.find(sender, nth);
      if (at < 0) return;
      const place = stamps.words[at];
      const c = channelOfSlot(topology, slot);
      own.takeBack(vectorOf(slot, c) + place, slot, stamps.words[at + VECTOR + place]);
    },
    atServer: neverAtServer,
    atNumber: neverAtServer,
    received() {},
    standing(slot, sender, nth) {
      const at = stamps.find(sender, nth);
      if (at < 0) return READY;
      const c = channelOfSlot(topology, slot);
      return standingOf(
        vectors,
        vectorOf(slot, c),
        stamps.words,
        at + VECTOR,
        membersOf(c),
        stamps.words[at],
      );
    },
    show(slot, sender, nth) {
      const at = stamps.find(sender, nth);
      if (at < 0) return;
      const c = channelOfSlot(topology, slot);
      merge(vectors, vectorOf(slot, c), stamps.words, at + VECTOR, membersOf(c));
    },
    isBefore: bySum(stamps),
    joined(slot) {
      const c = channelOfSlot(topology, slot);
      const n = membersOf(c);
      const mine = vectorOf(slot, c);
      for (let k = 0; k < n; k++) vectors[mine + k] = vectors[vectorOf(firstOf(c) + k, c) + k];
    },
  };
}

function overAllChannels(
  topology: Topology,
  entry: Uint32Array,
  vectors: Uint32Array,
  stamps: Stamps,
  own: OwnCounts,
): Order {
  const { channel: channels, slots, userStart } = topology;
  const n = slots.length;
  const { words } = stamps;
  return {
    waitsFor: 'cause',
    atSend(user, nth, _channel, slot) {
      if (slot === NO_SLOT) return 0;
      own.raise(user * n + slot, slot);
      writeStamp(stamps, user, nth, slot, vectors, user * n, n);
      return known(vectors, user * n, n) * SPARSE_ENTRY_BYTES;
    },
    refused(sender, nth, slot) {
      const at = stamps.find(sender, nth);
      if (at >= 0) own.takeBack(sender * n + slot, slot, words[at + VECTOR + slot]);
    },
    atServer: neverAtServer,
    atNumber: neverAtServer,
    received() {},
    standing(slot, sender, nth) {
      const at = stamps.find(sender, nth);
      if (at < 0) return READY;
      const user = entry[2 * slot];
      const mine = user * n;
      const from = words[at];
      const its = words[at + VECTOR + from];
      if (its <= vectors[mine + from]) return SEEN;
      if (its !== vectors[mine + from] + 1) return EARLY;
      for (let i = userStart[user]; i < userStart[user + 1]; i++) {
        if (entry[2 * slots[i] + 1] === NOT_A_MEMBER) continue;
        const c = channelOfSlot(topology, slots[i]);
        const first = channels[4 * c + CHANNEL.FIRST];
        const end = channels[4 * c + CHANNEL.END];
        if (!coversOthers(vectors, mine, words, at + VECTOR, first, end, from)) return EARLY;
      }
      return READY;
    },
    show(slot, sender, nth) {
      const at = stamps.find(sender, nth);
      if (at >= 0) merge(vectors, entry[2 * slot] * n, words, at + VECTOR, n);
    },
    isBefore: bySum(stamps),
    joined(slot) {
      const c = channelOfSlot(topology, slot);
      const mine = entry[2 * slot] * n;
      for (let k = channels[4 * c + CHANNEL.FIRST]; k < channels[4 * c + CHANNEL.END]; k++)
        vectors[mine + k] = vectors[entry[2 * k] * n + k];
    },
  };
}
