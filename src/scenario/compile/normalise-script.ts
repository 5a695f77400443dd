import type { Design } from '../../system/design/design.ts';
import { stationNumbers } from '../../system/design/stations.ts';
import { type Action, ALL_USERS } from '../../system/faults/actions.ts';
import { USER_NODE } from '../../trace/trace.ts';
import { figureProblems } from '../figures.ts';
import type { WrittenCondition } from '../schema/expectation.ts';
import { actionShape, MODIFIERS, type WrittenStep } from '../schema/script.ts';
import { listNames } from '../text/nearest.ts';
import type { Path, ProblemList } from '../text/problems.ts';
import {
  type ActVerb,
  type Condition,
  type ScriptStep,
  type StepAction,
  type TextRange,
  type Trigger,
  WORLD_AS_WRITTEN,
} from '../types.ts';
import type { Directory } from './directory.ts';
import { checkWorld, normaliseBound, normaliseExpectation } from './normalise-expectation.ts';

/** Steps of a script (null for those whose form is wrong) with every name resolved and every key that does not belong where it is reported. */

export interface ScriptContext {
  readonly design: Design;
  readonly durationUs: number;
  /** Those that are compared, and the one whose steps are wanted. */
  readonly worlds: readonly string[];
  readonly world: string;
  readonly directory: Directory;
  readonly problems: ProblemList;
  /** The text of a step and its place. */
  sourceOf(path: Path): { readonly source: string; readonly range: TextRange };
  /** The actions that make the design what these settings say, after all settings of earlier steps. */
  settingActions(settings: Readonly<Record<string, unknown>>, path: Path): readonly Action[];
}

type Verb = keyof typeof actionShape;
const VERBS = Object.keys(actionShape) as readonly Verb[];

const NO_FAULT = { cut: false, loss: 0, duplicate: 0, reorder: 0, delayUs: 0 } as const;

export function normaliseScript(
  written: readonly (WrittenStep | null)[],
  context: ScriptContext,
): readonly ScriptStep[] {
  return written.flatMap((step, index) => {
    if (step === null) return [];
    const path: Path = ['script', index];
    const { source, range } = context.sourceOf(path);
    const verb = verbOf(step, path, context.problems);
    const world = worldOf(step, path, context);
    const place = { index, world, source, range };
    if (world !== null && world !== context.world) {
      // What it names may not be there in this world: its own world looks at it.
      const does: StepAction = { do: 'nothing' };
      return [{ ...place, trigger: triggerOf(step, path, does, context), does }];
    }
    const does: StepAction = verb === null ? { do: 'pause' } : actionOf(verb, step, path, range, context);
    return [{ ...place, trigger: triggerOf(step, path, does, context), does }];
  });
}

/** The world that a step is for; a problem when there is none of this name. */
function worldOf(step: WrittenStep, path: Path, { worlds, problems }: ScriptContext): string | null {
  const { world = null } = step;
  if (world !== null && world !== WORLD_AS_WRITTEN) checkWorld(world, [...path, 'world'], worlds, problems);
  return world;
}

/** The one action of a step; a problem when there is none, or more than one, or a key that belongs to another. */
function verbOf(step: WrittenStep, path: Path, problems: ProblemList): Verb | null {
  const verbs = VERBS.filter((verb) => step[verb] !== undefined);
  const verb = verbs[0];
  if (verb === undefined) {
    problems.add(path, `the step does nothing; give it one of ${VERBS.join(', ')}`);
    return null;
  }
  for (const other of verbs.slice(1)) {
    problems.add([...path, other], `the step does ${verb} already; make ${other} a step of its own`, 'key');
  }
  for (const [key, belongsTo] of Object.entries(MODIFIERS)) {
    if (step[key as keyof typeof MODIFIERS] === undefined || belongsTo.includes(verb)) continue;
    problems.add(
      [...path, key],
      `${key} does not go with ${verb}; it goes with ${listNames(belongsTo)}`,
      'key',
    );
  }
  return verb;
}

function triggerOf(step: WrittenStep, path: Path, does: StepAction, context: ScriptContext): Trigger {
  const { problems, durationUs } = context;
  const afterUs = step.after ?? 0;
  if (step.at !== undefined) {
    for (const key of ['when', 'after'] as const) {
      if (step[key] !== undefined) {
        problems.add([...path, key], `the step has a time already (at); write either at or ${key}`, 'key');
      }
    }
    if (step.at > durationUs) {
      problems.add([...path, 'at'], 'the run is over by then; make duration longer or the time earlier');
    } else if (does.do === 'act' && step.at + (does.times - 1) * does.everyUs > durationUs) {
      problems.add(
        [...path, 'send'],
        'the last of these messages comes after the run is over; send fewer, or more quickly',
      );
    }
    return { on: 'time', atUs: step.at };
  }
  if (afterUs > durationUs) {
    problems.add([...path, 'after'], 'the run is over by then; make duration longer or after shorter');
  }
  if (step.when === undefined) return { on: 'previous', afterUs };
  // What its own world waits for may never come in this one.
  if (does.do === 'nothing') return { on: 'previous', afterUs: 0 };
  return { on: 'model', when: conditionOf(step.when, [...path, 'when'], context), afterUs };
}

