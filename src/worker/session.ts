import { UserError } from '../base/errors.ts';
import { listedChoices } from '../run/choice-list.ts';
import { createRun, type Run } from '../run/run.ts';
import type { Scenario } from '../scenario/types.ts';
import { isSamePassage } from '../system/faults/actions.ts';
import { actionLine } from './action-line.ts';
import { createCrowd } from './crowd.ts';
import { type Doing, goingTo, RESTING } from './doing.ts';
import { createFrames } from './frames.ts';
import { type EngineHost, sentenceOf } from './host.ts';
import { isUnderWay } from './inspect/message.ts';
import { handOf, openedInfo } from './opened-info.ts';
import { createPace, type Pace } from './pace.ts';
import type { Action, Frame, Look, Request, Watch } from './protocol.ts';
import { settle } from './settle.ts';
import { ASK_ABOVE_BYTES, isLargeWorld, MOST_WORLD_BYTES, snapshotBudgetBytes } from './snapshot-plan.ts';
import { createSpeedometer } from './speedometer.ts';
import { createWork } from './work.ts';

/** One open scenario: it plays, pauses, steps, goes to any moment and is acted on, in slices between which requests are received. */
export interface Session {
  readonly run: Run;
  /** Throws what stops the run; every later request is still answered. */
  receive(request: Exclude<Request, { type: 'open' }>): void;
  /** Nothing is simulated or posted any more. */
  close(): void;
}

/** Work between two looks at what the page wants. */
const SLICE_MS = 8;
/** A run that is as far as it should be looks again after this. */
const REST_MS = 4;
/** A page that does not ask for its first picture of a large world by then gets it later. */
const PICTURE_WITHIN_MS = 500;
/** How often the page is told how far a rewind is. */
const PROGRESS_MS = 100;

