import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { rateLimit } from '../../../src/algorithms/rate-limit/config.ts';
import { rateLimitDecisions } from '../../../src/algorithms/rate-limit/decisions.ts';
import { standaloneRateLimiter } from '../../../src/algorithms/rate-limit/registry.ts';

// The rules of limiters that run in production, transcribed, and ours beside them on random traffic.

const S = 1_000_000;
const MS = 1_000;
const pausesMs = fc.array(fc.integer({ min: 0, max: 400 }), { maxLength: 80 });

function timesOf(pauses: readonly number[], unitUs: number, startUs = 0): number[] {
  let nowUs = startUs;
  return pauses.map((pause) => {
    nowUs += pause * unitUs;
    return nowUs;
  });
}

describe('nginx, ngx_http_limit_req_module.c', () => {
  /** excess = max(0, excess - rate ms/1000 + 1000), in thousandths; the first request of a key has excess 0. */
  function nginx(
    ratePerSecond: number,
    burst: number,
  ): (nowMs: number) => { allowed: boolean; excess: number } {
    let excess = -1;
    let lastMs = 0;
    return (nowMs) => {
      const next =
        excess < 0
          ? 0
          : Math.max(0, excess - Math.trunc((ratePerSecond * 1000 * (nowMs - lastMs)) / 1000) + 1000);
      if (next > burst * 1000) return { allowed: false, excess: next };
      excess = next;
      lastMs = nowMs;
      return { allowed: true, excess: next };
    };
  }

  test('rate=10r/s burst=20: 21 at once, the 22nd is refused, one more every 100 ms', () => {
    const config = rateLimit('leaky-bucket', 10, S, { burst: 21 });
    const timesUs = [...Array.from({ length: 22 }, () => 0), 99 * MS, 100 * MS, 101 * MS, 200 * MS];
    const verdicts = rateLimitDecisions(config, timesUs).map((d) => d.allowed);
    expect(verdicts.slice(0, 22)).toEqual([...Array.from({ length: 21 }, () => true), false]);
    expect(verdicts.slice(22)).toEqual([false, true, false, true]);
  });

  test('is the leaky bucket with one more in the burst, level = excess/1000 + 1', () => {
    fc.assert(
      fc.property(
        pausesMs,
        fc.integer({ min: 1, max: 50 }),
        fc.integer({ min: 0, max: 9 }),
        (pauses, rate, burst) => {
          const theirs = nginx(rate, burst);
          const ours = standaloneRateLimiter(rateLimit('leaky-bucket', rate, S, { burst: burst + 1 }));
          for (const timeUs of timesOf(pauses, MS)) {
            const { allowed, excess } = theirs(timeUs / MS);
            expect(ours.decide(0, timeUs)).toBe(allowed);
            if (allowed) expect(ours.count(0, timeUs)).toBeCloseTo(excess / 1000 + 1, 9);
          }
        },
      ),
    );
  });
});

describe('redis-cell, src/cell/mod.rs', () => {
  /** new_tat = max(now, tat) + T; allow iff now >= new_tat - T (b + 1). In nanoseconds, as there. */
  function redisCell(maxBurst: number, countPerPeriod: number, periodNs: bigint): (nowNs: bigint) => boolean {
    const interval = periodNs / BigInt(countPerPeriod);
    let tat: bigint | null = null;
    return (now) => {
      const from = tat === null || now > tat ? now : tat;
      const newTat = from + interval;
      if (now < newTat - interval * BigInt(maxBurst + 1)) return false;
      tat = newTat;
      return true;
    };
  }

  test('CL.THROTTLE user 15 30 60: 16 at once, then one every 2 s', () => {
    const config = rateLimit('gcra', 30, 60 * S, { burst: 16 });
    const timesUs = [...Array.from({ length: 17 }, () => 0), 2 * S - 1, 2 * S, 4 * S];
    const decisions = rateLimitDecisions(config, timesUs);
    expect(decisions.map((d) => d.allowed)).toEqual([
      ...Array.from({ length: 16 }, () => true),
      false,
      false,
      true,
      true,
    ]);
    expect(decisions[0]!.remaining).toBe(15);
    expect(decisions[16]!.retryAfterUs).toBe(2 * S);
  });

  test('is GCRA with one more in the burst', () => {
    const counts = fc.constantFrom(1, 2, 5, 6, 10, 30, 60);
    fc.assert(
      fc.property(pausesMs, counts, fc.integer({ min: 0, max: 9 }), (pauses, count, maxBurst) => {
        const theirs = redisCell(maxBurst, count, 60_000_000_000n);
        const ours = standaloneRateLimiter(rateLimit('gcra', count, 60 * S, { burst: maxBurst + 1 }));
        for (const timeUs of timesOf(pauses, 20 * MS)) {
          expect(ours.decide(0, timeUs)).toBe(theirs(BigInt(timeUs) * 1000n));
        }
      }),
    );
  });
});

