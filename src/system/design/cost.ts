import type { Context } from '../context.ts';
import { COUNT } from '../state/counters.ts';

/**
 * What the design would cost in an hour at the load of the run so far, in US dollars. Prices as read in 2025 and 2026: 64 vCPU for $2.32
 * (c7g.16xlarge), an NLB unit of 100,000 active connections, 800 new ones a second, or 1 GB for $0.006, on-demand writes $0.625 and reads
 * $0.125 a million, egress $0.09 a GB. Assumptions: a gateway is the load balancer, a server has 8 vCPU, a broker shard 4, eight workers of the
 * chat service share 8 vCPU.
 */
const VCPU_HOUR_USD = 2.32 / 64;
const NLCU_HOUR_USD = 0.006;
const WRITE_USD = 0.625e-6;
const READ_USD = 0.125e-6;
const EGRESS_USD_PER_BYTE = 0.09e-9;
const SERVER_VCPU = 8;
const SHARD_VCPU = 4;

/** `hours`: virtual time that the counters stand for. */
export function costPerHourUsd(context: Context, hours: number): number {
  const { design, nodes, values, gauges } = context;
  const perHour = (counter: number): number => values[counter] / hours;
  const vcpu = nodes.servers * SERVER_VCPU + nodes.shards * SHARD_VCPU + design.service.workers;
  const bytes = perHour(COUNT.bytesUp) + perHour(COUNT.bytesDown);
  const nlcu = Math.max(gauges[0] / 100_000, perHour(COUNT.connects) / 3600 / 800, bytes / 1e9);
  return (
    vcpu * VCPU_HOUR_USD +
    nlcu * NLCU_HOUR_USD +
    perHour(COUNT.persisted) * WRITE_USD +
    (perHour(COUNT.resumes) + perHour(COUNT.gaps)) * READ_USD +
    perHour(COUNT.bytesDown) * EGRESS_USD_PER_BYTE
  );
}