/** Builds the world of a scenario, tells the page, and goes to the moment that the request names. Throws LargeWorldError, RangeError, CapacityError. */
export function createSession(
  scenario: Scenario,
  opening: Extract<Request, { type: 'open' }>,
  host: EngineHost,
): Session {
  const { post, now } = host;
  const begunMs = now();
  const run = createRun(scenario, {
    hand: opening.hand,
    ...(opening.choices == null ? {} : { choices: listedChoices(opening.choices) }),
    mostBytes: MOST_WORLD_BYTES,
    ...(opening.isConfirmed === true ? {} : { askAboveBytes: ASK_ABOVE_BYTES }),
    snapshotBytes: snapshotBudgetBytes(scenario.workload.users, opening.world != null),
    interactive: true,
    progress: (what, share) => post({ type: 'building', what, share }, []),
  });
  const crowd = createCrowd(run.system);
  const frames = createFrames(run, crowd, now);
  const speedometer = createSpeedometer();
  const { work, keepStart } = createWork(run, now, speedometer);

  let doing: Doing = RESTING;
  let speed = Number.POSITIVE_INFINITY;
  /** Questions that were answered once are not asked again after a rewind. */
  const answered = new Set<number>();
  let look: Look | undefined;
  let progressMs = now();
  let isClosed = false;
  let isScheduled = false;
  let isStarted = false;
  let isProofAwaited = false;
  let limitUs = Number.POSITIVE_INFINITY;
  /** A request for a frame that waits for the end of a goTo. */
  let awaited: Extract<Request, { type: 'frame' }> | null = null;

  const wake = (afterMs: number): void => {
    if (isScheduled || isClosed) return;
    isScheduled = true;
    host.later(() => {
      isScheduled = false;
      if (!isClosed) sliceOrFail();
    }, afterMs);
  };

  const sliceOrFail = (): void => {
    try {
      slice();
    } catch (error) {
      fail(error);
    }
  };

  const fail = (error: unknown): void => {
    doing = { is: 'failed' };
    post({ type: 'failed', message: sentenceOf(error) }, []);
    answerAwaited();
  };

  /** Whether the question that the script asks now has been answered before; then it is not asked again. */
  const passesQuestion = (): boolean => {
    const step = run.script.asking();
    if (step === null || !answered.has(step)) return false;
    run.script.answer();
    return true;
  };

  const slice = (): void => {
    keepStart();
    const untilMs = now() + SLICE_MS;
    if (doing.is === 'playing') play(doing.pace, untilMs);
    else if (doing.is === 'going') go(doing, untilMs);
    else if (doing.is === 'stepping') stepMessage(doing.message, untilMs);
  };

  const play = (pace: Pace, untilMs: number): void => {
    do {
      if (run.script.isAsking() && !passesQuestion()) return;
      const targetUs = Math.min(pace.targetUs(now()), scenario.durationUs, limitUs);
      if (targetUs <= run.nowUs && run.nowUs < scenario.durationUs) {
        pace.forgive(now(), run.nowUs);
        wake(REST_MS);
        return;
      }
      const stop = work((maxEvents) => run.advance(targetUs, maxEvents));
      if (stop === 'end') {
        doing = { is: 'ended' };
        return;
      }
      if (stop === 'paused') {
        doing = RESTING;
        return;
      }
      pace.forgive(now(), run.nowUs);
    } while (now() < untilMs);
    wake(0);
  };

  const go = (going: Extract<Doing, { is: 'going' }>, untilMs: number): void => {
    const { fromUs, toUs, thenPlays, acts, backUs } = going;
    do {
      const stop = work((maxEvents) => run.advance(toUs, maxEvents));
      const isThere = run.nowUs >= toUs;
      // What the script asks on the way is passed over; what it asks at the moment that was wanted is asked.
      if (stop === 'asked' && (!isThere || passesQuestion())) run.script.answer();
      else if (stop === 'time' || stop === 'end' || (isThere && (stop === 'asked' || stop === 'paused'))) {
        doing = stop === 'end' ? { is: 'ended' } : RESTING;
        for (const action of acts) act(action);
        if (backUs !== null && backUs > run.nowUs && doing.is === 'resting') {
          doing = goingTo(run.nowUs, backUs, thenPlays);
          wake(0);
          return;
        }
        if (isProofAwaited) prove();
        answerAwaited();
        if (thenPlays !== null && doing.is === 'resting') startPlaying(thenPlays.speed);
        return;
      }
    } while (now() < untilMs);
    if (now() - progressMs >= PROGRESS_MS) {
      progressMs = now();
      post({ type: 'rewinding', share: (run.nowUs - fromUs) / Math.max(1, toUs - fromUs) }, []);
      answerAwaited();
    }
    wake(0);
  };

  /** Whether it plays on from where it is sent. A question has stopped it: from another moment on the viewer says when. */
  const playsThen = (): Pace | null => {
    if (doing.is === 'going') return doing.thenPlays;
    return doing.is === 'playing' && !run.script.isAsking() ? doing.pace : null;
  };

  const goTo = (timeUs: number): void => {
    const toUs = Math.min(scenario.durationUs, Math.max(0, Math.floor(timeUs)));
    const thenPlays = playsThen();
    if (toUs === run.nowUs && doing.is !== 'going' && doing.is !== 'failed') return;
    if (toUs < run.nowUs || doing.is === 'failed') {
      run.rewindTo(toUs);
      frames.rewound(run.system.context.watching.tracer.length);
    }
    setOut(goingTo(run.nowUs, toUs, thenPlays));
  };

  const setOut = (way: Doing): void => {
    progressMs = now();
    if (run.script.isAsking()) run.script.answer();
    doing = way;
    slice();
  };

  /** Where the run is, or will be when it is there. */
  const whereUs = (): number => (doing.is === 'going' ? (doing.backUs ?? doing.toUs) : run.nowUs);

  /** Takes another way from an earlier moment on, to where the run is. */
  const actAt = (action: Action, atUs: number): void => {
    if (doing.is === 'failed') return;
    const [backUs, thenPlays] = [whereUs(), playsThen()];
    const toUs = Math.min(backUs, Math.max(0, Math.floor(atUs)));
    // Another choice about the same passage takes the place of the first.
    const place = run.hand.findIndex((deed) => deed.atUs === toUs && isSamePassage(deed.action, action));
    if (place >= 0) {
      run.undo(place);
      post({ type: 'undone', hand: handOf(run) }, []);
    }
    if (toUs < run.nowUs) run.rewindTo(toUs);
    frames.rewound(run.system.context.watching.tracer.length);
    setOut(goingTo(run.nowUs, toUs, thenPlays, [action], backUs));
  };

  const undo = (place: number): void => {
    const [toUs, thenPlays] = [whereUs(), playsThen()];
    const { nowUs } = run;
    try {
      run.undo(place);
      if (doing.is === 'failed' && run.nowUs === nowUs) run.rewindTo(nowUs);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      decline(error.message);
      return;
    }
    frames.rewound(run.system.context.watching.tracer.length);
    post({ type: 'undone', hand: handOf(run) }, []);
    setOut(goingTo(run.nowUs, toUs, thenPlays));
  };

  const startPlaying = (at: number): void => {
    speed = at;
    doing = { is: 'playing', pace: createPace(at, now(), run.nowUs) };
    wake(0);
  };

  const stepEvent = (): void => {
    if (run.nowUs >= scenario.durationUs) return;
    const { nowUs } = run;
    const stop = run.advance(scenario.durationUs, 1);
    speedometer.add(now(), 1, run.nowUs - nowUs);
    if (stop === 'asked') passesQuestion();
    doing = stop === 'end' ? { is: 'ended' } : RESTING;
  };

  const stepMessage = (message: { sender: number; nth: number } | null, untilMs: number): void => {
    do {
      const stop = work((maxEvents) => run.stepMessage(message, maxEvents));
      if (stop === 'events' || (stop === 'asked' && passesQuestion())) continue;
      doing = stop === 'end' ? { is: 'ended' } : RESTING;
      return;
    } while (now() < untilMs);
    wake(0);
  };

  const step = (by: 'event' | 'message'): void => {
    if (doing.is === 'failed' || doing.is === 'ended' || doing.is === 'going') return;
    if (run.script.isAsking() && !passesQuestion()) return;
    if (by === 'event') {
      stepEvent();
      return;
    }
    const selection = look?.selection;
    const selected = selection?.kind === 'message' ? selection : null;
    // A selected message that is over has no next event; then any message's will do.
    doing = { is: 'stepping', message: selected !== null && isUnderWay(run, selected) ? selected : null };
    slice();
  };

  const decline = (message: string): void => post({ type: 'declined', message }, []);

  const act = (action: Action): void => {
    if (doing.is === 'failed') return;
    if (doing.is === 'ended' || run.nowUs >= scenario.durationUs) {
      decline('the run is over; go back to an earlier moment first');
      return;
    }
    if (doing.is === 'going') {
      doing = { ...doing, acts: [...doing.acts, action] };
      return;
    }
    try {
      run.act(action);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      decline(error.message);
      return;
    }
    const line = actionLine(run.nowUs, action, run.scenario.design, scenario.workload);
    post({ type: 'acted', atUs: run.nowUs, action, line }, []);
  };

  const watch = ({ messages, users, channels, oneIn }: Watch): void => {
    // What the guarantees are judged on is watched beside it for as long as the run lasts.
    run.watch({ messages, users, channels, oneChannelIn: 0, oneMessageIn: oneIn });
  };

  const answer = (question: number): void => {
    answered.add(question);
    if (run.script.asking() !== question) return;
    run.script.answer();
    if (doing.is === 'playing') startPlaying(speed);
  };

  /** On the way to a moment it waits: that moment is what is asked for. */
  const prove = (): void => {
    isProofAwaited = doing.is === 'going';
    if (isProofAwaited) return;
    settle(run, doing);
    const proof = { timeUs: run.nowUs, worldHash: run.worldHash(), traceHash: run.traceHash() };
    post({ type: 'proof', proof }, []);
  };

  const stateNow = (): Frame['state'] => {
    if (doing.is === 'failed' || doing.is === 'ended') return doing.is;
    if (doing.is === 'going') return 'rewinding';
    if (run.script.isAsking()) return 'asking';
    return doing.is === 'resting' ? 'paused' : 'playing';
  };

  const frame = (buffer: ArrayBuffer, asked: Look | undefined): void => {
    look = asked;
    settle(run, doing);
    const read = speedometer.read(now());
    const made = frames.make(
      {
        nowMs: now(),
        state: stateNow(),
        eventsPerWallSecond: read.events,
        virtualUsPerWallSecond: read.virtualUs,
        speed,
      },
      buffer,
      look,
    );
    post({ type: 'frame', frame: made }, [made.seats.buffer]);
    start();
  };

  const answerAwaited = (): void => {
    const asked = awaited;
    awaited = null;
    if (asked !== null) frame(asked.seats, asked.look);
  };

  post({ type: 'opened', info: openedInfo(run, crowd.info, now() - begunMs) }, []);
  // Also when that is the start: what the script does there has happened when the page first looks.
  doing = goingTo(run.nowUs, Math.min(scenario.durationUs, opening.atUs), null);
  // A large world is shown first: the first snapshot of it takes a while.
  const start = (): void => {
    if (isStarted) return;
    isStarted = true;
    wake(0);
  };
  isStarted = !isLargeWorld(scenario.workload.users);
  if (isStarted) sliceOrFail();
  else host.later(start, PICTURE_WITHIN_MS);

  return {
    run,
    receive(request) {
      try {
        switch (request.type) {
          case 'play':
            if (doing.is === 'going') {
              speed = request.virtualUsPerSecond;
              doing = { ...doing, thenPlays: createPace(speed, now(), run.nowUs) };
            } else if (doing.is !== 'ended' && doing.is !== 'failed')
              startPlaying(request.virtualUsPerSecond);
            return;
          case 'pause':
            if (doing.is === 'going') doing = { ...doing, thenPlays: null };
            else if (doing.is === 'playing' || doing.is === 'stepping') doing = RESTING;
            return;
          case 'step':
            return step(request.by);
          case 'goTo':
            return goTo(request.timeUs);
          case 'act':
            return request.atUs === undefined ? act(request.action) : actAt(request.action, request.atUs);
          case 'undo':
            return undo(request.place);
          case 'watch':
            return watch(request.watch);
          case 'answer':
            return answer(request.step);
          case 'proof':
            return prove();
          case 'limit':
            limitUs = request.untilUs;
            return;
          case 'frame':
            awaited = request;
            if (request.whenThere !== true || !isStarted || doing.is !== 'going') answerAwaited();
            return;
        }
      } catch (error) {
        fail(error);
      }
    },
    close() {
      isClosed = true;
    },
  };
}
