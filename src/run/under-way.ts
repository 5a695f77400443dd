import { FROM_HISTORY } from '../system/client/reorder-buffer.ts';
import type { Context } from '../system/context.ts';
import { CHANNEL, channelOfSlot } from '../system/design/topology.ts';
import { CHUNK_WORDS, NOBODY, SLICE } from '../system/fanout/fan-out.ts';
import { EVENT } from '../system/kinds.ts';
import { CALL } from '../system/limits/limiter-calls.ts';
import { copyOfDelivery } from '../system/state/delivery-word.ts';
import { CONNECTION, OUTGOING } from '../system/state/tables.ts';
import { ATTACHED, generationOf, serverOf, stateOf } from '../system/state/user-word.ts';
import { hasNumber, isPastWindow, NOT_A_MEMBER } from '../system/state/users.ts';

/**
 * The deliveries that are on their way at this moment: to a member who is connected and has not been shown the message. Found by going over
 * everything that is still to happen, so a run pays nothing for it; asked for when somebody reads a figure.
 *
 * On its way is what an event, a job that waits, a log or a client's buffer holds, and, while a message was never published, everything that
 * it will be published to: also when its sender must send it again first. What was lost is on its way no more, though the history may
 * bring it later.
 */
export interface UnderWay {
  /** Whether the message with this number is on its way to the member of this slot. */
  reaches(channel: number, seq: number, slot: number): boolean;
  /** Tells of each delivery: who sent the message, and when. */
  visit(visitor: (sender: number, sentUs: number) => void): void;
}

interface Message {
  readonly channel: number;
  readonly seq: number;
  readonly sender: number;
  readonly sentUs: number;
  /** It is not published yet: it is on its way to every member who is connected. */
  toAll: boolean;
  /** One bit for each slot of the channel. */
  to: Uint8Array | null;
}

const NOTHING: UnderWay = { reaches: () => false, visit: () => {} };

/** Two words as one number, for a Map. */
const pair = (high: number, low: number): number => high * 0x1_0000_0000 + low;

