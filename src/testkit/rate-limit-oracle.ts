import type { RateLimitConfig } from '../algorithms/rate-limit/config.ts';

/** One request and what became of it. */
export interface Judged {
  readonly timeUs: number;
  readonly allowed: boolean;
}

/**
 * May a request at `nowUs` pass after these earlier ones of the same key? Straight from the definitions, with no state and no concern for
 * speed: the windows are counted anew for each request, and the buckets are judged by what they promise (no interval holds more than
 * burst + rate x its length), from which the greedy rule follows. Exact in BigInt.
 */
export function allowedByDefinition(
  config: RateLimitConfig,
  earlier: readonly Judged[],
  nowUs: number,
): boolean {
  const { limit, windowUs: w, burst } = config;
  const counts = config.refusedCount === true ? earlier : earlier.filter((r) => r.allowed);
  switch (config.algorithm) {
    case 'sliding-window-log':
      return counts.filter((r) => isInWindow(config, r.timeUs, nowUs)).length < limit;
    case 'fixed-window': {
      const start =
        config.align === 'first-request' ? startByFirstRequest(counts, w, nowUs) : nowUs - (nowUs % w);
      return counts.filter((r) => r.timeUs >= start).length < limit;
    }
    case 'sliding-window-counter':
      return estimateFits(config, counts, nowUs);
    case 'token-bucket':
    case 'leaky-bucket':
    case 'gcra': {
      const passed = earlier.filter((r) => r.allowed);
      return passed.every((first, i) =>
        isWithinRate(passed.length - i + 1, nowUs - first.timeUs, limit, w, burst),
      );
    }
  }
}

/** Does an entry count in the window that ends at `nowUs`? */
export function isInWindow(config: RateLimitConfig, entryUs: number, nowUs: number): boolean {
  const age = nowUs - entryUs;
  return config.boundary === 'inclusive' ? age <= config.windowUs : age < config.windowUs;
}

/** requests <= burst + (limit / window) x interval */
export function isWithinRate(
  requests: number,
  intervalUs: number,
  limit: number,
  windowUs: number,
  burst: number,
): boolean {
  return BigInt(requests - burst) * BigInt(windowUs) <= BigInt(limit) * BigInt(intervalUs);
}

function startByFirstRequest(counts: readonly Judged[], windowUs: number, nowUs: number): number {
  let start = Number.NEGATIVE_INFINITY;
  for (const { timeUs } of counts) if (start + windowUs <= timeUs) start = timeUs;
  return start + windowUs <= nowUs ? nowUs : start;
}

/** Multiplied by the window: previous (W - t) + (current + 1) W <= L W, or floor(previous (W - t) / W) + current < L. */
function estimateFits(config: RateLimitConfig, counts: readonly Judged[], nowUs: number): boolean {
  const w = BigInt(config.windowUs);
  const start = nowUs - (nowUs % config.windowUs);
  const current = BigInt(counts.filter((r) => r.timeUs >= start).length);
  const previous = BigInt(
    counts.filter((r) => r.timeUs < start && r.timeUs >= start - config.windowUs).length,
  );
  const weighted = previous * (w - BigInt(nowUs - start));
  return config.rounding === 'floor'
    ? weighted / w + current < BigInt(config.limit)
    : weighted + (current + 1n) * w <= BigInt(config.limit) * w;
}
