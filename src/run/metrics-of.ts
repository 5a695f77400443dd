import { US_PER_HOUR, US_PER_MS, US_PER_SECOND } from '../base/units.ts';
import type { MetricName, QueueMetric } from '../scenario/metrics.ts';
import type { Context } from '../system/context.ts';
import { type Cost, costPerHour, sumOf } from '../system/design/cost.ts';
import { stampBytesOf } from '../system/design/stamp-bytes.ts';
import { nodesOfKind, STATION_KINDS } from '../system/design/stations.ts';
import { CHANNEL } from '../system/design/topology.ts';
import { FILTER } from '../system/order/numbering.ts';
import { BOT } from '../system/sending/bots.ts';
import { COUNT, type Counter } from '../system/state/counters.ts';
import { quantileUs, waitQuantile } from '../system/state/histogram.ts';
import { CONNECTION } from '../system/state/tables.ts';
import { stateOf } from '../system/state/user-word.ts';
import { NOT_A_MEMBER, SEQ_MASK } from '../system/state/users.ts';
import { ackWaits, reconnectWaits, type Waits } from './waits.ts';

/** The metrics of a run at this moment. Cheap but for `deliveries.lost`, which reads every membership: see `countLost`. */
export function metricsOf(
  context: Context,
  lost: () => number = () => countLost(context),
  reconnects: () => Waits = () => reconnectWaits(context),
): Record<MetricName, number> {
  const { values, gauges, latency, latencyNow } = context;
  const reconnect = reconnects();
  const acks = ackWaits(context, 'all');
  const of = (counter: Counter): number => values[COUNT[counter]]!;
  const all = latency.counts.map((n, i) => n + latencyNow.counts[i]!);
  const ms = (counts: Uint32Array, q: number): number => round(quantileUs(counts, q) / US_PER_MS);
  const { nodes } = context;
  const busy = (first: number, count: number): number => busyPercent(context, first, count);
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
    ...queueMetrics(context),
    ...limitMetrics(context),
    'gateway.busy.percent': busy(0, nodes.gateways),
    'ws-server.busy.percent': busy(nodes.firstServer, nodes.servers),
    'chat-service.busy.percent': busy(nodes.chatService, 1),
    'database.busy.percent': busy(nodes.database, 1),
    'limiter.busy.percent': nodes.limiter < 0 ? 0 : busy(nodes.limiter, 1),
    'delivery.p50.ms': ms(all, 0.5),
    'delivery.p90.ms': ms(all, 0.9),
    'delivery.p99.ms': ms(all, 0.99),
    'delivery.max.ms': ms(all, 1),
    'ack.p50.ms': waited(acks, 0.5, US_PER_MS),
    'ack.p99.ms': waited(acks, 0.99, US_PER_MS),
    'ack.stillOut': acks.stillOut,
    connections: gauges[0]!,
    'connections.peak': gauges[1]!,
    // This histogram counts milliseconds.
    'reconnect.p50.s': waited(reconnect, 0.5, 1000),
    'reconnect.p99.s': waited(reconnect, 0.99, 1000),
    'reconnect.stillOut': reconnect.stillOut,
    'reconnect.attempts': of('connectsOffered'),
    'bytes.up': of('bytesUp'),
    'bytes.down': of('bytesDown'),
    polls: of('polls'),
    'polls.empty': of('emptyPolls'),
    'ordering.bytes': stampBytesOf(context),
    // The last one leads as long as it is up: see sequencer.ts.
    'sequencer.busy.percent':
      nodes.sequencers === 0 ? 0 : busy(nodes.firstSequencer + nodes.sequencers - 1, 1),
    ...dedupMetrics(context),
    'cost.perHour.usd': round(sumOf(costNow(context))),
  };
}

/** How long the queues are, and how busy the workers were in the last full second, by kind of station. */
function queueMetrics({ stations, nodes }: Context): Record<QueueMetric, number> {
  const { peak, workers, secondUs } = stations.columns;
  const all = STATION_KINDS.flatMap((kind): [QueueMetric, number][] => {
    const { first, count } = nodesOfKind(nodes, kind);
    const ofKind = Array.from({ length: count }, (_, i) => first + i);
    const sum = (of: (node: number) => number): number => ofKind.reduce((total, node) => total + of(node), 0);
    const workersUs = sum((node) => workers[node]!) * US_PER_SECOND;
    return [
      [`queue.${kind}.now`, sum(stations.waiting)],
      [`queue.${kind}.mean`, round(sum(stations.meanWaiting))],
      [`queue.${kind}.peak`, Math.max(0, ...ofKind.map((node) => peak[node]!))],
      [`utilisation.${kind}`, count === 0 ? 0 : round(sum((node) => secondUs[node]!) / workersUs)],
    ];
  });
  return Object.fromEntries(all) as Record<QueueMetric, number>;
}

/** What the design costs in an hour at the load of the run so far. */
export const costNow = (context: Context): Cost =>
  costPerHour(context, Math.max(1, context.events.nowUs()) / US_PER_HOUR);

