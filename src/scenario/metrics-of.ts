import { US_PER_HOUR, US_PER_MS } from '../base/units.ts';
import type { Context } from '../system/context.ts';
import { costPerHourUsd } from '../system/cost.ts';
import { COUNT, type Counter } from '../system/counters.ts';
import { quantileUs } from '../system/histogram.ts';
import { CONNECTION } from '../system/tables.ts';
import { CHANNEL, channelOfSlot } from '../system/topology.ts';
import { stateOf } from '../system/user-word.ts';
import { NOT_A_MEMBER, SEQ_MASK } from '../system/users.ts';
import type { MetricName } from './metrics.ts';

/** The metrics of a run at this moment. Cheap but for `deliveries.lost`, which reads every membership: see `countLost`. */
export function metricsOf(
  context: Context,
  lost: () => number = () => countLost(context),
): Record<MetricName, number> {
  const { values, gauges, latency, latencyNow, ackLatency, reconnect, events } = context;
  const of = (counter: Counter): number => values[COUNT[counter]]!;
  const all = latency.counts.map((n, i) => n + latencyNow.counts[i]!);
  const ms = (counts: Uint32Array, q: number): number => round(quantileUs(counts, q) / US_PER_MS);
  const shown = of('shown') + of('shownFromHistory');
  return {
    'messages.sent': of('sent'),
    'messages.acked': of('acked'),
    'messages.persisted': of('persisted'),
    'messages.failed': of('failed'),
    'messages.retries': of('transmissions') - of('sent'),
    deliveries: shown,
    'deliveries.duplicate': of('duplicates'),
    'deliveries.lost': lost(),
    'deliveries.outOfOrder': of('outOfOrder'),
    'requests.refused': of('refused'),
    'delivery.p50.ms': ms(all, 0.5),
    'delivery.p90.ms': ms(all, 0.9),
    'delivery.p99.ms': ms(all, 0.99),
    'delivery.max.ms': ms(all, 1),
    'ack.p50.ms': ms(ackLatency.counts, 0.5),
    'ack.p99.ms': ms(ackLatency.counts, 0.99),
    connections: gauges[0]!,
    'connections.peak': gauges[1]!,
    // This histogram counts milliseconds.
    'reconnect.p50.s': round(quantileUs(reconnect.counts, 0.5) / 1000),
    'reconnect.p99.s': round(quantileUs(reconnect.counts, 0.99) / 1000),
    'reconnect.attempts': of('connectsOffered'),
    'bytes.up': of('bytesUp'),
    'bytes.down': of('bytesDown'),
    'cost.perHour.usd': round(costPerHourUsd(context, Math.max(1, events.nowUs()) / US_PER_HOUR)),
  };
}

const round = (x: number): number => Math.round(x * 1000) / 1000;

/** What is not shown after so long will not be shown by itself. Longer than any client waits for a gap. */
const SETTLED_US = 5_000_000;

/**
 * Deliveries that are owed to a member who is online, of a persisted message sent more than five seconds ago, and that the client does
 * not know of: numbers beyond the last one shown; and, where messages are shown as they come, holes among the last 32.
 */
export function countLost(context: Context): number {
  const { topology, memberships, users, history, events, workload } = context;
  const { online } = CONNECTION.state;
  const settledUs = events.nowUs() - SETTLED_US;
  const hasMask = memberships.mask.length > 1;
  let lost = 0;
  for (let user = 0; user < workload.users; user++) {
    if (stateOf(users.pair[2 * user]!) !== online) continue;
    for (let i = topology.userStart[user]!; i < topology.userStart[user + 1]!; i++) {
      const slot = topology.slots[i]!;
      const word = memberships.entry[2 * slot + 1]!;
      if (word === NOT_A_MEMBER) continue;
      const channel = channelOfSlot(topology, slot);
      const newest = topology.channel[4 * channel + CHANNEL.PERSISTED]!;
      const last = word & SEQ_MASK;
      const owes = (seq: number): boolean => {
        const row = history.find(channel, seq);
        return row >= 0 && history.columns.sentUs[row]! < settledUs && history.columns.sender[row] !== user;
      };
      for (let seq = last + 1; seq <= newest; seq++) if (owes(seq)) lost++;
      if (!hasMask) continue;
      const mask = memberships.mask[slot]!;
      for (let back = 1; back < 32 && last - back > 0; back++) {
        if ((mask & (1 << back)) === 0 && owes(last - back)) lost++;
      }
    }
  }
  return lost;
}
