import type FlatQueueClass from 'flatqueue';
import type TinyQueueClass from 'tinyqueue';
import { eventListColumns, openEventList } from '../kernel/event-list.ts';
import { createWorld } from '../kernel/world.ts';
import type { HoldWorkload } from './workloads.ts';

/**
 * The hold model, once for each queue: take the next event, schedule one more for a random target. Each contender does the same work
 * in the way its users would.
 */
export interface Contender {
  readonly name: string;
  /** Handles so many events more. */
  run(events: number): void;
  /** Of the order in which (time, target) came. */
  orderHash(): number;
}

export interface Queues {
  readonly TinyQueue: typeof TinyQueueClass;
  readonly FlatQueue: typeof FlatQueueClass;
}

/** Loads the queues to compare with: development dependencies. */
export async function loadQueues(): Promise<Queues> {
  try {
    const [tiny, flat] = await Promise.all([import('tinyqueue'), import('flatqueue')]);
    return { TinyQueue: tiny.default, FlatQueue: flat.default };
  } catch (error) {
    throw new Error('the bench compares with tinyqueue and flatqueue; install them with: npm ci', {
      cause: error,
    });
  }
}

export const mixOrder = (hash: number, timeUs: number, target: number): number => {
  const h = Math.imul(hash ^ (timeUs | 0), 0x9e3779b1) ^ target;
  return h ^ (h >>> 15);
};

/** xorshift32 (G. Marsaglia, 2003): the random targets. */
const step = (x: number): number => {
  x ^= x << 13;
  x ^= x >>> 17;
  return x ^ (x << 5);
};

const KIND = 7;

/** The event list as the system uses it: in a world's buffer, with timers, some of them armed for later. */
export function fanoutHold({ pending, delaysUs }: HoldWorkload): Contender {
  const timers = 1000;
  const group = eventListColumns({ maxPending: pending + timers, timers });
  const list = openEventList(createWorld([group]), group);
  const mask = delaysUs.length - 1;
  let drawn = 0;
  let target = 1;
  let hash = 0;
  for (let i = 0; i < pending; i++) {
    list.schedule(delaysUs[drawn++ & mask]!, KIND, target >>> 0, 0, 0);
    target = step(target);
  }
  for (let timer = 0; timer < timers; timer++) list.arm(timer, 1e12 + timer, KIND, 0, 0);
  const handle = (timeUs: number, _kind: number, a: number): boolean => {
    hash = mixOrder(hash, timeUs, a);
    list.schedule(timeUs + delaysUs[drawn++ & mask]!, KIND, target >>> 0, 0, 0);
    target = step(target);
    return false;
  };
  return {
    name: 'fanout',
    run: (events) => {
      list.run(Infinity, events, handle);
    },
    orderHash: () => hash,
  };
}

interface TimedObject {
  readonly time: number;
  readonly sequence: number;
  readonly target: number;
}

export function tinyqueueHold({ pending, delaysUs }: HoldWorkload, { TinyQueue }: Queues): Contender {
  const queue = new TinyQueue<TimedObject>([], (a, b) => a.time - b.time || a.sequence - b.sequence);
  const mask = delaysUs.length - 1;
  let drawn = 0;
  let target = 1;
  let hash = 0;
  for (let i = 0; i < pending; i++) {
    queue.push({ time: delaysUs[drawn & mask]!, sequence: drawn++, target: target >>> 0 });
    target = step(target);
  }
  return {
    name: 'tinyqueue',
    run(events) {
      for (let i = 0; i < events; i++) {
        const event = queue.pop()!;
        hash = mixOrder(hash, event.time, event.target);
        queue.push({ time: event.time + delaysUs[drawn & mask]!, sequence: drawn++, target: target >>> 0 });
        target = step(target);
      }
    },
    orderHash: () => hash,
  };
}

/** flatqueue keeps a number for each event and breaks no ties: its order is not compared. */
export function flatqueueHold({ pending, delaysUs }: HoldWorkload, { FlatQueue }: Queues): Contender {
  const queue = new FlatQueue<number>();
  const mask = delaysUs.length - 1;
  let drawn = 0;
  let target = 1;
  let hash = 0;
  for (let i = 0; i < pending; i++) {
    queue.push(target >>> 0, delaysUs[drawn++ & mask]!);
    target = step(target);
  }
  return {
    name: 'flatqueue',
    run(events) {
      for (let i = 0; i < events; i++) {
        const timeUs = queue.peekValue()!;
        hash = mixOrder(hash, timeUs, queue.pop()!);
        queue.push(target >>> 0, timeUs + delaysUs[drawn++ & mask]!);
        target = step(target);
      }
    },
    orderHash: () => hash,
  };
}
