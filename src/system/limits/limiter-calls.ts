import { columns, f64, type Opened, u8 } from '../../base/columns.ts';

/**
 * Questions to the limiter that is a service of its own, by the copy that each is about; only where there is one. A late answer finds
 * that nobody waits for it any more.
 */
export const limiterCallColumns = (copies: number) =>
  columns('limiterCalls', {
    /** CALL. */
    state: u8(copies),
    /** When the question arrived at the limiter. */
    arrivedUs: f64(copies),
    /** The answer: when it may come back, or NEVER_US when it may pass; how long it is held back first. */
    retryAtUs: f64(copies),
    delayUs: f64(copies),
    /** By UNANSWERED: how many were decided without an answer. */
    counts: f64(3),
  });

export type LimiterCalls = Opened<ReturnType<typeof limiterCallColumns>['columns']>;

export const CALL = { NONE: 0, ASKED: 1 } as const;
/** Let through; refused; of those refused, messages of bots. */
export const UNANSWERED = { OPEN: 0, CLOSED: 1, CLOSED_BOTS: 2 } as const;
