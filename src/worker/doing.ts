import type { Pace } from './pace.ts';
import type { Action } from './protocol.ts';

/** What an open run is doing. */
export type Doing =
  | { readonly is: 'resting' }
  | { readonly is: 'playing'; readonly pace: Pace }
  | {
      readonly is: 'going';
      readonly fromUs: number;
      readonly toUs: number;
      /** What comes after it. */
      readonly thenPlays: Pace | null;
      readonly acts: readonly Action[];
      /** Where it goes after that; null: it stays. */
      readonly backUs: number | null;
    }
  | { readonly is: 'stepping'; readonly message: { readonly sender: number; readonly nth: number } | null }
  | { readonly is: 'ended' }
  | { readonly is: 'failed' };

export const RESTING: Doing = { is: 'resting' };

/** On the way to a moment, to do something there, and then perhaps on to `backUs`. */
export const goingTo = (
  fromUs: number,
  toUs: number,
  thenPlays: Pace | null,
  acts: readonly Action[] = [],
  backUs: number | null = null,
): Doing => ({ is: 'going', fromUs, toUs, thenPlays, acts, backUs });
