import type { CheckerOptions } from './checker.ts';
import type { HistoryEvent } from './history.ts';
import { checkHistory } from './judge.ts';
import { guaranteeNamed } from './registry.ts';
import type { Verdict } from './verdict.ts';

/** A guarantee that judges histories that anyone recorded. */
export interface JudgedGuarantee {
  readonly name: string;
  /** In one sentence. */
  readonly promise: string;
  /** Which events it is judged from. */
  readonly needs: string;
  /**
   * The verdict on a whole history, whose events are in real-time order, times in milliseconds. Without a quiescent `end` as the last
   * event, what is still under way is `unknown`. Throws HistoryContradiction for an event that contradicts an earlier one.
   */
  judge(events: Iterable<HistoryEvent>, options?: CheckerOptions): Verdict;
}

/** A guarantee by its name. Throws RangeError, with all names, when there is none of this name. */
export function judged(name: string): JudgedGuarantee {
  const { promise, needs } = guaranteeNamed(name);
  return {
    name,
    promise,
    needs,
    judge: (events, options = {}) => checkHistory(events, [name], options)[0],
  };
}
