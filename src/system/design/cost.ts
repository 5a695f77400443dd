import type { Context } from '../context.ts';
import { COUNT, type Counter } from '../state/counters.ts';
import { type Design, serviceLimits } from './design.ts';

/**
 * What a design would cost in an hour at a load, US dollars, by list prices. Whoever shows the sum shows `PRICES` with it.
 */

/** The prices, each with who says so and when. */
export const PRICES = [
  'compute: $2.32 an hour for 64 vCPU (AWS c7g.16xlarge)',
  'load balancer: $0.0225 an hour (AWS price of an ALB, read 2026-09-20; assumed of an NLB, too)',
  'its units: $0.006 for each 100,000 active connections, 800 new ones a second or 1 GB an hour, whichever is most (AWS NLB, read 2026-09-20)',
  'its units where TLS ends at it: 3,000 active connections, 50 new ones a second or 1 GB an hour (AWS NLB, read 2026-09-20)',
  'database: $0.625 a million writes of 1 KB and $0.125 a million reads of 4 KB (DynamoDB on demand, airbyte 2025-07)',
  'egress: $0.09 a GB, falling to $0.05 (usage.ai 2026-06); the steps at 10, 50 and 150 TB a month are an assumption',
  'assumptions: a server has 8 vCPU, a pub/sub shard 4, every other worker 1; traffic inside and storage cost nothing',
] as const;

const VCPU_HOUR_USD = 2.32 / 64;
const BALANCER_HOUR_USD = 0.0225;
const NLCU_HOUR_USD = 0.006;
/** By where TLS ends: a load balancer that passes TCP on has less to do for a connection. */
const NLCU = {
  gateway: { active: 100_000, newPerSecond: 800 },
  balancer: { active: 3_000, newPerSecond: 50 },
} as const;
const BYTES_A_NLCU = 1e9;
const WRITE_USD = 0.625e-6;
const WRITE_BYTES = 1024;
const READ_USD = 0.125e-6;
const READ_BYTES = 4096;
const HOURS_A_MONTH = 730;
/** Up to so many GB in a month, and the price of a GB. */
const EGRESS_TIERS = [
  [10_000, 0.09],
  [50_000, 0.085],
  [150_000, 0.07],
  [Number.POSITIVE_INFINITY, 0.05],
] as const;
const SERVER_VCPU = 8;
const SHARD_VCPU = 4;

/** What is paid for. Rates are per hour. */
export interface Usage {
  readonly gatewayWorkers: number;
  readonly servers: number;
  readonly shards: number;
  readonly serviceWorkers: number;
  readonly limiterWorkers: number;
  readonly sequencers: number;
  readonly tls: Design['gateway']['tls'];
  readonly connections: number;
  readonly newConnections: number;
  readonly bytesUp: number;
  readonly bytesDown: number;
  readonly writes: number;
  readonly reads: number;
  /** Of one message: what a write and each row of a read hold. */
  readonly messageBytes: number;
}

export const COST_ITEMS = ['compute', 'loadBalancer', 'database', 'egress'] as const;
/** What a design costs, item by item, US dollars an hour. */
export type Cost = Readonly<Record<(typeof COST_ITEMS)[number], number>>;

export function costOf(usage: Usage): Cost {
  const vcpu =
    usage.gatewayWorkers +
    usage.servers * SERVER_VCPU +
    usage.shards * SHARD_VCPU +
    usage.serviceWorkers +
    usage.limiterWorkers +
    usage.sequencers;
  const nlcu = Math.max(
    usage.connections / NLCU[usage.tls].active,
    usage.newConnections / 3600 / NLCU[usage.tls].newPerSecond,
    (usage.bytesUp + usage.bytesDown) / BYTES_A_NLCU,
  );
  const writes = usage.writes * Math.ceil(usage.messageBytes / WRITE_BYTES);
  const reads = usage.reads * Math.ceil(usage.messageBytes / READ_BYTES);
  return {
    compute: vcpu * VCPU_HOUR_USD,
    loadBalancer: BALANCER_HOUR_USD + nlcu * NLCU_HOUR_USD,
    database: writes * WRITE_USD + reads * READ_USD,
    egress: egressUsd((usage.bytesDown * HOURS_A_MONTH) / 1e9) / HOURS_A_MONTH,
  };
}

/** The price of so many GB in a month: each tier's price for what lies in it. */
function egressUsd(gb: number): number {
  let usd = 0;
  let from = 0;
  for (const [upTo, price] of EGRESS_TIERS) {
    usd += Math.max(0, Math.min(gb, upTo) - from) * price;
    from = upTo;
  }
  return usd;
}

/** The cost at the load of the run so far; `hours`: virtual time that its counters stand for. */
export function costPerHour(context: Context, hours: number): Cost {
  const { design, nodes, values, gauges } = context;
  const perHour = (counter: Counter): number => values[COUNT[counter]] / hours;
  return costOf({
    gatewayWorkers: nodes.gateways * design.gateway.workers,
    servers: nodes.servers,
    shards: nodes.shards,
    serviceWorkers: design.service.workers,
    limiterWorkers: serviceLimits(design)[0]?.workers ?? 0,
    sequencers: nodes.sequencers,
    tls: design.gateway.tls,
    connections: gauges[0],
    newConnections: perHour('connects'),
    bytesUp: perHour('bytesUp'),
    bytesDown: perHour('bytesDown'),
    writes: perHour('persisted'),
    reads: perHour('resumes') + perHour('gaps'),
    messageBytes: design.message.bytes,
  });
}

export const sumOf = (cost: Cost): number => COST_ITEMS.reduce((sum, item) => sum + cost[item], 0);
