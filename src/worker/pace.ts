import { US_PER_SECOND } from '../base/units.ts';

/** Says how far virtual time should be at a moment of the wall clock. Wall times are in milliseconds. */
export interface Pace {
  /** Virtual microseconds shown in a wall second; Infinity: as fast as it goes. */
  readonly speed: number;
  /** Begins anew from here: after a pause, a jump, or when the simulation cannot keep up. */
  anchor(nowMs: number, timeUs: number): void;
  /** A whole number of microseconds, or Infinity. */
  targetUs(nowMs: number): number;
  /** Forgets a lag of more than LAG_MS of wall time: a run that was slow for a while does not race afterwards. */
  forgive(nowMs: number, timeUs: number): void;
}

const MS_PER_SECOND = 1000;
const LAG_MS = 100;

export function createPace(speed: number, nowMs: number, timeUs: number): Pace {
  let fromMs = nowMs;
  let fromUs = timeUs;
  const anchor = (atMs: number, atUs: number): void => {
    fromMs = atMs;
    fromUs = atUs;
  };
  const targetUs = (atMs: number): number =>
    speed === Number.POSITIVE_INFINITY
      ? speed
      : Math.floor(fromUs + ((atMs - fromMs) / MS_PER_SECOND) * speed);
  return {
    speed,
    anchor,
    targetUs,
    forgive(atMs, atUs) {
      if (targetUs(atMs) - atUs > (LAG_MS / MS_PER_SECOND) * speed) anchor(atMs, atUs);
    },
  };
}

const JUST_NOW_WALL_MS = 400;
const SHORTEST_US = 50_000;
const LONGEST_US = 2 * US_PER_SECOND;

/** How far back "just now" goes: what is shown in 0.4 s of wall time, at least 50 ms and at most 2 s of virtual time. */
export const justNowUs = (virtualUsPerWallSecond: number): number =>
  Math.min(LONGEST_US, Math.max(SHORTEST_US, (JUST_NOW_WALL_MS / MS_PER_SECOND) * virtualUsPerWallSecond));
