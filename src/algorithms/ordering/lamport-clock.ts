import { columns, type Opened, u32 } from '../../base/columns.ts';

/**
 * Lamport's logical clocks (L. Lamport, "Time, clocks, and the ordering of events in a distributed system", CACM 21(7) 1978): a counter
 * for each process; it counts up with each send, and a message that is received sets it past the message's. If m happened before r, the
 * time of m is lower; the reverse need not be. With the sender's number as tie-break the times order all messages the same for everybody.
 */

/** Bytes of a time and the sender's number on the wire. */
export const LAMPORT_BYTES = 8;

/** The columns of the clocks of so many processes. */
export const lamportColumns = (processes: number) => columns('lamport', { time: u32(processes) });
/** The opened columns of the clocks. */
export type LamportColumns = Opened<ReturnType<typeof lamportColumns>['columns']>;

/** A clock for each process, numbered from 0. */
export interface LamportClocks {
  /** Process p sends: the time that the message carries. */
  send(p: number): number;
  /** Process p receives a message of this time. */
  receive(p: number, time: number): void;
}

/** The clocks on their columns. */
export function openLamportClocks({ time }: LamportColumns): LamportClocks {
  return {
    send(p) {
      const next = time[p] + 1;
      time[p] = next;
      return next;
    },
    receive(p, of) {
      if (of > time[p]) time[p] = of;
    },
  };
}
