/**
 * How one event is packed. Every record begins with three 32-bit words:
 *
 *   word 0   offset 12 bits | timer 1 bit | kind 6 bits | c 13 bits
 *   word 1   a (of a timer: its number)
 *   word 2   b (of a timer: its generation; its own b lies with the timer)
 *
 * `offset` is the time modulo 4096 us, the width of a bucket of the ring; it has no meaning in the heap, which keeps
 * whole times.
 */

export const C_BITS = 13;
export const KIND_BITS = 6;
export const C_MASK = (1 << C_BITS) - 1;
export const KIND_MASK = (1 << KIND_BITS) - 1;
export const TIMER_BIT = 1 << (C_BITS + KIND_BITS);
/** The part of word 0 that is not the offset. */
export const WHAT_MASK = TIMER_BIT | (TIMER_BIT - 1);
export const OFFSET_SHIFT = C_BITS + KIND_BITS + 1;
export const OFFSET_BITS = 32 - OFFSET_SHIFT;
