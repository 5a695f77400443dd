/** The future event list: what will happen, in exact (time, sequence) order. See README of this room in ARCHITECTURE.md. */

/** Kinds are small: six bits of a record. */
export const MAX_KIND = 63;
/** The operand `c` has thirteen bits, `a` and `b` have thirty-two. */
export const MAX_C = 8191;

/** Handles one event. Returns true to stop the loop after this event. */
export type EventHandler = (timeUs: number, kind: number, a: number, b: number, c: number) => boolean;

export interface EventList {
  /** Adds an event. `timeUs` is a whole number of microseconds, not before `nowUs()`. Throws CapacityError when full. */
  schedule(timeUs: number, kind: number, a: number, b: number, c: number): void;
  /** Adds an event that `cancel(timer)` or a later `arm(timer)` takes back. It arrives as (kind, timer, b, c). */
  arm(timer: number, timeUs: number, kind: number, b: number, c: number): void;
  /** Takes back what is armed for this timer, if anything: O(1). */
  cancel(timer: number): void;
  isArmed(timer: number): boolean;
  /**
   * Handles events in order while their time is at most `limitUs`, at most `maxEvents` of them, until a handler returns true.
   * Afterwards the clock is at `limitUs` if no event at or before it is left, else at the last event handled.
   * Returns how many were handled (events that were cancelled do not count).
   */
  run(limitUs: number, maxEvents: number, handle: EventHandler): number;
  nowUs(): number;
  /** Events waiting, cancelled ones that are not swept yet included. */
  pending(): number;
  /** Time of the earliest live event, or Infinity. May do the work of opening the next bucket. */
  nextTimeUs(): number;
}

export interface EventListSizes {
  /** Most events pending at one time. */
  readonly maxPending: number;
  /** Timers are numbered 0 .. timers - 1. */
  readonly timers: number;
}
