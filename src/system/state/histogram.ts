import { columns, type Opened, u32 } from '../../base/columns.ts';

/**
 * A histogram of microseconds with 32 buckets an octave, so a quantile is right within 1.6 % (the log-linear buckets of
 * Gil Tene's HdrHistogram). 31 bits of microseconds: 35 minutes; what is longer is counted in the last bucket.
 */
const SUB_BITS = 5;
const SUB = 1 << SUB_BITS;
export const HISTOGRAM_BUCKETS = (31 - SUB_BITS + 1) * SUB;
const LARGEST = 0x7fff_ffff;

export const histogramColumns = (name: string) => columns(name, { counts: u32(HISTOGRAM_BUCKETS) });
export type HistogramColumns = Opened<ReturnType<typeof histogramColumns>['columns']>;

export function bucketOf(us: number): number {
  const x = us > LARGEST ? LARGEST : us | 0;
  if (x < SUB) return x;
  const shift = 31 - Math.clz32(x) - SUB_BITS;
  return (shift << SUB_BITS) + (x >>> shift);
}

/** The middle of a bucket. */
export function bucketMiddleUs(bucket: number): number {
  if (bucket < 2 * SUB) return bucket;
  const shift = (bucket >>> SUB_BITS) - 1;
  const low = ((bucket & (SUB - 1)) + SUB) * (1 << shift);
  return low + ((1 << shift) - 1) / 2;
}

/** The q-quantile (0 <= q <= 1) in microseconds, 0 when nothing was counted. */
export function quantileUs(counts: Uint32Array, q: number): number {
  let total = 0;
  for (let i = 0; i < counts.length; i++) total += counts[i];
  if (total === 0) return 0;
  const wanted = Math.max(1, Math.ceil(q * total));
  let seen = 0;
  for (let i = 0; i < counts.length; i++) {
    seen += counts[i];
    if (seen >= wanted) return bucketMiddleUs(i);
  }
  return 0;
}

/** A quantile of waits of which some have not ended. */
export interface WaitQuantile {
  readonly us: number;
  /** The quantile lies beyond what was watched: it is at least `us`, the longest of all waits so far. */
  readonly isAtLeast: boolean;
}

/**
 * The q-quantile (0 <= q < 1) of waits that have ended (`ended`) and waits that have lasted so long and go on (`going`), as counts of the same
 * buckets: the first wait at which the share still waiting is down to 1 - q by the estimate of Kaplan and Meier ("Nonparametric estimation from
 * incomplete observations", 1958). Who has waited exactly as long as another wait took was still waiting then. Without waits that go on it is
 * `quantileUs`.
 */
export function waitQuantile(ended: Uint32Array, going: Uint32Array | null, q: number): WaitQuantile {
  if (going === null) return { us: quantileUs(ended, q), isAtLeast: false };
  let atRisk = 0;
  for (let i = 0; i < ended.length; i++) atRisk += ended[i]! + going[i]!;
  if (atRisk === 0) return { us: 0, isAtLeast: false };
  let waiting = 1;
  let longest = 0;
  for (let i = 0; i < ended.length; i++) {
    if (ended[i]! > 0) {
      waiting *= 1 - ended[i]! / atRisk;
      // The product of shares such as 3/4 x 2/3 is 1/2 up to rounding.
      if (waiting <= (1 - q) * (1 + 1e-9)) return { us: bucketMiddleUs(i), isAtLeast: false };
    }
    if (ended[i]! + going[i]! > 0) longest = i;
    atRisk -= ended[i]! + going[i]!;
  }
  return { us: bucketMiddleUs(longest), isAtLeast: true };
}
