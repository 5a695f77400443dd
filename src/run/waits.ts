import { US_PER_MS } from '../base/units.ts';
import type { MetricName } from '../scenario/metrics.ts';
import type { Context } from '../system/context.ts';
import { COUNT } from '../system/state/counters.ts';
import { bucketOf } from '../system/state/histogram.ts';
import { CONNECTION, OUTGOING } from '../system/state/tables.ts';
import { stateOf } from '../system/state/user-word.ts';
import { OWN } from '../system/state/users.ts';
import type { UnderWay } from './under-way.ts';

/**
 * Waits that may outlast the run: to be back after a lost connection, to be acknowledged, and to be shown. Who still waits is counted with how
 * long it has waited; without them, the more clients never come back, the better a design would look.
 */
export interface Waits {
  readonly ended: Uint32Array;
  /** Those that go on, in the same buckets by how long they have lasted; null when there are none. */
  readonly going: Uint32Array | null;
  readonly stillOut: number;
}

/** In milliseconds. Reads every user when somebody is out. */
export function reconnectWaits({ reconnect, gauges, users, workload, events }: Context): Waits {
  const stillOut = gauges[4]!;
  if (stillOut === 0) return { ended: reconnect.counts, going: null, stillOut };
  const going = new Uint32Array(reconnect.counts.length);
  const nowMs = Math.floor(events.nowUs() / 1000);
  for (let user = 0; user < workload.users; user++) {
    const lost = users.own[8 * user + OWN.LOST]!;
    if (lost === 0 || stateOf(users.pair[2 * user]!) === CONNECTION.state.offline) continue;
    const bucket = bucketOf(nowMs - (lost - 1));
    going[bucket] = going[bucket]! + 1;
  }
  return { ended: reconnect.counts, going, stillOut };
}

/** In microseconds. Messages that their client has given up are no waits any more: they are counted in messages.failed. */
export function ackWaits(context: Context, who: 'all' | 'honest'): Waits {
  const { outgoing, values, events, bots, design, ackLatency } = context;
  const honest = who === 'honest' ? bots : null;
  const ended = (honest?.honestAckLatency ?? ackLatency).counts;
  if (values[COUNT.sent]! === values[COUNT.acked]! + values[COUNT.failed]!)
    return { ended, going: null, stillOut: 0 };
  const retries = design.delivery !== 'at-most-once';
  const going = new Uint32Array(ended.length);
  let stillOut = 0;
  for (let o = 0; o < outgoing.state.length; o++) {
    const state = outgoing.state[o]!;
    if (state === OUTGOING.start || OUTGOING.isDone(state)) continue;
    // What is not sent again is out as long as a copy of it is on its way.
    if (!retries && outgoing.copies[o] === 0) continue;
    if (honest !== null && honest.is[outgoing.sender[o]!] === 1) continue;
    const bucket = bucketOf(events.nowUs() - outgoing.sentUs[o]!);
    going[bucket] = going[bucket]! + 1;
    stillOut++;
  }
  return { ended, going: stillOut === 0 ? null : going, stillOut };
}

/**
 * In microseconds, of messages that were shown as they came. One that was lost is no wait any more: it is counted in deliveries.lost, and what
 * the history brings later was asked for and not waited for.
 */
export function deliveryWaits(context: Context, who: 'all' | 'honest', underWay: UnderWay): Waits {
  const { latency, latencyNow, bots, events } = context;
  const honest = who === 'honest' ? bots : null;
  const ended =
    honest?.honestLatency.counts ?? latency.counts.map((n, bucket) => n + latencyNow.counts[bucket]!);
  const going = new Uint32Array(ended.length);
  let stillOut = 0;
  underWay.visit((sender, sentUs) => {
    if (honest !== null && honest.is[sender] === 1) return;
    const bucket = bucketOf(events.nowUs() - sentUs);
    going[bucket] = going[bucket]! + 1;
    stillOut++;
  });
  return { ended, going: stillOut === 0 ? null : going, stillOut };
}

/** Of which waits a metric is the quantile, which one, and its unit in those of the histogram: that of reconnects counts milliseconds. */
export const WAIT_QUANTILES = {
  'delivery.p50.ms': ['delivery', 0.5, US_PER_MS],
  'delivery.p90.ms': ['delivery', 0.9, US_PER_MS],
  'delivery.p99.ms': ['delivery', 0.99, US_PER_MS],
  'delivery.max.ms': ['delivery', 1, US_PER_MS],
  'honest.delivery.p50.ms': ['honestDelivery', 0.5, US_PER_MS],
  'honest.delivery.p99.ms': ['honestDelivery', 0.99, US_PER_MS],
  'ack.p50.ms': ['ack', 0.5, US_PER_MS],
  'ack.p99.ms': ['ack', 0.99, US_PER_MS],
  'honest.ack.p99.ms': ['honestAck', 0.99, US_PER_MS],
  'reconnect.p50.s': ['reconnect', 0.5, 1000],
  'reconnect.p99.s': ['reconnect', 0.99, 1000],
} as const satisfies Partial<Record<MetricName, readonly [of: WaitName, q: number, unit: number]>>;

/** How many still wait: beside each quantile. */
export const STILL_OUT = {
  'delivery.stillOut': 'delivery',
  'honest.delivery.stillOut': 'honestDelivery',
  'ack.stillOut': 'ack',
  'honest.ack.stillOut': 'honestAck',
  'reconnect.stillOut': 'reconnect',
} as const satisfies Partial<Record<MetricName, WaitName>>;

export type WaitName = 'delivery' | 'honestDelivery' | 'ack' | 'honestAck' | 'reconnect';
