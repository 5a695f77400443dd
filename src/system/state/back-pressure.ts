import type { EventList } from '../../kernel/event-list.ts';
import type { Design } from '../design/design.ts';
import type { Sizes } from '../design/sizes.ts';
import type { Pool } from './pool.ts';

/**
 * What an overloaded system does when it has no room for more under way: it takes no more. A client finds its socket full and waits; a broker
 * or a server loses what it can neither send nor keep. All of it is counted and traced, and the run goes on. How much room there is
 * `sizes.ts` reckons from the scenario: where nothing is overloaded nobody comes to the end of it.
 */
export interface BackPressure {
  /** Whether a client can put one more copy on the wire. */
  canSend(): boolean;
  /** Whether so many members can be told of a message by so many servers. */
  canTell(members: number, servers: number): boolean;
  /** Whether so many deliveries can be sent. */
  canDeliver(deliveries: number): boolean;
}

/** Slots in a chunk of a list of slots: see fan-out.ts. */
export const CHUNK_SLOTS = 30;

export function createBackPressure(
  design: Design,
  sizes: Sizes,
  events: EventList,
  copyPool: Pool,
  slicePool: Pool,
): BackPressure {
  // Clients leave room to what doubles copies on their way (an outbox, a link) and to the consumers of a log.
  const copiesKept = sizes.copies >>> (design.outbox.enabled ? 1 : 3);
  // The fan-out leaves room to all other events: those of a copy, and of an outgoing message.
  const eventsKept = Math.min(sizes.copies + 2 * sizes.outgoing, sizes.pending >>> 2);
  return {
    canSend: () => copyPool.left() > copiesKept,
    // Each server with two members or more has a list, whose last chunk may be nearly empty.
    canTell: (members, servers) =>
      slicePool.left() >= members / CHUNK_SLOTS + Math.min(servers, members / 2) &&
      events.room() > eventsKept + servers,
    canDeliver: (deliveries) => events.room() > eventsKept + deliveries,
  };
}
