import type { Context } from '../context.ts';
import { makes } from '../design/mistakes.ts';
import type { CopyMoves } from '../state/copies.ts';
import { CONNECTION } from '../state/tables.ts';
import { generationOf, stateOf } from '../state/user-word.ts';
import { closedPlace, NOT_A_MEMBER } from '../state/users.ts';
import { createGaps, type Gaps } from './gaps.ts';
import { showAsItComes } from './show-as-it-comes.ts';
import { showByNumber } from './show-by-number.ts';
import { showByStamp } from './show-by-stamp.ts';
import { createShowing } from './showing.ts';
import type { ShowingOrder } from './showing-order.ts';

/**
 * The receiving client: takes what arrives over the connection and shows it in the order that the design promises. What the orders have in
 * common is here, in `showing.ts` (what is counted and recorded) and in `gaps.ts` (what is missing); each order is a ShowingOrder.
 */
export interface Receiving extends Pick<ShowingOrder, 'ownMessage' | 'catchUp' | 'joined' | 'left'> {
  deliver(slot: number, copy: number, generation: number): void;
  gapTimeout(slot: number, then: number, generation: number): void;
  backfilled(slot: number, historyRows: number, generation: number): void;
  beginRead(slot: number, key: number, generation: number): void;
}

export function createReceiving(ctx: Context, moves: CopyMoves): Receiving {
  const { users, memberships, copies, mechanisms } = ctx;
  const { pair, closedUs } = users;
  const { entry } = memberships;
  const { sender, nth, seq, sentUs } = copies;
  const { online, resuming } = CONNECTION.state;
  const tellsLeavers = makes(ctx.design, 'fan-out-to-leavers');
  const showing = createShowing(ctx);

  const isConnectedAs = (user: number, generation: number): boolean => {
    const word = pair[2 * user];
    const state = stateOf(word);
    return generationOf(word) === generation && (state === online || state === resuming);
  };

  let gaps: Gaps | null = null;
  const waits = (slot: number, count: number): void => gaps?.waits(slot, count);
  const { order, held } = mechanisms;
  const rule: ShowingOrder =
    order !== null && held !== null
      ? showByStamp(ctx, showing, waits, order, held)
      : ctx.design.ordering === 'best-effort'
        ? showAsItComes(ctx, showing)
        : showByNumber(ctx, showing, waits);
  gaps = rule.gaps === null ? null : createGaps(ctx, rule.gaps, isConnectedAs);
  const { receive, ownMessage, catchUp, joined, left } = rule;

  return {
    deliver(slot, copy, generation) {
      const user = entry[2 * slot];
      const isMember = entry[2 * slot + 1] !== NOT_A_MEMBER;
      // Where no connection was closed since the message was sent, it is the one that the copy was sent to.
      const mayBeAnother = closedUs[closedPlace(user)] >= sentUs[copy];
      if (!isMember && tellsLeavers) showing.recordWaited(slot, sender[copy], nth[copy], seq[copy]);
      else if (!isMember || (mayBeAnother && !isConnectedAs(user, generation))) showing.drop(user, copy);
      else receive(slot, user, copy);
      moves.release(copy);
    },
    gapTimeout(slot, then, generation) {
      if (gaps === null) rule.heldLongEnough(slot, then);
      else gaps.timeout(slot, then, generation);
    },
    beginRead: (slot, key, generation) => gaps?.beginRead(slot, key, generation),
    backfilled: (slot, historyRows, generation) => gaps?.backfilled(slot, historyRows, generation),
    ownMessage,
    catchUp,
    joined,
    left,
  };
}
