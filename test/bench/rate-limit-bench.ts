import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { RATE_LIMIT_ALGORITHMS, rateLimit } from '../../src/algorithms/rate-limit/config.ts';
import type { RateLimiterPlan } from '../../src/algorithms/rate-limit/limiter.ts';
import { planRateLimiter } from '../../src/algorithms/rate-limit/registry.ts';
import { BYTES_PER_ELEMENT, standaloneColumns } from '../../src/base/columns.ts';
import { mix32 } from '../../src/base/hash.ts';
import { type CounterAgainstLog, counterAgainstLog } from '../../src/testkit/counter-against-log.ts';

/**
 * Decisions a second and bytes a key, for a million keys at random, 5 requests in 60 s each: our limiters, rate-limiter-flexible's memory
 * limiter (a fixed window on the wall clock), and a plain Map of arrays (a sliding-window log). All run on the same keys in the same process.
 *
 *     node scripts/run-ts.mjs test/bench/rate-limit-bench.ts
 */

export interface RateLimitSpeed {
  readonly name: string;
  /** Median of the rounds. */
  readonly decisionsPerSecond: number;
  readonly nsPerDecision: number;
  /** Ours: all columns over all keys. The others: measured after the first round, over the keys that have sent by then. */
  readonly bytesPerKey: number;
  readonly allowedShare: number;
}

export interface RateLimitBench {
  readonly keys: number;
  readonly decisions: number;
  readonly rounds: number;
  readonly speeds: readonly RateLimitSpeed[];
  /** Decisions a second of our fixed window over those of rate-limiter-flexible: the same algorithm. */
  readonly fixedWindowAgainstFlexible: number;
  /** The slowest of ours over rate-limiter-flexible. */
  readonly slowestAgainstFlexible: number;
  readonly counterAgainstLog: readonly CounterAgainstLog[];
}

const LIMIT = 5;
const WINDOW_US = 60_000_000;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Of JavaScript objects: the contestants that are measured so have no buffers. */
function memoryBytes(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]!;

/** Something that decides the i-th request of a round; the time goes on by stepUs with each. */
interface Contestant {
  readonly name: string;
  readonly run: (keys: Uint32Array, firstUs: number, stepUs: number) => number | Promise<number>;
  readonly bytesPerKey: (keysThatSent: number) => number;
}

function columnsBytes(plan: RateLimiterPlan): number {
  return Object.values(plan.group.columns).reduce((sum, c) => sum + c.length * BYTES_PER_ELEMENT[c.type], 0);
}

function ours(algorithm: (typeof RATE_LIMIT_ALGORITHMS)[number], keyCount: number): Contestant {
  const plan = planRateLimiter(rateLimit(algorithm, LIMIT, WINDOW_US), { keys: keyCount });
  const limiter = plan.open(standaloneColumns);
  return {
    name: algorithm,
    run(keys, firstUs, stepUs) {
      let allowed = 0;
      let nowUs = firstUs;
      for (let i = 0; i < keys.length; i++) {
        if (limiter.decide(keys[i]!, nowUs)) allowed++;
        nowUs += stepUs;
      }
      return allowed;
    },
    bytesPerKey: () => columnsBytes(plan) / keyCount,
  };
}

function mapOfArrays(): Contestant {
  const before = memoryBytes();
  const logs = new Map<number, number[]>();
  return {
    name: 'Map of arrays (log)',
    run(keys, firstUs, stepUs) {
      let allowed = 0;
      let nowUs = firstUs;
      for (let i = 0; i < keys.length; i++) {
        const key = keys[i]!;
        let log = logs.get(key);
        if (log === undefined) {
          log = [];
          logs.set(key, log);
        }
        while (log.length > 0 && log[0]! < nowUs - WINDOW_US) log.shift();
        if (log.length < LIMIT) {
          log.push(nowUs);
          allowed++;
        }
        nowUs += stepUs;
      }
      return allowed;
    },
    bytesPerKey: (keysThatSent) => (memoryBytes() - before) / keysThatSent,
  };
}

