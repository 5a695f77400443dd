import { hasBucket, type RateLimitConfig } from '../../../algorithms/rate-limit/config.ts';
import type { RateLimiter } from '../../../algorithms/rate-limit/limiter.ts';
import { standaloneRateLimiter } from '../../../algorithms/rate-limit/registry.ts';

/** A corner of the curve; two at one time are a jump. */
export interface LevelPoint {
  readonly timeUs: number;
  /** Requests: what counts, what is in the bucket, or the tokens that are left. */
  readonly value: number;
}

/** A limiter for one client, with room for all that it sends. */
export const limiterFor = (config: RateLimitConfig, requests: number): RateLimiter =>
  standaloneRateLimiter(config, { keys: 1, entries: Math.min(config.limit, requests) + 8 });

/** What a curve shows: the tokens that are left where there are tokens, else what counts. */
export function shownLevel(limiter: RateLimiter, nowUs: number): number {
  const counted = limiter.count(0, nowUs);
  const { algorithm, burst } = limiter.config;
  return algorithm === 'token-bucket' ? burst - counted : counted;
}

/**
 * The state of a limiter over time, as the corners of a line from 0 to `untilUs`. Every value is the limiter's own answer; between two corners
 * all of these algorithms change evenly or not at all.
 * @param timesUs whole microseconds, not falling, none after `untilUs`
 */
export function levelCurve(
  config: RateLimitConfig,
  timesUs: readonly number[],
  untilUs: number,
): readonly LevelPoint[] {
  const limiter = limiterFor(config, timesUs.length);
  const corners = cornersOf(config, timesUs).filter((timeUs) => timeUs > 0 && timeUs < untilUs);
  const points: LevelPoint[] = [];
  const add = (timeUs: number): void => {
    points.push({ timeUs, value: shownLevel(limiter, timeUs) });
  };
  add(0);
  let corner = 0;
  let decided = 0;
  /** Corners before the next request, and where a bucket comes to rest before it. */
  const walkTo = (timeUs: number): void => {
    const restUs = hasBucket(config.algorithm) ? restTimeUs(limiter, points.at(-1)!.timeUs) : 0;
    if (restUs > points.at(-1)!.timeUs && restUs < timeUs) add(restUs);
    for (; corner < corners.length && corners[corner]! < timeUs; corner++) add(corners[corner]!);
  };
  while (decided < timesUs.length) {
    const timeUs = timesUs[decided]!;
    walkTo(timeUs);
    add(timeUs);
    while (timesUs[decided] === timeUs) {
      limiter.decide(0, timeUs);
      decided++;
    }
    add(timeUs);
  }
  walkTo(untilUs);
  add(untilUs);
  return points;
}

/** When a bucket is full (or empty) again, if nothing more comes: it moves by limit in a window. */
function restTimeUs(limiter: RateLimiter, nowUs: number): number {
  const { limit, windowUs } = limiter.config;
  return nowUs + Math.ceil((limiter.count(0, nowUs) * windowUs) / limit);
}

/** Times at which the line can bend without a request, in order: an entry grows too old, a window ends. */
function cornersOf({ algorithm, windowUs, align }: RateLimitConfig, timesUs: readonly number[]): number[] {
  const corners = new Set<number>();
  const jump = (timeUs: number): void => {
    corners.add(timeUs - 1);
    corners.add(timeUs);
  };
  for (const timeUs of timesUs) {
    const endUs = timeUs - (timeUs % windowUs) + windowUs;
    if (algorithm === 'sliding-window-log') {
      jump(timeUs + windowUs);
      corners.add(timeUs + windowUs + 1);
    } else if (algorithm === 'fixed-window') {
      jump(align === 'first-request' ? timeUs + windowUs : endUs);
    } else if (algorithm === 'sliding-window-counter') {
      jump(endUs);
      jump(endUs + windowUs);
    }
  }
  return [...corners].sort((a, b) => a - b);
}

/** A line's corners from one time to another, with a corner of its own at either end. Of several at the end, the first unless `jumps`. */
export function partOf(
  curve: readonly LevelPoint[],
  fromUs: number,
  toUs: number,
  jumps: boolean,
): readonly LevelPoint[] {
  const first = curve[0];
  const last = curve.at(-1);
  if (first === undefined || last === undefined || toUs < first.timeUs || fromUs > last.timeUs) return [];
  const begin = curve.findIndex(({ timeUs }) => timeUs >= fromUs);
  const after = curve.findIndex(({ timeUs }) => (jumps ? timeUs > toUs : timeUs >= toUs));
  const inside = curve.slice(begin, after < 0 ? curve.length : after);
  const head = begin > 0 && curve[begin]!.timeUs > fromUs ? [between(curve, begin, fromUs)] : [];
  const tail = after > 0 && (!jumps || curve[after - 1]!.timeUs < toUs) ? [between(curve, after, toUs)] : [];
  return [...head, ...inside, ...tail];
}

/** A point on the piece of the line that ends at corner i. */
function between(curve: readonly LevelPoint[], i: number, timeUs: number): LevelPoint {
  const [a, b] = [curve[i - 1]!, curve[i]!];
  const share = b.timeUs === a.timeUs ? 0 : (timeUs - a.timeUs) / (b.timeUs - a.timeUs);
  return { timeUs, value: a.value + share * (b.value - a.value) };
}
