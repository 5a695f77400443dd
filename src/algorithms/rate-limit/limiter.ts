import type { Column, ColumnGroup, Opened } from '../../base/columns.ts';
import { MAX_TIME_US, type RateLimitConfig } from './config.ts';

/**
 * One rate limiter for many keys. A key is a small whole number (a user, an address, a channel). Time is a whole number of
 * microseconds; it may stand still and never goes back. All state lives in columns, so a snapshot of the columns is one of the limiter.
 *
 * Every method throws RangeError when the key is out of range or the time is earlier than that of the latest decision, no whole number, or past
 * MAX_TIME_US.
 */
export interface RateLimiter {
  readonly config: RateLimitConfig;
  /**
   * Allows or refuses a request of `key` at `nowUs`, and counts it. Allocates nothing; O(1) amortised.
   * Only the sliding-window log throws CapacityError (`limits.rateLimitEntries`).
   */
  decide(key: number, nowUs: number): boolean;
  /**
   * Microseconds from `nowUs` until a request would be allowed if nothing else came before: exact, one microsecond sooner is
   * refused. 0 when a request at `nowUs` would be allowed. Changes nothing.
   */
  retryAfterUs(key: number, nowUs: number): number;
  /** What counts against the limit (or fills the bucket) at `nowUs`, in requests; fractions where the algorithm has them. Changes nothing. */
  count(key: number, nowUs: number): number;
  /** How long the request that was allowed at `nowUs` just now is held back: 0 for all but the leaky bucket as queue. Changes nothing. */
  delayUs(key: number, nowUs: number): number;
  /** What the limiter knows of a key at `nowUs`. Changes nothing; allocates. */
  state(key: number, nowUs: number): RateLimitState;
  /** Why a request at `nowUs` would be allowed or refused. Changes nothing; allocates. */
  explain(key: number, nowUs: number): Explanation;
  /** As if the key had never sent: what a server that crashed has forgotten. */
  forget(key: number): void;
}

/** What a limiter knows of a key; which of these depends on its algorithm. Times are microseconds. */
export type RateLimitState =
  | {
      readonly kind: 'window';
      readonly windowStartUs: number;
      readonly windowEndUs: number;
      readonly count: number;
    }
  | { readonly kind: 'log'; readonly logUs: readonly number[] }
  | {
      readonly kind: 'two-windows';
      readonly windowStartUs: number;
      readonly windowEndUs: number;
      readonly previous: number;
      readonly current: number;
      /** Share of the previous window that the sliding window still covers. */
      readonly weight: number;
    }
  | { readonly kind: 'tokens'; readonly tokens: number; readonly burst: number }
  | { readonly kind: 'level'; readonly level: number; readonly burst: number }
  /** The theoretical arrival time; a fraction of a microsecond when the window is no multiple of the limit. */
  | { readonly kind: 'tat'; readonly tatUs: number; readonly earliestUs: number };

/** A decision with the sum that led to it. */
export interface Explanation {
  readonly timeUs: number;
  readonly allowed: boolean;
  /** What was counted before this request. */
  readonly counted: number;
  /** Limit or burst: what it is compared with. */
  readonly limit: number;
  /** How many more requests would be allowed at this moment after this one. */
  readonly remaining: number;
  /** Log: entries that this request finds too old, oldest first. */
  readonly expiredUs: readonly number[];
  /** As the decision finds it. */
  readonly state: RateLimitState;
  /**
   * 0 when allowed; else exact, as `retryAfterUs` of the limiter is once this request has been refused: where refusals count, that is later than
   * it was before.
   */
  readonly retryAfterUs: number;
  readonly delayUs: number;
  /** The sum in words: `counted 5: at 0, 15, 20, 35, 55 s; limit 5; refused; come back at 60.000001 s`. */
  readonly words: string;
}

/** The columns that a limiter needs and how to open it on them. */
export interface RateLimiterPlan {
  readonly config: RateLimitConfig;
  readonly group: ColumnGroup;
  /** Opens the limiter on a world (`(g) => openColumns(world, g)`) or by itself (`standaloneColumns`). */
  open(columnsOf: OpenColumns): RateLimiter;
}

/** Gives the typed arrays of a group: `standaloneColumns`, or those of a world. */
export type OpenColumns = <C extends Record<string, Column>>(group: ColumnGroup<C>) => Opened<C>;

/** How large a limiter is. */
export interface RateLimiterSize {
  readonly keys: number;
  /** Sliding-window log: how many requests all keys together can keep. Absent: enough for every key at its limit. */
  readonly entries?: number;
  /** Name of the column group; one for each limiter of a world. Absent: `rateLimit`. */
  readonly name?: string;
}

/** Refuses a time or a key that no limiter can judge: a typed array would swallow a wrong key in silence. */
export function checkKeyAndTime(keys: number, clock: Float64Array, key: number, nowUs: number): void {
  if (key >>> 0 !== key || key >= keys) {
    throw new RangeError(`there is no key ${key}; keys are whole numbers from 0 to ${keys - 1}`);
  }
  if (!(nowUs >= clock[0]) || nowUs > MAX_TIME_US || Math.floor(nowUs) !== nowUs) refuseTime(nowUs, clock[0]);
}

function refuseTime(nowUs: number, latestUs: number): never {
  if (nowUs < latestUs)
    throw new RangeError(
      `time goes back: ${nowUs} us after ${latestUs} us; decisions are made in order of time`,
    );
  throw new RangeError(
    `${nowUs} us is no time; times are whole numbers of microseconds from 0 to ${MAX_TIME_US}`,
  );
}
