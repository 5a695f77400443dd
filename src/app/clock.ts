import { formatDuration } from '../base/units.ts';

const pad = (n: number, digits: number): string => String(n).padStart(digits, '0');

/** Virtual time on the clock: `00:12.345 678`, with hours and days in front when there are any. */
export function clockText(us: number): string {
  const whole = Math.max(0, Math.floor(us));
  const micros = whole % 1_000;
  const millis = Math.floor(whole / 1_000) % 1_000;
  const seconds = Math.floor(whole / 1_000_000);
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  const days = Math.floor(hours / 24);
  const head = `${days > 0 ? `${days} d ` : ''}${hours > 0 ? `${pad(hours % 24, 2)}:` : ''}`;
  return `${head}${pad(minutes % 60, 2)}:${pad(seconds % 60, 2)}.${pad(millis, 3)} ${pad(micros, 3)}`;
}

/** The same for a voice: `12.3 seconds`. */
export function spokenTime(us: number): string {
  const seconds = us / 1_000_000;
  return seconds < 120
    ? `${Number(seconds.toPrecision(3))} seconds`
    : `${Math.floor(seconds / 60)} minutes ${Math.floor(seconds % 60)} seconds`;
}

/** A moment of the run in a few words: `the start`, `1.25 s`. */
export const momentWords = (us: number): string => (us === 0 ? 'the start' : formatDuration(us));
