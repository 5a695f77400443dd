/**
 * What waits at a station, as a word: a copy of a message by its place in the pool, or one of these kinds of work with a user's number.
 * The simulation never reads it back: it is for whoever looks into a queue.
 */
const KIND_BITS = 0xc000_0000;
const CONNECTION = 0x8000_0000;
const HISTORY = 0xc000_0000;
const NOTHING_FOR_ANYBODY = 0xbfff_ffff;

/** A user's connection is opened, subscribed, or kept alive. */
export const connectionJob = (user: number): number => (CONNECTION | user) >>> 0;
/** The history is read for a user. */
export const historyJob = (user: number): number => (HISTORY | user) >>> 0;
/** A record that concerns no user of this server. */
export const IDLE_JOB = NOTHING_FOR_ANYBODY;

export type Job =
  | { readonly of: 'copy'; readonly copy: number }
  | { readonly of: 'connection' | 'history'; readonly user: number }
  | { readonly of: 'nothing' };

export function jobOf(word: number): Job {
  if (word === NOTHING_FOR_ANYBODY) return { of: 'nothing' };
  switch ((word & KIND_BITS) >>> 0) {
    case CONNECTION:
      return { of: 'connection', user: word & ~KIND_BITS };
    case HISTORY:
      return { of: 'history', user: word & ~KIND_BITS };
    default:
      return { of: 'copy', copy: word };
  }
}
