import type { CopyColumns } from '../state/messages.ts';

/** What the outbox's relay and whoever loses a copy of it must agree on. */

/** In place of the step of the flow, which has fewer steps: the copy is the relay's. */
const RELAYED = 0xfe;

export function giveToRelay(copies: CopyColumns, copy: number): void {
  copies.step[copy] = RELAYED;
}

export const isRelays = (copies: CopyColumns, copy: number): boolean => copies.step[copy] === RELAYED;

/** When the relay reads next. */
export const nextPollUs = (nowUs: number, pollUs: number): number =>
  (Math.floor(nowUs / pollUs) + 1) * pollUs;
