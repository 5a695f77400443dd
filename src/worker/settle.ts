import type { Run } from '../run/run.ts';
import type { Doing } from './doing.ts';

/**
 * Everything of this microsecond happens before the page hears of it: an address names microseconds, and what it names must be what is
 * shown. A script that stands between two steps of one instant stays there.
 */
export function settle(run: Run, doing: Doing): void {
  const isRunning = doing.is === 'playing' || doing.is === 'resting' || doing.is === 'ended';
  if (isRunning && !run.script.isMidway()) run.advance(run.nowUs, Number.POSITIVE_INFINITY);
}
