import type { LessonStep, Mark } from '../../worker/protocol.ts';

/** The script as a lecturer steps through it: what is said and asked, one after the other. */

export interface ScriptState {
  readonly lesson: readonly LessonStep[];
  /** Indexes of the steps that have happened. */
  readonly happened: ReadonlySet<number>;
  /** The step that asks, or null; and whether its answer is shown. */
  readonly asking: number | null;
  readonly isAnswered: boolean;
  readonly marks: readonly Mark[];
  readonly timeUs: number;
  readonly durationUs: number;
  readonly isPlaying: boolean;
}

export type Move =
  | { readonly do: 'answer'; readonly step: number; readonly choice: number }
  | { readonly do: 'go on'; readonly step: number }
  /** Plays until the next step happens. */
  | { readonly do: 'play' }
  | { readonly do: 'go to'; readonly timeUs: number }
  | null;

const isSpoken = ({ kind }: LessonStep): boolean => kind === 'say' || kind === 'ask';

export const spokenSteps = (lesson: readonly LessonStep[]): readonly LessonStep[] => lesson.filter(isSpoken);

/** When the steps that have happened did, by index. Two that say the same are told apart by their order. */
function timesOf({ lesson, marks, happened }: ScriptState): ReadonlyMap<number, number> {
  const free = marks.filter(({ kind }) => kind === 'say' || kind === 'ask');
  const times = new Map<number, number>();
  for (const step of spokenSteps(lesson)) {
    if (!happened.has(step.index)) continue;
    const at = free.findIndex(({ kind, text }) => kind === step.kind && text === step.text);
    const mark = free[at];
    if (mark === undefined) continue;
    times.set(step.index, mark.timeUs);
    free.splice(at, 1);
  }
  return times;
}

/** When the nth step, from 0 on, in order of time happened; null while it has not. */
export const timeOfNth = (state: ScriptState, nth: number): number | null =>
  [...timesOf(state).values()].sort((a, b) => a - b)[nth] ?? null;

/** The step that is shown: the one that asks, else the one that happened last, and of equal times the later of the script. */
export function shownStep(state: ScriptState): LessonStep | null {
  const asks = state.lesson.find(({ index }) => index === state.asking);
  if (asks !== undefined) return asks;
  let shown: LessonStep | null = null;
  let shownUs = -1;
  const times = timesOf(state);
  for (const step of spokenSteps(state.lesson)) {
    const timeUs = times.get(step.index) ?? -1;
    if (timeUs < 0 || timeUs < shownUs) continue;
    shown = step;
    shownUs = timeUs;
  }
  return shown;
}

/** What a press on "next" does: shows the answer, goes on, plays to the next step; while that plays, jumps there if its time is known. */
export function nextMove(state: ScriptState): Move {
  const { asking, lesson, happened, timeUs, durationUs } = state;
  if (asking !== null) {
    const step = lesson.find(({ index }) => index === asking);
    return state.isAnswered
      ? { do: 'go on', step: asking }
      : { do: 'answer', step: asking, choice: step?.answer ?? 0 };
  }
  if (timeUs >= durationUs) return null;
  if (!state.isPlaying) return { do: 'play' };
  const next = spokenSteps(lesson).filter(
    ({ index, atUs }) => !happened.has(index) && (atUs ?? Number.POSITIVE_INFINITY) > timeUs,
  );
  const atUs = Math.min(...next.map((step) => step.atUs ?? Number.POSITIVE_INFINITY));
  if (next.length === 0) return { do: 'go to', timeUs: durationUs };
  return Number.isFinite(atUs) ? { do: 'go to', timeUs: atUs } : null;
}

/** What a press on "back" does: to the moment of the step before the one that is shown. */
export function previousMove(state: ScriptState): Move {
  const shown = shownStep(state);
  const times = timesOf(state);
  const shownUs = shown === null ? state.timeUs : (times.get(shown.index) ?? state.timeUs);
  const before = [...times.values()].filter((timeUs) => timeUs < shownUs);
  return { do: 'go to', timeUs: Math.max(0, ...before) };
}
