import type { HistoryEvent } from './history.ts';

/** Why a promise is broken: the fewest events that show it. */
export interface Witness {
  readonly messages: readonly string[];
  readonly users: readonly string[];
  readonly channels: readonly string[];
  /** A history by itself, in real-time order, that breaks the promise, and holds (or is unknown) without any one of them. */
  readonly events: readonly HistoryEvent[];
  /** What else explains it (the leave before the showing, the loss after the ack). Not needed to break the promise. */
  readonly context: readonly HistoryEvent[];
  /** Two sentences in plain words. */
  readonly text: string;
}

/** What has become of a promise in a history. */
export interface Verdict {
  readonly name: string;
  /**
   * `violated` cannot be mended by anything that follows; `unknown`: the history ends before it can be known, or the promise was not at
   * stake in it.
   */
  readonly verdict: 'holds' | 'violated' | 'unknown';
  /** How many events bore on it; the registry says of what. 0: it was not at stake, and is unknown. */
  readonly judged: number;
  /** How many; the registry says of what. 0 unless violated. */
  readonly violations: number;
  /** Of the first violation; null unless violated. */
  readonly witness: Witness | null;
  /** When it was first violated, in microseconds of the history; null unless violated. */
  readonly sinceUs: number | null;
  /** Why it is unknown; null unless unknown. */
  readonly reason: string | null;
}

/** What has become of a promise. `open`: it may still be kept or broken; `not-at-stake`: nothing has put it to the test. */
export type Standing = 'kept' | 'broken' | 'open' | 'not-at-stake';

export const standingOf = ({ verdict, judged }: Pick<Verdict, 'verdict' | 'judged'>): Standing => {
  if (verdict !== 'unknown') return verdict === 'holds' ? 'kept' : 'broken';
  return judged === 0 ? 'not-at-stake' : 'open';
};

/** In a word for people: `not at stake`. */
export const standingWord = (verdict: Pick<Verdict, 'verdict' | 'judged'>): string =>
  STANDINGS[standingOf(verdict)];

const STANDINGS = { kept: 'kept', broken: 'broken', open: 'open', 'not-at-stake': 'not at stake' } as const;

/** `7 kept, 1 broken, 1 open, 2 not at stake`: what there is none of is left out. */
export function standingWords(verdicts: readonly Pick<Verdict, 'verdict' | 'judged'>[]): string {
  const standings = verdicts.map(standingOf);
  return (Object.keys(STANDINGS) as Standing[])
    .map((standing) => [standings.filter((one) => one === standing).length, STANDINGS[standing]] as const)
    .filter(([count]) => count > 0)
    .map(([count, word]) => `${count} ${word}`)
    .join(', ');
}

/** The verdict, and why where it is unknown: `unknown (not at stake: the run has no presence)`. */
export const verdictInWords = ({ verdict, reason }: Verdict): string =>
  reason === null ? verdict : `${verdict} (${reason})`;
