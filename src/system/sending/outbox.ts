import { REASON } from '../../trace/tracer.ts';
import type { Context } from '../context.ts';
import { EVENT } from '../kinds.ts';
import type { CopyMoves } from '../state/copies.ts';
import { giveToRelay, isRelays, nextPollUs } from './relay.ts';

/**
 * The transactional outbox (C. Richardson, "Microservices patterns", 2018, section 3.3.7): a message is written to the database once, and a
 * relay that reads what was written publishes it, again and again until the broker has it. Without it the chat service writes to two
 * places, and when it dies in between one of them never hears of the message.
 */
export interface Outbox {
  readonly isUsed: boolean;
  /** The database has a new row: the relay will find it. */
  written(copy: number): void;
  relay(copy: number): void;
  /** Whether a copy at the broker came from the relay. */
  sent(copy: number): boolean;
}

export function createOutbox(ctx: Context, moves: CopyMoves, publishedAt: (copy: number) => number): Outbox {
  const { design, nodes, events, stations, copies, history } = ctx;
  const { enabled, pollUs } = design.outbox;
  return {
    isUsed: enabled,
    written(copy) {
      const twin = moves.clone(copy);
      giveToRelay(copies, twin);
      events.schedule(nextPollUs(events.nowUs(), pollUs), EVENT.RELAY, twin, 0, 0);
    },
    relay(copy) {
      if (history.find(copies.channel[copy], copies.seq[copy]) < 0) {
        // A fail-over has lost the row, and with it the place where the relay would have read it.
        moves.release(copy);
        return;
      }
      if (!stations.isUp(nodes.database)) {
        moves.loseJourney(copy, nodes.database, nodes.database, REASON['station-down']);
        return;
      }
      moves.sendOn(copy, EVENT.BROKER_ARRIVE, nodes.database, publishedAt(copy), events.nowUs());
    },
    sent: (copy) => enabled && isRelays(copies, copy),
  };
}
