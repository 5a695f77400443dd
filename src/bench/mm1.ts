import { mix32 } from '../base/hash.ts';
import { createDuration } from '../kernel/distributions.ts';
import { eventListColumns, openEventList } from '../kernel/event-list.ts';
import { createWorld } from '../kernel/world.ts';
import { type Contender, mixOrder, type Queues } from './hold.ts';

/**
 * M/M/1: one server at a load of 0.8, never more than two events pending: the next arrival and the next departure. Here the queue is
 * tiny and what counts is the fixed cost of an event.
 */

const ARRIVAL = 1;
const DEPARTURE = 2;
const DRAWS = 1 << 16;

const drawTable = (meanUs: number, salt: number): Uint32Array => {
  const draw = createDuration({ kind: 'exponential', meanUs });
  return Uint32Array.from({ length: DRAWS }, (_, i) => draw(mix32(i ^ salt)));
};
const GAPS = drawTable(1000, 0x1234_5678);
const SERVICES = drawTable(800, 0x0bad_cafe);

/** The station itself: `schedule` puts an event in the queue. */
function station(schedule: (timeUs: number, kind: number) => void) {
  let inSystem = 0;
  let drawn = 0;
  let hash = 0;
  return {
    handle(timeUs: number, kind: number): void {
      hash = mixOrder(hash, timeUs, kind);
      if (kind === ARRIVAL) {
        schedule(timeUs + GAPS[drawn++ & (DRAWS - 1)]!, ARRIVAL);
        if (inSystem++ === 0) schedule(timeUs + SERVICES[drawn++ & (DRAWS - 1)]!, DEPARTURE);
      } else if (--inSystem > 0) {
        schedule(timeUs + SERVICES[drawn++ & (DRAWS - 1)]!, DEPARTURE);
      }
    },
    orderHash: () => hash,
  };
}

export function fanoutMm1(): Contender {
  const group = eventListColumns({ maxPending: 100_000, timers: 1000 });
  const list = openEventList(createWorld([group]), group);
  const server = station((timeUs, kind) => list.schedule(timeUs, kind, 0, 0, 0));
  list.schedule(0, ARRIVAL, 0, 0, 0);
  const handle = (timeUs: number, kind: number): boolean => {
    server.handle(timeUs, kind);
    return false;
  };
  return {
    name: 'fanout',
    run: (events) => {
      list.run(Infinity, events, handle);
    },
    orderHash: server.orderHash,
  };
}

interface TimedObject {
  readonly time: number;
  readonly sequence: number;
  readonly kind: number;
}

export function tinyqueueMm1({ TinyQueue }: Queues): Contender {
  const queue = new TinyQueue<TimedObject>([], (a, b) => a.time - b.time || a.sequence - b.sequence);
  let sequence = 0;
  const server = station((time, kind) => queue.push({ time, sequence: sequence++, kind }));
  queue.push({ time: 0, sequence: sequence++, kind: ARRIVAL });
  return {
    name: 'tinyqueue',
    run(events) {
      for (let i = 0; i < events; i++) {
        const event = queue.pop()!;
        server.handle(event.time, event.kind);
      }
    },
    orderHash: server.orderHash,
  };
}

export function flatqueueMm1({ FlatQueue }: Queues): Contender {
  const queue = new FlatQueue<number>();
  const server = station((timeUs, kind) => queue.push(kind, timeUs));
  queue.push(ARRIVAL, 0);
  return {
    name: 'flatqueue',
    run(events) {
      for (let i = 0; i < events; i++) {
        const timeUs = queue.peekValue()!;
        server.handle(timeUs, queue.pop()!);
      }
    },
    orderHash: server.orderHash,
  };
}
