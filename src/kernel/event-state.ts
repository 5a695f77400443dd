/**
 * The scalars of an event list and where they lie in its two state columns. They are read and written in place, so the world's
 * bytes are the whole truth at every moment.
 */

/** Column `clock`: doubles. */
export const NOW = 0;
/** Arrivals in the heap so far: breaks its ties. */
export const ARRIVALS = 1;
/** Events before this time belong into the heap. Infinity: all do. */
export const WINDOW_END = 2;
/** What the offsets of the window's keys count from. */
export const WINDOW_BASE = 3;
/** Start of the first bucket of the near level that was not opened yet. */
export const NEXT = 4;
/** Start of the 64 us that are split into instants, or -1. */
export const INSTANTS_FROM = 5;
/** A level takes what is before this time; what is later belongs to the next one. */
export const NEAR_END = 6;
export const HOURS_END = 7;
export const DAYS_END = 8;
export const CLOCK_LENGTH = 9;

/** Column `counts`: 32-bit integers. */
export const OPENED_BEFORE = 0;
export const LIVE = 1;
/** Records of cancelled timers. */
export const STALE = 2;
export const HEAP_SIZE = 3;
/** The heap takes so many, then what is in it is spread out. */
export const HEAP_LIMIT = 4;
/** The window's events are at WINDOW_AT .. WINDOW_COUNT - 1. */
export const WINDOW_AT = 5;
export const WINDOW_COUNT = 6;
/** Word address of the first free chunk, or 0; chunks that were ever in use. */
export const FREE_CHUNK = 7;
export const USED_CHUNKS = 8;
/** Level of the bucket that the window was filled from. */
export const WINDOW_LEVEL = 9;
/** Chunks that the window holds. */
export const WINDOW_CHUNKS = 10;
/** Elements OCCUPIED + level: slots of the level that hold events. */
export const OCCUPIED = 11;
export const COUNTS_LENGTH = 17;
