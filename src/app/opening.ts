import type { HandAction, WitnessName } from '../worker/address.ts';
import type { Request, Selection, WorldChoice } from '../worker/protocol.ts';
import type { SharedRun } from '../worker/read-token.ts';

/** A scenario to be opened, and how far. */
export interface Opening {
  readonly name: string;
  readonly fileName: string;
  readonly text: string;
  /** The token that it came in, and what else the token says; null: it is in the library. */
  readonly shared?: (Pick<SharedRun, 'overrides' | 'choices'> & { readonly token: string }) | null;
  readonly seed: number | null;
  readonly users: number | null;
  readonly hand: readonly HandAction[];
  readonly atUs: number;
  readonly speed: number | null;
  readonly selection: Selection | null;
  /** The broken promise that is to be marked; the run goes to where it breaks first. */
  readonly witness?: WitnessName | null;
  /** The world to be shown beside it. */
  readonly world?: WorldChoice | null;
  /** Begin to play as soon as it is there. */
  readonly play: boolean;
  /** The user knows how much memory it takes. */
  readonly isConfirmed?: boolean;
}

/** What the worker is asked to open. */
export function openRequest(
  opening: Opening,
  hand: readonly HandAction[],
): Extract<Request, { type: 'open' }> {
  const { fileName, text, shared, seed, users, atUs, isConfirmed = false } = opening;
  const { overrides = [], choices = null } = shared ?? {};
  return { type: 'open', fileName, text, seed, users, hand, overrides, choices, atUs, isConfirmed };
}