/** What a Bloom filter has done, and what it will do. */
function dedupMetrics({ mechanisms }: Context) {
  const { filter = null, filterCounts = null } = mechanisms.numbering ?? {};
  const asked = filterCounts?.[FILTER.NEW] ?? 0;
  const wrong = filterCounts?.[FILTER.WRONG] ?? 0;
  const places = 1e6;
  return {
    'dedup.falsePositives': wrong,
    'dedup.rate': asked === 0 ? 0 : Math.round((wrong / asked) * places) / places,
    'dedup.rate.expected': filter === null ? 0 : Math.round(filter.rate() * places) / places,
  };
}

/** What a rate limit does to bots and to everybody else; without bots everybody is everybody else. */
function limitMetrics(context: Context) {
  const { values, latency, latencyNow, bots, limits, limiterCalls } = context;
  const ofBots = (place: number): number => bots?.counts[place] ?? 0;
  const [open, closed, closedBots] = limiterCalls?.counts ?? [0, 0, 0];
  const shown = bots?.honestLatency.counts ?? latency.counts.map((n, i) => n + latencyNow.counts[i]!);
  const ms = (counts: Uint32Array, q: number): number => round(quantileUs(counts, q) / US_PER_MS);
  const { compared } = limits;
  const share = (of: number): number =>
    compared === null || compared.decisions === 0 ? 0 : round((100 * of) / compared.decisions);
  return {
    'requests.unanswered': open! + closed!,
    'limiter.wronglyAllowed.percent': share(compared?.wronglyAllowed ?? 0),
    'limiter.wronglyRefused.percent': share(compared?.wronglyRefused ?? 0),
    'honest.refused': values[COUNT.refused]! - ofBots(BOT.REFUSED) + closed! - closedBots!,
    'honest.failed': values[COUNT.failed]! - ofBots(BOT.FAILED),
    'honest.delivery.p50.ms': ms(shown, 0.5),
    'honest.delivery.p99.ms': ms(shown, 0.99),
    'honest.ack.p99.ms': waited(ackWaits(context, 'honest'), 0.99, US_PER_MS),
    'bots.sent': ofBots(BOT.SENT),
    'bots.persisted': ofBots(BOT.PERSISTED),
  };
}

/** Share of the workers' time so far that was taken by work. */
function busyPercent({ stations, events }: Context, first: number, count: number): number {
  const { workers } = stations.columns;
  const nowUs = events.nowUs();
  if (nowUs === 0) return 0;
  let taken = 0;
  let all = 0;
  for (let node = first; node < first + count; node++) {
    taken += stations.doneUs(node);
    all += workers[node]! * nowUs;
  }
  return round((100 * Math.min(taken, all)) / all);
}

/** A quantile of waits, in units of so many of the histogram's. */
const waited = ({ ended, going }: Waits, q: number, unit: number): number =>
  round(waitQuantile(ended, going, q).us / unit);

const round = (x: number): number => Math.round(x * 1000) / 1000;

/** What is not shown after so long will not be shown by itself. Longer than any client waits for a gap. */
const SETTLED_US = 5_000_000;

/**
 * Deliveries that are owed to a member who is online, of a persisted message sent more than five seconds ago, and that the client does
 * not know of: numbers beyond the last one shown; and, where messages are shown as they come, holes among the last 32.
 */
export function countLost(context: Context): number {
  const { topology, memberships, users, history, events } = context;
  const { channel: channels } = topology;
  const { entry, mask } = memberships;
  const { online } = CONNECTION.state;
  const settledUs = events.nowUs() - SETTLED_US;
  const hasMask = mask.length > 1;
  let lost = 0;
  // In the order of memory; nearly every membership has been shown all there is, and needs no look at its user.
  for (let channel = 0; channel < channels.length / 4; channel++) {
    const newest = channels[4 * channel + CHANNEL.PERSISTED]!;
    if (newest === 0) continue;
    const end = channels[4 * channel + CHANNEL.END]!;
    for (let slot = channels[4 * channel + CHANNEL.FIRST]!; slot < end; slot++) {
      const word = entry[2 * slot + 1]!;
      if (word === NOT_A_MEMBER) continue;
      const last = word & SEQ_MASK;
      const holes = hasMask ? ~mask[slot]! & maskOf(last) : 0;
      if (last >= newest && holes === 0) continue;
      const user = entry[2 * slot]!;
      if (stateOf(users.pair[2 * user]!) !== online) continue;
      const owes = (seq: number): boolean => {
        const row = history.find(channel, seq);
        return row >= 0 && history.columns.sentUs[row]! < settledUs && history.columns.sender[row] !== user;
      };
      for (let seq = last + 1; seq <= newest; seq++) if (owes(seq)) lost++;
      for (let back = 1; back < 32; back++) if ((holes & (1 << back)) !== 0 && owes(last - back)) lost++;
    }
  }
  return lost;
}

/** The bits of a membership's mask for the numbers before the last one shown: bit i for last - i, from 1 on. */
const maskOf = (last: number): number => (last >= 32 ? -1 : (1 << last) - 1) & ~1;
