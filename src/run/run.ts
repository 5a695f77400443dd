import { asDefect, UserError } from '../base/errors.ts';
import { type ChoiceKeeper, type Choices, seededChoices } from '../kernel/choices.ts';
import { createSnapshots } from '../kernel/snapshots.ts';
import { hashWorld, restoreSnapshot, takeSnapshot, type World } from '../kernel/world.ts';
import { setInDesign } from '../scenario/compile/settings.ts';
import type { HandAction, Scenario } from '../scenario/types.ts';
import { channelCount } from '../system/design/topology.ts';
import { createDispatch, type EventDispatch } from '../system/dispatch.ts';
import type { Action } from '../system/faults/actions.ts';
import { createReadAhead } from '../system/read-ahead.ts';
import { createSystem, reopenSystem, type System } from '../system/system.ts';
import { WATCH_ALL, WATCH_NOTHING, type WatchList } from '../system/watching.ts';
import { checkHand } from './check-hand.ts';
import { withKeeper } from './choice-list.ts';
import { createJudge, type Judge } from './judge.ts';
import { metricOf } from './metrics-of.ts';
import {
  createScriptEngine,
  messagesOfScript,
  type ScriptEngine,
  type ScriptState,
} from './script-engine.ts';
import { laterMembers, scriptSends } from './script-needs.ts';

/**
 * One run of a scenario: it can be stepped by an event, to the next event of a message, to a time; rewound to any time; acted on by
 * hand. Whatever is done on the way, the same actions at the same times give the same bytes at the end.
 */
export interface Run {
  readonly scenario: Scenario;
  readonly seed: number;
  /** Changes when a `set` changes the design. */
  readonly system: System;
  readonly script: ScriptEngine;
  readonly judge: Judge;
  readonly nowUs: number;
  /** Events handled since the start of the run, on the path that led to now. */
  readonly events: number;
  /**
   * Runs until `untilUs` (at most the scenario's duration), or `maxEvents`, or until the script pauses or asks. Returns why it stopped:
   * 'time' at once when `untilUs` is past.
   */
  advance(untilUs: number, maxEvents: number): Stop;
  /** Runs to the next event that leaves a row about this message, or of any watched message (null). */
  stepMessage(message: { sender: number; nth: number } | null, maxEvents: number): Stop;
  /** Goes to a time before now: the nearest snapshot, then `advance`. Returns the time it starts again from. */
  rewindTo(timeUs: number): number;
  /**
   * Acts now, by hand: after every event and step of this instant. What was done by hand later than now is forgotten. Throws UserError
   * when the action makes no sense here, or a question waits for its answer.
   */
  act(action: Action): void;
  readonly hand: readonly HandAction[];
  /**
   * What was done by hand, by its place in `hand`, was never done: where it has happened already, the run goes back to just before it. What
   * was done later stays, and is done again. Throws UserError when there is none there, or the world was built for it.
   */
  undo(place: number): void;
  watch(list: WatchList): void;
  worldHash(): string;
  traceHash(): string;
  /**
   * Now, beside the snapshots: for whoever tries several futures. A copy of the world's bytes is kept, unless the caller puts them back itself.
   */
  mark(restoreBytes?: () => void): RunMark;
  /** Goes to a moment that this run has marked, wherever it is now; what was done by hand since is forgotten. */
  backTo(mark: RunMark): void;
  /** Keeps a snapshot of now. When the budget is used up, the ones go whose neighbours are the nearest. */
  keepSnapshot(): void;
  /** Times of the snapshots kept, ascending, and the bytes that they take. */
  snapshots(): { readonly timesUs: readonly number[]; readonly bytes: number };
}

export type { HandAction };

export type Stop = 'time' | 'events' | 'asked' | 'paused' | 'message' | 'end';

