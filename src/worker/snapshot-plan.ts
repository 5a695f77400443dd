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
/** Keeping snapshots may take this share of the work: then a million users are reached again within about two seconds. */
const SHARE = 0.1;
/** How many times longer than another one the first takes. */
const FIRST_TAKES = 8;

export function createSnapshotPlan(): SnapshotPlan {
  let everyMs = WORK_BETWEEN_MS;
  let lastMs = 0;
  let usualMs = 0;
  return {
    isDue: (workMs) => workMs - lastMs >= everyMs,
    kept(workMs, tookMs) {
      lastMs = workMs;
      // The first one is written to fresh memory, which takes far longer; others do so now and then.
      usualMs = usualMs === 0 ? tookMs / FIRST_TAKES : Math.min(tookMs, 2 * usualMs);
      everyMs = Math.max(WORK_BETWEEN_MS, usualMs / SHARE);
    },
  };
}

/** Snapshots of a large world may take so many bytes, of a small one so many. */
const SNAPSHOTS_OF_LARGE_BYTES = 1.2e9;
const SNAPSHOTS_OF_SMALL_BYTES = 400e6;
/** The memory of a tab is that of both worlds. */
const SHARE_BESIDE = 0.4;

export const isLargeWorld = (users: number): boolean => users > 100_000;

/** A world in a tab: with the snapshots beside it, browsers hold it. */
export const MOST_WORLD_BYTES = 2 ** 31;

/** A larger world is opened only when the page has confirmed it: not every machine holds it, with the snapshots and the browser beside it. */
export const ASK_ABOVE_BYTES = 2 ** 30;

/** What the snapshots of a world may take. `isBeside`: it runs beside another world. */
export function snapshotBudgetBytes(users: number, isBeside: boolean): number {
  if (!isLargeWorld(users)) return SNAPSHOTS_OF_SMALL_BYTES;
  return SNAPSHOTS_OF_LARGE_BYTES * (isBeside ? SHARE_BESIDE : 1);
}
