import { NO_NODE, USER_NODE } from '../../trace/trace.ts';
import { KIND, REASON } from '../../trace/tracer.ts';
import type { Context } from '../context.ts';
import { channelOfSlot } from '../design/topology.ts';
import { COUNT } from '../state/counters.ts';
import { bucketOf } from '../state/histogram.ts';
import { FROM_HISTORY } from './reorder-buffer.ts';

/**
 * What is counted and recorded when a client receives or shows something, the same under every order. A message is shown live, at once or
 * after a wait in the reorder buffer, or from the history; the time from send to shown is measured of what is shown live.
 */
export interface Showing {
  /** A message that came over the connection is shown. */
  countLive(sender: number, sentUs: number): void;
  countFromHistory(): void;
  /** A row about a copy that has just arrived at its client. `kind`: deliver, buffer or duplicate. */
  recordCopy(kind: number, user: number, copy: number): void;
  /** A message of which there is no copy any more is shown: it waited at the client, or the history has answered. */
  recordWaited(slot: number, sender: number, nth: number, seq: number): void;
  /** What was just taken out of the reorder buffer is shown: as live, or as told by the history, whichever brought it there. */
  showTaken(slot: number): void;
  recordFromHistory(slot: number, sender: number, nth: number, seq: number): void;
  /** A copy has reached a client that has no such connection any more, or is no member. */
  drop(user: number, copy: number): void;
  /** A copy would have to wait at its client, where nothing has room any more: it is lost, and missed later. */
  dropFull(user: number, copy: number): void;
}

export function createShowing(ctx: Context): Showing {
  const { events, memberships, topology, watching, values, bots } = ctx;
  const { entry } = memberships;
  const { database } = ctx.nodes;
  const { taken } = ctx.reorder;
  const { counts: latencyCounts } = ctx.latencyNow;
  const isBot = bots === null ? null : bots.is;
  const honestCounts = bots === null ? null : bots.honestLatency.counts;

  const record = (slot: number, causeNode: number, sender: number, nth: number, seq: number): void => {
    const node = USER_NODE + entry[2 * slot];
    const channel = channelOfSlot(topology, slot);
    watching.messageRow(events.nowUs(), KIND.deliver, node, causeNode, sender, nth, channel, seq);
  };

  const lose = (user: number, copy: number, counter: number, reason: number): void => {
    values[COUNT.dropped]++;
    values[counter]++;
    if (watching.ofCopy[copy] === 0) return;
    const node = USER_NODE + user;
    watching.copyRow(events.nowUs(), KIND.drop, node, NO_NODE, copy, node, reason);
  };

  const recordWaited = (slot: number, sender: number, nth: number, seq: number): void =>
    record(slot, USER_NODE + entry[2 * slot], sender, nth, seq);
  const recordFromHistory = (slot: number, sender: number, nth: number, seq: number): void =>
    record(slot, database, sender, nth, seq);
  const countFromHistory = (): void => {
    values[COUNT.shownFromHistory]++;
  };
  const countLive = (sender: number, sentUs: number): void => {
    values[COUNT.shown]++;
    const bucket = bucketOf(events.nowUs() - sentUs);
    latencyCounts[bucket]++;
    if (isBot !== null && isBot[sender] === 0) honestCounts![bucket]++;
  };

  return {
    countLive,
    countFromHistory,
    recordCopy(kind, user, copy) {
      if (watching.ofCopy[copy] === 0) return;
      const node = USER_NODE + user;
      watching.copyRow(events.nowUs(), kind, node, NO_NODE, copy, node);
    },
    recordWaited,
    recordFromHistory,
    showTaken(slot) {
      const { sender, nth, seq, attempt, sentUs } = taken;
      if ((attempt & FROM_HISTORY) !== 0) {
        countFromHistory();
        recordFromHistory(slot, sender, nth, seq);
      } else {
        countLive(sender, sentUs);
        recordWaited(slot, sender, nth, seq);
      }
    },
    drop: (user, copy) => lose(user, copy, COUNT.dropNotConnected, REASON['not-connected']),
    dropFull: (user, copy) => lose(user, copy, COUNT.dropQueueFull, REASON['queue-full']),
  };
}
