import { firstWhere } from '../../../base/first-where.ts';
import { parseDurationUs, secondsText } from '../../../base/units.ts';

/** One client's requests as the student makes them: pure functions on a list that stays in order of time. */

export interface Request {
  /** Stays with the request while it is moved. */
  readonly id: number;
  readonly timeUs: number;
}

/** More marks than this cannot be told apart, nor found with a keyboard. */
export const MOST_REQUESTS = 300;
/** A day: far enough for any limit, and short enough to be drawn. */
export const LATEST_US = 24 * 3_600_000_000;

/** In order of time; of equal times the earlier made comes first, as it was there first. */
const inOrder = (requests: readonly Request[]): readonly Request[] =>
  [...requests].sort((a, b) => a.timeUs - b.timeUs || a.id - b.id);

const held = (timeUs: number): number => Math.min(LATEST_US, Math.max(0, Math.round(timeUs)));

export const timesOf = (requests: readonly Request[]): readonly number[] =>
  requests.map(({ timeUs }) => timeUs);

/** Requests with ids from 1 on. Takes the first MOST_REQUESTS in order of time. */
export const requestsAt = (timesUs: readonly number[]): readonly Request[] =>
  [...timesUs]
    .map(held)
    .sort((a, b) => a - b)
    .slice(0, MOST_REQUESTS)
    .map((timeUs, i) => ({ id: i + 1, timeUs }));

/** The same list when it is full. */
export function addRequest(requests: readonly Request[], timeUs: number): readonly Request[] {
  if (requests.length >= MOST_REQUESTS) return requests;
  const id = requests.reduce((most, request) => Math.max(most, request.id), 0) + 1;
  return inOrder([...requests, { id, timeUs: held(timeUs) }]);
}

export const moveRequest = (requests: readonly Request[], id: number, timeUs: number): readonly Request[] =>
  inOrder(requests.map((request) => (request.id === id ? { id, timeUs: held(timeUs) } : request)));

export const deleteRequest = (requests: readonly Request[], id: number): readonly Request[] =>
  requests.filter((request) => request.id !== id);

/** How many requests come at or before a time: the place of the first that comes after it. */
export const countUntil = (timesUs: readonly number[], timeUs: number): number =>
  firstWhere(timesUs.length, (i) => timesUs[i]! > timeUs);

export type ParsedTimes =
  | { readonly timesUs: readonly number[]; readonly problem: null }
  | { readonly timesUs: null; readonly problem: string };

/**
 * Times as people paste them: separated by commas, semicolons or white space, in seconds unless a unit stands behind them (`0, 15, 59.999999,
 * 250ms`). They need not be in order. The problem is one line: what is wrong; what would be right.
 */
export function parseTimes(text: string): ParsedTimes {
  const words = text.split(/[\s,;]+/).filter((word) => word !== '');
  const bad = (problem: string): ParsedTimes => ({ timesUs: null, problem });
  if (words.length === 0) return bad('no times; write some, such as 0, 15, 20, 35');
  if (words.length > MOST_REQUESTS)
    return bad(`${words.length} times are too many to draw; write at most ${MOST_REQUESTS}`);
  const timesUs: number[] = [];
  for (const word of words) {
    const timeUs = parseDurationUs(/^[\d._]+$/.test(word) ? `${word}s` : word);
    const shown = word.length > 24 ? `${word.slice(0, 23)}…` : word;
    if (timeUs === null)
      return bad(`"${shown}" is no time; write seconds, such as 59.999999, or a unit, such as 250ms`);
    if (timeUs > LATEST_US) return bad(`"${shown}" is more than a day; write at most 24h`);
    timesUs.push(timeUs);
  }
  return { timesUs: timesUs.sort((a, b) => a - b), problem: null };
}

/** `0, 15, 59.999999`: what parseTimes reads. */
export const timesText = (timesUs: readonly number[]): string => timesUs.map(secondsText).join(', ');