export interface RunOptions {
  readonly seed?: number;
  /** Absent: all of a small scenario, a sample of a large one. */
  readonly watch?: WatchList;
  readonly hand?: readonly HandAction[];
  /** Bytes that snapshots may take; 0 keeps none, and the run cannot be rewound. */
  readonly snapshotBytes?: number;
  readonly maxTraceRows?: number;
  readonly progress?: (what: string, share: number) => void;
  /** Answers what is not determined once the world is built (who is there is the seed's alone); absent: the seed does. */
  readonly choices?: ChoiceKeeper;
  /** A world with no more room than the script needs, so that it is copied quickly. The events are the same; the bytes are fewer. */
  readonly isLean?: boolean;
  /** Bytes that the world may take; absent: as many as a world can have. */
  readonly mostBytes?: number;
  /** A world of more bytes is not built (LargeWorldError): it must be confirmed. */
  readonly askAboveBytes?: number;
  /** Asked questions and pauses stop the run only where somebody can answer. */
  readonly interactive?: boolean;
  /** Told of each event just before it is handled. It must change nothing. */
  readonly before?: EventDispatch;
}

/** Up to this many users everything is watched. */
export const WATCH_ALL_USERS = 2_000;
/** In a larger scenario about so many channels are watched whole. */
const SAMPLED_CHANNELS = 1_500;

export function defaultWatch(scenario: Scenario, channels: number): WatchList {
  if (scenario.workload.users <= WATCH_ALL_USERS) return WATCH_ALL;
  return {
    ...WATCH_NOTHING,
    users: scenario.workload.userNames.map((_, user) => user),
    oneChannelIn: Math.max(2, Math.ceil(channels / SAMPLED_CHANNELS)),
  };
}

/** Everything of a moment but the bytes of its world. */
interface Moment {
  readonly timeUs: number;
  readonly events: number;
  readonly traceLength: number;
  readonly looked: number;
  readonly points: number;
  readonly script: ScriptState;
  readonly handDone: number;
  readonly choice: number;
  readonly system: System;
}

/** A moment of a run with all of its bytes: where `backTo` goes. */
export interface RunMark extends Moment {
  readonly restoreBytes: () => void;
  readonly hand: readonly HandAction[];
}

/** Puts the bytes back that the world has now. */
function wholeCopy(world: World): () => void {
  const snapshot = takeSnapshot(world);
  return () => restoreSnapshot(world, snapshot);
}

/** Sends that a person may add by hand. */
const HAND_SENDS = 1_000;

