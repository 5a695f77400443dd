import { UserError } from '../../base/errors.ts';
import { formatCount, US_PER_SECOND } from '../../base/units.ts';

/** Whether a world fits: known before any of its memory is taken. */

export interface Wanted {
  readonly durationUs: number;
  readonly users: number;
  /** Bytes that a world may take here. */
  readonly mostBytes: number;
  /** What it would take if the run were this long. */
  readonly bytesFor: (durationUs: number) => number;
}

/** `bytes`: what the world would take. Throws UserError that says so, what fits, and which setting makes it fit. */
export function checkRoom(bytes: number, { durationUs, users, mostBytes, bytesFor }: Wanted): void {
  if (bytes <= mostBytes) return;
  const tooLarge = `the world would take ${formatBytes(bytes)}, and ${formatBytes(mostBytes)} is the most here`;
  const seconds = longestSeconds(durationUs, (s) => bytesFor(s * US_PER_SECOND) <= mostBytes);
  if (seconds > 0) {
    const fits = secondsInSetting(seconds);
    throw new UserError(
      `${tooLarge}, since a run keeps all of its messages; ${fits} of it fit: ` +
        `write duration: ${fits} (--for ${fits}), or let people send less (workload.messages.perUserPerMinute)`,
    );
  }
  const fit = Math.max(1, roundedDown((users * mostBytes) / bytes));
  throw new UserError(
    `${tooLarge}, however short the run; about ${formatCount(fit)} of its ${formatCount(users)} users fit: write workload.users (--users ${fit})`,
  );
}

/** What is told while the memory is taken: of a large world how much, since not every machine has it. */
export const memoryInWords = (bytes: number): string =>
  bytes < LARGE_BYTES ? 'memory' : `memory: ${formatBytes(bytes)}, which a small machine may not have`;

const LARGE_BYTES = 1e9;

/** Decimal gigabytes, as memory is told in reports. */
const formatBytes = (bytes: number): string => `${Number((bytes / 1e9).toPrecision(3))} GB`;

/** The most whole seconds that fit, found by halving; 0 when not even one does. */
function longestSeconds(durationUs: number, fits: (seconds: number) => boolean): number {
  let enough = 0;
  let tooMany = Math.ceil(durationUs / US_PER_SECOND);
  while (tooMany - enough > 1) {
    const middle = Math.floor((enough + tooMany) / 2);
    if (fits(middle)) enough = middle;
    else tooMany = middle;
  }
  return enough;
}

/** Whole minutes or hours where it is long, so that the setting is a round one. */
function secondsInSetting(seconds: number): string {
  if (seconds >= 36_000) return `${Math.floor(seconds / 3_600)}h`;
  return seconds >= 600 ? `${Math.floor(seconds / 60)}m` : `${seconds}s`;
}

/** The first two digits. */
function roundedDown(n: number): number {
  let unit = 1;
  while (unit * 100 <= n) unit *= 10;
  return Math.floor(n / unit) * unit;
}