function conditionOf(
  written: WrittenCondition,
  path: Path,
  { directory, problems }: ScriptContext,
): Condition {
  if ('guarantee' in written) return { of: 'guarantee', guarantee: written.guarantee, is: written.is };
  if ('metric' in written) {
    return { of: 'metric', metric: written.metric, bound: normaliseBound(written, path, problems) };
  }
  if ('station' in written) {
    return {
      of: 'station',
      nodes: directory.stations(written.station, [...path, 'station']),
      is: written.is,
    };
  }
  const { is, to } = written;
  if (to !== undefined && is !== 'delivered') {
    problems.add(
      [...path, 'to'],
      `a message is ${is} whoever gets it; leave to away, or write is: delivered`,
      'key',
    );
  }
  return {
    of: 'message',
    ...messageOf(written.message, [...path, 'message'], directory),
    is,
    to: to === undefined ? null : directory.user(to, [...path, 'to']),
  };
}

/** `alice/1`: the schema has seen to the form. */
function messageOf(name: string, path: Path, directory: Directory): { sender: number; nth: number } {
  const slash = name.lastIndexOf('/');
  return { sender: directory.user(name.slice(0, slash), path), nth: Number(name.slice(slash + 1)) };
}

function actionOf(
  verb: Verb,
  step: WrittenStep,
  path: Path,
  range: TextRange,
  context: ScriptContext,
): StepAction {
  switch (verb) {
    case 'say':
      checkFigures(step.say ?? '', [...path, 'say'], context.problems);
      return { do: 'say', text: step.say ?? '' };
    case 'ask':
      return questionOf(step, path, context.problems);
    case 'pause':
      if (step.pause === false) {
        context.problems.add([...path, 'pause'], 'pause: false does nothing; leave the step away');
      }
      return { do: 'pause' };
    case 'watch':
      return watchOf(step.watch, [...path, 'watch'], context.directory);
    case 'expect':
      return expectOf(step, [...path, 'expect'], range, context);
    default: {
      const { times = 1, every = 0 } = (verb === 'send' ? step.send : undefined) ?? {};
      const actions = actionsOf(verb, step, path, context);
      return { do: 'act', verb, actions, times, everyUs: every };
    }
  }
}

function checkFigures(text: string, path: Path, problems: ProblemList): void {
  for (const problem of figureProblems(text)) problems.add(path, problem);
}

function questionOf(step: WrittenStep, path: Path, problems: ProblemList): StepAction {
  const { choices = [], answer } = step;
  checkFigures(step.ask ?? '', [...path, 'ask'], problems);
  checkFigures(step.explain ?? '', [...path, 'explain'], problems);
  choices.forEach((choice, i) => {
    checkFigures(choice, [...path, 'choices', i], problems);
  });
  const question = { do: 'ask', text: step.ask ?? '', choices, explain: step.explain ?? '' } as const;
  if (answer === undefined) return { ...question, answer: null };
  const at = [...path, 'answer'];
  if (choices.length === 0) {
    problems.add(at, 'there is an answer and nothing to choose from; add choices: [...]');
    return { ...question, answer: null };
  }
  const index = typeof answer === 'number' ? answer - 1 : choices.indexOf(answer);
  if (index < 0 || index >= choices.length) {
    const right = `write a number from 1 to ${choices.length}, or one of the choices word for word`;
    problems.add(
      at,
      `there is no choice ${typeof answer === 'number' ? answer : JSON.stringify(answer.slice(0, 40))}; ${right}`,
    );
  }
  return { ...question, answer: index };
}

function watchOf(watch: WrittenStep['watch'], path: Path, directory: Directory): StepAction {
  if (watch === undefined) return { do: 'pause' };
  if ('user' in watch) {
    return { do: 'watch', watch: { what: 'user', user: directory.user(watch.user, [...path, 'user']) } };
  }
  if ('channel' in watch) {
    return {
      do: 'watch',
      watch: { what: 'channel', channel: directory.channel(watch.channel, [...path, 'channel']) },
    };
  }
  return {
    do: 'watch',
    watch: { what: 'message', ...messageOf(watch.message, [...path, 'message'], directory) },
  };
}

function expectOf(step: WrittenStep, path: Path, range: TextRange, context: ScriptContext): StepAction {
  if (step.expect === undefined) return { do: 'pause' };
  return {
    do: 'expect',
    expectation: normaliseExpectation(step.expect, path, range, context.worlds, context.problems),
  };
}

