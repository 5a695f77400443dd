import { WINDOW, wasSeen } from '../../algorithms/dedup/sequence-window.ts';
import { columns, type Opened, u32 } from '../../base/columns.ts';

/** Where a client stood in each channel when it began to come back: for orders under which later messages may be shown before that. */
export const resumeColumns = (slots: number) =>
  columns('resumeFrom', {
    /** The highest number seen before. */
    seq: u32(slots),
    /** The first number that came live since, or 0. */
    firstLive: u32(slots),
    /** Which of the 32 numbers before that one have come live after it, bit i for firstLive - 1 - i. */
    belowLive: u32(slots),
  });
export type ResumePosition = Opened<ReturnType<typeof resumeColumns>['columns']>;

/** The client begins to come back: `seq` is the highest number that it has seen. */
export function beginResume(position: ResumePosition, slot: number, seq: number): void {
  position.seq[slot] = seq;
  position.firstLive[slot] = 0;
  position.belowLive[slot] = 0;
}

/** A number has come live. */
export function cameLive(position: ResumePosition, slot: number, number: number): void {
  const { firstLive, belowLive } = position;
  const first = firstLive[slot];
  if (first === 0) firstLive[slot] = number;
  else if (number < first && first - number <= WINDOW)
    belowLive[slot] = belowLive[slot] | (1 << (first - number - 1));
}

/**
 * Whether a client has been shown a number that it asks the history for. The mask knows the last 32; what is older was seen before it lost
 * its connection, or has come live since.
 */
export function wasSeenSince(
  position: ResumePosition,
  slot: number,
  last: number,
  mask: number,
  number: number,
): boolean {
  if (number > last || last - number < WINDOW) return wasSeen(last, mask, number);
  const live = position.firstLive[slot];
  if (number <= position.seq[slot] || (live !== 0 && number >= live)) return true;
  return live - number <= WINDOW && ((position.belowLive[slot] >>> (live - number - 1)) & 1) === 1;
}
