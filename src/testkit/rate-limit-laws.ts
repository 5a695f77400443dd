import fc from 'fast-check';
import { hasBucket, type RateLimitAlgorithm, type RateLimitConfig } from '../algorithms/rate-limit/config.ts';
import type { OpenColumns, RateLimiter } from '../algorithms/rate-limit/limiter.ts';
import type { Column, ColumnArrays, ColumnGroup, ColumnType, Opened } from '../base/columns.ts';
import { BYTES_PER_ELEMENT, columnAt } from '../base/columns.ts';
import { rateLimitTraffic, type Traffic } from './rate-limit-arbitraries.ts';
import { allowedByDefinition, isInWindow, isWithinRate, type Judged } from './rate-limit-oracle.ts';

/**
 * The laws that every rate limiter obeys, for ours and for anyone's. A limiter is given as a function that opens a fresh one; a property
 * throws with the smallest traffic that breaks the law.
 *
 *     for (const law of RATE_LIMIT_LAWS) fc.assert(law.property((config, keys) => myLimiter(config, keys), 'gcra'));
 */
export type OpenLimiter = (config: RateLimitConfig, keys: number, columnsOf: OpenColumns) => RateLimiter;

export interface RateLimitLaw {
  /** A sentence. */
  readonly name: string;
  property(open: OpenLimiter, algorithm: RateLimitAlgorithm): fc.IRawProperty<unknown, false>;
}

/** Columns of its own for each group, with the bytes at hand. */
function openBytes(): { columnsOf: OpenColumns; buffers: ArrayBuffer[] } {
  const buffers: ArrayBuffer[] = [];
  function columnsOf<C extends Record<string, Column>>(group: ColumnGroup<C>): Opened<C> {
    const opened: Record<string, ColumnArrays[ColumnType]> = {};
    for (const [name, of] of Object.entries(group.columns)) {
      const buffer = new ArrayBuffer(of.length * BYTES_PER_ELEMENT[of.type]);
      buffers.push(buffer);
      opened[name] = columnAt(buffer, of, 0);
    }
    return opened as Opened<C>;
  }
  return { columnsOf, buffers };
}

const fresh = (open: OpenLimiter, config: RateLimitConfig, keys = 1): RateLimiter =>
  open(config, keys, openBytes().columnsOf);

function must(holds: boolean, say: () => string): void {
  if (!holds) throw new Error(say());
}

function judge(limiter: RateLimiter, traffic: Traffic): Judged[] {
  return traffic.timesUs.map((timeUs) => ({ timeUs, allowed: limiter.decide(0, timeUs) }));
}

/** The most allowed requests in any window of the length, counted by the config's convention. */
export function mostInAnyWindow(config: RateLimitConfig, allowedUs: readonly number[]): number {
  let most = 0;
  let from = 0;
  allowedUs.forEach((endUs, i) => {
    while (!isInWindow(config, allowedUs[from]!, endUs)) from++;
    most = Math.max(most, i - from + 1);
  });
  return most;
}

const allowedTimes = (requests: readonly Judged[]): number[] =>
  requests.filter((r) => r.allowed).map((r) => r.timeUs);

/** Throws when more was allowed than the algorithm promises at most. */
function checkBound(config: RateLimitConfig, requests: readonly Judged[]): void {
  const { algorithm, limit, windowUs, burst } = config;
  const allowedUs = allowedTimes(requests);
  if (hasBucket(algorithm)) {
    for (let i = 0; i < allowedUs.length; i++) {
      for (let j = i; j < allowedUs.length; j++) {
        must(
          isWithinRate(j - i + 1, allowedUs[j]! - allowedUs[i]!, limit, windowUs, burst),
          () =>
            `${j - i + 1} allowed from ${allowedUs[i]} to ${allowedUs[j]} us: more than burst + rate x time`,
        );
      }
    }
    return;
  }
  const bound = algorithm === 'sliding-window-log' ? limit : 2 * limit;
  const most = mostInAnyWindow(config, allowedUs);
  must(most <= bound, () => `a window holds ${most} allowed requests; the bound is ${bound}`);
}

const neverMoreThanItsBound: RateLimitLaw = {
  name: 'never allows more than its bound in any window or interval',
  property: (open, algorithm) =>
    fc.property(rateLimitTraffic(algorithm), (traffic) =>
      checkBound(traffic.config, judge(fresh(open, traffic.config), traffic)),
    ),
};

