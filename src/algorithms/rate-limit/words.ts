/** Numbers in the sentences with which a limiter explains itself. */

/** Microseconds as seconds, every digit that counts: `60.000001`, `15`. A fraction of a microsecond is cut. */
export function secondsText(us: number): string {
  const whole = Math.floor(us);
  const rest = whole % 1_000_000;
  const seconds = (whole - rest) / 1_000_000;
  return rest === 0 ? String(seconds) : `${seconds}.${String(rest).padStart(6, '0').replace(/0+$/, '')}`;
}

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
