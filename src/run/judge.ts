import { formatCount } from '../base/units.ts';
import { END_CUT_SHORT, END_QUIESCENT } from '../guarantees/history.ts';
import { Judge as HistoryFold } from '../guarantees/judge.ts';
import type { Touched } from '../guarantees/touched.ts';
import type { Verdict } from '../guarantees/verdict.ts';
import type { GuaranteeName } from '../scenario/guarantee-names.ts';
import type { Scenario } from '../scenario/types.ts';
import type { Context } from '../system/context.ts';
import { rateLimitsOf } from '../system/design/design.ts';
import { namesOf, userName } from '../system/design/names.ts';
import { CHANNEL, channelCount, type LaterMember } from '../system/design/topology.ts';
import { EVENT } from '../system/kinds.ts';
import { CONNECTION, OUTGOING } from '../system/state/tables.ts';
import { stateOf } from '../system/state/user-word.ts';
import { createHistoryFeed } from './history-feed.ts';

/** Judges a run beside it, from the history of the messages whose rows are all kept. */
export interface Judge {
  /** Begins anew: the trace was cut. Nothing is folded before somebody asks. */
  refold(): void;
  /** Of the history so far: folds the rows that came since the last time. */
  verdicts(): readonly Verdict[];
  verdictOf(guarantee: GuaranteeName): Verdict;
  /** How many messages and users the violations touch, as far as was judged last; null where only the first is looked at. */
  touchedBy(guarantee: string): Touched | null;
  /** The verdicts at the end of the run: what is still under way then is unknown. */
  final(endUs: number): readonly Verdict[];
  /** On what the verdicts are given, in words: all messages, or which. */
  judged(): string;
  /** What a history of the run so far says beside the rows of its trace. */
  forHistory(): HistoryExtras;
}

interface HistoryExtras {
  /** Nothing is under way any more. */
  readonly quiescent: boolean;
  /** Numbers of a channel's members when the run began. */
  members(channel: number): Iterable<number>;
  /** Whether every row of a message is kept. */
  isWhole(sender: number, nth: number, channel: number): boolean;
}

/** Events that come again and again, whatever is under way. */
const COMES_ANYWAY: ReadonlySet<number> = new Set([EVENT.INTERVAL, EVENT.HEARTBEAT, EVENT.CONSUMER_COMMIT]);

/** Where more events wait, something is under way. */
const MOST_LOOKED_AT = 10_000;

export function createJudge(
  scenario: Scenario,
  context: () => Context,
  later: readonly LaterMember[],
): Judge {
  const { workload, design } = scenario;
  const names = namesOf(design, workload);
  // The promise is about users; limits by address or channel say nothing about one of them.
  const ofUser = rateLimitsOf(design).find(({ by }) => by === 'user');
  const options = { limit: ofUser?.limit, windowUs: ofUser?.windowUs, boundary: ofUser?.boundary };

  let history = begin();
  const feed = createHistoryFeed(context, later, (kind, message, user, channel, timeUs) =>
    history.push(kind, message, user, channel, timeUs),
  );

  function begin(): HistoryFold {
    return new HistoryFold({
      ...options,
      names: {
        user: (user) => userName(workload, feed.userOf(user)),
        channel: (channel) => names.channel(feed.channelOf(channel)),
        message: (message) => {
          const { sender, nth } = feed.messageOf(message);
          return names.message(sender, nth);
        },
      },
    });
  }

  /**
   * Nothing is under way: no copy, no message without an answer, no member of a judged channel away or behind; or what is has nothing to come that
   * would move it, which is the same. Who is offline may come back.
   */
  const isQuiescent = (): boolean => {
    const { copyPool, outgoingPool, outgoing, reorder, users, events } = context();
    const { online, offline } = CONNECTION.state;
    const states = feed.users().map((user) => stateOf(users.pair[2 * user]!));
    if (states.includes(offline)) return false;
    const isOpen = (o: number): boolean => outgoing.attempts[o]! > 0 && !OUTGOING.isDone(outgoing.state[o]!);
    let isAllDone =
      copyPool.inUse() === 0 && reorder.inUse() === 0 && states.every((state) => state === online);
    for (let o = 0; isAllDone && outgoingPool.inUse() > 0 && o < outgoingPool.everUsed(); o++)
      isAllDone = !isOpen(o);
    if (isAllDone || events.pending() > MOST_LOOKED_AT) return isAllDone;
    let moves = false;
    events.visit((kind) => {
      if (!COMES_ANYWAY.has(kind)) moves = true;
    });
    return !moves;
  };

  const fold = (): void => feed.fold(context().watching.tracer);
  const verdicts = (): readonly Verdict[] => {
    fold();
    return history.verdicts();
  };

  /** A trace that was full tells less than what happened, so nothing can be said to be missing. */
  const isAtRest = (): boolean => context().watching.tracer.leftOut === 0 && isQuiescent();

  return {
    refold() {
      feed.reset();
      history = begin();
    },
    verdicts,
    verdictOf(guarantee) {
      fold();
      return history.verdictOf(guarantee);
    },
    touchedBy: (guarantee) => history.touchedBy(guarantee),
    final(endUs) {
      fold();
      history.push(isAtRest() ? END_QUIESCENT : END_CUT_SHORT, 0, 0, 0, endUs);
      return history.verdicts();
    },
    judged() {
      const { watching, topology } = context();
      const { oneChannelIn } = watching.alwaysList;
      fold();
      const judged = feed.messages();
      if (oneChannelIn === 1) return judged === 1 ? 'the one message' : `all ${formatCount(judged)} messages`;
      const channels =
        oneChannelIn > 1
          ? `one channel in ${formatCount(oneChannelIn)} of ${formatCount(channelCount(topology))}`
          : 'what is watched';
      return `${formatCount(judged)} messages: ${channels}`;
    },
    forHistory: () => ({
      quiescent: isAtRest(),
      *members(channel) {
        const { entry } = context().memberships;
        const { channel: channels } = context().topology;
        const end = channels[4 * channel + CHANNEL.END]!;
        for (let slot = channels[4 * channel + CHANNEL.FIRST]!; slot < end; slot++) {
          const user = entry[2 * slot]!;
          if (!later.some((l) => l.user === user && l.channel === channel)) yield user;
        }
      },
      isWhole: (sender, nth, channel) => context().watching.messageIsWhole(sender, nth, channel),
    }),
  };
}
