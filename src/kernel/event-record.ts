/**
 * How one event is packed. Every record begins with three 32-bit words:
 *
 *   word 0   offset 12 bits | timer 1 bit | kind 6 bits | c 13 bits
 *   word 1   a (of a timer: its number)
 *   word 2   b (of a timer: its generation; its own b lies with the timer)
 *
 * `offset` is the time modulo 4096 us. A record far in the future has a fourth word, the time divided by 4096 (its low 32
 * bits). The heap keeps whole times and leaves the offset 0.
 */

const C_BITS = 13;
const KIND_BITS = 6;
/** Kinds are small: six bits of a record. */
export const MAX_KIND = (1 << KIND_BITS) - 1;
/** The operand `c` has thirteen bits, `a` and `b` have thirty-two. */
export const MAX_C = (1 << C_BITS) - 1;

export const TIMER_BIT = 1 << (C_BITS + KIND_BITS);
/** The part of word 0 that is not the offset. */
export const WHAT_MASK = TIMER_BIT | (TIMER_BIT - 1);
export const OFFSET_SHIFT = C_BITS + KIND_BITS + 1;
export const OFFSET_BITS = 32 - OFFSET_SHIFT;
export const OFFSET_MASK = (1 << OFFSET_BITS) - 1;

export const whatWord = (kind: number, c: number): number => (kind << C_BITS) | c;
export const kindOf = (word0: number): number => (word0 >>> C_BITS) & MAX_KIND;
