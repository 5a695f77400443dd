import type { RateLimitAlgorithm, RateLimitConfig } from '../../../src/algorithms/rate-limit/config.ts';
import type { OpenColumns, RateLimiter } from '../../../src/algorithms/rate-limit/limiter.ts';
import { planRateLimiter } from '../../../src/algorithms/rate-limit/registry.ts';
import type { OpenLimiter } from '../../../src/testkit/rate-limit-laws.ts';

/** Mistakes that people make with rate limiters, each with the laws that catch it. They stay, so that the laws stay able to fail. */
export interface Planted {
  readonly mistake: string;
  readonly algorithms: readonly RateLimitAlgorithm[];
  readonly open: OpenLimiter;
  /** Words of the names of laws that must fail. */
  readonly caughtBy: readonly string[];
}

const right: OpenLimiter = (config, keys, columnsOf) => planRateLimiter(config, { keys }).open(columnsOf);
const withConfig =
  (change: (config: RateLimitConfig) => RateLimitConfig): OpenLimiter =>
  (config, keys, columnsOf) =>
    right(change(config), keys, columnsOf);
const withMethods =
  (
    change: (limiter: RateLimiter, config: RateLimitConfig, keys: number) => Partial<RateLimiter>,
  ): OpenLimiter =>
  (config, keys, columnsOf) => {
    const limiter = right(config, keys, columnsOf);
    return { ...limiter, ...change(limiter, config, keys) };
  };

/** A limiter with its own decision, for mistakes that are no small change of the right one. */
function withDecision(
  decision: (config: RateLimitConfig, keys: number) => (key: number, nowUs: number) => boolean,
): OpenLimiter {
  return withMethods((_, config, keys) => ({ decide: decision(config, keys) }));
}

