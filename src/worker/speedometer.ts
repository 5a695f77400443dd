/** How fast the simulation has been over the last half second of wall time. */
export interface Speedometer {
  /** Work that ended at `nowMs`. */
  add(nowMs: number, events: number, virtualUs: number): void;
  /** Per wall second. */
  read(nowMs: number): { readonly events: number; readonly virtualUs: number };
}

const SPAN_MS = 500;
/** A speed over less than this says little. */
const SHORTEST_MS = 50;

export function createSpeedometer(): Speedometer {
  let samples: { readonly ms: number; readonly events: number; readonly virtualUs: number }[] = [];
  let sinceMs = Number.NaN;
  return {
    add(ms, events, virtualUs) {
      if (Number.isNaN(sinceMs)) sinceMs = ms;
      samples.push({ ms, events, virtualUs });
    },
    read(nowMs) {
      samples = samples.filter(({ ms }) => ms > nowMs - SPAN_MS);
      if (samples.length === 0) {
        sinceMs = Number.NaN;
        return { events: 0, virtualUs: 0 };
      }
      const seconds = Math.max(SHORTEST_MS, Math.min(SPAN_MS, nowMs - sinceMs)) / 1000;
      let events = 0;
      let virtualUs = 0;
      for (const sample of samples) {
        events += sample.events;
        virtualUs += sample.virtualUs;
      }
      return { events: events / seconds, virtualUs: virtualUs / seconds };
    },
  };
}
