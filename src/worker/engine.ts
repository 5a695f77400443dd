import { CapacityError, formatProblem, InputError } from '../base/errors.ts';
import { parseScenario } from '../scenario/parse.ts';
import { createRun, type Run } from '../scenario/run.ts';
import type { Override } from '../scenario/types.ts';
import { actionLine } from './action-line.ts';
import { type Crowd, createCrowd } from './crowd.ts';
import { createFrames, type Frames } from './frames.ts';
import { openedInfo } from './opened-info.ts';
import { createPace, type Pace } from './pace.ts';
import type { Frame, Reply, Request } from './protocol.ts';
import { createSnapshotPlan, type SnapshotPlan } from './snapshot-plan.ts';
import { createSpeedometer } from './speedometer.ts';

/** Runs one scenario at a time for the page: slices of simulation between the page's requests. Wall time is used to pace, and for nothing else. */
export interface Engine {
  receive(request: Request): void;
}

export interface EngineHost {
  post(reply: Reply, transfer: Transferable[]): void;
  nowMs(): number;
  /** Calls back soon, after the requests that have come in the meantime. */
  later(slice: () => void): void;
}

/** One slice of simulation. */
const SLICE_MS = 8;
/** Events between two looks at the clock. */
const EVENTS_A_LOOK = 2_000;
const SNAPSHOT_BYTES = 1_200_000_000;
const TRACE_ROWS = 400_000;

interface Open {
  readonly run: Run;
  readonly crowd: Crowd;
  readonly frames: Frames;
  readonly plan: SnapshotPlan;
  pace: Pace;
  state: Frame['state'];
  /** Where a jump is going, and what to do there. */
  goal: { readonly fromUs: number; readonly toUs: number; readonly after: 'paused' | 'playing' } | null;
  workMs: number;
}

