/**
 * A time axis on which gaps are shortened: what happens within microseconds and what happens after a second of silence stand on one
 * page. A longer gap is still drawn longer, by the logarithm of its length, so that order and rough proportion stay true (the idea is
 * that of OMNeT++'s sequence chart, "nonlinear" time line mode: https://doc.omnetpp.org/omnetpp/UserGuide.pdf, Sequence Charts).
 */
import { firstWhere } from '../base/first-where.ts';
export interface CompressedTime {
  /** Where a moment is drawn, in pixels from the first one: 0 before it. Grows with time, also after the last moment. */
  at(timeUs: number): number;
  /** The moment at a place, at most the last one. */
  timeAt(px: number): number;
  /** Where the last moment is drawn. */
  readonly length: number;
  /** All different moments, in order. */
  readonly momentsUs: readonly number[];
  /** Stretches that are drawn much shorter than the others: an axis marks them. */
  readonly shortened: readonly Stretch[];
}

interface Stretch {
  readonly fromUs: number;
  readonly toUs: number;
  readonly from: number;
  readonly to: number;
}

export interface TimeScale {
  /** Pixels between two moments that follow each other at once. */
  readonly leastPx: number;
  /** Pixels that a gap gets more when it is ten times as long. */
  readonly decadePx: number;
  /** When given: to scale, with so many pixels for the whole span. */
  readonly toScalePx?: number;
}

/** Gaps below this are drawn alike. */
const SHORTEST_US = 10;
/** A stretch is marked when a pixel of it stands for so many times the time that one of the median stretch stands for. */
const MUCH = 12;

export function compressedTime(momentsUs: Iterable<number>, scale: TimeScale): CompressedTime {
  const times = [...new Set(momentsUs)].sort((a, b) => a - b);
  const spanUs = Math.max(1, (times.at(-1) ?? 0) - (times[0] ?? 0));
  const pxOf = (gapUs: number): number =>
    scale.toScalePx === undefined
      ? scale.leastPx + scale.decadePx * Math.log10(1 + gapUs / SHORTEST_US)
      : (gapUs / spanUs) * scale.toScalePx;
  const places = new Float64Array(times.length);
  for (let i = 1; i < times.length; i++) places[i] = places[i - 1]! + pxOf(times[i]! - times[i - 1]!);
  const length = places.at(-1) ?? 0;

  /** Index of the last moment that is not after `timeUs`; -1 before the first. */
  const lastAt = (of: ArrayLike<number>, value: number): number =>
    firstWhere(of.length, (i) => of[i]! > value) - 1;

  return {
    length,
    momentsUs: times,
    at(timeUs) {
      const i = lastAt(times, timeUs);
      if (i < 0) return 0;
      const sinceUs = timeUs - times[i]!;
      if (sinceUs === 0) return places[i]!;
      // After the last moment the axis goes on as it would to one more.
      if (i === times.length - 1) return length + pxOf(sinceUs);
      const share = sinceUs / (times[i + 1]! - times[i]!);
      return places[i]! + share * (places[i + 1]! - places[i]!);
    },
    timeAt(px) {
      const i = lastAt(places, px);
      if (i < 0) return times[0] ?? 0;
      if (i >= times.length - 1) return times.at(-1) ?? 0;
      const share = (px - places[i]!) / (places[i + 1]! - places[i]!);
      return times[i]! + share * (times[i + 1]! - times[i]!);
    },
    shortened: scale.toScalePx === undefined ? shortenedOf(times, places) : [],
  };
}

function shortenedOf(times: readonly number[], places: Float64Array): Stretch[] {
  const stretches = times.slice(1).map((toUs, i) => {
    const fromUs = times[i]!;
    const [from, to] = [places[i]!, places[i + 1]!];
    return { fromUs, toUs, from, to, usPerPx: (toUs - fromUs) / (to - from) };
  });
  const sorted = stretches.map(({ usPerPx }) => usPerPx).sort((a, b) => a - b);
  const median = sorted[sorted.length >> 1] ?? 0;
  return stretches
    .filter(({ usPerPx }) => usPerPx > MUCH * median)
    .map(({ fromUs, toUs, from, to }) => ({ fromUs, toUs, from, to }));
}
