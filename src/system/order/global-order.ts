import { INBOX_BYTES, type Inboxes } from '../../algorithms/ordering/inbox.ts';
import { READY } from '../../algorithms/ordering/vector-clock.ts';
import { CHANNEL, channelOfSlot, type Topology } from '../design/topology.ts';
import type { Stamps } from '../state/stamps.ts';
import { NOT_A_MEMBER } from '../state/users.ts';
import type { Order } from './order.ts';

/** One order of all messages: the sequencer numbers them, and with each the inboxes of its receivers. A stamp has a number for each member. */
export function createGlobalOrder(
  topology: Topology,
  entry: Uint32Array,
  inboxes: Inboxes,
  stamps: Stamps,
): Order {
  const { channel: channels } = topology;
  const { words } = stamps;
  /** 0 for whom the message was not due when it was numbered. */
  const numberOf = (slot: number, seq: number): number => {
    const c = channelOfSlot(topology, slot);
    const at = stamps.find(c, seq);
    return at < 0 ? 0 : words[at + slot - channels[4 * c + CHANNEL.FIRST]];
  };
  return {
    waitsFor: 'cause',
    atSend: () => 0,
    refused() {},
    atServer: () => 0,
    atNumber(sender, channel, seq) {
      const first = channels[4 * channel + CHANNEL.FIRST];
      const end = channels[4 * channel + CHANNEL.END];
      const at = stamps.reserve(channel, seq, end - first);
      for (let slot = first; slot < end; slot++) {
        const user = entry[2 * slot];
        if (user !== sender && entry[2 * slot + 1] !== NOT_A_MEMBER)
          words[at + slot - first] = inboxes.give(user);
      }
      return INBOX_BYTES;
    },
    received() {},
    standing(slot, _sender, _nth, seq) {
      const number = numberOf(slot, seq);
      return number === 0 ? READY : inboxes.standing(entry[2 * slot], number);
    },
    show(slot, _sender, _nth, seq) {
      const number = numberOf(slot, seq);
      if (number > 0) inboxes.show(entry[2 * slot], number);
    },
    isBefore: (slot, _s, _n, seq, otherSlot, _os, _on, otherSeq) =>
      numberOf(slot, seq) < numberOf(otherSlot, otherSeq),
    joined() {},
  };
}
