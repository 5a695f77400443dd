import type { Design, Workload } from '../system/design/design.ts';
import type { Action } from '../system/faults/actions.ts';
import type { GuaranteeName } from './guarantee-names.ts';
import type { MetricName } from './metrics.ts';

/**
 * A scenario as the simulation, the page and the command line read it: normalised, checked, with every name resolved to its number.
 * `parse.ts` makes it from text.
 */

export interface Scenario {
  readonly name: string;
  readonly title: string;
  readonly summary: string;
  readonly teaches: readonly string[];
  readonly seed: number;
  readonly durationUs: number;
  readonly design: Design;
  readonly workload: Workload;
  readonly script: readonly ScriptStep[];
  readonly compare: readonly ComparedWorld[];
  readonly expect: readonly Expectation[];
  readonly source: ScenarioSource;
}

/** What a scenario was made from, so that a variant of it can be made. */
export interface ScenarioSource {
  readonly fileName: string;
  readonly text: string;
  /** What was changed over the text, in order. */
  readonly overrides: readonly Override[];
  /** The world whose steps it is to do: absent: the scenario as written. */
  readonly world?: string;
}

/** A change over the text of a scenario: from the command line, from `compare:`, or by hand. */
export interface Override {
  readonly kind: 'set' | 'users' | 'for' | 'seed';
  /** `design.delivery`; for the other kinds their name. */
  readonly path: string;
  /** As YAML gives it: a string, a number, a boolean, null, or lists and maps of them. */
  readonly value: unknown;
}

/** A place in the scenario's text; offsets count UTF-16 code units, line and column count from 1. */
export interface TextRange {
  readonly line: number;
  readonly column: number;
  readonly start: number;
  readonly end: number;
}

export interface ComparedWorld {
  readonly name: string;
  readonly set: readonly Setting[];
}

/** One setting by its path, with its value as it is written. */
export type Setting = readonly [path: string, value: unknown];

/** A line of the script. A step happens once. */
export interface ScriptStep {
  /** Its place in the script, from 0. */
  readonly index: number;
  readonly trigger: Trigger;
  readonly does: StepAction;
  /** The one world that the step is for, or null: for all of them. */
  readonly world: string | null;
  /** The step as it stands in the file, without the list's dash. */
  readonly source: string;
  readonly range: TextRange;
}

/**
 * When a step happens. A step with a time happens at that time, whatever the others do. Every other step is armed when the step
 * before it has happened (the first: at the start), and happens `afterUs` after its condition is true for the first time from then on;
 * a condition that is true already when the step is armed counts. `previous` has no condition but that.
 * In a world that a step is not for, its condition is not waited for: what follows it there is armed at once.
 */
export type Trigger =
  | { readonly on: 'time'; readonly atUs: number }
  | { readonly on: 'previous'; readonly afterUs: number }
  | { readonly on: 'model'; readonly when: Condition; readonly afterUs: number };

export const MESSAGE_MOMENTS = [
  'sent',
  'persisted',
  'acked',
  'published',
  'delivered',
  'refused',
  'retried',
  'failed',
] as const;
export type MessageMoment = (typeof MESSAGE_MOMENTS)[number];

export const VERDICTS = ['holds', 'violated', 'unknown'] as const;
export type VerdictName = (typeof VERDICTS)[number];

export type Condition =
  | { readonly of: 'guarantee'; readonly guarantee: GuaranteeName; readonly is: VerdictName }
  | { readonly of: 'metric'; readonly metric: MetricName; readonly bound: Bound }
  | {
      readonly of: 'message';
      /** The nth message of the sender, from 1. */
      readonly sender: number;
      readonly nth: number;
      readonly is: MessageMoment;
      /** Delivered to this user; null: to anybody. */
      readonly to: number | null;
    }
  /** All of the nodes are up, or all are down. */
  | { readonly of: 'station'; readonly nodes: readonly number[]; readonly is: 'up' | 'down' };

/** `below` and `above` exclude the number itself, `between` includes both ends. */
export type Bound =
  | { readonly is: 'below'; readonly value: number }
  | { readonly is: 'above'; readonly value: number }
  | { readonly is: 'equals'; readonly value: number }
  | { readonly is: 'between'; readonly min: number; readonly max: number };

export type StepAction =
  | { readonly do: 'say'; readonly text: string }
  | {
      readonly do: 'ask';
      readonly text: string;
      readonly choices: readonly string[];
      /** Index into choices, or null for an open question. */
      readonly answer: number | null;
      readonly explain: string;
    }
  /** All actions in this order, `times` times, `everyUs` apart. A `set` carries paths and values of Design (`retry.timeoutUs`). */
  | {
      readonly do: 'act';
      readonly verb: ActVerb;
      readonly actions: readonly Action[];
      readonly times: number;
      readonly everyUs: number;
    }
  /** A step of another world: it stands in its place, does nothing and holds nothing up. */
  | { readonly do: 'nothing' }
  | { readonly do: 'watch'; readonly watch: WatchTarget }
  | { readonly do: 'pause' }
  | { readonly do: 'expect'; readonly expectation: Expectation };

/** The word that the script line uses. */
const ACT_VERBS = [
  'crash',
  'failover',
  'restart',
  'slow',
  'block',
  'cut',
  'link',
  'heal',
  'send',
  'disconnect',
  'connect',
  'join',
  'leave',
  'choose',
  'set',
] as const;
export type ActVerb = (typeof ACT_VERBS)[number];

/** What a step says or asks, its figures filled in with what the run has measured when it happened. */
export interface SpokenWords {
  readonly text: string;
  readonly choices: readonly string[];
  readonly explain: string;
}

type WatchTarget =
  | { readonly what: 'message'; readonly sender: number; readonly nth: number }
  | { readonly what: 'user'; readonly user: number }
  | { readonly what: 'channel'; readonly channel: number };

export type Expectation = {
  /** In words: `acked-is-durable is violated`, `persist first: delivery.p99.ms is below 250`. */
  readonly text: string;
  /** The compared world that it is about, or null: the scenario as written (inside a script: the world in which the step happens). */
  readonly world: string | null;
  readonly range: TextRange;
} & (
  | { readonly of: 'guarantee'; readonly guarantee: GuaranteeName; readonly is: VerdictName }
  | { readonly of: 'metric'; readonly metric: MetricName; readonly bound: Bound }
);

/** A world to run: the scenario as written, or one variant under `compare:`. */
export interface ScenarioWorld {
  readonly name: string;
  readonly scenario: Scenario;
}

/** Something done by hand. */
export interface HandAction {
  readonly atUs: number;
  readonly action: Action;
}

/** The name of the first world. */
export const WORLD_AS_WRITTEN = 'as written';
