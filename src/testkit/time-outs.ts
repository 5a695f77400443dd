import { type Design, rateLimitsOf } from '../system/design/design.ts';

/** A time after which something in a design gives up, tries again or is forgotten. */
export interface TimeOut {
  /** The setting that it comes from, or what takes so long. */
  readonly name: string;
  readonly ms: number;
}

/** A client that gets no answer from the database asks again after this (gaps.ts, catching-up.ts). */
const READ_AGAIN_MS = 1_000;

/** All attempts of one message together, with the longest waits between them. */
function allAttemptsMs({ retry }: Design): number {
  let us = 0;
  let waitUs = retry.baseUs;
  for (let attempt = 0; attempt < retry.maxAttempts; attempt++) {
    us += retry.timeoutUs + Math.min(retry.capUs, waitUs);
    waitUs *= 2;
  }
  return us / 1_000;
}

/** The time-outs that a design has, the shortest first. A fault shorter and one longer than each of them are two different faults. */
export function timeOuts(design: Design): readonly TimeOut[] {
  const { delivery, heartbeat, reconnect, reorder, redelivery, pubsub, sequencer, outbox, dedup, clocks } =
    design;
  const retries = delivery !== 'at-most-once';
  const holdsBack = design.ordering !== 'best-effort';
  const isLog = pubsub.kind === 'kafka';
  const all: readonly (readonly [name: string, us: number, isUsed: boolean])[] = [
    ['retry.timeout', design.retry.timeoutUs, retries],
    ['all attempts of a message', 1_000 * allAttemptsMs(design), retries],
    ['heartbeat: a dead connection is noticed', heartbeat.intervalUs + heartbeat.timeoutUs, true],
    ['reconnect.cap', reconnect.capUs, true],
    ['reorder.timeout', reorder.timeoutUs, holdsBack],
    ['reorder.giveUpAfter', reorder.giveUpAfterUs, holdsBack],
    ['redelivery.timeout', redelivery.timeoutUs, true],
    ['all redeliveries of a message', redelivery.timeoutUs * redelivery.maxAttempts, true],
    ['the history is asked again', 1_000 * READ_AGAIN_MS, reconnect.resume || reorder.backfill],
    ['pubsub.sessionTimeout', pubsub.sessionTimeoutUs, isLog],
    ['pubsub.autoCommit', pubsub.autoCommitUs, isLog],
    ['sequencer.election', sequencer.electionUs, design.ordering === 'global' && sequencer.replicas > 1],
    ['outbox.poll', outbox.pollUs, outbox.enabled],
    ['dedup.window', dedup.windowUs, delivery === 'effectively-once' && dedup.memory === 'window'],
    [
      'clocks.holdBack',
      clocks.holdBackUs,
      ['timestamp', 'lamport', 'hybrid-logical'].includes(design.ordering),
    ],
    ...rateLimitsOf(design).flatMap((limit) => [
      ['rateLimit.window', limit.windowUs, true] as const,
      ['rateLimit.timeout', limit.timeoutUs, limit.placement === 'service'] as const,
    ]),
  ];
  return all
    .filter(([, us, isUsed]) => isUsed && us > 0)
    .map(([name, us]) => ({ name, ms: us / 1_000 }))
    .sort((a, b) => a.ms - b.ms);
}

/**
 * As long as whatever is still under way after the last fault needs to come to rest: the dead connections are noticed and opened again, then all
 * attempts are made, gaps are given up, and deliveries sent again. Milliseconds.
 */
export function settleMs(design: Design): number {
  const { heartbeat, reconnect, reorder, redelivery, pubsub, sequencer } = design;
  const us =
    heartbeat.intervalUs +
    heartbeat.timeoutUs +
    reconnect.capUs +
    reorder.timeoutUs +
    reorder.giveUpAfterUs +
    redelivery.timeoutUs * redelivery.maxAttempts +
    (pubsub.kind === 'kafka' ? pubsub.sessionTimeoutUs : 0) +
    (design.ordering === 'global' ? sequencer.electionUs : 0) +
    Math.max(0, ...rateLimitsOf(design).map(({ windowUs }) => windowUs));
  return us / 1_000 + allAttemptsMs(design) + READ_AGAIN_MS;
}