const decidesByItsDefinition: RateLimitLaw = {
  name: 'allows a request exactly when its definition does',
  property: (open, algorithm) =>
    fc.property(rateLimitTraffic(algorithm), ({ config, timesUs }) => {
      const limiter = fresh(open, config);
      const earlier: Judged[] = [];
      for (const timeUs of timesUs) {
        const expected = allowedByDefinition(config, earlier, timeUs);
        const allowed = limiter.decide(0, timeUs);
        must(
          allowed === expected,
          () => `at ${timeUs} us ${allowed ? 'allowed' : 'refused'} against the definition`,
        );
        earlier.push({ timeUs, allowed });
      }
    }),
};

const retryAfterIsExact: RateLimitLaw = {
  name: 'says exactly when to come back: allowed then, refused one microsecond sooner',
  property: (open, algorithm) =>
    fc.property(rateLimitTraffic(algorithm), ({ config, timesUs }) => {
      /** A limiter that has seen the first n requests. */
      const after = (n: number): RateLimiter => {
        const limiter = fresh(open, config);
        for (const timeUs of timesUs.slice(0, n)) limiter.decide(0, timeUs);
        return limiter;
      };
      const n = timesUs.length;
      const lastUs = timesUs[n - 1]!;
      const waitUs = after(n).retryAfterUs(0, lastUs);
      must(Number.isSafeInteger(waitUs) && waitUs >= 0, () => `${waitUs} us is no time to wait`);
      must(
        after(n).decide(0, lastUs + waitUs),
        () => `refused at ${lastUs + waitUs} us, when it should come back`,
      );
      if (waitUs > 0) {
        must(
          !after(n).decide(0, lastUs + waitUs - 1),
          () => `allowed at ${lastUs + waitUs - 1} us, one sooner`,
        );
      }
    }),
};

const explainedRetryIsExact: RateLimitLaw = {
  name: 'explains a refusal with a time that is kept: asked again then it is allowed, and refused one microsecond sooner',
  property: (open, algorithm) =>
    fc.property(rateLimitTraffic(algorithm), ({ config, timesUs }) => {
      const limiter = fresh(open, config);
      timesUs.forEach((timeUs, i) => {
        const { allowed, retryAfterUs } = limiter.explain(0, timeUs);
        limiter.decide(0, timeUs);
        if (allowed) return;
        const asked = (atUs: number): boolean => {
          const again = fresh(open, config);
          for (const earlierUs of timesUs.slice(0, i + 1)) again.decide(0, earlierUs);
          return again.decide(0, atUs);
        };
        must(asked(timeUs + retryAfterUs), () => `refused at ${timeUs} us, and when it should come back`);
        must(!asked(timeUs + retryAfterUs - 1), () => `allowed one sooner than ${timeUs + retryAfterUs} us`);
      });
    }),
};

const timeNeverGoesBack: RateLimitLaw = {
  name: 'takes time that stands still, and throws at time that goes back without counting it',
  property: (open, algorithm) =>
    fc.property(rateLimitTraffic(algorithm), fc.nat(), ({ config, timesUs }, back) => {
      const limiter = fresh(open, config);
      const undisturbed = fresh(open, config);
      let latestUs = 0;
      for (const timeUs of timesUs) {
        const expected = undisturbed.decide(0, timeUs);
        must(
          limiter.decide(0, timeUs) === expected,
          () => `a refused step back changed the verdict at ${timeUs} us`,
        );
        latestUs = timeUs;
        for (const earlierUs of [latestUs - 1, (back % (latestUs + 1)) - 1]) {
          let error: unknown = null;
          try {
            limiter.decide(0, earlierUs);
          } catch (thrown) {
            error = thrown;
          }
          must(error instanceof RangeError, () => `took ${earlierUs} us after ${latestUs} us`);
        }
      }
    }),
};

const KEYS = 3;

const keysDoNotTouch: RateLimitLaw = {
  name: 'decides for each key as if there were no other',
  property: (open, algorithm) =>
    fc.property(rateLimitTraffic(algorithm, { keys: KEYS }), ({ config, timesUs, keys }) => {
      const together = fresh(open, config, KEYS);
      const alone = Array.from({ length: KEYS }, () => fresh(open, config));
      timesUs.forEach((timeUs, i) => {
        const key = keys[i]!;
        const expected = alone[key]!.decide(0, timeUs);
        must(together.decide(key, timeUs) === expected, () => `key ${key} at ${timeUs} us felt another key`);
      });
    }),
};

