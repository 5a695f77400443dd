import type { RateLimiter, RateLimiterPlan } from '../../algorithms/rate-limit/limiter.ts';
import { planRateLimiter } from '../../algorithms/rate-limit/registry.ts';
import { decideAll } from '../../algorithms/rate-limit/several.ts';
import { type ColumnGroup, columns, f64 } from '../../base/columns.ts';
import { UserError } from '../../base/errors.ts';
import { openColumns, type World } from '../../kernel/world.ts';
import { type Design, type RateLimit, rateLimitsOf, type Workload } from '../design/design.ts';
import { channelNumbers } from '../design/names.ts';
import type { CopyColumns } from '../state/messages.ts';
import { NEVER_US } from '../state/messages.ts';

/**
 * The rate limits of a design on the world: whose counter a request is counted in, and who decides.
 *
 * Where counters are apart (servers; gateways that count each for itself) each instance has keys of its own: instance x keys + key. The one
 * exception is a user at a server: that counter belongs to the connection, of which a user has one at a time, so a new connection begins
 * anew. Whoever could keep two connections open would have two budgets.
 */
export interface Limits {
  readonly all: readonly OpenLimit[];
  /** Who decides at each place; null where nothing is limited there. */
  readonly gateway: Gate | null;
  readonly server: Gate | null;
  readonly service: Gate | null;
  /** A station has died, and its counters with it: a server's, the limiter's, those of a gateway that counts for itself. */
  stationDied(kind: RateLimit['placement'], instance: number): void;
  /** Where an exact log is asked beside the first limit: how often they differ. */
  readonly compared: Compared | null;
}

/** One place's limits together: a request passes when all let it pass, and one that is refused counts at none. */
export interface Gate {
  /** Whether the limit that users are promised (the first by user) is decided here: what passes is told of in the trace. */
  readonly isOfUsers: boolean;
  /** NEVER_US when the request may pass, else when it may come back. Allocates nothing. */
  decide(copy: number, nowUs: number): number;
  /** How long a request that may pass is held back: 0 but for a leaky bucket as queue. */
  delayUs(copy: number, nowUs: number): number;
}

interface OpenLimit {
  readonly limit: RateLimit;
  readonly limiter: RateLimiter;
  /** The key of a request of this user to this channel that comes through these two. */
  key(user: number, channel: number, gateway: number, server: number): number;
}

/** Decisions of the first limit, of these wrong ones by the exact log of what it let through. */
interface Compared {
  readonly decisions: number;
  readonly wronglyAllowed: number;
  readonly wronglyRefused: number;
}

/** The columns of one limit: its own, and those of the exact log beside it. */
export interface LimitPlan {
  readonly limit: RateLimit;
  readonly keys: number;
  readonly plan: RateLimiterPlan;
  readonly exact: RateLimiterPlan | null;
}

/** More counters than these are a mistake in the scenario; at 8 bytes they are 160 MB. */
const MOST_KEYS = 20_000_000;

/** How many keys one instance of the limit has, and how many instances there are. */
export function keysOf(
  limit: RateLimit,
  design: Design,
  workload: Workload,
): { one: number; instances: number } {
  const { users, usersPerAddress } = workload;
  const one = {
    user: users,
    address: Math.ceil(users / usersPerAddress),
    channel: channelNumbers(workload).count,
  };
  const isApart = limit.placement === 'gateway' && limit.counters === 'each';
  const servers = limit.placement === 'server' && limit.by !== 'user' ? design.servers.count : 1;
  return { one: one[limit.by], instances: isApart ? design.gateway.count : servers };
}

/** Throws UserError when a limit would need more counters than is sensible. */
export function planLimits(
  design: Design,
  workload: Workload,
  sizes: { readonly rateLimitEntries: readonly number[]; readonly exactLogEntries: number },
): readonly LimitPlan[] {
  return rateLimitsOf(design).map((limit, i) => {
    const { one, instances } = keysOf(limit, design, workload);
    const keys = one * instances;
    if (keys > MOST_KEYS) {
      throw new UserError(
        `the rate limit by ${limit.by} would need ${keys} counters, ${one} at each of ${instances} stations; write fewer stations, or placement: service`,
      );
    }
    const name = i === 0 ? 'rateLimit' : `rateLimit${i + 1}`;
    const entries = sizes.rateLimitEntries[i];
    const isCompared = i === 0 && limit.compareWithLog;
    return {
      limit,
      keys,
      plan: planRateLimiter(limit, { keys, entries, name }),
      exact: isCompared
        ? planRateLimiter(exactLog(limit), { keys, entries: sizes.exactLogEntries, name: 'exactLog' })
        : null,
    };
  });
}

/** Holds all that a limit of twice as many lets through: no algorithm here lets through more in a window. */
const exactLog = (limit: RateLimit) =>
  ({ ...limit, algorithm: 'sliding-window-log', limit: mostInWindow(limit), refusedCount: false }) as const;

export const mostInWindow = ({ limit, burst }: RateLimit): number => limit + Math.max(limit, burst) + 1;

const comparedColumns = columns('limitsCompared', { values: f64(3) });

/** The groups of columns that the limits need: none for a design that limits nothing. */
export function limitGroups(plans: readonly LimitPlan[]): readonly ColumnGroup[] {
  return plans.flatMap(({ plan, exact }) =>
    exact === null ? [plan.group] : [plan.group, exact.group, comparedColumns],
  );
}

