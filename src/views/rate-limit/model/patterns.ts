import { mix32 } from '../../../base/hash.ts';

/** Ready-made requests. Each is made for the limit and the window that are set, so that it shows the same thing at any size. */

export interface Pattern {
  readonly id: string;
  readonly name: string;
  /** What there is to see, in one sentence. */
  readonly shows: string;
  /** Times in whole microseconds, in order. */
  timesUs(limit: number, windowUs: number): readonly number[];
}

/** No pattern makes more: at a limit of thousands they still fit on a screen. */
const MOST = 120;

const spread = (n: number, fromUs: number, toUs: number): number[] =>
  Array.from({ length: n }, (_, i) => Math.round(fromUs + (i * (toUs - fromUs)) / Math.max(1, n - 1)));

export const PATTERNS: readonly Pattern[] = [
  {
    id: 'worked-example',
    name: 'Worked example',
    shows:
      'The sixth comes while five are still inside the window; the seventh comes after the first has left.',
    timesUs: (_limit, windowUs) => [0, 15, 20, 35, 55, 60, 65].map((s) => Math.round((s * windowUs) / 60)),
  },
  {
    id: 'steady',
    name: 'Steady',
    shows: 'Evenly, a quarter faster than the limit: each algorithm refuses in its own rhythm.',
    timesUs: (limit, windowUs) => {
      const n = Math.min(MOST, Math.ceil(2.5 * limit) + 1);
      return spread(n, 0, Math.round(((n - 1) * 0.8 * windowUs) / limit));
    },
  },
  {
    id: 'burst',
    name: 'Burst',
    shows:
      'More than the limit at once, then a few more as time goes by: who refills evenly, and who all at once?',
    timesUs: (limit, windowUs) => {
      const n = Math.min(MOST / 2, limit + Math.max(2, Math.round(limit / 4)));
      const later = [0.3, 0.5, 0.75, 1.02, 1.1].map((share) => Math.round(share * windowUs));
      return [...spread(n, Math.round(0.02 * windowUs), Math.round(0.06 * windowUs)), ...later];
    },
  },
  {
    id: 'double-burst',
    name: 'Double burst at the edge',
    shows:
      'A full limit just before a window ends and another just after: the fixed window lets both through.',
    timesUs: (limit, windowUs) => {
      const n = Math.min(MOST / 2, limit);
      const at = (share: number): number => Math.round(share * windowUs);
      return [...spread(n, at(0.93), at(0.985)), ...spread(n, at(1.015), at(1.07))];
    },
  },
  {
    id: 'human',
    name: 'Human typing',
    shows: 'Short messages in quick runs with pauses to read: mostly within the limit.',
    timesUs: (limit, windowUs) => {
      let drawn = 0;
      const random = (): number => mix32(++drawn) / 2 ** 32;
      const pace = windowUs / Math.max(2, limit);
      const timesUs: number[] = [];
      let timeUs = 0.02 * windowUs;
      while (timesUs.length < Math.min(MOST, 2 * limit + 2)) {
        const run = 1 + Math.floor(3 * random());
        for (let i = 0; i < run; i++) {
          timesUs.push(Math.round(timeUs));
          timeUs += pace * (0.12 + 0.2 * random());
        }
        timeUs += pace * run * (0.7 + 0.9 * random());
      }
      return timesUs;
    },
  },
  {
    id: 'bot',
    name: 'Bot',
    shows:
      'Like clockwork at four times the limit, and never listens: only what the limit allows gets through.',
    timesUs: (limit, windowUs) => {
      const n = Math.min(MOST, Math.max(8, 7 * limit));
      return spread(n, 0, Math.round(((n - 1) * windowUs) / (4 * limit)));
    },
  },
];

export const patternById = (id: string): Pattern | undefined => PATTERNS.find((pattern) => pattern.id === id);
