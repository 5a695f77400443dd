import { HYBRID_BYTES, type HybridClocks } from '../../algorithms/ordering/hybrid-logical-clock.ts';
import { LAMPORT_BYTES, type LamportClocks } from '../../algorithms/ordering/lamport-clock.ts';
import { READY } from '../../algorithms/ordering/vector-clock.ts';
import type { Stamps } from '../state/stamps.ts';
import type { Order } from './order.ts';

/**
 * Order by a clock: a client holds each message back for a while and then shows it after everything with a lower stamp. Nobody knows what is
 * still to come, so the hold-back is a guess. A bare time stamp is wrong by the skew of two clocks; Lamport's and hybrid clocks are not,
 * because they are set past whatever was received.
 */

/** Microseconds since 1970 in 8 bytes. */
const TIMESTAMP_BYTES = 8;
/** So that a clock that is behind does not go below 0. */
const EPOCH_US = 86_400_000_000;
const TWO_32 = 0x1_0000_0000;

/** Words of a stamp: time high, time low, counter. */
export const CLOCK_STAMP_WORDS = 3;

export interface Clocks {
  /** What the clock of a client, and of a server, is off by, in microseconds. */
  readonly clientSkewUs: Float64Array;
  readonly serverSkewUs: Float64Array;
  readonly lamport: LamportClocks | null;
  readonly hybrid: HybridClocks | null;
}

export function createClockOrder(
  stampedBy: 'client' | 'server',
  { clientSkewUs, serverSkewUs, lamport, hybrid }: Clocks,
  stamps: Stamps,
  nowUs: () => number,
  userOf: (slot: number) => number,
): Order {
  const { words } = stamps;
  const clientUs = (user: number): number => EPOCH_US + nowUs() + clientSkewUs[user];
  const write = (sender: number, nth: number, time: number, counter: number): void => {
    if (stamps.find(sender, nth) >= 0) return;
    const at = stamps.reserve(sender, nth, CLOCK_STAMP_WORDS);
    words[at] = Math.floor(time / TWO_32);
    words[at + 1] = time % TWO_32;
    words[at + 2] = counter;
  };
  /** Below 0, 0 or above 0 as the first stamp is lower, equal or higher. */
  const compare = (a: number, b: number): number => {
    if (a < 0 || b < 0) return a - b;
    for (let i = 0; i < CLOCK_STAMP_WORDS; i++)
      if (words[a + i] !== words[b + i]) return words[a + i] - words[b + i];
    return 0;
  };
  return {
    waitsFor: 'time',
    atSend(user, nth) {
      if (lamport !== null) {
        write(user, nth, lamport.send(user), 0);
        return LAMPORT_BYTES;
      }
      if (hybrid !== null) {
        hybrid.send(user, clientUs(user));
        write(user, nth, hybrid.l(user), hybrid.c(user));
        return HYBRID_BYTES;
      }
      if (stampedBy === 'client') write(user, nth, clientUs(user), 0);
      return TIMESTAMP_BYTES;
    },
    refused() {},
    atServer(sender, nth, server) {
      if (stampedBy === 'server' && lamport === null && hybrid === null)
        write(sender, nth, EPOCH_US + nowUs() + serverSkewUs[server], 0);
      return 0;
    },
    atNumber: () => 0,
    received(slot, sender, nth) {
      if (lamport === null && hybrid === null) return;
      const at = stamps.find(sender, nth);
      if (at < 0) return;
      const user = userOf(slot);
      const time = words[at] * TWO_32 + words[at + 1];
      lamport?.receive(user, time);
      hybrid?.receive(user, clientUs(user), time, words[at + 2]);
    },
    standing: () => READY,
    show() {},
    isBefore(slot, sender, nth, _seq, otherSlot, otherSender, otherNth) {
      const order = compare(stamps.find(sender, nth), stamps.find(otherSender, otherNth));
      if (order !== 0) return order < 0;
      // Equal stamps: by sender, the same for everybody.
      if (sender !== otherSender) return sender < otherSender;
      return nth !== otherNth ? nth < otherNth : slot < otherSlot;
    },
    joined() {},
  };
}
