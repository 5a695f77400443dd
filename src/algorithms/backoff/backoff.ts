import { below } from '../../base/below.ts';

/**
 * How long a client waits before it tries again. Pure, in whole microseconds and whole-number arithmetic; one random word decides where
 * there is chance.
 *
 * The ceiling of attempt n (0 for the first) is min(cap, base 2^n).
 *
 * | kind | wait | source |
 * |---|---|---|
 * | none | 0 | |
 * | constant | min(cap, base) | |
 * | exponential | the ceiling | binary exponential backoff (Ethernet, IEEE 802.3) without its randomness |
 * | full-jitter | U(0, ceiling) | AWS FullJitterBackoffStrategy; M. Brooker, "Exponential Backoff And Jitter", 2015 |
 * | equal-jitter | ceiling/2 + U(0, ceiling/2) | AWS EqualJitterBackoffStrategy; the same |
 * | decorrelated-jitter | min(cap, U(base, 3 previous)) | the same |
 * | phoenix | 10, 50, 100, 150, 200, 250, 500, 1000, 2000, then 5000 ms | Phoenix, socket.js, reconnectAfterMs |
 * | socket.io | 1000 ms 2^n, more or less up to a half, at most 5000 ms | socket.io-client, backo2.js |
 *
 * The last two are their libraries' defaults and ignore base and cap. Socket.IO applies its cap after the jitter, so that from the
 * fifth attempt on (16 s less a half is more than 5 s) all clients wait 5 s exactly.
 */
const WAITS = {
  none: () => 0,
  constant: (_attempt, baseUs, capUs) => Math.min(baseUs, capUs),
  exponential: ceilingUs,
  'full-jitter': (attempt, baseUs, capUs, choice) => below(choice, ceilingUs(attempt, baseUs, capUs) + 1),
  'equal-jitter': (attempt, baseUs, capUs, choice) => {
    const ceiling = ceilingUs(attempt, baseUs, capUs);
    const half = Math.floor(ceiling / 2);
    return ceiling - half + below(choice, half + 1);
  },
  'decorrelated-jitter': (_attempt, baseUs, capUs, choice, previousUs) => {
    const least = Math.min(baseUs, capUs);
    const previous = Math.min(Math.max(previousUs, least), capUs);
    return Math.min(capUs, least + below(choice, 3 * previous - least + 1));
  },
  phoenix: (attempt) => PHOENIX_US[attempt] ?? PHOENIX_LAST_US,
  'socket.io': (attempt, _baseUs, _capUs, choice) => {
    if (attempt >= SOCKET_IO_CERTAIN_FROM) return SOCKET_IO_CAP_MS * 1000;
    const ms = 1000 << attempt;
    const deviation = Math.floor((choice * ms) / 2 ** 33);
    // The first decimal digit of the same random number decides between less and more.
    const isLess = (below(choice, 10) & 1) === 0;
    return Math.min(isLess ? ms - deviation : ms + deviation, SOCKET_IO_CAP_MS) * 1000;
  },
} satisfies Record<string, Wait>;

type Wait = (attempt: number, baseUs: number, capUs: number, choice: number, previousUs: number) => number;

const PHOENIX_US = [10, 50, 100, 150, 200, 250, 500, 1000, 2000].map((ms) => ms * 1000);
const PHOENIX_LAST_US = 5_000_000;
const SOCKET_IO_CAP_MS = 5000;
const SOCKET_IO_CERTAIN_FROM = 4;

/** How the wait before the next attempt grows, and what chance does to it. */
export type BackoffKind = keyof typeof WAITS;

/** Every kind of backoff. */
export const BACKOFF_KINDS = Object.keys(WAITS) as readonly BackoffKind[];

/** Nine and a half hours: three of it and a 32-bit choice are still multiplied exactly. */
export const MAX_BACKOFF_US = 2 ** 35;

function ceilingUs(attempt: number, baseUs: number, capUs: number): number {
  let us = baseUs;
  for (let i = 0; i < attempt && us < capUs && us > 0; i++) us *= 2;
  return Math.min(us, capUs);
}

/**
 * The wait before the next attempt, in whole microseconds.
 *
 * `attempt` counts the waits so far, 0 for the first. `choice` is a random word in [0, 2^32). `previousUs` is the wait before this one, 0 for
 * the first; only decorrelated jitter reads it. Throws RangeError when the attempt is no whole number from 0, or base or cap no whole
 * number from 0 to MAX_BACKOFF_US.
 */
export function backoffDelayUs(
  kind: BackoffKind,
  attempt: number,
  baseUs: number,
  capUs: number,
  choice: number,
  previousUs: number,
): number {
  if (!isWholeUpTo(attempt, 2 ** 53))
    throw new RangeError(`attempt ${attempt}: attempts are whole numbers from 0`);
  if (!isWholeUpTo(baseUs, MAX_BACKOFF_US) || !isWholeUpTo(capUs, MAX_BACKOFF_US)) {
    throw new RangeError(
      `base ${baseUs} us, cap ${capUs} us: both are whole numbers from 0 to ${MAX_BACKOFF_US}`,
    );
  }
  return WAITS[kind](attempt, baseUs, capUs, choice, previousUs);
}

/**
 * The same, of somebody's nth wait, with the random words asked for again: so the wait before, which decorrelated jitter grows from, need not
 * be kept. `choiceOf` gives the word of one of the waits of `whose`.
 */
export function backoffWaitUs(
  kind: BackoffKind,
  attempt: number,
  baseUs: number,
  capUs: number,
  choiceOf: (whose: number, attempt: number) => number,
  whose: number,
): number {
  let previousUs = 0;
  for (let before = kind === 'decorrelated-jitter' ? 0 : attempt; before < attempt; before++)
    previousUs = backoffDelayUs(kind, before, baseUs, capUs, choiceOf(whose, before), previousUs);
  return backoffDelayUs(kind, attempt, baseUs, capUs, choiceOf(whose, attempt), previousUs);
}

const isWholeUpTo = (value: number, most: number): boolean =>
  value >= 0 && value <= most && Math.floor(value) === value;
