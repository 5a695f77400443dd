/**
 * What is asked of a user at each delivery, in one 32-bit word, so that it costs one cache miss:
 * bits 0-2 state of the client's connection machine, bit 3 the server has the connection and its subscriptions, bits 4-15 generation of
 * the connection (4096), bits 16-28 server (8191 is none), bits 29-31 class of the client's link.
 */
export const STATE_MASK = 7;
export const ATTACHED = 8;
export const GENERATION_SHIFT = 4;
export const GENERATION_MASK = 0xfff;
export const SERVER_SHIFT = 16;
export const SERVER_MASK = 0x1fff;
export const NO_SERVER = 0x1fff;
export const CLASS_SHIFT = 29;
export const MAX_CLASSES = 8;

export const stateOf = (word: number): number => word & STATE_MASK;
export const generationOf = (word: number): number => (word >>> GENERATION_SHIFT) & GENERATION_MASK;
export const serverOf = (word: number): number => (word >>> SERVER_SHIFT) & SERVER_MASK;
export const classOf = (word: number): number => word >>> CLASS_SHIFT;

export const withState = (word: number, state: number): number => ((word & ~STATE_MASK) | state) >>> 0;
export const withServer = (word: number, server: number): number =>
  ((word & ~(SERVER_MASK << SERVER_SHIFT)) | (server << SERVER_SHIFT)) >>> 0;
/** What was sent to the connection so far will not be taken for something sent to the next. */
export const nextGeneration = (word: number): number =>
  ((word & ~(GENERATION_MASK << GENERATION_SHIFT)) |
    (((generationOf(word) + 1) & GENERATION_MASK) << GENERATION_SHIFT)) >>>
  0;
