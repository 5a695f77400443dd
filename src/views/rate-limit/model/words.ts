import type { RateLimitAlgorithm } from '../../../algorithms/rate-limit/config.ts';
import { requestsText } from '../../../algorithms/rate-limit/words.ts';
import { formatDuration, secondsText } from '../../../base/units.ts';
import type { Lane } from '../drawing/lanes.ts';
import type { Timeline } from '../drawing/timeline.ts';
import type { Moment } from './moment.ts';

export const ALGORITHM_NAMES: Readonly<Record<RateLimitAlgorithm, string>> = {
  'fixed-window': 'Fixed window',
  'sliding-window-log': 'Sliding window log',
  'sliding-window-counter': 'Sliding window counter',
  'token-bucket': 'Token bucket',
  'leaky-bucket': 'Leaky bucket',
  gcra: 'GCRA',
};

/** One sentence each: what it keeps, and when it refuses. */
export const ALGORITHM_MEANS: Readonly<Record<RateLimitAlgorithm, string>> = {
  'fixed-window':
    'Counts from zero in each window of the clock; all that it counted is forgotten when the window ends.',
  'sliding-window-log':
    'Keeps the time of each request, and refuses while the window behind the new one holds as many as the limit.',
  'sliding-window-counter':
    'Keeps two counts: the window before, weighted by how much of it the sliding window still covers, and this one.',
  'token-bucket': 'A bucket is refilled evenly; each request takes a token, and without one it is refused.',
  'leaky-bucket': 'Each request pours one into a bucket that leaks evenly; what would overflow is refused.',
  gcra: 'Keeps one time, the theoretical arrival time of the next request, and refuses what comes too early for it.',
};

/** What the frame or the level says at a moment, short enough to stand over it. */
export function tagText({ why }: Moment, windowUs: number): string {
  const { state, counted, limit } = why;
  switch (state.kind) {
    case 'log':
      return `window ${formatDuration(windowUs)}: counts ${counted} of ${limit}`;
    case 'window':
      return `window ${secondsText(state.windowStartUs)} to ${secondsText(state.windowEndUs)} s: counts ${counted} of ${limit}`;
    case 'two-windows':
      return `${state.previous} x ${short(state.weight)} + ${state.current} = ${short(counted)} of ${limit}`;
    case 'tokens':
      return `${short(state.tokens)} of ${state.burst} tokens`;
    case 'level':
      return `level ${short(state.level)} of ${state.burst}`;
    case 'tat':
      return counted === 0 ? 'TAT has passed' : `TAT ${secondsText(state.tatUs)} s`;
  }
}

/** At most two decimals, cut: 4.999 does not read as 5. */
const short = (n: number): string => requestsText(Math.floor(n * 100 + 1e-6) / 100);

/** `R6`, as the requests are called in all pictures: by their place in time. */
export const requestName = (place: number): string => `R${place + 1}`;

/** The sentence of a lane for a place of the timeline, without its verdict when that must not show yet. */
export function requestWords(timeline: Timeline, lane: Lane, place: number, shown: number): string {
  const decision = lane.decisions[place];
  const at = `${requestName(place)} at ${secondsText(timeline.timesUs[place] ?? 0)} s`;
  if (decision === undefined) return at;
  return place < shown ? `${at}: ${decision.words}` : `${at}: what do you predict?`;
}

/** What a moment says in full. */
export function momentWords(timeline: Timeline, moment: Moment, shown: number): string {
  if (moment.request !== null) return requestWords(timeline, timeline.chosen, moment.request, shown);
  return `A request at ${secondsText(moment.timeUs)} s: ${moment.why.words}`;
}