export const PLANTED: readonly Planted[] = [
  {
    mistake: 'the boundary is off by one: a request exactly one window old is taken the other way',
    algorithms: ['sliding-window-log'],
    open: withConfig((c) => ({ ...c, boundary: c.boundary === 'inclusive' ? 'exclusive' : 'inclusive' })),
    caughtBy: ['definition', 'bound'],
  },
  {
    mistake: 'the limit is off by one: allows at count <= limit',
    algorithms: ['fixed-window', 'sliding-window-log', 'sliding-window-counter'],
    open: withConfig((c) => ({ ...c, limit: c.limit + 1 })),
    caughtBy: ['definition', 'bound'],
  },
  {
    mistake: 'the burst is off by one, as when max_burst is read as the capacity or the other way round',
    algorithms: ['token-bucket', 'leaky-bucket', 'gcra'],
    open: withConfig((c) => ({ ...c, burst: c.burst + 1 })),
    caughtBy: ['definition', 'bound'],
  },
  {
    mistake: 'equality is refused: a request at the very microsecond its token is complete',
    algorithms: ['token-bucket', 'leaky-bucket', 'gcra'],
    open: withMethods((limiter, { burst }) => ({
      decide(key, nowUs) {
        if (limiter.count(key, nowUs) === burst - 1 && nowUs > 0 && burst > 1) return false;
        return limiter.decide(key, nowUs);
      },
    })),
    caughtBy: ['definition'],
  },
  {
    mistake: 'refused requests count',
    algorithms: ['sliding-window-log', 'sliding-window-counter'],
    open: withConfig((c) => ({ ...c, refusedCount: c.refusedCount !== true })),
    caughtBy: ['definition'],
  },
  {
    mistake: 'refused requests pour into the bucket',
    algorithms: ['leaky-bucket'],
    open: withDecision(({ limit, windowUs, burst }) => {
      let level = 0;
      let lastUs = 0;
      return (_key, nowUs) => {
        level = Math.min(burst + 1, Math.max(0, level - ((nowUs - lastUs) * limit) / windowUs) + 1);
        lastUs = nowUs;
        return level <= burst;
      };
    }),
    caughtBy: ['definition'],
  },
  {
    mistake: 'the windows are aligned wrongly: to half a window',
    algorithms: ['fixed-window', 'sliding-window-counter'],
    open: withMethods((limiter, { windowUs }) => ({
      decide: (key, nowUs) => limiter.decide(key, nowUs + Math.ceil(windowUs / 2)),
    })),
    caughtBy: ['definition'],
  },
  {
    mistake:
      'the window is aligned to the key\u2019s first request where it should be to the clock, or the other way round',
    algorithms: ['fixed-window'],
    open: withConfig((c) => ({ ...c, align: c.align === 'clock' ? 'first-request' : 'clock' })),
    caughtBy: ['definition'],
  },
  {
    mistake: 'refill is lost to rounding: whole tokens are added, and the clock is set to now',
    algorithms: ['token-bucket'],
    open: withDecision(({ limit, windowUs, burst }) => {
      let tokens = burst;
      let lastUs = 0;
      return (_key, nowUs) => {
        tokens = Math.min(burst, tokens + Math.floor(((nowUs - lastUs) * limit) / windowUs));
        lastUs = nowUs;
        if (tokens === 0) return false;
        tokens--;
        return true;
      };
    }),
    caughtBy: ['definition'],
  },
  {
    mistake: 'refill is gained by rounding: the emission interval is cut to whole microseconds',
    algorithms: ['token-bucket', 'leaky-bucket', 'gcra'],
    open: withConfig((c) => ({ ...c, windowUs: Math.max(c.limit, c.windowUs - (c.windowUs % c.limit)) })),
    caughtBy: ['definition'],
  },
  {
    mistake: 'expiry works on the wrong key: entries of the next key are removed',
    algorithms: ['sliding-window-log'],
    open: withDecision(({ limit, windowUs }, keys) => {
      const logs = Array.from({ length: keys }, (): number[] => []);
      return (key, nowUs) => {
        const next = logs[(key + 1) % keys]!;
        while (next.length > 0 && next[0]! < nowUs - windowUs) next.shift();
        if (logs[key]!.length >= limit) return false;
        logs[key]!.push(nowUs);
        return true;
      };
    }),
    caughtBy: ['there were no other'],
  },
  {
    mistake: 'all keys share one counter',
    algorithms: [
      'fixed-window',
      'sliding-window-log',
      'sliding-window-counter',
      'token-bucket',
      'leaky-bucket',
      'gcra',
    ],
    open: withMethods((limiter) => ({ decide: (_key, nowUs) => limiter.decide(0, nowUs) })),
    caughtBy: ['there were no other'],
  },
  {
    mistake: 'the time to come back is one microsecond early',
    algorithms: [
      'fixed-window',
      'sliding-window-log',
      'sliding-window-counter',
      'token-bucket',
      'leaky-bucket',
      'gcra',
    ],
    open: withMethods((limiter) => ({
      retryAfterUs: (key, nowUs) => Math.max(0, limiter.retryAfterUs(key, nowUs) - 1),
    })),
    caughtBy: ['come back'],
  },
  {
    mistake: 'the time to come back is one microsecond late',
    algorithms: [
      'fixed-window',
      'sliding-window-log',
      'sliding-window-counter',
      'token-bucket',
      'leaky-bucket',
      'gcra',
    ],
    open: withMethods((limiter) => ({
      retryAfterUs(key, nowUs) {
        const waitUs = limiter.retryAfterUs(key, nowUs);
        return waitUs === 0 ? 0 : waitUs + 1;
      },
    })),
    caughtBy: ['come back'],
  },
  {
    mistake: 'time that goes back is taken for now',
    algorithms: [
      'fixed-window',
      'sliding-window-log',
      'sliding-window-counter',
      'token-bucket',
      'leaky-bucket',
      'gcra',
    ],
    open: withMethods((limiter) => {
      let latestUs = 0;
      return {
        decide(key, nowUs) {
          latestUs = Math.max(latestUs, nowUs);
          return limiter.decide(key, latestUs);
        },
      };
    }),
    caughtBy: ['goes back'],
  },
  {
    mistake: 'something is remembered outside the columns, where no snapshot finds it',
    algorithms: [
      'fixed-window',
      'sliding-window-log',
      'sliding-window-counter',
      'token-bucket',
      'leaky-bucket',
      'gcra',
    ],
    open(config, keys, columnsOf) {
      const hidden: OpenColumns = (group) => {
        const copies = Object.entries(columnsOf(group)).map(([name, column]) => [name, column.slice()]);
        return Object.fromEntries(copies);
      };
      return right(config, keys, hidden);
    },
    caughtBy: ['snapshot'],
  },
  {
    mistake: 'asking counts as a request',
    algorithms: [
      'fixed-window',
      'sliding-window-log',
      'sliding-window-counter',
      'token-bucket',
      'leaky-bucket',
      'gcra',
    ],
    open: withMethods((limiter) => ({
      explain(key, nowUs) {
        const why = limiter.explain(key, nowUs);
        limiter.decide(key, nowUs);
        return why;
      },
    })),
    caughtBy: ['changes no byte'],
  },
  {
    mistake: 'a key is not forgotten',
    algorithms: [
      'fixed-window',
      'sliding-window-log',
      'sliding-window-counter',
      'token-bucket',
      'leaky-bucket',
      'gcra',
    ],
    open: withMethods(() => ({ forget() {} })),
    caughtBy: ['forgets'],
  },
];
