import type { RateLimitAlgorithm } from './config.ts';
import type { RateLimiter } from './limiter.ts';

/**
 * Each algorithm as a flow of three states: nothing counts (idle), the next request would be allowed (within), the next request would be
 * refused (spent). Plain data for a drawing; `flowStateOf` says where a limiter stands, and a property test runs traffic along the arrows.
 */
export type FlowStateId = 'idle' | 'within' | 'spent';

interface FlowState {
  readonly id: FlowStateId;
  readonly label: string;
}

export interface FlowTransition {
  readonly from: FlowStateId;
  readonly to: FlowStateId;
  /** What sets it off: a request, or time that passes. */
  readonly on: 'request' | 'time';
  /** When, in words. */
  readonly when: string;
  /** What it does to the state, in words; empty when nothing. */
  readonly effect: string;
  /** Of a request. */
  readonly verdict: 'allowed' | 'refused' | null;
  /** Taken only where the limit (or burst) is 1, so that the first request leaves no room. */
  readonly onlyAtOne: boolean;
}

export interface StateFlow {
  readonly algorithm: RateLimitAlgorithm;
  readonly initial: FlowStateId;
  readonly states: readonly FlowState[];
  readonly transitions: readonly FlowTransition[];
}

/** The state of a key at `nowUs`. */
export function flowStateOf(limiter: RateLimiter, key: number, nowUs: number): FlowStateId {
  if (limiter.retryAfterUs(key, nowUs) > 0) return 'spent';
  return limiter.count(key, nowUs) === 0 ? 'idle' : 'within';
}

interface Words {
  readonly idle: string;
  readonly within: string;
  readonly spent: string;
  /** A request that leaves room for more, that takes the last room, that finds none. */
  readonly more: string;
  readonly last: string;
  readonly none: string;
  readonly single: string;
  /** What an allowed request does. */
  readonly effect: string;
  /** Time that makes room for one again; null where it clears all at once. */
  readonly room: string | null;
  readonly clear: string;
}

function flow(algorithm: RateLimitAlgorithm, w: Words): StateFlow {
  const request = (
    from: FlowStateId,
    to: FlowStateId,
    when: string,
    verdict: 'allowed' | 'refused',
  ): FlowTransition => {
    const effect = verdict === 'allowed' ? w.effect : '';
    return { from, to, on: 'request', when, effect, verdict, onlyAtOne: from === 'idle' && to === 'spent' };
  };
  const time = (from: FlowStateId, to: FlowStateId, when: string, onlyAtOne = false): FlowTransition => ({
    from,
    to,
    on: 'time',
    when,
    effect: '',
    verdict: null,
    onlyAtOne,
  });
  return {
    algorithm,
    initial: 'idle',
    states: [
      { id: 'idle', label: w.idle },
      { id: 'within', label: w.within },
      { id: 'spent', label: w.spent },
    ],
    transitions: [
      request('idle', 'within', w.more, 'allowed'),
      request('idle', 'spent', w.single, 'allowed'),
      request('within', 'within', w.more, 'allowed'),
      request('within', 'spent', w.last, 'allowed'),
      request('spent', 'spent', w.none, 'refused'),
      ...(w.room === null ? [] : [time('spent', 'within', w.room)]),
      time('within', 'idle', w.clear),
      time('spent', 'idle', w.clear, w.room !== null),
    ],
  };
}

export const STATE_FLOWS: Readonly<Record<RateLimitAlgorithm, StateFlow>> = {
  'fixed-window': flow('fixed-window', {
    idle: 'count 0',
    within: 'count below the limit',
    spent: 'count at the limit',
    more: 'count + 1 is below the limit',
    last: 'count + 1 is the limit',
    none: 'count is the limit',
    single: 'the limit is 1',
    effect: 'count + 1',
    room: null,
    clear: 'a new window begins',
  }),
  'sliding-window-log': flow('sliding-window-log', {
    idle: 'log empty',
    within: 'log shorter than the limit',
    spent: 'log as long as the limit',
    more: 'entries in the window + 1 is below the limit',
    last: 'entries in the window + 1 is the limit',
    none: 'entries in the window are the limit',
    single: 'the limit is 1',
    effect: 'append the time',
    room: 'the oldest entry leaves the window',
    clear: 'the last entry leaves the window',
  }),
  'sliding-window-counter': flow('sliding-window-counter', {
    idle: 'estimate 0',
    within: 'room for one in the estimate',
    spent: 'no room in the estimate',
    more: 'estimate + 2 is within the limit',
    last: 'estimate + 1 is within the limit, + 2 is not',
    none: 'estimate + 1 is above the limit',
    single: 'the limit is 1',
    effect: 'current + 1',
    room: 'the weight of the previous window falls far enough',
    clear: 'the previous window is left behind',
  }),
  'token-bucket': flow('token-bucket', {
    idle: 'bucket full',
    within: 'at least one token',
    spent: 'less than one token',
    more: 'at least 2 tokens',
    last: 'less than 2 tokens, at least 1',
    none: 'less than 1 token',
    single: 'the bucket holds 1',
    effect: 'take a token',
    room: 'a token is complete',
    clear: 'the bucket is full again',
  }),
  'leaky-bucket': flow('leaky-bucket', {
    idle: 'bucket empty',
    within: 'room for one',
    spent: 'no room for one',
    more: 'level + 2 is within the burst',
    last: 'level + 1 is within the burst, + 2 is not',
    none: 'level + 1 is above the burst',
    single: 'the bucket holds 1',
    effect: 'pour one in',
    room: 'enough has leaked out',
    clear: 'all has leaked out',
  }),
  gcra: flow('gcra', {
    idle: 'TAT has passed',
    within: 'TAT ahead, within the tolerance',
    spent: 'TAT ahead, beyond the tolerance',
    more: 'TAT + T within the tolerance',
    last: 'TAT within the tolerance, + T not',
    none: 'TAT beyond the tolerance',
    single: 'the burst is 1',
    effect: 'TAT = max(now, TAT) + T',
    room: 'now reaches TAT - T (burst - 1)',
    clear: 'now reaches TAT',
  }),
};
