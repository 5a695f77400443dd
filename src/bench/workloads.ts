import { mix32 } from '../base/hash.ts';
import { createDuration } from '../kernel/distributions.ts';

/** How far in the future the next event is, drawn before the clock runs, so that what is measured is the queue. */
export interface HoldWorkload {
  readonly name: string;
  readonly pending: number;
  /** Whole microseconds; its length is a power of two. */
  readonly delaysUs: Uint32Array;
}

const DRAWS = 1 << 16;

const draw = (delayUs: (u32: number, i: number) => number): Uint32Array =>
  Uint32Array.from({ length: DRAWS }, (_, i) => delayUs(mix32(i + 1), i));

const oneSecond = createDuration({ kind: 'exponential', meanUs: 1_000_000 });

/**
 * PHOLD: each event schedules one more at exponential distance, here a mean of one second, to a random target (R. M. Fujimoto,
 * "Performance of Time Warp under synthetic workloads", 1990).
 */
export const phold = (pending: number): HoldWorkload => ({
  name: `PHOLD, ${pending} pending`,
  pending,
  delaysUs: draw((u32) => oneSecond(u32)),
});

const hop = createDuration({ kind: 'uniform', minUs: 200, maxUs: 50_000 });
const thinking = createDuration({ kind: 'exponential', meanUs: 2_000_000 });

/** A chat system's delays: 70 % hops of 0.2 to 50 ms, 20 % thinking about 2 s, 5 % exactly 30 s, 5 % one tick. */
export const chat = (pending: number): HoldWorkload => ({
  name: `chat, ${pending} pending`,
  pending,
  delaysUs: draw((u32, i) => {
    const share = mix32(i ^ 0x5bd1e995) % 100;
    if (share < 70) return hop(u32);
    if (share < 90) return thinking(u32);
    return share < 95 ? 30_000_000 : 1;
  }),
});
