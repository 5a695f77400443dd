import { columns, f64, type Opened, u32 } from '../base/columns.ts';
import { CapacityError } from '../base/errors.ts';
import type { PairMap } from './pair-map.ts';

/** The history in the database: one row a persisted message, in order of persistence, found by (channel, sequence number). */

export const historyColumns = (capacity: number) =>
  columns('history', {
    /** [0] rows. */
    rows: u32(1),
    sender: u32(capacity),
    nth: u32(capacity),
    channel: u32(capacity),
    seq: u32(capacity),
    sentUs: f64(capacity),
  });

export type HistoryColumns = Opened<ReturnType<typeof historyColumns>['columns']>;

export interface History {
  readonly columns: HistoryColumns;
  /** Appends a row. One that is there already (a copy of the same message) stays alone. Throws CapacityError. */
  append(sender: number, nth: number, channel: number, seq: number, sentUs: number): void;
  /** The row of a channel's sequence number, or -1. */
  find(channel: number, seq: number): number;
  rows(): number;
}

/** `index` maps (channel, sequence number) to row + 1. */
export function openHistory(c: HistoryColumns, index: PairMap): History {
  const { rows } = c;
  const capacity = c.sender.length;
  return {
    columns: c,
    append(sender, nth, channel, seq, sentUs) {
      if (index.get(channel, seq) !== 0) return;
      const row = rows[0]!;
      if (row === capacity) throw new CapacityError('history', capacity, 'limits.historyRows');
      rows[0] = row + 1;
      c.sender[row] = sender;
      c.nth[row] = nth;
      c.channel[row] = channel;
      c.seq[row] = seq;
      c.sentUs[row] = sentUs;
      index.set(channel, seq, row + 1);
    },
    find: (channel, seq) => index.get(channel, seq) - 1,
    rows: () => rows[0]!,
  };
}
