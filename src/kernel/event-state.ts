/**
 * The scalars of an event list and where they lie in its two state columns. They are read and written in place, so that the
 * world's bytes are always the whole truth. All zero is the valid state of an empty list at time zero.
 */

/** Column `clock`, doubles. */
export const NOW = 0;
/** Arrivals in the heap so far: breaks its ties. */
export const ARRIVALS = 1;
export const CLOCK_LENGTH = 16;

/** Column `counts`, 32-bit integers. */
export const HEAP_SIZE = 0;
/** Records anywhere, those of cancelled timers included. */
export const RECORDS = 1;
/** Records of cancelled timers. */
export const STALE = 2;
export const COUNTS_LENGTH = 32;