/** Builds the world of a scenario. Throws UserError or CapacityError with one clear sentence. */
export function createRun(scenario: Scenario, options: RunOptions = {}): Run {
  const seed = options.seed ?? scenario.seed;
  let hand: HandAction[] = [...(options.hand ?? [])].sort((a, b) => a.atUs - b.atUs);
  for (const { action } of hand) checkHand(scenario, action);
  const later = laterMembers(scenario, hand);
  let answers: Choices = seededChoices(seed);
  const keeper = options.choices;
  let system = createSystem(
    {
      design: scenario.design,
      workload: scenario.workload,
      choices: keeper === undefined ? answers : { u32: (of, whose, nth) => answers.u32(of, whose, nth) },
      durationUs: scenario.durationUs,
      later,
      script: {
        sends: scriptSends(scenario) + (options.isLean === true ? 0 : HAND_SENDS),
        largestChannel: 0,
        isLean: options.isLean === true,
      },
      maxTraceRows: options.maxTraceRows ?? 2_000_000,
      ...(options.askAboveBytes === undefined ? {} : { askAboveBytes: options.askAboveBytes }),
      ...(options.mostBytes === undefined ? {} : { mostBytes: options.mostBytes }),
    },
    options.progress,
  );
  if (keeper !== undefined) answers = withKeeper(keeper, seededChoices(seed));
  const { watching, topology } = system.context;
  /** What the script asks after is always kept. */
  const setWatch = (list: WatchList): void => {
    system.context.watching.watch({ ...list, messages: [...list.messages, ...messagesOfScript(scenario)] });
    system.context.watching.rewound(system.context.copyPool.everUsed());
  };
  watching.always(options.watch ?? defaultWatch(scenario, channelCount(topology)));
  setWatch(WATCH_NOTHING);
  const dispatchOf = (of: System) => createDispatch(of.handlers, of.context, options.before);
  let dispatch = dispatchOf(system);
  const readAhead = createReadAhead(system.context);
  let events = 0;
  let handDone = 0;
  /** Rows that the script has looked at. */
  let looked = 0;
  const budget = options.snapshotBytes ?? 0;
  const snapshots = createSnapshots(system.context.world);
  let kept: Moment[] = [];

  const tracer = watching.tracer;
  const judge = createJudge(scenario, () => system.context, later);
  const script = createScriptEngine(scenario, {
    nowUs: () => system.context.events.nowUs(),
    system: () => system,
    judge,
    act: (action) => apply(action),
    watch: (target) => {
      const { list } = system.context.watching;
      if (target.what === 'message') setWatch({ ...list, messages: [...list.messages, target] });
      else if (target.what === 'user') setWatch({ ...list, users: [...list.users, target.user] });
      else setWatch({ ...list, channels: [...list.channels, target.channel] });
    },
    interactive: options.interactive === true,
    metric: (name) => metricOf(system.context, name),
  });

  function apply(action: Action): void {
    if (action.do !== 'set') {
      system.handlers.faults.act(action);
      return;
    }
    const { points } = system.handlers.intervals;
    system = reopenSystem(system, setInDesign(system.spec.design, action.path, action.value));
    for (const point of points) system.handlers.intervals.points.push(point);
    dispatch = dispatchOf(system);
  }

  const thisMoment = (): Moment => ({
    timeUs: system.context.events.nowUs(),
    events,
    traceLength: tracer.length,
    looked,
    points: system.handlers.intervals.points.length,
    script: script.save(),
    handDone,
    choice: keeper?.place() ?? 0,
    system,
  });

  /** Makes a moment now; `restoreBytes` puts the bytes of its world in their place. */
  const goTo = (from: Moment, restoreBytes: () => void): void => {
    if (system !== from.system) {
      system = from.system;
      dispatch = dispatchOf(system);
    }
    restoreBytes();
    tracer.truncate(from.traceLength);
    looked = from.looked;
    system.context.watching.rewound(system.context.copyPool.everUsed());
    system.handlers.intervals.points.length = from.points;
    script.restore(from.script);
    events = from.events;
    handDone = from.handDone;
    keeper?.goBackTo(from.choice);
    judge.refold();
  };

  const keepSnapshot = (): void => {
    if (budget === 0) return;
    const newest = kept[kept.length - 1];
    if (newest !== undefined && newest.events === events && newest.timeUs === system.context.events.nowUs())
      return;
    snapshots.take();
    kept.push(thisMoment());
    // The first and the last stay. Events tell how much work lies between two snapshots.
    while (snapshots.bytes > budget && kept.length > 2) {
      let nearest = 1;
      for (let i = 2; i < kept.length - 1; i++) {
        if (kept[i + 1]!.events - kept[i - 1]!.events < kept[nearest + 1]!.events - kept[nearest - 1]!.events)
          nearest = i;
      }
      snapshots.forget(nearest);
      kept.splice(nearest, 1);
    }
  };

  /** Rows that the script or a step waits for. */
  let rowsSeen = 0;

  const runEvents = (untilUs: number, maxEvents: number, stopsAtRows: boolean): number => {
    const list = system.context.events;
    rowsSeen = tracer.length;
    return list.run(
      untilUs,
      maxEvents,
      (_timeUs, kind, a, b, c) => {
        dispatch(kind, a, b, c);
        return stopsAtRows && tracer.length !== rowsSeen;
      },
      readAhead,
    );
  };

  const isHandDue = (nowUs: number): boolean => handDone < hand.length && hand[handDone]!.atUs <= nowUs;

  /** Lets the script look at what is new. Returns true when it pauses the run. */
  const runScript = (isThere: boolean): boolean => {
    const pauses = script.afterEvents(tracer, looked, isThere);
    looked = tracer.length;
    return pauses;
  };

  const applyByHand = (action: Action): void => {
    apply(action);
    // What this makes true is true from now on, however the run goes on.
    runScript(false);
  };

  const goOn = (untilUs: number, maxEvents: number, onRow: ((from: number) => boolean) | null): Stop => {
    const endUs = Math.min(untilUs, scenario.durationUs);
    // A run that stands inside an instant, with events of it still to come, must not take a time in its past for reached.
    if (system.context.events.nowUs() > endUs) return 'time';
    let left = maxEvents;
    // The start is kept before the first event, not when the world is built: by then a page can show it.
    if (kept.length === 0) keepSnapshot();
    for (;;) {
      if (script.isAsking()) return 'asked';
      const from = tracer.length;
      let isThere = true;
      // A script that was stopped between two steps of an instant goes on with the next before anything else happens.
      if (!script.isMidway()) {
        const nextHandUs = handDone < hand.length ? hand[handDone]!.atUs : Number.POSITIVE_INFINITY;
        const stopUs = Math.min(endUs, script.nextTimeUs(), nextHandUs);
        const done = runEvents(stopUs, left, onRow !== null || script.watchesRows());
        events += done;
        left -= done;
        isThere = system.context.events.nowUs() >= stopUs && !(system.context.events.nextTimeUs() <= stopUs);
      }
      const paused = runScript(isThere);
      if (script.isAsking()) return 'asked';
      if (paused) return 'paused';
      // The hand comes last in its instant, one action at a time: what follows at once from one comes before the next.
      const nowUs = system.context.events.nowUs();
      const isSettled =
        isThere && script.nextTimeUs() > nowUs && !(system.context.events.nextTimeUs() <= nowUs);
      const actsByHand = isSettled && isHandDue(nowUs);
      if (actsByHand) applyByHand(hand[handDone++]!.action);
      if (onRow?.(from) === true) return 'message';
      if (isSettled && !actsByHand && nowUs >= endUs) return nowUs >= scenario.durationUs ? 'end' : 'time';
      if (left <= 0) return 'events';
    }
  };
  const advance: typeof goOn = (untilUs, maxEvents, onRow) => {
    try {
      return goOn(untilUs, maxEvents, onRow);
    } catch (error) {
      throw asDefect(error, scenario.name, seed, `${system.context.events.nowUs() / 1e6} s`);
    }
  };

  const rewindTo = (timeUs: number): number => {
    if (kept.length === 0) keepSnapshot();
    let at = kept.length - 1;
    while (at > 0 && kept[at]!.timeUs > timeUs) at--;
    const from = kept[at];
    if (from === undefined) throw new RangeError('this run keeps no snapshots');
    kept = kept.slice(0, at + 1);
    goTo(from, () => snapshots.restore(at));
    return from.timeUs;
  };

  return {
    scenario,
    seed,
    get system() {
      return system;
    },
    script,
    judge,
    get nowUs() {
      return system.context.events.nowUs();
    },
    get events() {
      return events;
    },
    get hand() {
      return hand;
    },
    advance: (untilUs, maxEvents) => advance(untilUs, maxEvents, null),
    stepMessage(message, maxEvents) {
      return advance(scenario.durationUs, maxEvents, (from) => {
        for (let id = from; id < tracer.length; id++) {
          const row = tracer.row(id);
          if (message === null ? row.sender >= 0 : row.sender === message.sender && row.nth === message.nth)
            return true;
        }
        return false;
      });
    },
    rewindTo,
    act(action) {
      checkHand(scenario, action);
      const nowUs = system.context.events.nowUs();
      // The action follows every event and step of this instant, so that the same moment can be found again.
      let stop: Stop;
      do stop = advance(nowUs, Number.POSITIVE_INFINITY, null);
      while (stop === 'paused');
      if (stop === 'asked') throw new UserError('the script asks a question; answer it, then act');
      applyByHand(action);
      hand = [...hand.slice(0, handDone), { atUs: nowUs, action }];
      handDone = hand.length;
    },
    undo(place) {
      const deed = hand[place];
      if (deed === undefined) throw new UserError(`nothing number ${place + 1} was done by hand`);
      const rest = hand.filter((_, i) => i !== place);
      if (laterMembers(scenario, rest).length < later.length && deed.action.do === 'join')
        throw new UserError('the members were seated for this; open the scenario anew to do without it');
      if (place < handDone) rewindTo(deed.atUs - 1);
      hand = rest;
    },
    watch: setWatch,
    mark: (restoreBytes = wholeCopy(system.context.world)) => ({ ...thisMoment(), restoreBytes, hand }),
    backTo(mark) {
      goTo(mark, mark.restoreBytes);
      hand = [...mark.hand];
    },
    worldHash: () => hashWorld(system.context.world),
    traceHash: () => tracer.hash(),
    keepSnapshot,
    snapshots: () => ({ timesUs: kept.map(({ timeUs }) => timeUs), bytes: snapshots.bytes }),
  };
}
