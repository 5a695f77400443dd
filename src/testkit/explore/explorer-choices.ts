import type { ChoiceKeeper } from '../../kernel/choices.ts';
import { answerOf, type ChoiceList } from '../../run/choice-list.ts';
import { PURPOSE } from '../../system/purposes.ts';

/**
 * The exhaustive keeper: every question that may change the order of things has two answers, the tame one (0) and the wild one. One
 * event is told its answers beforehand (its plan, tame after the end) and tells how many questions it asked; all plans of all events are
 * all runs.
 */
export interface ExplorerKeeper extends ChoiceKeeper {
  /** Answers of the next event to those of its questions that have two, 1 for wild. */
  plan(answers: readonly number[]): void;
  /** How many of its questions had two answers. */
  asked(): number;
  /** What was answered so far on this path. */
  list(): ChoiceList;
}

/** Slower than fifteen of sixteen. */
const SLOW = 0xf000_0000;
const YES = 0xffff_ffff;

const WILD: ReadonlyMap<number, number> = new Map([
  [PURPOSE.UP_LATENCY, SLOW],
  [PURPOSE.DOWN_LATENCY, SLOW],
  [PURPOSE.HOP, SLOW],
  [PURPOSE.NOTIFY_HOP, SLOW],
  [PURPOSE.DATABASE_WRITE, SLOW],
  [PURPOSE.DATABASE_READ, SLOW],
  [PURPOSE.SERVICE_VALIDATE, SLOW],
  [PURPOSE.BROKER_PUBLISH, SLOW],
  [PURPOSE.LINK_LOSS, YES],
  [PURPOSE.LINK_DUPLICATE, YES],
]);

export function explorerChoices(): ExplorerKeeper {
  const list: number[] = [];
  let answers: readonly number[] = [];
  let asked = 0;
  return {
    u32(purpose) {
      const wild = WILD.get(purpose);
      const value = wild !== undefined && answers[asked++] === 1 ? wild : 0;
      list.push(value);
      return answerOf(purpose, value);
    },
    plan(next) {
      answers = next;
      asked = 0;
    },
    asked: () => asked,
    place: () => list.length,
    goBackTo(place) {
      list.length = place;
    },
    list: () => [...list],
  };
}
