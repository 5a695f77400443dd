import { secondsText } from '../../base/units.ts';

/** Numbers in the sentences with which a limiter explains itself. */

/** A number of requests with at most six decimals, cut and not rounded, so that 4.9999999 does not read as 5. */
export const requestsText = (n: number): string => secondsText(n * 1_000_000 + 1e-6);

const MOST_LISTED = 12;

/** Times in seconds, the newest twelve; says how many older ones it leaves out. */
export function timesText(timesUs: readonly number[]): string {
  const shown = timesUs.slice(-MOST_LISTED).map(secondsText).join(', ');
  const left = timesUs.length - MOST_LISTED;
  return left > 0 ? `${left} earlier, then ${shown}` : shown;
}

export function verdictText(allowed: boolean, nowUs: number, retryAfterUs: number): string {
  return allowed ? 'allowed' : `refused; come back at ${secondsText(nowUs + retryAfterUs)} s`;
}
