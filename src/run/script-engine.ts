import { US_PER_SECOND } from '../base/units.ts';
import { verdictInWords } from '../guarantees/verdict.ts';
import { hasFigures, withFigures } from '../scenario/figures.ts';
import type { MetricName } from '../scenario/metrics.ts';
import type {
  Condition,
  Expectation,
  MessageMoment,
  Scenario,
  ScriptStep,
  SpokenWords,
} from '../scenario/types.ts';
import type { Action } from '../system/faults/actions.ts';
import { INTERVAL_US } from '../system/state/intervals.ts';
import type { System } from '../system/system.ts';
import { type TraceKind, USER_NODE } from '../trace/trace.ts';
import { KIND, type Tracer } from '../trace/tracer.ts';
import type { Judge } from './judge.ts';
import { type Figure, isWithin, judgeFigure } from './within-bound.ts';

/** Carries out the script: each step once, at its time or when its condition has come true. */
export interface ScriptEngine {
  /** When the next step is due (or a condition must be looked at), or Infinity. */
  nextTimeUs(): number;
  /** Whether a step waits for something that a row of the trace tells. */
  watchesRows(): boolean;
  /**
   * Looks at the rows from `from` on and, when no event of this instant is left (`isThere`), carries out what is due. Returns true when
   * the script pauses the run.
   */
  afterEvents(tracer: Tracer, from: number, isThere: boolean): boolean;
  /** Whether a question or a pause has stopped it between two steps of one instant: `afterEvents` goes on with the next one. */
  isMidway(): boolean;
  isAsking(): boolean;
  /** Index of the question that waits for an answer, or null. */
  asking(): number | null;
  answer(): void;
  /** Whether the step has happened. */
  happened(step: number): boolean;
  happenedAtUs(step: number): number | null;
  /** What a step that has happened said or asked, with the figures of that moment; null where its words have none. */
  saidWithFigures(step: number): SpokenWords | null;
  /** Expectations inside the script, judged when they were reached. */
  expectations(): readonly {
    readonly expectation: Expectation;
    readonly holds: boolean;
    readonly found: string;
  }[];
  save(): ScriptState;
  restore(state: ScriptState): void;
}

export interface ScriptState {
  readonly happenedUs: readonly number[];
  readonly trueUs: readonly number[];
  readonly repeats: readonly number[];
  readonly asking: number | null;
  readonly midway: number | null;
  readonly metricsUs: number;
  readonly said: readonly (SpokenWords | null)[];
  readonly expected: readonly {
    readonly expectation: Expectation;
    readonly holds: boolean;
    readonly found: string;
  }[];
}

export interface ScriptHost {
  nowUs(): number;
  system(): System;
  readonly judge: Judge;
  act(action: Action): void;
  watch(step: Extract<ScriptStep['does'], { do: 'watch' }>['watch']): void;
  readonly interactive: boolean;
  metric(name: MetricName): Figure;
}

const NOT_YET = -1;

const ROW_OF: Readonly<Record<MessageMoment, TraceKind>> = {
  sent: 'send',
  persisted: 'persist',
  acked: 'ack',
  published: 'publish',
  delivered: 'deliver',
  refused: 'refuse',
  retried: 'retry',
  failed: 'fail',
};

/** Messages that conditions speak of: their rows must be kept whatever else is watched. */
export function messagesOfScript(scenario: Scenario): { sender: number; nth: number }[] {
  return scenario.script.flatMap(({ trigger }) =>
    trigger.on === 'model' && trigger.when.of === 'message'
      ? [{ sender: trigger.when.sender, nth: trigger.when.nth }]
      : [],
  );
}