const snapshotsChangeNothing: RateLimitLaw = {
  name: 'goes on from a snapshot of its columns as if nothing had happened',
  property: (open, algorithm) =>
    fc.property(rateLimitTraffic(algorithm, { keys: KEYS }), fc.nat(59), ({ config, timesUs, keys }, cut) => {
      const { columnsOf, buffers } = openBytes();
      const limiter = open(config, KEYS, columnsOf);
      const run = (from: number, to: number): boolean[] =>
        timesUs.slice(from, to).map((timeUs, i) => limiter.decide(keys[from + i]!, timeUs));
      run(0, cut);
      const snapshot = buffers.map((buffer) => buffer.slice(0));
      const first = run(cut, timesUs.length);
      const end = buffers.map((buffer) => new Uint8Array(buffer).join());
      buffers.forEach((buffer, i) => {
        new Uint8Array(buffer).set(new Uint8Array(snapshot[i]!));
      });
      must(
        run(cut, timesUs.length).join() === first.join(),
        () => `decided otherwise after a rewind to request ${cut}`,
      );
      must(
        buffers.every((buffer, i) => new Uint8Array(buffer).join() === end[i]),
        () => `other bytes after a rewind to request ${cut}`,
      );
    }),
};

const looksWithoutTouching: RateLimitLaw = {
  name: 'explains a decision as it is then made, and changes no byte when it is asked',
  property: (open, algorithm) =>
    fc.property(rateLimitTraffic(algorithm), ({ config, timesUs }) => {
      const { columnsOf, buffers } = openBytes();
      const limiter = open(config, 1, columnsOf);
      const bytes = (): string => buffers.map((buffer) => new Uint8Array(buffer).join()).join(';');
      for (const timeUs of timesUs) {
        const before = bytes();
        const why = limiter.explain(0, timeUs);
        const waitUs = limiter.retryAfterUs(0, timeUs);
        const counted = limiter.count(0, timeUs);
        limiter.state(0, timeUs);
        must(bytes() === before, () => `a look at ${timeUs} us changed the state`);
        must(why.counted === counted, () => `at ${timeUs} us it counts ${counted} and says ${why.counted}`);
        must(limiter.decide(0, timeUs) === why.allowed, () => `at ${timeUs} us: ${why.words}`);
        const backUs = why.allowed ? 0 : limiter.retryAfterUs(0, timeUs);
        must(why.retryAfterUs === backUs, () => `at ${timeUs} us two answers on when to come back`);
        must(
          why.allowed === (waitUs === 0),
          () => `at ${timeUs} us: ${why.allowed}, come back in ${waitUs} us`,
        );
        let more = 0;
        if (why.allowed) {
          const copies = buffers.map((buffer) => buffer.slice(0));
          while (more <= config.limit + config.burst && limiter.decide(0, timeUs)) more++;
          buffers.forEach((buffer, i) => {
            new Uint8Array(buffer).set(new Uint8Array(copies[i]!));
          });
        }
        must(why.remaining === more, () => `at ${timeUs} us says ${why.remaining} remain; ${more} do`);
      }
    }),
};

const forgetsWholly: RateLimitLaw = {
  name: 'forgets one key wholly and no other',
  property: (open, algorithm) =>
    fc.property(rateLimitTraffic(algorithm, { keys: 2 }), fc.nat(59), ({ config, timesUs, keys }, cut) => {
      const limiter = fresh(open, config, 2);
      const other = fresh(open, config);
      let forgotten = fresh(open, config);
      timesUs.forEach((timeUs, i) => {
        if (i === cut) {
          limiter.forget(0);
          forgotten = fresh(open, config);
        }
        const expected = (keys[i] === 0 ? forgotten : other).decide(0, timeUs);
        must(
          limiter.decide(keys[i]!, timeUs) === expected,
          () => `key ${keys[i]} at ${timeUs} us, key 0 forgotten`,
        );
      });
    }),
};

export const RATE_LIMIT_LAWS: readonly RateLimitLaw[] = [
  neverMoreThanItsBound,
  decidesByItsDefinition,
  retryAfterIsExact,
  explainedRetryIsExact,
  timeNeverGoesBack,
  keysDoNotTouch,
  snapshotsChangeNothing,
  looksWithoutTouching,
  forgetsWholly,
];
