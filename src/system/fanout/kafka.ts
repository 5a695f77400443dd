import { CAPACITY_SETTINGS, CapacityError } from '../../base/errors.ts';
import type { Context } from '../context.ts';
import { stampBytesOf } from '../design/stamp-bytes.ts';
import { CHANNEL } from '../design/topology.ts';
import { EVENT } from '../kinds.ts';
import type { Publisher } from '../sending/message-path.ts';
import { COUNT } from '../state/counters.ts';
import { NEVER_US } from '../state/messages.ts';
import { BEGINS } from '../state/station.ts';
import { ATTACHED, SERVER_MASK, SERVER_SHIFT } from '../state/user-word.ts';
import { NOT_A_MEMBER } from '../state/users.ts';
import type { DeliveryPath } from './delivery.ts';
import { CHUNK_WORDS, NOBODY, SLICE } from './fan-out.ts';
import type { OwnMessage } from './publishers.ts';

/**
 * Kafka: a channel belongs to a partition, a partition is a log, and every server reads every log with a consumer of its own from
 * its own offset (Kafka documentation, "Design"). A server that was away finds what it missed; one that crashed begins at its last
 * committed offset, so it tells some messages twice; its group waits for the old session to time out first.
 */
export interface Kafka extends Publisher {
  poll(server: number, partition: number, session: number): void;
  commit(server: number, session: number): void;
  startConsumers(): void;
  consumerDied(server: number): void;
  consumerRestarts(server: number, diedUs: number): void;
}

const NO_OUTGOING = 0xffff_ffff;
const SESSION_MASK = 0x1fff;
const FLAG_AGAIN = 0x100;

export function createKafka(
  ctx: Context,
  logRecords: number,
  ownMessage: OwnMessage,
  delivery: () => DeliveryPath,
): Kafka {
  const { design, nodes, events, stations, topology, users, memberships, copies, copyPool, watching } = ctx;
  const { brokerState: b, slices, slicePool, values, draw } = ctx;
  const { channel: channels } = topology;
  const { pair } = users;
  const { entry } = memberships;
  const { firstShard, firstServer, servers, shards } = nodes;
  const { fetchUs, fetchMaxRecords, sessionTimeoutUs, autoCommitUs } = design.pubsub;

  const schedulePoll = (server: number, partition: number, atUs: number): void => {
    b.polling[server * shards + partition] = 1;
    events.schedule(atUs, EVENT.CONSUMER_POLL, server, partition, b.session[server] & SESSION_MASK);
  };

  /** The members of a channel on one server, as an operand of NOTIFY. */
  const membersOn = (channel: number, server: number, sender: number): number => {
    let count = 0;
    let first = 0;
    let last = 0;
    const end = channels[4 * channel + CHANNEL.END];
    for (let slot = channels[4 * channel + CHANNEL.FIRST]; slot < end; slot++) {
      if (entry[2 * slot + 1] === NOT_A_MEMBER) continue;
      const user = entry[2 * slot];
      const word = pair[2 * user];
      if (user === sender || (word & ATTACHED) === 0 || ((word >>> SERVER_SHIFT) & SERVER_MASK) !== server)
        continue;
      if (count === 0) first = slot;
      else {
        const base = last * CHUNK_WORDS;
        if (count === 1) {
          const chunk = slicePool.take();
          slices[chunk * CHUNK_WORDS] = 0;
          slices[chunk * CHUNK_WORDS + 1] = 2;
          slices[chunk * CHUNK_WORDS + 2] = first;
          slices[chunk * CHUNK_WORDS + 3] = slot;
          first = chunk;
          last = chunk;
        } else if (slices[base + 1] === CHUNK_WORDS - 2) {
          const chunk = slicePool.take();
          slices[base] = chunk + 1;
          slices[chunk * CHUNK_WORDS] = 0;
          slices[chunk * CHUNK_WORDS + 1] = 1;
          slices[chunk * CHUNK_WORDS + 2] = slot;
          last = chunk;
        } else {
          const n = slices[base + 1];
          slices[base + 2 + n] = slot;
          slices[base + 1] = n + 1;
        }
      }
      count++;
    }
    if (count === 0) return NOBODY;
    return count === 1 ? first : (SLICE | first) >>> 0;
  };

  return {
    fanOut(copy, node) {
      const partition = node - firstShard;
      const offset = b.appended[partition];
      const at = partition * logRecords + (offset % logRecords);
      b.logSender[at] = copies.sender[copy];
      b.logNth[at] = copies.nth[copy];
      b.logChannel[at] = copies.channel[copy];
      b.logSeq[at] = copies.seq[copy];
      b.logFlags[at] = copies.attempt[copy] | (copies.again[copy] === 1 ? FLAG_AGAIN : 0);
      b.logSentUs[at] = copies.sentUs[copy];
      b.appended[partition] = offset + 1;
      const c = copies.channel[copy];
      const end = channels[4 * c + CHANNEL.END];
      for (let slot = channels[4 * c + CHANNEL.FIRST]; slot < end; slot++) {
        if (entry[2 * slot + 1] === NOT_A_MEMBER) continue;
        const user = entry[2 * slot];
        if (user === copies.sender[copy]) {
          ownMessage(slot, copy);
          continue;
        }
        values[COUNT.owed]++;
        if ((pair[2 * user] & ATTACHED) === 0) values[COUNT.owedOffline]++;
      }
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
      const from = b.position[consumer];
      const newest = b.appended[partition];
      if (newest - from > logRecords)
        throw new CapacityError('broker.log', logRecords, CAPACITY_SETTINGS.everSent);
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
      for (let offset = from; offset < to; offset++) {
        const at = partition * logRecords + (offset % logRecords);
        const channel = b.logChannel[at];
        const sender = b.logSender[at];
        const who = membersOn(channel, server, sender);
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
      b.position[consumer] = to;
      schedulePoll(server, partition, nowUs + fetchUs);
    },
    commit(server, session) {
      if ((b.session[server] & SESSION_MASK) !== session) return;
      for (let p = 0; p < shards; p++) b.committed[server * shards + p] = b.position[server * shards + p];
      events.schedule(events.nowUs() + autoCommitUs, EVENT.CONSUMER_COMMIT, server, 0, session);
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
      const nowUs = events.nowUs();
      const session = b.session[server] & SESSION_MASK;
      const atUs = Math.max(nowUs, diedUs + sessionTimeoutUs);
      for (let p = 0; p < shards; p++) {
        b.position[server * shards + p] = b.committed[server * shards + p];
        schedulePoll(server, p, atUs);
      }
      events.schedule(atUs + autoCommitUs, EVENT.CONSUMER_COMMIT, server, 0, session);
    },
  };
}
