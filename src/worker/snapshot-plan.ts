/**
 * When to keep a snapshot, so that any moment can be reached again with little work. The run drops every second snapshot when its budget
 * is used up; the plan then asks for them at twice the distance, so they lie evenly over the work done.
 */
export interface SnapshotPlan {
  /** Whether a snapshot is due after so many milliseconds of work since the start or the last rewind. */
  isDue(workMs: number): boolean;
  /** One was kept; it took so long. */
  kept(workMs: number, timeUs: number, tookMs: number): void;
  /** The run was rewound: snapshots after this time are gone. Returns how much work led to the newest one left. */
  rewound(timeUs: number): number;
}

const WORK_BETWEEN_MS = 40;
/** Keeping snapshots may take this share of the work. */
const SHARE = 0.05;

/** `capacity`: how many snapshots fit the run's budget. Below two only the start is kept. */
export function createSnapshotPlan(capacity: number): SnapshotPlan {
  let everyMs = WORK_BETWEEN_MS;
  /** The run keeps its start by itself. */
  let snapshots: { readonly workMs: number; readonly timeUs: number }[] = [{ workMs: 0, timeUs: 0 }];
  return {
    isDue(workMs) {
      if (capacity < 2) return false;
      return workMs - snapshots[snapshots.length - 1]!.workMs >= everyMs;
    },
    kept(workMs, timeUs, tookMs) {
      // As the run does it.
      while (snapshots.length >= 2 && snapshots.length + 1 > capacity)
        snapshots = snapshots.filter((_, i) => i % 2 === 0);
      snapshots.push({ workMs, timeUs });
      everyMs = Math.max(everyMs, tookMs / SHARE);
      if (snapshots.length + 1 > capacity) everyMs = Math.max(everyMs, (2 * workMs) / capacity);
    },
    rewound(timeUs) {
      while (snapshots.length > 1 && snapshots[snapshots.length - 1]!.timeUs > timeUs) snapshots.pop();
      return snapshots[snapshots.length - 1]!.workMs;
    },
  };
}
