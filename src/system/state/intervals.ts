import { US_PER_MS, US_PER_SECOND } from '../../base/units.ts';
import type { Context } from '../context.ts';
import { EVENT } from '../kinds.ts';
import { COUNT } from './counters.ts';
import { quantileUs } from './histogram.ts';

/** The curves: at the end of each interval of virtual time the rates and latencies of that interval become one point. */
export const INTERVAL_US = 100 * US_PER_MS;

/** Rates are per second of virtual time. */
interface IntervalPoint {
  readonly timeUs: number;
  readonly sendsPerSecond: number;
  readonly deliveriesPerSecond: number;
  readonly p50Us: number;
  readonly p99Us: number;
  readonly connections: number;
  readonly refusalsPerSecond: number;
  readonly dropsPerSecond: number;
}

export interface Intervals {
  /** The interval is over: makes the point, and begins the next. */
  end(nth: number): void;
  /** Points so far. They lie beside the world: whoever rewinds it cuts them to the length that they had then. */
  readonly points: IntervalPoint[];
}

export function createIntervals(ctx: Context): Intervals {
  const { events, stations, counters, latency, latencyNow, gauges } = ctx;
  const { values, before } = counters;
  const points: IntervalPoint[] = [];
  const perSecond = (counter: number): number =>
    ((values[counter] - before[counter]) * US_PER_SECOND) / INTERVAL_US;
  return {
    points,
    end(nth) {
      const now = latencyNow.counts;
      const delivered = perSecond(COUNT.shown) + perSecond(COUNT.shownFromHistory);
      points.push({
        timeUs: events.nowUs(),
        sendsPerSecond: perSecond(COUNT.sent),
        deliveriesPerSecond: delivered,
        p50Us: quantileUs(now, 0.5),
        p99Us: quantileUs(now, 0.99),
        connections: gauges[0],
        refusalsPerSecond: perSecond(COUNT.refused),
        dropsPerSecond: perSecond(COUNT.dropped),
      });
      for (let i = 0; i < now.length; i++) latency.counts[i] += now[i];
      now.fill(0);
      before.set(values);
      if (events.nowUs() % US_PER_SECOND === 0) stations.endSecond();
      events.schedule(events.nowUs() + INTERVAL_US, EVENT.INTERVAL, nth + 1, 0, 0);
    },
  };
}