export function findUnderWay(context: Context): UnderWay {
  const { design, nodes, events, stations, topology, users, memberships, copies, outgoing } = context;
  const { slices, brokerState, reorder, idempotency, limiterCalls, mechanisms } = context;
  const { channel: channels } = topology;
  const { entry } = memberships;
  const { online, resuming } = CONNECTION.state;
  const publishes = design.outbox.enabled ? design.flow.indexOf('persist') : design.flow.indexOf('publish');
  if (publishes < 0) return NOTHING;
  const retries = design.delivery !== 'at-most-once';

  /** What has a number by its channel and number, the others by their name. */
  const numbered = new Map<number, Message>();
  const named = new Map<number, Message>();
  /** Names of messages that have their number and are not published yet. */
  const hasNumberNow = new Set<number>();
  const message = (channel: number, seq: number, sender: number, nth: number, sentUs: number): Message => {
    const [map, key] = seq > 0 ? [numbered, pair(channel, seq)] : [named, pair(sender, nth)];
    const known = map.get(key);
    if (known !== undefined) return known;
    const made: Message = { channel, seq, sender, sentUs, toAll: false, to: null };
    map.set(key, made);
    return made;
  };
  const ofCopy = (c: number): Message =>
    message(copies.channel[c]!, copies.seq[c]!, copies.sender[c]!, copies.nth[c]!, copies.sentUs[c]!);

  const wordOf = (slot: number): number => users.pair[2 * entry[2 * slot]!]!;
  const isOpen = (word: number): boolean => stateOf(word) === online || stateOf(word) === resuming;
  const isAttachedTo = (slot: number, server: number): boolean => {
    const word = wordOf(slot);
    return (word & ATTACHED) !== 0 && serverOf(word) === server;
  };
  /** Best effort takes what is older than its window for new. */
  const takesOldForNew = design.ordering === 'best-effort';
  const wants = (of: Message, slot: number): boolean => {
    const word = entry[2 * slot + 1]!;
    if (word === NOT_A_MEMBER || entry[2 * slot] === of.sender) return false;
    if (of.seq === 0 || (takesOldForNew && isPastWindow(memberships, slot, of.seq))) return true;
    return !hasNumber(memberships, slot, of.seq);
  };
  const goesTo = (of: Message, slot: number): void => {
    const first = channels[4 * of.channel + CHANNEL.FIRST]!;
    if (!wants(of, slot)) return;
    of.to ??= new Uint8Array((channels[4 * of.channel + CHANNEL.END]! - first + 7) >>> 3);
    const at = slot - first;
    of.to[at >>> 3] = of.to[at >>> 3]! | (1 << (at & 7));
  };

  const isRemembered = (sender: number, nth: number): boolean =>
    idempotency !== null && idempotency.get(sender, nth) !== 0;
  /** A copy that is not published yet. One that is taken for a copy of a message that is done will not be. */
  const willBePublished = (c: number): void => {
    const o = copies.outgoing[c]!;
    const [sender, nth] = [copies.sender[c]!, copies.nth[c]!];
    const isOwn = outgoing.sender[o] === sender && outgoing.nth[o] === nth;
    // What was published once is followed delivery by delivery.
    if (isOwn && outgoing.published[o]! > 0) return;
    if (copies.seq[c] === 0 && isRemembered(sender, nth)) return;
    ofCopy(c).toAll = true;
    if (copies.seq[c]! > 0) hasNumberNow.add(pair(sender, nth));
  };
  const told = (c: number, who: number, server: number): void => {
    if (who === NOBODY) return;
    const of = ofCopy(c);
    if ((who & SLICE) === 0) {
      if (isAttachedTo(who, server)) goesTo(of, who);
      return;
    }
    for (let chunk = (who & ~SLICE) + 1; chunk !== 0; chunk = slices[(chunk - 1) * CHUNK_WORDS]!) {
      const base = (chunk - 1) * CHUNK_WORDS;
      for (let i = 0; i < slices[base + 1]!; i++) {
        const slot = slices[base + 2 + i]!;
        if (isAttachedTo(slot, server)) goesTo(of, slot);
      }
    }
  };
  const sentDown = (slot: number, c: number, generation: number): void => {
    const word = wordOf(slot);
    if (isOpen(word) && generationOf(word) === generation) goesTo(ofCopy(c), slot);
  };

  /** An event that will happen, or a job that waits as the event that it came with. */
  const look = (kind: number, a: number, b: number, c: number): void => {
    switch (kind) {
      case EVENT.DELIVER:
        sentDown(a, b, c);
        return;
      case EVENT.DELIVERY_AT_GATEWAY:
        sentDown(a, copyOfDelivery(b), c);
        return;
      case EVENT.NOTIFY:
        told(a, b, c);
        return;
      case EVENT.REDELIVER: {
        const { slot, copy, generation } = mechanisms.unacked!;
        sentDown(slot[a]!, copy[a]!, generation[a]!);
        return;
      }
      case EVENT.LIMITER_ARRIVE:
      case EVENT.LIMITER_DEPART:
      case EVENT.LIMITER_BACK:
      case EVENT.LIMITER_TIMEOUT:
        if (limiterCalls!.state[a] === CALL.ASKED) willBePublished(a);
        return;
      case EVENT.BROKER_ARRIVE:
      case EVENT.BROKER_DEPART:
      case EVENT.RELAY:
        willBePublished(a);
        return;
      case EVENT.DATABASE_ARRIVE:
      case EVENT.DATABASE_DEPART:
        // The outbox publishes what is written.
        if (design.outbox.enabled || copies.step[a]! <= publishes) willBePublished(a);
        return;
      case EVENT.GATEWAY_ARRIVE:
      case EVENT.GATEWAY_DEPART:
      case EVENT.SERVER_ARRIVE:
      case EVENT.SERVER_DEPART:
      case EVENT.HELD:
      case EVENT.SERVICE_ARRIVE:
      case EVENT.SERVICE_DEPART:
      case EVENT.SERVICE_BACK:
      case EVENT.SEQUENCER_ARRIVE:
      case EVENT.SEQUENCER_DEPART:
      case EVENT.SEQUENCER_BACK:
        if (copies.step[a]! <= publishes) willBePublished(a);
    }
  };

  /** Kafka: what a server's consumer has not read is on its way to those who are connected there. */
  const lookAtLogs = (): void => {
    const { appended, position, logChannel, logSeq, logSender, logNth, logSentUs } = brokerState;
    const { shards, servers } = nodes;
    const ring = logChannel.length / shards;
    for (let p = 0; p < shards; p++) {
      const read = Array.from({ length: servers }, (_, server) =>
        stations.isUp(nodes.firstServer + server) ? position[server * shards + p]! : appended[p]!,
      );
      for (
        let offset = Math.max(0, appended[p]! - ring, Math.min(...read));
        offset < appended[p]!;
        offset++
      ) {
        const at = p * ring + (offset % ring);
        const channel = logChannel[at]!;
        const of = message(channel, logSeq[at]!, logSender[at]!, logNth[at]!, logSentUs[at]!);
        const end = channels[4 * channel + CHANNEL.END]!;
        for (let slot = channels[4 * channel + CHANNEL.FIRST]!; slot < end; slot++) {
          const word = wordOf(slot);
          if ((word & ATTACHED) !== 0 && read[serverOf(word)]! <= offset) goesTo(of, slot);
        }
      }
    }
  };

  events.visit(look);
  for (let node = 0; node < stations.count; node++) {
    for (const { kind, a, b, c } of stations.waitingJobs(node, Number.POSITIVE_INFINITY)) look(kind, a, b, c);
  }
  if (design.pubsub.kind === 'kafka') lookAtLogs();
  reorder.visit((slot, { seq, sender, nth, attempt, sentUs }) => {
    if ((attempt & FROM_HISTORY) !== 0 || !isOpen(wordOf(slot))) return;
    goesTo(message(channelOfSlot(topology, slot), seq, sender, nth, sentUs), slot);
  });
  for (let o = 0; o < outgoing.state.length; o++) {
    const state = outgoing.state[o]!;
    if (state === OUTGOING.start || OUTGOING.isDone(state) || outgoing.published[o]! > 0) continue;
    // What is not sent again is on its way as a copy, or stands in line at its client.
    if (!retries && outgoing.attempts[o]! > 0) continue;
    const [sender, nth] = [outgoing.sender[o]!, outgoing.nth[o]!];
    if (!isRemembered(sender, nth))
      message(outgoing.channel[o]!, 0, sender, nth, outgoing.sentUs[o]!).toAll = true;
  }
  // Its client, or a second copy, knows a message by its name also when another copy has its number already.
  for (const name of hasNumberNow) named.delete(name);

  const isTo = (of: Message, slot: number): boolean => {
    if (of.toAll && (wordOf(slot) & ATTACHED) !== 0 && wants(of, slot)) return true;
    const at = slot - channels[4 * of.channel + CHANNEL.FIRST]!;
    return of.to !== null && ((of.to[at >>> 3]! >>> (at & 7)) & 1) === 1;
  };
  return {
    reaches(channel, seq, slot) {
      const of = numbered.get(pair(channel, seq));
      return of !== undefined && isTo(of, slot);
    },
    visit(visitor) {
      for (const of of [...numbered.values(), ...named.values()]) {
        const end = channels[4 * of.channel + CHANNEL.END]!;
        for (let slot = channels[4 * of.channel + CHANNEL.FIRST]!; slot < end; slot++)
          if (isTo(of, slot)) visitor(of.sender, of.sentUs);
      }
    },
  };
}
