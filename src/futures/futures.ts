import { CapacityError } from '../base/errors.ts';
import { groupDigits } from '../base/text.ts';
import { formatCount } from '../base/units.ts';
import type { ChoiceList } from '../run/choice-list.ts';
import { createRun, type Run, WATCH_ALL_USERS } from '../run/run.ts';
import type { GuaranteeName } from '../scenario/guarantee-names.ts';
import type { HandAction, Scenario } from '../scenario/types.ts';
import type { TraceRow } from '../trace/trace.ts';
import { forkedChoices, seedOfFuture } from './forked-choices.ts';
import { tellingRow } from './telling-row.ts';
import { wilsonInterval } from './wilson.ts';

/**
 * When did it become inevitable: from moments of a run that breaks a promise, many futures each, in which everything that chance decides
 * is decided anew from there on, and the share of them that end with the promise broken. Who writes what and when, the script and what was
 * done by hand stay as they are; so does what is on its way at the moment, for it is decided.
 */

export interface FuturesQuestion {
  readonly guarantee: GuaranteeName;
  /** What was done by hand in the run, in order of time. */
  readonly hand: readonly HandAction[];
  /** What answered in place of the seed, or null. */
  readonly choices: ChoiceList | null;
}

export interface FuturesBounds {
  /** At most so many moments. */
  readonly moments: number;
  /** From each moment. */
  readonly futures: number;
  /** A run of more events is too large. */
  readonly mostEvents: number;
  /** So many events may be spent on the futures; where that is too few, fewer moments are taken. */
  readonly budgetEvents: number;
}

export const BOUNDS: FuturesBounds = {
  moments: 60,
  futures: 50,
  mostEvents: 50_000,
  budgetEvents: 6_000_000,
};
const FEWEST_MOMENTS = 8;

export interface MomentFutures {
  readonly timeUs: number;
  /** Events of the run up to here. */
  readonly events: number;
  readonly futures: number;
  /** Of these, how many end with the promise broken. */
  readonly violated: number;
  /** 95 % Wilson interval of the share. */
  readonly low: number;
  readonly high: number;
  /** The row of the trace that tells most of what happened since the moment before; null where nothing is told. */
  readonly since: TraceRow | null;
}

export interface FuturesCurve {
  readonly guarantee: GuaranteeName;
  /** When the run itself broke the promise. */
  readonly sinceUs: number;
  readonly events: number;
  readonly moments: readonly MomentFutures[];
}

/** The run is too large, or does not break the promise: one sentence that says what would do. */
export class FuturesError extends Error {}

/**
 * Computes the curve, one future at a time: yields the share that is done after each, so that whoever drives it can do something else, and
 * stop. The same scenario, question and bounds give the same curve. Throws FuturesError, RangeError, CapacityError.
 */
export function* curveOfFutures(
  scenario: Scenario,
  question: FuturesQuestion,
  bounds: FuturesBounds = BOUNDS,
): Generator<number, FuturesCurve> {
  // A world with no more room than the script needs is copied far more quickly; what a hand sends needs more.
  if (question.hand.every(({ action }) => action.do !== 'send')) {
    try {
      return yield* curveIn(scenario, question, bounds, true);
    } catch (error) {
      // In one of the futures more was under way at one time: all of them again, in a world with room.
      if (!(error instanceof CapacityError)) throw error;
    }
  }
  return yield* curveIn(scenario, question, bounds, false);
}

function* curveIn(
  scenario: Scenario,
  question: FuturesQuestion,
  bounds: FuturesBounds,
  isLean: boolean,
): Generator<number, FuturesCurve> {
  const { guarantee, hand, choices } = question;
  const { users } = scenario.workload;
  if (users > WATCH_ALL_USERS)
    throw new FuturesError(
      `${formatCount(users)} users are too many to try other futures of; with ${formatCount(WATCH_ALL_USERS)} or fewer every message is judged`,
    );
  const keeper = forkedChoices(scenario.seed, choices);
  const run = createRun(scenario, { hand, choices: keeper, isLean });
  const start = run.mark();
  const verdict = ownVerdict(run, guarantee, bounds.mostEvents);
  const events = run.events;

  run.backTo(start);
  run.advance(verdict.sinceUs, Number.POSITIVE_INFINITY);
  const fatal = run.events;
  run.backTo(start);

  const moments = momentsOf(fatal, events, bounds);
  const found: MomentFutures[] = [];
  let rows = 0;
  for (const [moment, at] of moments.entries()) {
    if (at > run.events) run.advance(verdict.sinceUs, at - run.events);
    const { tracer } = run.system.context.watching;
    const since = tellingRow(tracer, rows, tracer.length);
    rows = tracer.length;
    const here = run.mark();
    const { timeUs } = here;
    let violated = 0;
    for (let future = 0; future < bounds.futures; future++) {
      keeper.take(seedOfFuture(scenario.seed, future));
      if (isBrokenAtTheEnd(run, guarantee)) violated++;
      keeper.takeOwn();
      run.backTo(here);
      yield (moment + (future + 1) / bounds.futures) / moments.length;
    }
    const { low, high } = wilsonInterval(violated, bounds.futures);
    found.push({ timeUs, events: here.events, futures: bounds.futures, violated, low, high, since });
  }
  return { guarantee, sinceUs: verdict.sinceUs, events, moments: found };
}

/** Runs to the end; when the promise was broken on the way. */
function ownVerdict(run: Run, guarantee: GuaranteeName, mostEvents: number): { readonly sinceUs: number } {
  run.advance(Number.POSITIVE_INFINITY, mostEvents + 1);
  if (run.events > mostEvents)
    throw new FuturesError(
      `this run has more than ${groupDigits(mostEvents)} events, too many to run it thousands of times; with fewer users or messages, or a shorter duration, it can be done`,
    );
  const verdict = run.judge.final(run.nowUs).find(({ name }) => name === guarantee);
  if (verdict?.verdict !== 'violated' || verdict.sinceUs === null)
    throw new FuturesError(`${guarantee} is not broken in this run, so it never became inevitable`);
  return { sinceUs: verdict.sinceUs };
}

const isBrokenAtTheEnd = (run: Run, guarantee: GuaranteeName): boolean => {
  run.advance(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY);
  return run.judge.final(run.nowUs).some(({ name, verdict }) => name === guarantee && verdict === 'violated');
};

/** Numbers of events, ascending, evenly from the start to the event that broke the promise. */
export function momentsOf(fatal: number, events: number, bounds: FuturesBounds): number[] {
  // From a moment on the way to the fatal event, what is left is the rest of the run.
  const perMoment = bounds.futures * Math.max(1, events - fatal / 2);
  const affordable = Math.max(FEWEST_MOMENTS, Math.floor(bounds.budgetEvents / perMoment));
  const count = Math.max(2, Math.min(bounds.moments, affordable, fatal + 1));
  const at = Array.from({ length: count }, (_, i) => Math.round((i * fatal) / (count - 1)));
  return [...new Set(at)];
}
