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

export interface Verdict {
  readonly name: string;
  /** `violated` cannot be mended by anything that follows; `unknown`: the history ends before it can be known. */
  readonly verdict: 'holds' | 'violated' | 'unknown';
  /** How many; the registry says of what. 0 unless violated. */
  readonly violations: number;
  /** Of the first violation; null unless violated. */
  readonly witness: Witness | null;
  /** When it was first violated, in microseconds of the history; null unless violated. */
  readonly sinceUs: number | null;
  /** Why it is unknown; null unless unknown. */
  readonly note: string | null;
}
