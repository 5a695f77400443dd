import { REASON } from '../../trace/tracer.ts';
import type { Context } from '../context.ts';
import { makes } from '../design/mistakes.ts';
import { CHANNEL } from '../design/topology.ts';
import { EVENT, HOP } from '../kinds.ts';
import type { CopyMoves } from '../state/copies.ts';

/**
 * The station that numbers all messages of the system, one at a time. With three replicas the leader gives the number and one of the two
 * others must have it before anybody is told: a round trip more, and the death of one is survived. The highest of those that are up leads
 * (the bully algorithm; H. Garcia-Molina, "Elections in a distributed computing system", IEEE Trans. Computers 31(1) 1982), after the time
 * of an election. One that comes back and is the highest takes the lead at once.
 */
export interface Sequencer {
  /** The chat service sends a copy to the leader. */
  send(copy: number): void;
  arrive(copy: number): void;
  /** The copy has been served; `number` gives it its number. */
  depart(copy: number, number: (copy: number) => boolean): void;
  /** The leader that a copy was sent to. */
  leaderOf(copy: number): number;
  /** The leader's work for a copy, microseconds at full speed. */
  workUs(copy: number): number;
}

export function createSequencer(
  ctx: Context,
  moves: CopyMoves,
  arriveRow: (copy: number, node: number, peer: number) => void,
  offer: (copy: number, node: number, peer: number, kind: number) => void,
  diedWith: (copy: number, node: number) => boolean,
): Sequencer {
  const { design, nodes, events, stations, links, copies, draw } = ctx;
  const { firstSequencer, sequencers, chatService } = nodes;
  const { topology } = ctx;
  const mistaken = makes(design, 'leader-one-back') ? ctx.mechanisms.mistaken : null;
  const { crashedUs } = stations.columns;
  const { electionUs } = design.sequencer;
  const leaderOf = copies.leader!;

  /** The node that leads now, or -1. */
  const leader = (): number => {
    const nowUs = events.nowUs();
    for (let node = firstSequencer + sequencers - 1; node >= firstSequencer; node--) {
      if (stations.isUp(node)) return node;
      if (nowUs < crashedUs[node] + electionUs) return -1;
    }
    return -1;
  };

  /** When a majority has what the leader has done now; -1: there is none. */
  const majorityUs = (copy: number, node: number): number => {
    const nowUs = events.nowUs();
    if (sequencers === 1) return nowUs;
    let soonestUs = -1;
    for (let other = firstSequencer; other < firstSequencer + sequencers; other++) {
      if (other === node || !stations.isUp(other) || links.isCut(node, other)) continue;
      const key = (moves.choiceCount(copy, HOP.TO_SEQUENCER) + Math.imul(other, 0x9e3779b1)) >>> 0;
      const hopUs = draw.internal(copies.sender[copy], key);
      const servedUs = stations.serveLater(other, draw.sequencer(copies.sender[copy], key));
      const backUs = servedUs + hopUs + draw.internal(copies.sender[copy], ~key >>> 0);
      if (soonestUs < 0 || backUs < soonestUs) soonestUs = backUs;
    }
    return soonestUs;
  };

  return {
    leaderOf: (copy) => leaderOf[copy],
    workUs: (copy) => draw.sequencer(copies.sender[copy], moves.choiceCount(copy, HOP.TO_SEQUENCER)),
    send(copy) {
      const node = leader();
      if (node < 0)
        moves.loseJourney(copy, firstSequencer + sequencers - 1, chatService, REASON['station-down']);
      else {
        leaderOf[copy] = node;
        moves.sendOn(copy, EVENT.SEQUENCER_ARRIVE, chatService, node, events.nowUs(), HOP.TO_SEQUENCER);
      }
    },
    arrive(copy) {
      const node = leaderOf[copy];
      arriveRow(copy, node, chatService);
      offer(copy, node, chatService, EVENT.SEQUENCER_ARRIVE);
    },
    depart(copy, number) {
      const node = leaderOf[copy];
      if (diedWith(copy, node)) return;
      const doneUs = majorityUs(copy, node);
      if (doneUs < 0) {
        moves.loseJourney(copy, node, node, REASON['station-down']);
        return;
      }
      if (mistaken !== null && mistaken.leader[0] !== node + 1) {
        const at = 4 * copies.channel[copy] + CHANNEL.ASSIGNED;
        if (mistaken.leader[0] !== 0 && topology.channel[at] > 0) topology.channel[at]--;
        mistaken.leader[0] = node + 1;
      }
      number(copy);
      moves.sendOn(copy, EVENT.SEQUENCER_BACK, node, chatService, doneUs, HOP.BACK_FROM_SEQUENCER);
    },
  };
}
