import type { MetricName } from '../scenario/metrics.ts';
import type { Context } from '../system/context.ts';
import { COUNT } from '../system/state/counters.ts';
import { bucketOf, waitQuantile } from '../system/state/histogram.ts';
import { CONNECTION, OUTGOING } from '../system/state/tables.ts';
import { stateOf } from '../system/state/user-word.ts';
import { OWN } from '../system/state/users.ts';

/**
 * Waits that may outlast the run: to be back after a lost connection, and to be acknowledged. Who still waits is counted with how long it has
 * waited; without them, the more clients never come back, the better a design would look.
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

/** Of which waits a metric is the quantile, and which one. */
const WAIT_METRICS = {
  'reconnect.p50.s': [reconnectWaits, 0.5],
  'reconnect.p99.s': [reconnectWaits, 0.99],
  'ack.p50.ms': [(context: Context) => ackWaits(context, 'all'), 0.5],
  'ack.p99.ms': [(context: Context) => ackWaits(context, 'all'), 0.99],
  'honest.ack.p99.ms': [(context: Context) => ackWaits(context, 'honest'), 0.99],
} as const satisfies Partial<Record<MetricName, readonly [of: (context: Context) => Waits, q: number]>>;

/** The metrics that are only a lower bound at this moment, because those who still wait decide them: "at least 40 s". */
export const lowerBounds = (context: Context): readonly MetricName[] =>
  (Object.keys(WAIT_METRICS) as (keyof typeof WAIT_METRICS)[]).filter((name) => {
    const [waitsOf, q] = WAIT_METRICS[name];
    const { ended, going } = waitsOf(context);
    return waitQuantile(ended, going, q).isAtLeast;
  });
