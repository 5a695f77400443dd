import { US_PER_HOUR, US_PER_SECOND } from '../base/units.ts';
import { METRIC_NAMES, type MetricName, type QueueMetric } from '../scenario/metrics.ts';
import type { Context } from '../system/context.ts';
import { type Cost, costPerHour, sumOf } from '../system/design/cost.ts';
import { stampBytesOf } from '../system/design/stamp-bytes.ts';
import { nodesOfKind, STATION_KINDS } from '../system/design/stations.ts';
import { FILTER } from '../system/order/numbering.ts';
import { BOT } from '../system/sending/bots.ts';
import { COUNT, type Counter } from '../system/state/counters.ts';
import { waitQuantile } from '../system/state/histogram.ts';
import { type Findings, findingsOf } from './findings.ts';
import { STILL_OUT, WAIT_QUANTILES } from './waits.ts';
import type { Figure } from './within-bound.ts';

/** What a metric of `Findings` is made from costs something to find. */
type CostlyMetric = keyof typeof WAIT_QUANTILES | keyof typeof STILL_OUT | 'deliveries.lost';
type CheapMetric = Exclude<MetricName, CostlyMetric>;

const isQuantile = (name: MetricName): name is keyof typeof WAIT_QUANTILES => name in WAIT_QUANTILES;
const isStillOut = (name: MetricName): name is keyof typeof STILL_OUT => name in STILL_OUT;

function costlyFigure(name: MetricName, found: Findings): Figure | null {
  if (name === 'deliveries.lost') return { value: found.lost.count, isAtLeast: found.lost.isAtLeast };
  if (isStillOut(name)) return { value: found[STILL_OUT[name]].stillOut, isAtLeast: false };
  if (!isQuantile(name)) return null;
  const [waits, q, unit] = WAIT_QUANTILES[name];
  const { ended, going } = found[waits];
  const { us, isAtLeast } = waitQuantile(ended, going, q);
  return { value: round(us / unit), isAtLeast };
}

/** One metric at this moment. */
export const metricOf = (context: Context, name: MetricName): Figure =>
  costlyFigure(name, findingsOf(context)) ?? {
    value: cheapMetrics(context)[name as CheapMetric],
    isAtLeast: false,
  };

/** The metrics that are only a lower bound at this moment, because those who still wait decide them: "at least 40 s". */
export const lowerBounds = (found: Findings): readonly MetricName[] =>
  METRIC_NAMES.filter((name) => costlyFigure(name, found)?.isAtLeast === true);

/** The metrics of a run at this moment. */
export function metricsOf(
  context: Context,
  found: Findings = findingsOf(context),
): Record<MetricName, number> {
  const costly = METRIC_NAMES.flatMap((name) => {
    const figure = costlyFigure(name, found);
    return figure === null ? [] : [[name, figure.value] as const];
  });
  return { ...cheapMetrics(context), ...(Object.fromEntries(costly) as Record<CostlyMetric, number>) };
}

function cheapMetrics(context: Context): Record<CheapMetric, number> {
  const { values, gauges } = context;
  const of = (counter: Counter): number => values[COUNT[counter]]!;
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
    'deliveries.outOfOrder': of('outOfOrder'),
    'requests.refused': of('refused'),
    ...queueMetrics(context),
    ...limitMetrics(context),
    'gateway.busy.percent': busy(0, nodes.gateways),
    'ws-server.busy.percent': busy(nodes.firstServer, nodes.servers),
    'chat-service.busy.percent': busy(nodes.chatService, 1),
    'database.busy.percent': busy(nodes.database, 1),
    'limiter.busy.percent': nodes.limiter < 0 ? 0 : busy(nodes.limiter, 1),
    connections: gauges[0]!,
    'connections.peak': gauges[1]!,
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
  const { values, bots, limits, limiterCalls } = context;
  const ofBots = (place: number): number => bots?.counts[place] ?? 0;
  const [open, closed, closedBots] = limiterCalls?.counts ?? [0, 0, 0];
  const { compared } = limits;
  const share = (of: number): number =>
    compared === null || compared.decisions === 0 ? 0 : round((100 * of) / compared.decisions);
  return {
    'requests.unanswered': open! + closed!,
    'limiter.wronglyAllowed.percent': share(compared?.wronglyAllowed ?? 0),
    'limiter.wronglyRefused.percent': share(compared?.wronglyRefused ?? 0),
    'honest.refused': values[COUNT.refused]! - ofBots(BOT.REFUSED) + closed! - closedBots!,
    'honest.failed': values[COUNT.failed]! - ofBots(BOT.FAILED),
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

const round = (x: number): number => Math.round(x * 1000) / 1000;
