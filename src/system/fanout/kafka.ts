import { NO_NODE } from '../../trace/trace.ts';
import { KIND, REASON } from '../../trace/tracer.ts';
import type { Context } from '../context.ts';
import { makes } from '../design/mistakes.ts';
import { stampBytesOf } from '../design/stamp-bytes.ts';
import { EVENT } from '../kinds.ts';
import type { Publisher } from '../sending/message-path.ts';
import { COUNT } from '../state/counters.ts';
import { NEVER_US } from '../state/messages.ts';
import { BEGINS, DOWN, QUEUED } from '../state/station.ts';
import { NO_SERVER } from '../state/user-word.ts';
import type { DeliveryPath } from './delivery.ts';
import { createDue, createRouter, NOBODY, type OwnMessage } from './fan-out.ts';

/**
 * Kafka: a channel belongs to a partition, a partition is a log, and every server reads every log with a consumer of its own from
 * its own offset (Kafka documentation, "Design"). A server that was away finds what it missed; one that crashed begins at its last
 * committed offset, so it tells some messages twice; its group waits for the old session to time out first. A partition keeps so many
 * records; a consumer that lags further goes on with the oldest that is there (auto.offset.reset=earliest), and what lay before it is lost.
 *
 * A consumer polls again when it has handled what it was given; then it commits, too, when it is time. One that takes longer than
 * max.poll.interval leaves its group by itself, and can commit no more; it joins again with its next poll, and begins at its last committed offset
 * (Kafka documentation, KafkaConsumer, "Detecting Consumer Failures"). Nobody waits for its session to time out.
 */
export interface Kafka extends Publisher {
  poll(server: number, partition: number, session: number): void;
  /** A server has handled all that its consumer of a partition was given. */
  handled(server: number, partition: number, session: number): void;
  commit(server: number, session: number): void;
  startConsumers(): void;
  consumerDied(server: number): void;
  consumerRestarts(server: number, diedUs: number): void;
}

const NO_OUTGOING = 0xffff_ffff;
const SESSION_MASK = 0x1fff;
const FLAG_AGAIN = 0x100;
/** The mistake: the place is looked for with the first poll. */
const NOT_YET = 0xffff_ffff;

