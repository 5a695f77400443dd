import { secondsText, US_PER_MS, US_PER_SECOND } from '../../../base/units.ts';

/** Where things stand in the picture, in CSS pixels; and how time becomes place and text. */

export interface Band {
  readonly top: number;
  readonly bottom: number;
}

export interface Layout {
  readonly width: number;
  readonly height: number;
  /** No room beside the picture: names stand above their lanes. */
  readonly compact: boolean;
  /** The plot's left and right edge. */
  readonly left: number;
  readonly right: number;
  /** Where the frame says what it counts. */
  readonly tag: Band;
  /** The requests; an empty place in it can be pressed. */
  readonly row: Band;
  /** What counts, or the level of the bucket. */
  readonly level: Band;
  readonly axis: Band;
  /** One for each algorithm. */
  readonly lanes: readonly Band[];
}

const GUTTER = { wide: 178, compact: 14 };
const RIGHT = 22;
/** Height of the name above a lane where there is no room beside it. */
export const LANE_NAME = 18;

/** @param below pixels below the requests for what an algorithm shows there: how far a time lies ahead, when a request leaves the queue */
export function layoutOf(width: number, lanes: number, below = 0): Layout {
  const compact = width < 600;
  const left = compact ? GUTTER.compact : GUTTER.wide;
  const row = { top: 28, bottom: 82 + below };
  const level = { top: 88 + below, bottom: compact ? 206 : 224 };
  const axis = { top: level.bottom, bottom: level.bottom + 38 };
  const pitch = compact ? 30 + LANE_NAME : 36;
  const bands = Array.from({ length: lanes }, (_, i) => ({
    top: axis.bottom + i * pitch + (compact ? LANE_NAME : 0),
    bottom: axis.bottom + (i + 1) * pitch - 6,
  }));
  return {
    width,
    height: axis.bottom + lanes * pitch + 4,
    compact,
    left,
    right: Math.max(left + 40, width - (compact ? GUTTER.compact : RIGHT)),
    tag: { top: 4, bottom: 26 },
    row,
    level,
    axis,
    lanes: bands,
  };
}

/** The smallest of 1, 2, 5, 10, 20, 50, ... microseconds that is no less than this. */
export function niceStepUs(atLeastUs: number): number {
  let step = 1;
  for (;;) {
    for (const factor of [1, 2, 5]) if (step * factor >= atLeastUs) return step * factor;
    step *= 10;
  }
}

/** How far the laboratory's time axis goes: the last request and a window to slide out of it, at a round number. */
export function horizonUs(timesUs: readonly number[], windowUs: number): number {
  const wanted = Math.max(1.5 * windowUs, (timesUs.at(-1) ?? 0) + windowUs / 2);
  const step = niceStepUs(wanted / 25);
  return Math.ceil(wanted / step) * step;
}

/** What the picture shows of a run: all of it when a few windows hold it, else the last two windows and what comes next. */
export function followedUs(
  nowUs: number,
  durationUs: number,
  windowUs: number,
): readonly [from: number, to: number] {
  if (durationUs <= 3 * windowUs) return [0, Math.max(1, durationUs)];
  const fromUs = Math.max(0, nowUs - 2.1 * windowUs);
  return [fromUs, fromUs + 2.5 * windowUs];
}

/** No closer than that: a microsecond is then as wide as a finger. */
const CLOSEST_US = 20;

/** How many times closer one may look at an axis. */
export const mostZoom = ([from, to]: readonly [number, number]): number =>
  Math.max(1, (to - from) / CLOSEST_US);

/** A part of an axis, `zoom` times closer, around a moment and within the whole. */
export function zoomed(
  [from, to]: readonly [number, number],
  zoom: number,
  centreUs: number,
): readonly [number, number] {
  if (zoom <= 1) return [from, to];
  const span = (to - from) / zoom;
  const start = Math.min(to - span, Math.max(from, centreUs - span / 2));
  return [start, start + span];
}

/** What a pointer can point at: about three pixels, at a round number. */
export const pointedStepUs = (domainUs: readonly [number, number], { left, right }: Layout): number =>
  niceStepUs(((domainUs[1] - domainUs[0]) / (right - left)) * 2);

export const roundTo = (timeUs: number, stepUs: number): number => Math.round(timeUs / stepUs) * stepUs;

/** A time on an axis whose neighbours are `stepUs` apart: `15 s`, `1.25 s`, `300 ms`. */
export function tickText(timeUs: number, stepUs: number): string {
  if (timeUs === 0) return '0';
  if (stepUs >= US_PER_SECOND / 100 || Math.abs(timeUs) >= US_PER_SECOND) return `${secondsText(timeUs)} s`;
  if (stepUs >= US_PER_MS / 100) return `${timeUs / US_PER_MS} ms`;
  return `${timeUs} us`;
}