/** Its promises are awaited a thousand at a time, which is faster than one by one. */
function flexible(): Contestant {
  const before = memoryBytes();
  const limiter = new RateLimiterMemory({ points: LIMIT, duration: WINDOW_US / 1_000_000 });
  return {
    name: 'rate-limiter-flexible (fixed window)',
    async run(keys) {
      let allowed = 0;
      const count = (): void => {
        allowed++;
      };
      const refuse = (): void => {};
      for (let i = 0; i < keys.length; i++) {
        const done = limiter.consume(keys[i]!).then(count, refuse);
        if (i % 1000 === 999) await done;
      }
      return allowed;
    },
    bytesPerKey: (keysThatSent) => (memoryBytes() - before) / keysThatSent,
  };
}

interface Rounds {
  readonly decisions: number;
  readonly rounds: number;
  readonly stepUs: number;
  readonly keysOf: (round: number) => Uint32Array;
}

/** In a function of its own, so that nothing of one contestant is still alive when the memory of the next is measured. */
async function measure(
  make: () => Contestant,
  { decisions, rounds, stepUs, keysOf }: Rounds,
): Promise<RateLimitSpeed> {
  const contestant = make();
  const nanoseconds: number[] = [];
  let allowed = 0;
  let bytesPerKey = 0;
  for (let round = 0; round <= rounds; round++) {
    const roundKeys = keysOf(round);
    const began = process.hrtime.bigint();
    allowed = await contestant.run(roundKeys, round * decisions * stepUs, stepUs);
    const took = Number(process.hrtime.bigint() - began);
    // The first round warms up, and touches every page.
    if (round > 0) nanoseconds.push(took / decisions);
    else bytesPerKey = contestant.bytesPerKey(new Set(roundKeys).size);
  }
  const nsPerDecision = median(nanoseconds);
  return {
    name: contestant.name,
    decisionsPerSecond: Math.round(1e9 / nsPerDecision),
    nsPerDecision: Number(nsPerDecision.toFixed(1)),
    bytesPerKey: Number(bytesPerKey.toFixed(1)),
    allowedShare: Number((allowed / decisions).toFixed(3)),
  };
}

export async function rateLimitBench({
  keys = 1_000_000,
  decisions = 2_000_000,
  rounds = 3,
} = {}): Promise<RateLimitBench> {
  // So many that each key sends about as often as it may: the log is full and refuses, too.
  const stepUs = Math.floor((WINDOW_US * (rounds + 1)) / (1.2 * LIMIT * keys)) || 1;
  const keysOf = (round: number): Uint32Array =>
    Uint32Array.from({ length: decisions }, (_, i) => mix32(mix32(round + 1) ^ i) % keys);

  const contestants: (() => Contestant)[] = [
    ...RATE_LIMIT_ALGORITHMS.map((algorithm) => () => ours(algorithm, keys)),
    mapOfArrays,
    flexible,
  ];
  const speeds: RateLimitSpeed[] = [];
  for (const make of contestants) speeds.push(await measure(make, { decisions, rounds, stepUs, keysOf }));
  const of = (name: string): number => speeds.find((s) => s.name.startsWith(name))!.decisionsPerSecond;
  const slowest = Math.min(...RATE_LIMIT_ALGORITHMS.map(of));
  return {
    keys,
    decisions,
    rounds,
    speeds,
    fixedWindowAgainstFlexible: Number((of('fixed-window') / of('rate-limiter-flexible')).toFixed(1)),
    slowestAgainstFlexible: Number((slowest / of('rate-limiter-flexible')).toFixed(1)),
    counterAgainstLog: [0.5, 0.9, 1, 1.5].map((load) => counterAgainstLog(load)),
  };
}

const isProgram = process.argv[1]?.endsWith('rate-limit-bench.ts') === true;
if (isProgram) {
  console.log(JSON.stringify(await rateLimitBench(), null, 2));
  process.exit(0); // rate-limiter-flexible leaves a timer for each key
}
