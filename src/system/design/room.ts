import { LargeWorldError, UserError } from '../../base/errors.ts';
import { formatCount, US_PER_SECOND } from '../../base/units.ts';

/** Whether a world fits: known before any of its memory is taken. */

export interface Wanted {
  readonly durationUs: number;
  readonly users: number;
  /** Bytes that a world may take here. */
  readonly mostBytes: number;
  /** More than this is taken only when it is confirmed; absent: it is. */
  readonly askAboveBytes?: number;
  /** What it would take if the run were this long. */
  readonly bytesFor: (durationUs: number) => number;
}

/**
 * `bytes`: what the world would take. Throws UserError that says so, what fits, and which setting makes it fit; LargeWorldError where it fits and
 * must be confirmed.
 */
export function checkRoom(bytes: number, wanted: Wanted): void {
  const { durationUs, users, mostBytes, askAboveBytes = mostBytes, bytesFor } = wanted;
  if (bytes <= mostBytes) {
    if (bytes > askAboveBytes) throw new LargeWorldError(largeInWords(bytes, askAboveBytes, wanted));
    return;
  }
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

/** What a large world takes, and what would make it smaller. */
function largeInWords(bytes: number, lessBytes: number, { durationUs, users, bytesFor }: Wanted): string {
  const large = `the world takes ${formatBytes(bytes)} of memory, and what is kept of it for going back in time comes on top`;
  const less = `less than ${formatBytes(lessBytes)}`;
  const seconds = longestSeconds(durationUs, (s) => bytesFor(s * US_PER_SECOND) <= lessBytes);
  if (seconds > 0)
    return `${large}; ${secondsInSetting(seconds)} of the run take ${less}: write duration: ${secondsInSetting(seconds)}, or let people send less (workload.messages.perUserPerMinute)`;
  const few = Math.max(1, roundedDown((users * lessBytes) / bytes));
  return `${large}; about ${formatCount(few)} of its ${formatCount(users)} users take ${less}: write workload.users: ${few}`;
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
