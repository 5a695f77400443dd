import type { FuturesCurve, MomentFutures } from '../../worker/futures.ts';

/** Between two moments the share of futures that end with the promise broken has changed. */
export interface Jump {
  readonly before: MomentFutures;
  readonly after: MomentFutures;
}

export const shareOf = ({ violated, futures }: MomentFutures): number => violated / futures;

const size = ({ before, after }: Jump): number => Math.abs(shareOf(after) - shareOf(before));

/** The largest changes of a curve, largest first, at most `most`; of equal ones the earlier first. */
export function largestJumps({ moments }: FuturesCurve, most: number): readonly Jump[] {
  const jumps: Jump[] = [];
  for (let i = 1; i < moments.length; i++) {
    const jump = { before: moments[i - 1]!, after: moments[i]! };
    if (size(jump) > 0) jumps.push(jump);
  }
  return jumps.sort((a, b) => size(b) - size(a)).slice(0, most);
}

/** The first moment from which on every one ends with the promise broken; null when there is none. */
export function inevitableFrom({ moments }: FuturesCurve): MomentFutures | null {
  let from: MomentFutures | null = null;
  for (const moment of moments) {
    if (moment.violated < moment.futures) from = null;
    else from ??= moment;
  }
  return from;
}

/**
 * What decided it lies between these two moments: the last at which most futures still ended well, and the one after. Where most never
 * did, the largest rise. Null when the share never rises.
 */
export function decidingJump(curve: FuturesCurve): Jump | null {
  const { moments } = curve;
  const at = moments.findLastIndex((moment, i) => shareOf(moment) < 0.5 && i + 1 < moments.length);
  if (at >= 0) return { before: moments[at]!, after: moments[at + 1]! };
  const rises = largestJumps(curve, moments.length).filter(
    ({ before, after }) => after.violated > before.violated,
  );
  return rises[0] ?? null;
}

/** How far the curve's own time axis goes: a little beyond the violation. */
export const spanOf = ({ moments, sinceUs }: FuturesCurve): number =>
  Math.max(1, Math.ceil(1.03 * Math.max(sinceUs, moments.at(-1)?.timeUs ?? 0)));

/** The last moment that is not later than `timeUs`; null before the first. */
export const momentAt = ({ moments }: FuturesCurve, timeUs: number): MomentFutures | null =>
  moments.findLast((moment) => moment.timeUs <= timeUs) ?? null;

/**
 * The curve as steps, in units of [0, 1000] across and [0, 100] down: what a moment's futures say holds until the next one. `at` picks the
 * height, a share. Closed to the bottom edge it is an area.
 */
export function stepPath(
  { moments }: FuturesCurve,
  durationUs: number,
  at: (moment: MomentFutures) => number,
): string {
  const x = (timeUs: number): string => ((1_000 * timeUs) / durationUs).toFixed(2);
  const y = (moment: MomentFutures): string => (100 * (1 - at(moment))).toFixed(1);
  const [first, ...rest] = moments;
  if (first === undefined) return '';
  return `M${x(first.timeUs)} ${y(first)}${rest.map((one) => `H${x(one.timeUs)}V${y(one)}`).join('')}`;
}

/** Where the last step ends: the curve speaks of the time up to the violation. */
export const endX = ({ moments }: FuturesCurve, durationUs: number): number =>
  (1_000 * (moments.at(-1)?.timeUs ?? 0)) / durationUs;