function actionsOf(verb: ActVerb, step: WrittenStep, path: Path, context: ScriptContext): readonly Action[] {
  const { directory, problems, design } = context;
  const at: Path = [...path, verb];
  const forUs = step.for ?? null;
  switch (verb) {
    case 'crash':
      return directory.stations(step.crash ?? [], at).map((node) => ({ do: 'crash', node, forUs }));
    case 'failover': {
      const names = directory.stations(step.failover ?? [], at);
      if (names.some((node) => node !== stationNumbers(design).database))
        problems.add(at, 'only the database has a standby that can take over; write failover: database');
      return names.map((node) => ({ do: 'failover', node, forUs }));
    }
    case 'restart':
      return directory.stations(step.restart ?? [], at).map((node) => ({ do: 'restart', node }));
    case 'slow': {
      if (step.factor === undefined)
        problems.add(path, 'the key factor is missing; say how many times slower, as in factor: 10');
      const factor = step.factor ?? 1;
      return directory.stations(step.slow ?? [], at).map((node) => ({ do: 'slow', node, factor, forUs }));
    }
    case 'block': {
      if (forUs === null)
        problems.add(path, 'the key for is missing; say how long the event loop is blocked, as in for: 50ms');
      return directory
        .stations(step.block ?? [], at)
        .map((node) => ({ do: 'block', node, forUs: forUs ?? 0 }));
    }
    case 'cut':
    case 'heal':
    case 'link': {
      const link = step[verb];
      if (link === undefined) return [];
      const from = directory.nodes(link.from, [...at, 'from']);
      const to = directory.nodes(link.to, [...at, 'to']);
      if (from.length === 1 && to.length === 1 && from[0] === to[0]) {
        problems.add([...at, 'to'], 'both ends are the same; name two different ones');
      }
      return [{ do: 'link', from, to, fault: faultOf(verb, step, at, problems), forUs }];
    }
    case 'send': {
      if (step.send === undefined) return [];
      const { send } = step;
      const user = directory.user(send.from, [...at, 'from']);
      const channel = directory.destination(user, send.to, [...at, 'to']);
      return [{ do: 'send', user, channel, bytes: send.bytes ?? design.message.bytes }];
    }
    case 'disconnect':
      return (step.disconnect ?? []).map((name, i) => ({
        do: 'disconnect',
        user: directory.user(name, [...at, i]),
        forUs,
      }));
    case 'connect':
      return (step.connect ?? []).map((name, i) => ({
        do: 'connect',
        user: directory.user(name, [...at, i]),
      }));
    case 'join':
    case 'leave': {
      const membership = step[verb];
      if (membership === undefined) return [];
      const user = directory.user(membership.user, [...at, 'user']);
      return [{ do: verb, user, channel: directory.channel(membership.channel, [...at, 'channel']) }];
    }
    case 'choose':
      return step.choose === undefined ? [] : passageOf(step.choose, at, context);
    case 'set':
      return context.settingActions(step.set ?? {}, at);
  }
}

/** What is to become of one passage of a message. */
function passageOf(
  choose: NonNullable<WrittenStep['choose']>,
  path: Path,
  { directory, problems }: ScriptContext,
): readonly Action[] {
  const { arrives, takes } = choose;
  const end = (key: 'from' | 'to'): number => {
    const nodes = directory.nodes(choose[key], [...path, key]);
    if (nodes.length > 1 || nodes[0] === ALL_USERS)
      problems.add([...path, key], 'a message passes from one to one; name one station or one user');
    return nodes[0] ?? 0;
  };
  const message = messageOf(choose.message, [...path, 'message'], directory);
  const [from, to] = [end('from'), end('to')];
  if ((arrives === undefined) === (takes === undefined))
    problems.add(path, 'say one thing that becomes of it: arrives: never, arrives: twice, or takes: 12ms');
  if (from === to) problems.add([...path, 'to'], 'both ends are the same; name two different ones');
  if (arrives === 'twice' && to === USER_NODE + message.sender)
    problems.add([...path, 'arrives'], 'an answer to the sender comes once; choose another end, or never');
  const fate = arrives === 'never' ? 'lost' : arrives === 'twice' ? 'twice' : 'takes';
  return [{ do: 'choose', ...message, from, to, fate, takesUs: takes ?? 0 }];
}

function faultOf(verb: 'cut' | 'heal' | 'link', step: WrittenStep, path: Path, problems: ProblemList) {
  if (verb === 'heal') return NO_FAULT;
  if (verb === 'cut') return { ...NO_FAULT, cut: true };
  const { cut = false, loss = 0, duplicate = 0, reorder = 0, delay = 0 } = step.link ?? {};
  if (!cut && loss + duplicate + reorder + delay === 0) {
    problems.add(
      path,
      'the link is not bad in any way; give it loss, duplicate, reorder, delay or cut, or write heal',
    );
  }
  if (reorder > 0 && delay === 0) {
    problems.add(
      [...path, 'reorder'],
      'what is held back needs a delay to be held for; add delay, as in delay: 20ms',
    );
  }
  return { cut, loss, duplicate, reorder, delayUs: delay };
}
