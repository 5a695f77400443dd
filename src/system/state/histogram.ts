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
