import type { Run, Stop } from '../run/run.ts';
import { createSnapshotPlan } from './snapshot-plan.ts';
import type { Speedometer } from './speedometer.ts';

/** Events that are handled between two looks at the clock take about so long. */
const CHUNK_MS = 2;
const FEWEST_EVENTS = 64;
const MOST_EVENTS = 200_000;

/** Runs a run in chunks that take about two milliseconds, and keeps snapshots on the way, so that any moment is found again with little work. */
export interface Work {
  /** A chunk of events, timed. `advance` runs at most so many, and says why it stopped. */
  work(advance: (maxEvents: number) => Stop): Stop;
  /** Keeps the start, unless something has happened already. */
  keepStart(): void;
}

export function createWork(run: Run, now: () => number, speedometer: Speedometer): Work {
  const plan = createSnapshotPlan();
  let workMs = 0;
  let chunk = FEWEST_EVENTS;
  let keepsSnapshots = true;

  const keepSnapshot = (): void => {
    const fromMs = now();
    try {
      run.keepSnapshot();
    } catch (error) {
      // The browser has no memory left for it. The run goes on; going back takes longer.
      if (!(error instanceof RangeError)) throw error;
      keepsSnapshots = false;
    }
    plan.kept(workMs, now() - fromMs);
  };

  return {
    keepStart() {
      if (workMs === 0) keepSnapshot();
    },
    work(advance) {
      const { events, nowUs } = run;
      const fromMs = now();
      const stop = advance(chunk);
      const tookMs = now() - fromMs;
      workMs += tookMs;
      speedometer.add(fromMs + tookMs, run.events - events, run.nowUs - nowUs);
      if (stop === 'events') {
        if (tookMs < CHUNK_MS / 2) chunk = Math.min(MOST_EVENTS, 2 * chunk);
        else if (tookMs > 2 * CHUNK_MS) chunk = Math.max(FEWEST_EVENTS, chunk >>> 1);
      }
      if (keepsSnapshots && !run.script.isAsking() && plan.isDue(workMs)) keepSnapshot();
      return stop;
    },
  };
}