export function openLimits(
  world: World,
  plans: readonly LimitPlan[],
  design: Design,
  workload: Workload,
  copies: CopyColumns,
  /** For each user the connection whose counter a server has: [user] server and generation. */
  limiterServer: Uint32Array,
): Limits {
  const { sender, channel, gateway, server, generation } = copies;
  const open = plans.map((plan) => openLimit(world, plan, design, workload));
  const compared =
    plans[0]?.exact === undefined || plans[0].exact === null
      ? null
      : openColumns(world, comparedColumns).values;
  const exact = plans[0]?.exact?.open((group) => openColumns(world, group)) ?? null;

  /** A user's counter at a server is that of the connection: a new one has none. */
  const toConnection = (limiter: RateLimiter, copy: number): void => {
    const user = sender[copy];
    const holder = ((server[copy] << 12) | generation[copy]) >>> 0;
    if (limiterServer[user] === holder) return;
    limiter.forget(user);
    limiterServer[user] = holder;
  };

  const compareWithLog = (key: number, nowUs: number, isAllowed: boolean, limit: number): void => {
    const values = compared!;
    const fits = exact!.count(key, nowUs) < limit;
    values[0]++;
    if (isAllowed && !fits) values[1]++;
    if (!isAllowed && fits) values[2]++;
    if (isAllowed) exact!.decide(key, nowUs);
  };

  const ofUsers = open.find(({ limit }) => limit.by === 'user');
  const gateOf = (placement: RateLimit['placement']): Gate | null => {
    const here = open.filter(({ limit }) => limit.placement === placement);
    const [only] = here;
    if (only === undefined) return null;
    const isOfUsers = ofUsers !== undefined && here.includes(ofUsers);
    const isOfConnection = here.map(({ limit }) => placement === 'server' && limit.by === 'user');
    const keyOf = (of: OpenLimit, copy: number): number =>
      of.key(sender[copy], channel[copy], gateway[copy], server[copy]);
    if (here.length === 1) {
      const { limiter } = only;
      const isConnections = isOfConnection[0];
      const isCompared = exact !== null && only === open[0];
      return {
        isOfUsers,
        decide(copy, nowUs) {
          if (isConnections) toConnection(limiter, copy);
          const key = keyOf(only, copy);
          const isAllowed = limiter.decide(key, nowUs);
          if (isCompared) compareWithLog(key, nowUs, isAllowed, only.limit.limit);
          return isAllowed ? NEVER_US : nowUs + limiter.retryAfterUs(key, nowUs);
        },
        delayUs: (copy, nowUs) => limiter.delayUs(keyOf(only, copy), nowUs),
      };
    }
    const limiters = here.map(({ limiter }) => limiter);
    const keys = new Float64Array(here.length);
    const readKeys = (copy: number): void => {
      for (let i = 0; i < here.length; i++) keys[i] = keyOf(here[i], copy);
    };
    return {
      isOfUsers,
      decide(copy, nowUs) {
        for (let i = 0; i < here.length; i++) if (isOfConnection[i]) toConnection(limiters[i], copy);
        readKeys(copy);
        const strictest = decideAll(limiters, keys, nowUs);
        if (exact !== null && here[0] === open[0])
          compareWithLog(keys[0], nowUs, strictest < 0, here[0].limit.limit);
        return strictest < 0 ? NEVER_US : nowUs + limiters[strictest].retryAfterUs(keys[strictest], nowUs);
      },
      delayUs(copy, nowUs) {
        readKeys(copy);
        let longestUs = 0;
        for (let i = 0; i < here.length; i++)
          longestUs = Math.max(longestUs, limiters[i].delayUs(keys[i], nowUs));
        return longestUs;
      },
    };
  };

  return {
    all: open,
    gateway: gateOf('gateway'),
    server: gateOf('server'),
    service: gateOf('service'),
    stationDied(kind, instance) {
      open.forEach(({ limit, limiter }, i) => {
        const { one, instances } = keysOf(limit, design, workload);
        // The counters of gateways that share them outlive one of them; those of a connection are lost with it.
        if (limit.placement !== kind || (kind !== 'service' && instances === 1)) return;
        const first = kind === 'service' ? 0 : instance * one;
        const end = kind === 'service' ? plans[i].keys : first + one;
        for (let key = first; key < end; key++) limiter.forget(key);
      });
    },
    get compared() {
      return compared === null
        ? null
        : { decisions: compared[0], wronglyAllowed: compared[1], wronglyRefused: compared[2] };
    },
  };
}

function openLimit(world: World, { limit, plan }: LimitPlan, design: Design, workload: Workload): OpenLimit {
  const { one, instances } = keysOf(limit, design, workload);
  const limiter = plan.open((group) => openColumns(world, group));
  const perAddress = workload.usersPerAddress;
  const bases: Record<RateLimit['by'], OpenLimit['key']> = {
    user: (user) => user,
    address: (user) => (user - (user % perAddress)) / perAddress,
    channel: (_, channel) => channel,
  };
  const base = bases[limit.by];
  if (instances === 1) return { limit, limiter, key: base };
  const key: OpenLimit['key'] =
    limit.placement === 'gateway'
      ? (user, channel, gateway, server) => gateway * one + base(user, channel, gateway, server)
      : (user, channel, gateway, server) => server * one + base(user, channel, gateway, server);
  return { limit, limiter, key };
}
