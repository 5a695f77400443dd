import { columns, f64 } from '../../base/columns.ts';
import type { Design } from '../design/design.ts';
import type { StationNumbers } from '../design/stations.ts';

/**
 * Stations keep a connection open to each other, and a connection is one stream of bytes (RFC 9293, section 3.3): what is put into it
 * first is there first, and what is behind a packet that was held back or lost waits for it. A Redis subscription is such a stream, and so
 * are the pipeline of publishes, the calls of a server to the chat service and the answers.
 *
 * A database with several workers is reached through a pool: each write has a connection of its own, so its writes overtake each other.
 */
export interface Streams {
  /** When the last thing that was put into the stream from one station to another is there. */
  lastUs(from: number, to: number): number;
  /** Puts in something that would be there at `dueUs`; returns when it is there. */
  put(from: number, to: number, dueUs: number): number;
  /** The station is down: its connections are new when it is back. */
  reset(node: number): void;
}

export const streamColumns = (stations: number) =>
  columns('streams', {
    /** [from x stations + to] when the last thing put in is there. */
    lastUs: f64(stations * stations),
  });

export function openStreams(last: Float64Array, nodes: StationNumbers, design: Design): Streams {
  const { count, chatService, database } = nodes;
  const hasPool = design.database.workers > 1;
  const write = chatService * count + database;
  const answer = database * count + chatService;
  return {
    lastUs: (from, to) => {
      const at = from * count + to;
      return hasPool && (at === write || at === answer) ? 0 : last[at];
    },
    put(from, to, dueUs) {
      const at = from * count + to;
      if (hasPool && (at === write || at === answer)) return dueUs;
      const lastUs = last[at];
      if (lastUs > dueUs) return lastUs;
      last[at] = dueUs;
      return dueUs;
    },
    reset(node) {
      for (let other = 0; other < count; other++) {
        last[node * count + other] = 0;
        last[other * count + node] = 0;
      }
    },
  };
}
