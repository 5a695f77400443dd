/** Durations and counts as people write them. Virtual time is a whole number of microseconds. */

export const US_PER_MS = 1_000;
export const US_PER_SECOND = 1_000_000;
export const US_PER_MINUTE = 60_000_000;
export const US_PER_HOUR = 3_600_000_000;

const UNIT_US: Record<string, number> = {
  us: 1,
  ms: US_PER_MS,
  s: US_PER_SECOND,
  m: US_PER_MINUTE,
  h: US_PER_HOUR,
  d: 24 * US_PER_HOUR,
};

/**
 * `250us`, `10ms`, `1.5s`, `5m`, `2h`, `300d` in microseconds; null when it is not a duration, or not a whole number of
 * microseconds. Counted in whole numbers, because `59.999999 * 1e6` is not one in a double.
 */
export function parseDurationUs(text: string): number | null {
  const match = /^(\d+(?:_\d+)*)(?:\.(\d+))?(us|ms|s|m|h|d)$/.exec(text.trim());
  if (match === null) return null;
  const decimals = match[2] ?? '';
  const scaled = BigInt(match[1].replaceAll('_', '') + decimals) * BigInt(UNIT_US[match[3]]);
  const divisor = BigInt(`1${'0'.repeat(decimals.length)}`);
  const us = Number(scaled / divisor);
  return scaled % divisor === 0n && Number.isSafeInteger(us) ? us : null;
}

/** `1M`, `200k`, `1_000`, `42` as a whole number; null when it is not a count. */
export function parseCount(text: string): number | null {
  const match = /^(\d+(?:_\d+)*(?:\.\d+)?)([kMG]?)$/.exec(text.trim());
  if (match === null) return null;
  const factor = { '': 1, k: 1e3, M: 1e6, G: 1e9 }[match[2] as '' | 'k' | 'M' | 'G'];
  const value = Math.round(Number(match[1].replaceAll('_', '')) * factor * 1e3) / 1e3;
  return Number.isSafeInteger(value) ? value : null;
}

/** A duration for people, at most three significant digits, in the unit that fits: `1.25 ms`, `12 s`. */
export function formatDuration(us: number): string {
  const size = Math.abs(us);
  const [value, unit] =
    size < US_PER_MS
      ? [us, 'us']
      : size < US_PER_SECOND
        ? [us / US_PER_MS, 'ms']
        : size < 2 * US_PER_MINUTE
          ? [us / US_PER_SECOND, 's']
          : size < 2 * US_PER_HOUR
            ? [us / US_PER_MINUTE, 'min']
            : [us / US_PER_HOUR, 'h'];
  return `${Number(value.toPrecision(3))} ${unit}`;
}

/** Microseconds as seconds, every digit that counts: `60.000001`, `15`. A fraction of a microsecond is cut. */
export function secondsText(us: number): string {
  const whole = Math.floor(us);
  const rest = whole % US_PER_SECOND;
  const seconds = (whole - rest) / US_PER_SECOND;
  return rest === 0 ? String(seconds) : `${seconds}.${String(rest).padStart(6, '0').replace(/0+$/, '')}`;
}

/** A count for people, at most three significant digits: `999`, `16.7 k`, `1 M`. */
export function formatCount(n: number): string {
  const size = Math.abs(n);
  if (size < 1e3) return String(Number(n.toPrecision(3)));
  if (size < 999_500) return `${Number((n / 1e3).toPrecision(3))} k`;
  if (size < 999_500_000) return `${Number((n / 1e6).toPrecision(3))} M`;
  return `${Number((n / 1e9).toPrecision(3))} G`;
}

/** Every digit of a number, its thousands set apart, at most four decimals: `1,000,000`, `0.0033`. */
export function formatExact(n: number): string {
  const [whole = '', decimals] = String(Math.round(n * 1e4) / 1e4).split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return decimals === undefined ? grouped : `${grouped}.${decimals}`;
}