export function createScriptEngine(scenario: Scenario, host: ScriptHost): ScriptEngine {
  const steps = scenario.script;
  /** When a step happened; when its condition came true; how often a repeated action was done. */
  let happenedUs = steps.map(() => NOT_YET);
  let trueUs = steps.map(() => NOT_YET);
  let repeats = steps.map(() => 0);
  let said: (SpokenWords | null)[] = steps.map(() => null);
  let asking: number | null = null;
  /** The step that a pass over the script goes on with after it was stopped, or null. */
  let midway: number | null = null;
  /** The last end of an interval at which metrics were looked at. */
  let metricsUs = 0;
  let expected: { expectation: Expectation; holds: boolean; found: string }[] = [];

  const isArmed = (i: number): boolean => i === 0 || happenedUs[i - 1]! >= 0;

  const dueUs = (step: ScriptStep): number => {
    const { index, trigger, does } = step;
    if (happenedUs[index]! >= 0) {
      // Asked of a step that has begun: the next of its repetitions.
      if (does.do !== 'act' || repeats[index]! >= does.times) return Number.POSITIVE_INFINITY;
      return happenedUs[index]! + repeats[index]! * does.everyUs;
    }
    if (trigger.on === 'time') return trigger.atUs;
    if (!isArmed(index)) return Number.POSITIVE_INFINITY;
    if (trigger.on === 'previous') return (index === 0 ? 0 : happenedUs[index - 1]!) + trigger.afterUs;
    return trueUs[index]! >= 0 ? trueUs[index]! + trigger.afterUs : Number.POSITIVE_INFINITY;
  };

  /** Steps whose condition is waited for. */
  const waiting = (): { step: ScriptStep; when: Condition }[] =>
    steps.flatMap((step) =>
      step.trigger.on === 'model' &&
      happenedUs[step.index]! < 0 &&
      trueUs[step.index]! < 0 &&
      isArmed(step.index)
        ? [{ step, when: step.trigger.when }]
        : [],
    );

  const rowTells = (when: Extract<Condition, { of: 'message' }>, tracer: Tracer, from: number): boolean => {
    const kind = KIND[ROW_OF[when.is]];
    return tracer.some(
      from,
      kind,
      when.sender,
      when.nth,
      when.is === 'delivered' && when.to !== null ? USER_NODE + when.to : null,
    );
  };

  const isTrue = (when: Condition, tracer: Tracer, from: number): boolean => {
    switch (when.of) {
      case 'message':
        return rowTells(when, tracer, from);
      case 'station':
        return when.nodes.every((node) => host.system().context.stations.isUp(node) === (when.is === 'up'));
      case 'guarantee':
        return host.judge.verdictOf(when.guarantee).verdict === when.is;
      case 'metric':
        // What is not known yet is not true yet.
        return isWithin(when.bound, host.metric(when.metric)) === true;
    }
  };

  /** Metrics are looked at once at the end of each interval, whenever else the run stops; everything else at once. */
  const isSlow = (when: Condition): boolean => when.of === 'metric';

  const judgeNow = (expectation: Expectation): void => {
    if (expectation.of === 'guarantee') {
      const found = host.judge.verdictOf(expectation.guarantee);
      expected.push({ expectation, holds: found.verdict === expectation.is, found: verdictInWords(found) });
    } else {
      expected.push({ expectation, ...judgeFigure(expectation.bound, host.metric(expectation.metric)) });
    }
  };

  const wordsNow = (text: string, choices: readonly string[], explain: string): SpokenWords | null => {
    if (![text, ...choices, explain].some(hasFigures)) return null;
    const fill = (words: string): string => withFigures(words, host.nowUs() / US_PER_SECOND, host.metric);
    return { text: fill(text), choices: choices.map(fill), explain: fill(explain) };
  };

  /** Carries a step out. Returns true when it pauses the run. */
  const happen = (step: ScriptStep, nowUs: number): boolean => {
    const { does, index } = step;
    if (happenedUs[index]! < 0) happenedUs[index] = nowUs;
    switch (does.do) {
      case 'say':
        said[index] = wordsNow(does.text, [], '');
        return false;
      case 'ask':
        said[index] = wordsNow(does.text, does.choices, does.explain);
        if (host.interactive) asking = index;
        return host.interactive;
      case 'nothing':
        return false;
      case 'pause':
        return host.interactive;
      case 'act':
        for (const action of does.actions) host.act(action);
        repeats[index] = repeats[index]! + 1;
        return false;
      case 'watch':
        host.watch(does.watch);
        return false;
      case 'expect':
        judgeNow(does.expectation);
        return false;
    }
  };

  const nextTimeUs = (): number => {
    let next = Number.POSITIVE_INFINITY;
    for (const step of steps) next = Math.min(next, dueUs(step));
    if (waiting().some(({ when }) => isSlow(when))) {
      next = Math.min(next, (Math.floor(host.nowUs() / INTERVAL_US) + 1) * INTERVAL_US);
    }
    return next;
  };

  return {
    nextTimeUs,
    watchesRows: () => waiting().some(({ when }) => !isSlow(when)),
    isMidway: () => midway !== null,
    afterEvents(tracer, from, isThere) {
      const nowUs = host.nowUs();
      const atIntervalEnd = isThere && nowUs % INTERVAL_US === 0 && nowUs > metricsUs;
      let armedNow = midway !== null;
      for (let again = true; again; ) {
        for (const { step, when } of midway === null ? waiting() : []) {
          if (isSlow(when) && !atIntervalEnd) continue;
          // A step that has just been armed looks at all that has happened; the others at what is new.
          if (isTrue(when, tracer, armedNow ? 0 : from)) trueUs[step.index] = nowUs;
        }
        if (!isThere) return false;
        again = midway !== null;
        const first = midway ?? 0;
        midway = null;
        for (let index = first; index < steps.length; index++) {
          if (dueUs(steps[index]!) > nowUs) continue;
          const pauses = happen(steps[index]!, nowUs);
          again = true;
          armedNow = true;
          if (pauses) {
            midway = index + 1;
            return true;
          }
        }
      }
      if (atIntervalEnd) metricsUs = nowUs;
      return false;
    },
    isAsking: () => asking !== null,
    asking: () => asking,
    answer() {
      asking = null;
    },
    happened: (step) => (happenedUs[step] ?? NOT_YET) >= 0,
    happenedAtUs: (step) => {
      const at = happenedUs[step] ?? NOT_YET;
      return at >= 0 ? at : null;
    },
    saidWithFigures: (step) => said[step] ?? null,
    expectations: () => expected,
    save: () => ({
      happenedUs: [...happenedUs],
      trueUs: [...trueUs],
      repeats: [...repeats],
      asking,
      midway,
      metricsUs,
      said: [...said],
      expected: [...expected],
    }),
    restore(state) {
      happenedUs = [...state.happenedUs];
      trueUs = [...state.trueUs];
      repeats = [...state.repeats];
      asking = state.asking;
      midway = state.midway;
      metricsUs = state.metricsUs;
      said = [...state.said];
      expected = [...state.expected];
    },
  };
}
