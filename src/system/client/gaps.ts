import { mix32 } from '../../base/hash.ts';
import type { Context } from '../context.ts';
import { makes } from '../design/mistakes.ts';
import { channelOfSlot } from '../design/topology.ts';
import { EVENT } from '../kinds.ts';
import { COUNT } from '../state/counters.ts';
import { BEGINS, DOWN, QUEUED } from '../state/station.ts';
import { classOf, generationOf } from '../state/user-word.ts';

/**
 * A gap: something waits at a client because what comes before it is missing. The client waits for a while (`reorder.timeout`); then it asks the
 * history; when that does not have it either, and the message that waits is old enough (`reorder.giveUpAfter`), the client goes on without it.
 */
export interface Gaps {
  /** One more message waits for this membership; `count` do now. */
  waits(slot: number, count: number): void;
  /** `shownThen` and `generation` are what they were when the time began to run. */
  /** A worker of the database reads what is missing; `key` names the draws. */
  beginRead(slot: number, key: number, generation: number): void;
  timeout(slot: number, shownThen: number, generation: number): void;
  /** The history has answered; `historyRows` is the number of rows that it had. */
  backfilled(slot: number, historyRows: number, generation: number): void;
}

/** What a client does with its gaps that depends on the order in which it shows messages. */
export interface GapRule {
  /** Whether anything waits. */
  isWaiting(slot: number): boolean;
  /** Changes with everything shown: so a gap is known for the one that was there before. */
  shownSoFar(slot: number): number;
  /** Finds what comes first of all that waits, and keeps it in `first`. False: nothing waits. */
  findFirst(slot: number): boolean;
  readonly first: { readonly slot: number; readonly seq: number };
  /** Goes on without what is missing before `first`: shows it, and what it was in the way of. */
  showFirst(): void;
  /** Shows what the history has. Returns whether the gap is still the same and the history cannot close it. */
  fill(slot: number, historyRows: number): boolean;
}

/** Tries again to read the history when the database did not answer. Assumption. */
const READ_AGAIN_US = 1_000_000;

export function createGaps(
  ctx: Context,
  rule: GapRule,
  isConnectedAs: (user: number, generation: number) => boolean,
): Gaps {
  const { design, events, stations, topology, users, memberships, history, reorder, draw, values } = ctx;
  const { pair } = users;
  const { entry } = memberships;
  const { database } = ctx.nodes;
  const { timeoutUs, giveUpAfterUs, maxEntries, backfill } = design.reorder;

  const looksOnce = makes(design, 'gap-timer-once');
  const takesOldAnswers = makes(design, 'old-answer-is-final');

  const look = (slot: number, inUs: number): void => {
    const generation = generationOf(pair[2 * entry[2 * slot]]);
    events.schedule(events.nowUs() + inUs, EVENT.GAP_TIMEOUT, slot, rule.shownSoFar(slot), generation);
  };

  const lookAgain = (slot: number, inUs: number): void => {
    if (!looksOnce) look(slot, inUs);
  };

  const giveUp = (slot: number, historyRows: number): void => {
    if (!rule.findFirst(slot)) return;
    const { first } = rule;
    // What waits may be younger than the history's answer: then another gap was asked about.
    const isAnswered =
      takesOldAnswers || history.find(channelOfSlot(topology, first.slot), first.seq) < historyRows;
    if (isAnswered && events.nowUs() >= reorder.sentUs(first.slot, first.seq) + giveUpAfterUs)
      rule.showFirst();
    if (rule.isWaiting(slot)) lookAgain(slot, timeoutUs);
  };

  const askHistory = (slot: number): void => {
    if (!backfill) {
      giveUp(slot, Number.POSITIVE_INFINITY);
      return;
    }
    values[COUNT.gaps]++;
    const key = (rule.shownSoFar(slot) + mix32(slot)) >>> 0;
    const generation = generationOf(pair[2 * entry[2 * slot]]);
    const turn = stations.arrive(database, events.nowUs(), EVENT.HISTORY_READ, slot, key, generation);
    if (turn === BEGINS) beginRead(slot, key, generation);
    else if (turn !== QUEUED) lookAgain(slot, READ_AGAIN_US);
  };

  const beginRead = (slot: number, key: number, generation: number): void => {
    const user = entry[2 * slot];
    const doneUs = stations.serve(database, events.nowUs(), draw.read(user, key));
    if (doneUs === DOWN) {
      lookAgain(slot, READ_AGAIN_US);
      return;
    }
    const cls = classOf(pair[2 * user]);
    const onWayUs = draw.up[cls](user, key) + draw.down[cls](user, (key + 1) >>> 0);
    events.schedule(doneUs + onWayUs, EVENT.BACKFILLED, slot, history.rows(), generation);
  };

  return {
    waits(slot, count) {
      if (count === maxEntries) askHistory(slot);
      else if (count === 1) look(slot, timeoutUs);
    },
    beginRead,
    timeout(slot, shownThen, generation) {
      if (!rule.isWaiting(slot)) return;
      // Over another connection what is missing may come yet; and if something was shown since, this is a new gap. Both have the full time.
      if (!isConnectedAs(entry[2 * slot], generation) || rule.shownSoFar(slot) !== shownThen)
        lookAgain(slot, timeoutUs);
      else askHistory(slot);
    },
    backfilled(slot, historyRows, generation) {
      if (!isConnectedAs(entry[2 * slot], generation)) {
        if (rule.isWaiting(slot)) lookAgain(slot, timeoutUs);
        return;
      }
      const isStuck = rule.fill(slot, historyRows);
      if (!rule.isWaiting(slot)) return;
      if (isStuck) giveUp(slot, historyRows);
      else lookAgain(slot, timeoutUs);
    },
  };
}