export function createKafka(
  ctx: Context,
  logRecords: number,
  ownMessage: OwnMessage,
  delivery: () => DeliveryPath,
): Kafka {
  const { design, nodes, events, stations, copies, copyPool, watching } = ctx;
  const { brokerState: b, values, draw } = ctx;
  const { firstShard, firstServer, servers, shards } = nodes;
  const { fetchUs, fetchMaxRecords, sessionTimeoutUs, autoCommitUs } = design.pubsub;
  const { maxPollIntervalUs } = design.pubsub;

  const startsAtNewest = makes(design, 'starts-at-newest');
  const router = createRouter(ctx);
  const due = createDue(ctx, router, ownMessage);

  const schedulePoll = (server: number, partition: number, atUs: number): void => {
    b.polling[server * shards + partition] = 1;
    events.schedule(atUs, EVENT.CONSUMER_POLL, server, partition, b.session[server] & SESSION_MASK);
  };

  /** Every consumer of a server begins again at its last committed offset. */
  const beginAgain = (server: number, atUs: number): void => {
    for (let p = 0; p < shards; p++) {
      const consumer = server * shards + p;
      b.handled[consumer] = b.committed[consumer];
      b.position[consumer] = startsAtNewest ? NOT_YET : b.committed[consumer];
      b.handleByUs[consumer] = 0;
      b.commitDue[consumer] = 0;
      schedulePoll(server, p, atUs);
    }
    const session = b.session[server] & SESSION_MASK;
    events.schedule(atUs + autoCommitUs, EVENT.CONSUMER_COMMIT, server, 0, session);
  };

  const handled = (server: number, partition: number, session: number): void => {
    if ((b.session[server] & SESSION_MASK) !== session) return;
    const consumer = server * shards + partition;
    const nowUs = events.nowUs();
    const byUs = b.handleByUs[consumer];
    b.handleByUs[consumer] = 0;
    b.handled[consumer] = b.position[consumer];
    if (nowUs <= byUs) {
      if (b.commitDue[consumer] === 1) b.committed[consumer] = b.handled[consumer];
      b.commitDue[consumer] = 0;
      schedulePoll(server, partition, Math.max(nowUs, byUs - maxPollIntervalUs + fetchUs));
      return;
    }
    b.session[server]++;
    values[COUNT.brokerCuts]++;
    watching.nodeRow(nowUs, KIND.cut, firstServer + server, NO_NODE);
    beginAgain(server, nowUs);
  };

  /** The oldest record of a partition gives its place to a new one: whoever has not read it has lost it. */
  const forgetOldest = (partition: number, offset: number): void => {
    const at = partition * logRecords + (offset % logRecords);
    const node = firstShard + partition;
    for (let server = 0; server < servers; server++) {
      const consumer = server * shards + partition;
      if (b.position[consumer] > offset) continue;
      b.position[consumer] = offset + 1;
      const sender = b.logSender[at];
      router.routeOnly(b.logChannel[at], sender, server);
      const lost = router.size(server) + router.untold();
      router.discard(server);
      router.clear();
      values[COUNT.dropped] += lost;
      values[COUNT.dropRetention] += lost;
      if (lost > 0)
        watching.messageRow(
          events.nowUs(),
          KIND.drop,
          firstServer + server,
          node,
          sender,
          b.logNth[at],
          b.logChannel[at],
          b.logSeq[at],
          REASON.retention,
        );
    }
  };

  /** Where a consumer reads on: it has not read further, and what is older is not kept. */
  const nextOffset = (consumer: number, partition: number): number =>
    Math.max(b.position[consumer], b.appended[partition] - logRecords);

  return {
    fanOut(copy, node) {
      const partition = node - firstShard;
      const offset = b.appended[partition];
      const at = partition * logRecords + (offset % logRecords);
      if (offset >= logRecords) forgetOldest(partition, offset - logRecords);
      b.logSender[at] = copies.sender[copy];
      b.logNth[at] = copies.nth[copy];
      b.logChannel[at] = copies.channel[copy];
      b.logSeq[at] = copies.seq[copy];
      b.logFlags[at] = copies.attempt[copy] | (copies.again[copy] === 1 ? FLAG_AGAIN : 0);
      b.logSentUs[at] = copies.sentUs[copy];
      b.appended[partition] = offset + 1;
      router.routeOnly(copies.channel[copy], copies.sender[copy], NO_SERVER);
      due(copy, node);
      const nowUs = events.nowUs();
      for (let server = 0; server < servers; server++) {
        if (b.polling[server * shards + partition] === 1 || !stations.isUp(firstServer + server)) continue;
        schedulePoll(
          server,
          partition,
          nowUs + draw.notifyHop(copies.sender[copy], (Math.imul(copies.nth[copy], 0x10000) + server) >>> 0),
        );
      }
      return 0;
    },
    poll(server, partition, session) {
      if ((b.session[server] & SESSION_MASK) !== session) return;
      const consumer = server * shards + partition;
      const node = firstServer + server;
      const nowUs = events.nowUs();
      if (b.position[consumer] === NOT_YET) b.position[consumer] = b.appended[partition];
      const from = nextOffset(consumer, partition);
      const newest = b.appended[partition];
      if (
        newest === from ||
        ctx.links.isCut(firstShard + partition, node) ||
        !stations.isUp(firstShard + partition)
      ) {
        b.polling[consumer] = 0;
        // A consumer that cannot reach its broker tries again; one that has read all is woken by the next record.
        if (newest !== from) schedulePoll(server, partition, nowUs + fetchUs);
        return;
      }
      const to = Math.min(newest, from + fetchMaxRecords);
      let offset = from;
      for (; offset < to && copyPool.left() > 0; offset++) {
        const at = partition * logRecords + (offset % logRecords);
        const channel = b.logChannel[at];
        const sender = b.logSender[at];
        router.routeOnly(channel, sender, server);
        const who = router.who(server);
        router.clear();
        // The server's own buffers are full: the record stays in the log.
        if (router.untold() > 0) break;
        if (who === NOBODY) {
          const nth = b.logNth[at];
          if (stations.arriveAlways(node, nowUs, EVENT.RECORD_FOR_NOBODY, sender, nth, 0) === BEGINS)
            stations.serve(node, nowUs, draw.notify(sender, nth));
          continue;
        }
        const copy = copyPool.take();
        copies.sender[copy] = sender;
        copies.nth[copy] = b.logNth[at];
        copies.channel[copy] = channel;
        copies.bytes[copy] = design.message.bytes + stampBytesOf(ctx);
        copies.seq[copy] = b.logSeq[at];
        copies.outgoing[copy] = NO_OUTGOING;
        copies.attempt[copy] = b.logFlags[at] & 0xff;
        copies.again[copy] = (b.logFlags[at] & FLAG_AGAIN) === 0 ? 0 : 1;
        copies.holders[copy] = 1;
        copies.sentUs[copy] = b.logSentUs[at];
        copies.retryAtUs[copy] = NEVER_US;
        watching.begin(copy);
        values[COUNT.notified]++;
        delivery().notify(copy, who, server);
      }
      b.position[consumer] = offset;
      b.polling[consumer] = 1;
      b.handleByUs[consumer] = nowUs + maxPollIntervalUs;
      // Behind its records in the line of the server: when its turn comes, they have had theirs.
      const turn = stations.arriveAlways(node, nowUs, EVENT.RECORDS_HANDLED, server, partition, session);
      if (turn !== QUEUED && turn !== DOWN) handled(server, partition, session);
    },
    handled,
    commit(server, session) {
      if ((b.session[server] & SESSION_MASK) !== session) return;
      const nowUs = events.nowUs();
      let isMember = true;
      for (let consumer = server * shards; consumer < (server + 1) * shards; consumer++)
        isMember &&= b.handleByUs[consumer] === 0 || nowUs <= b.handleByUs[consumer];
      // What a consumer commits that is out of its group is refused.
      for (let consumer = server * shards; isMember && consumer < (server + 1) * shards; consumer++) {
        if (b.handleByUs[consumer] === 0) b.committed[consumer] = b.handled[consumer];
        else b.commitDue[consumer] = 1;
      }
      events.schedule(nowUs + autoCommitUs, EVENT.CONSUMER_COMMIT, server, 0, session);
    },
    startConsumers() {
      for (let server = 0; server < servers; server++) {
        events.schedule(events.nowUs() + autoCommitUs, EVENT.CONSUMER_COMMIT, server, 0, 0);
      }
    },
    consumerDied(server) {
      b.session[server]++;
      // Nobody wakes it until it is back.
      for (let p = 0; p < shards; p++) b.polling[server * shards + p] = 1;
    },
    consumerRestarts(server, diedUs) {
      beginAgain(server, Math.max(events.nowUs(), diedUs + sessionTimeoutUs));
    },
  };
}