describe('logs', () => {
  test('rolling-rate-limiter removes up to now - W, so a request exactly W old does not count', () => {
    fc.assert(
      fc.property(pausesMs, fc.integer({ min: 1, max: 9 }), (pauses, limit) => {
        let set: number[] = [];
        const ours = standaloneRateLimiter(
          rateLimit('sliding-window-log', limit, 1000, { boundary: 'exclusive' }),
        );
        for (const timeUs of timesOf(pauses, 1)) {
          set = set.filter((entry) => !(entry <= timeUs - 1000)); // ZREMRANGEBYSCORE 0 .. now - W
          const allowed = set.length < limit;
          if (allowed) set.push(timeUs);
          expect(ours.decide(0, timeUs)).toBe(allowed);
        }
      }),
    );
  });

  test('limits refuses if the entry at the limit is >= now - W, so a request exactly W old counts', () => {
    fc.assert(
      fc.property(pausesMs, fc.integer({ min: 1, max: 9 }), (pauses, limit) => {
        const list: number[] = []; // newest first
        const ours = standaloneRateLimiter(rateLimit('sliding-window-log', limit, 1000));
        for (const timeUs of timesOf(pauses, 1)) {
          const entry = list[limit - 1];
          const allowed = !(entry !== undefined && entry >= timeUs - 1000);
          if (allowed) list.unshift(timeUs);
          expect(ours.decide(0, timeUs)).toBe(allowed);
        }
      }),
    );
  });
});

describe('windows', () => {
  test('express-rate-limit starts its window at the first request and resets it when resetTime <= now', () => {
    fc.assert(
      fc.property(pausesMs, fc.integer({ min: 1, max: 9 }), (pauses, limit) => {
        let resetUs = Number.NEGATIVE_INFINITY;
        let hits = 0;
        const ours = standaloneRateLimiter(
          rateLimit('fixed-window', limit, 1000, { align: 'first-request' }),
        );
        for (const timeUs of timesOf(pauses, 1)) {
          if (resetUs <= timeUs) {
            hits = 0;
            resetUs = timeUs + 1000;
          }
          hits++;
          expect(ours.decide(0, timeUs)).toBe(hits <= limit);
        }
      }),
    );
  });

  test('Envoy counts under floor(now/u) u, refused requests too, and is over when count > limit', () => {
    fc.assert(
      fc.property(pausesMs, fc.integer({ min: 1, max: 9 }), (pauses, limit) => {
        const counts = new Map<number, number>();
        const ours = standaloneRateLimiter(rateLimit('fixed-window', limit, 1000, { refusedCount: true }));
        for (const timeUs of timesOf(pauses, 1)) {
          const key = Math.floor(timeUs / 1000) * 1000;
          const count = (counts.get(key) ?? 0) + 1;
          counts.set(key, count);
          expect(ours.decide(0, timeUs)).toBe(count <= limit);
          expect(ours.count(0, timeUs)).toBe(count);
        }
      }),
    );
  });

  test('Upstash refuses if floor((1 - t/W) previous) + current >= limit', () => {
    fc.assert(
      fc.property(pausesMs, fc.integer({ min: 1, max: 9 }), (pauses, limit) => {
        const counts = new Map<number, number>();
        const ours = standaloneRateLimiter(
          rateLimit('sliding-window-counter', limit, 1024, { rounding: 'floor' }),
        );
        for (const timeUs of timesOf(pauses, 1)) {
          const window = Math.floor(timeUs / 1024);
          const current = counts.get(window) ?? 0;
          const weighted = Math.floor((1 - (timeUs % 1024) / 1024) * (counts.get(window - 1) ?? 0));
          const allowed = !(weighted + current >= limit);
          if (allowed) counts.set(window, current + 1);
          expect(ours.decide(0, timeUs)).toBe(allowed);
        }
      }),
    );
  });
});