export function createEngine(host: EngineHost): Engine {
  let open: Open | null = null;
  let speed = createSpeedometer();
  let scheduled = false;

  const fail = (error: unknown): void => {
    if (open !== null) open.state = 'failed';
    host.post({ type: 'failed', message: error instanceof Error ? error.message : String(error) }, []);
  };

  const schedule = (): void => {
    if (scheduled) return;
    scheduled = true;
    host.later(() => {
      scheduled = false;
      try {
        slice();
      } catch (error) {
        fail(error);
      }
    });
  };

  /** Runs towards a time for one slice. Returns why it stopped, or null when only the slice is over. */
  const work = (now: Open, untilUs: number): 'there' | 'asked' | 'paused' | 'end' | null => {
    const fromMs = host.nowMs();
    const fromUs = now.run.nowUs;
    const before = now.run.events;
    let result: 'there' | 'asked' | 'paused' | 'end' | null = null;
    while (result === null && host.nowMs() - fromMs < SLICE_MS) {
      const stop = now.run.advance(untilUs, EVENTS_A_LOOK);
      if (stop === 'end' || stop === 'asked' || stop === 'paused') result = stop;
      else if (stop === 'time') result = 'there';
    }
    now.workMs += host.nowMs() - fromMs;
    speed.add(host.nowMs(), now.run.events - before, now.run.nowUs - fromUs);
    if (now.plan.isDue(now.workMs)) {
      const keptMs = host.nowMs();
      now.run.keepSnapshot();
      now.plan.kept(now.workMs, now.run.nowUs, host.nowMs() - keptMs);
    }
    return result;
  };

  const slice = (): void => {
    const now = open;
    if (now === null) return;
    if (now.goal !== null) {
      const { fromUs, toUs, after } = now.goal;
      const result = work(now, toUs);
      if (result === null) {
        const share = toUs > fromUs ? (now.run.nowUs - fromUs) / (toUs - fromUs) : 1;
        host.post({ type: 'rewinding', share }, []);
        schedule();
        return;
      }
      // Who asks for a later moment, or opens a link to one, does not want to be asked on the way.
      if (result === 'asked' && now.run.nowUs < toUs) {
        now.run.script.answer();
        schedule();
        return;
      }
      now.goal = null;
      now.state = result === 'asked' ? 'asking' : result === 'end' ? 'ended' : after;
      now.pace.anchor(host.nowMs(), now.run.nowUs);
      if (now.state === 'playing') schedule();
      return;
    }
    if (now.state !== 'playing') return;
    const targetUs = now.pace.targetUs(host.nowMs());
    const result = targetUs > now.run.nowUs ? work(now, targetUs) : null;
    if (result === 'asked') now.state = 'asking';
    else if (result === 'paused') now.state = 'paused';
    else if (result === 'end') now.state = 'ended';
    else {
      now.pace.forgive(host.nowMs(), now.run.nowUs);
      schedule();
    }
  };

  const openScenario = (request: Extract<Request, { type: 'open' }>): void => {
    open = null;
    speed = createSpeedometer();
    const begunMs = host.nowMs();
    const overrides: Override[] = [];
    if (request.users !== null) overrides.push({ kind: 'users', path: 'users', value: request.users });
    if (request.seed !== null) overrides.push({ kind: 'seed', path: 'seed', value: request.seed });
    try {
      const scenario = parseScenario(request.text, request.fileName, overrides);
      const run = createRun(scenario, {
        hand: request.hand,
        snapshotBytes: SNAPSHOT_BYTES,
        maxTraceRows: TRACE_ROWS,
        interactive: true,
        progress: (what, share) => host.post({ type: 'building', what, share }, []),
      });
      const crowd = createCrowd(run.system);
      const { world } = run.system.context;
      const size = world.buffer.byteLength - world.mutableFromByte;
      open = {
        run,
        crowd,
        frames: createFrames(run, crowd, host.nowMs),
        plan: createSnapshotPlan(Math.floor(SNAPSHOT_BYTES / size)),
        pace: createPace(Number.POSITIVE_INFINITY, host.nowMs(), 0),
        state: 'rewinding',
        goal: request.atUs > 0 ? { fromUs: 0, toUs: request.atUs, after: 'paused' } : null,
        workMs: 0,
      };
      // What the script does at the very start has happened when the page first looks.
      if (open.goal === null) open.goal = { fromUs: 0, toUs: 0, after: 'paused' };
      host.post({ type: 'opened', info: openedInfo(run, crowd.info, host.nowMs() - begunMs) }, []);
      schedule();
    } catch (error) {
      if (error instanceof InputError)
        host.post({ type: 'refused', problems: error.problems.map(formatProblem) }, []);
      else if (error instanceof CapacityError || error instanceof RangeError) fail(error);
      else throw error;
    }
  };

  const goTo = (now: Open, timeUs: number): void => {
    const toUs = Math.max(0, Math.min(timeUs, now.run.scenario.durationUs));
    if (toUs < now.run.nowUs) {
      now.run.rewindTo(toUs);
      now.frames.rewound(now.run.system.context.watching.tracer.length);
      now.workMs = now.plan.rewound(now.run.nowUs);
    }
    now.goal = { fromUs: now.run.nowUs, toUs, after: 'paused' };
    now.state = 'rewinding';
    schedule();
  };

  const command = (now: Open, request: Exclude<Request, { type: 'open' }>): void => {
    switch (request.type) {
      case 'play':
        if (now.state === 'failed' || now.state === 'ended' || now.run.script.isAsking()) return;
        now.pace = createPace(request.virtualUsPerSecond, host.nowMs(), now.run.nowUs);
        now.goal = null;
        now.state = 'playing';
        schedule();
        return;
      case 'pause':
        now.goal = null;
        if (now.state === 'playing' || now.state === 'rewinding') now.state = 'paused';
        return;
      case 'step': {
        if (now.run.script.isAsking()) return;
        now.goal = null;
        const stop =
          request.by === 'event'
            ? now.run.advance(Number.POSITIVE_INFINITY, 1)
            : now.run.stepMessage(null, 5_000_000);
        now.state = stop === 'asked' ? 'asking' : stop === 'end' ? 'ended' : 'paused';
        return;
      }
      case 'goTo':
        goTo(now, request.timeUs);
        return;
      case 'act': {
        const { run } = now;
        try {
          run.act(request.action);
        } catch (error) {
          if (!(error instanceof RangeError)) throw error;
          host.post({ type: 'declined', action: request.action, message: error.message }, []);
          return;
        }
        const line = actionLine(run.nowUs, request.action, run.scenario.design, run.scenario.workload);
        host.post({ type: 'acted', atUs: run.nowUs, action: request.action, line }, []);
        return;
      }
      case 'watch': {
        const { oneChannelIn } = now.run.system.context.watching.list;
        const { messages, users, channels, oneIn } = request.watch;
        now.run.watch({ messages, users, channels, oneChannelIn, oneMessageIn: oneIn });
        return;
      }
      case 'answer':
        if (now.run.script.asking() !== request.step) return;
        now.run.script.answer();
        now.state = 'paused';
        return;
      case 'frame': {
        const { events, virtualUs } = speed.read(host.nowMs());
        const moment = {
          nowMs: host.nowMs(),
          state: now.state,
          eventsPerWallSecond: events,
          virtualUsPerWallSecond: virtualUs,
          speed: now.pace.speed,
        };
        const frame = now.frames.make(moment, request.seats, request.look);
        host.post({ type: 'frame', frame }, [frame.seats.buffer as ArrayBuffer]);
        return;
      }
    }
  };

  return {
    receive(request) {
      try {
        if (request.type === 'open') openScenario(request);
        else if (open !== null) command(open, request);
      } catch (error) {
        fail(error);
      }
    },
  };
}
