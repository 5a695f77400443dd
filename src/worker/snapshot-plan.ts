/**
 * When to keep a snapshot, so that any moment can be reached again with little work. Which ones to forget when the budget is used up is
 * the run's business.
 */
export interface SnapshotPlan {
  /** Whether a snapshot is due after so many milliseconds of work in all. */
  isDue(workMs: number): boolean;
  /** One was kept after so much work, and took so long. */
  kept(workMs: number, tookMs: number): void;
}

const WORK_BETWEEN_MS = 40;
/** Keeping snapshots may take this share of the work: a million users are reached again within two seconds of work. */
const SHARE = 0.15;

export function createSnapshotPlan(): SnapshotPlan {
  let everyMs = WORK_BETWEEN_MS;
  let lastMs = 0;
  return {
    isDue: (workMs) => workMs - lastMs >= everyMs,
    kept(workMs, tookMs) {
      lastMs = workMs;
      everyMs = Math.max(WORK_BETWEEN_MS, tookMs / SHARE);
    },
  };
}
