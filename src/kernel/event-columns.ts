import { type Column, type ColumnGroup, columns, f64, i32, u32 } from '../base/columns.ts';
import { CHUNK_WORDS, chunksFor } from './event-chains.ts';
import { SLOTS } from './event-levels.ts';
import { CLOCK_LENGTH, COUNTS_LENGTH } from './event-state.ts';
import { WINDOW_CHUNK_ROOM, WINDOW_EVENT_ROOM } from './event-window.ts';

/** The memory of an event list: what it needs for so many pending events and timers. */

export interface EventListSizes {
  /** Most events pending at one time. */
  readonly maxPending: number;
  /** Timers are numbered 0 .. timers - 1. */
  readonly timers: number;
}

/** The columns of an event list; how they are laid out is its own affair. */
export type EventListColumns = {
  clock: Column<'f64'>;
  counts: Column<'i32'>;
  heapTime: Column<'f64'>;
  heapArrival: Column<'f64'>;
  heapWords: Column<'u32'>;
  windowKeys: Column<'u32'>;
  windowChunks: Column<'i32'>;
  pool: Column<'u32'>;
  heads: Column<'i32'>;
  tails: Column<'i32'>;
  occupied: Column<'i32'>;
  /** Two words a timer: generation, and b of what is armed. */
  timers: Column<'u32'>;
};

/** The columns of an event list with the sizes that they are made for. */
export interface EventListGroup extends ColumnGroup<EventListColumns> {
  readonly sizes: EventListSizes;
}

/** A list for no more records than this is a heap and nothing else: the world of a small scenario stays small. */
const HEAP_ONLY_RECORDS = 2048;
/** When more events than this are scheduled for the span of the window, the window is made smaller. */
export const HEAP_MOST = 4096;

/** How many cancelled records may wait beside the live ones. One more, and all are swept: at most nine records a cancellation. */
export const staleRoom = (sizes: EventListSizes): number =>
  sizes.timers > 0 ? Math.max(64, sizes.maxPending >> 3) : 0;

/** The columns of an event list, to be given to `createWorld`. Throws RangeError for sizes that are no whole numbers. */
export function eventListColumns(sizes: EventListSizes): EventListGroup {
  const records = sizes.maxPending + staleRoom(sizes);
  const hasWheel = records > HEAP_ONLY_RECORDS;
  const heap = hasWheel ? HEAP_MOST : records;
  const slots = hasWheel ? SLOTS : 0;
  const group = columns('events', {
    clock: f64(CLOCK_LENGTH),
    counts: i32(COUNTS_LENGTH),
    heapTime: f64(heap),
    heapArrival: f64(heap),
    heapWords: u32(3 * heap),
    windowKeys: u32(hasWheel ? WINDOW_EVENT_ROOM : 0),
    windowChunks: i32(hasWheel ? WINDOW_CHUNK_ROOM : 0),
    pool: u32(hasWheel ? (chunksFor(records) + WINDOW_CHUNK_ROOM) * CHUNK_WORDS : 0),
    heads: i32(slots),
    tails: i32(slots),
    occupied: i32(slots / 32),
    timers: u32(2 * sizes.timers),
  });
  return { ...group, sizes };
}
