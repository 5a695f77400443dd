import { WINDOW, wasSeen } from '../algorithms/dedup/sequence-window.ts';
import { columns, type Opened, u32 } from '../base/columns.ts';

/** Where a client stood in each channel when it began to come back: for orders under which later messages may be shown before that. */
export const resumeColumns = (slots: number) =>
  columns('resumeFrom', {
    /** The highest number seen before. */
    seq: u32(slots),
    /** The first number that came live since, or 0. */
    firstLive: u32(slots),
  });
export type ResumePosition = Opened<ReturnType<typeof resumeColumns>['columns']>;

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
  const live = position.firstLive[slot]!;
  return number <= position.seq[slot]! || (live !== 0 && number >= live);
}
