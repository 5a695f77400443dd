import { columns, f64, type Opened, u32 } from '../../base/columns.ts';
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
  /** Appends a row, and returns its number; -1 when it is there already (a copy of the same message). There must be room. */
  append(sender: number, nth: number, channel: number, seq: number, sentUs: number): number;
  /** The database has lost a row. Another may come in its place. */
  lose(row: number): void;
  /** The row of a channel's sequence number, or -1. */
  find(channel: number, seq: number): number;
  rows(): number;
  hasRoom(): boolean;
}

/** In the index in place of a row: it was lost. */
const LOST = 0xffff_ffff;

/** `index` maps (channel, sequence number) to row + 1. */
export function openHistory(c: HistoryColumns, index: PairMap): History {
  const { rows } = c;
  const capacity = c.sender.length;
  return {
    columns: c,
    append(sender, nth, channel, seq, sentUs) {
      const there = index.get(channel, seq);
      if (there !== 0 && there !== LOST) return -1;
      const row = rows[0];
      rows[0] = row + 1;
      c.sender[row] = sender;
      c.nth[row] = nth;
      c.channel[row] = channel;
      c.seq[row] = seq;
      c.sentUs[row] = sentUs;
      index.set(channel, seq, row + 1);
      return row;
    },
    lose(row) {
      index.set(c.channel[row], c.seq[row], LOST);
    },
    find(channel, seq) {
      const there = index.get(channel, seq);
      return there === LOST ? -1 : there - 1;
    },
    rows: () => rows[0],
    hasRoom: () => rows[0] < capacity,
  };
}
