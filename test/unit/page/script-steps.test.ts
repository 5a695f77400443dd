import { expect, test } from 'vitest';
import {
  nextMove,
  previousMove,
  type ScriptState,
  shownStep,
} from '../../../src/app/present/script-steps.ts';
import type { LessonStep, Mark } from '../../../src/worker/protocol.ts';

const step = (index: number, kind: LessonStep['kind'], atUs: number | null, answer: number | null = null) =>
  ({
    index,
    kind,
    text: `text ${index}`,
    choices: [],
    answer,
    explain: '',
    atUs,
    world: null,
    source: '',
    line: 1,
  }) as LessonStep;
const mark = (kind: Mark['kind'], timeUs: number, index: number): Mark => ({
  kind,
  timeUs,
  text: `text ${index}`,
});

const LESSON = [
  step(0, 'say', 0),
  step(1, 'ask', 2_000, 2),
  step(2, 'fault', 3_000),
  step(3, 'say', null),
  step(4, 'say', 9_000),
];
const state = (rest: Partial<ScriptState>): ScriptState => ({
  lesson: LESSON,
  happened: new Set([0]),
  asking: null,
  isAnswered: false,
  marks: [mark('say', 0, 0)],
  timeUs: 500,
  durationUs: 10_000,
  isPlaying: false,
  ...rest,
});

test('next plays to the next step, and while that plays goes to it at once', () => {
  expect(nextMove(state({}))).toEqual({ do: 'play' });
  expect(nextMove(state({ isPlaying: true }))).toEqual({ do: 'go to', timeUs: 2_000 });
});

test('next while it plays to a step that waits for the model jumps past nothing', () => {
  const waits = [step(0, 'say', 0), step(1, 'say', null), step(2, 'say', null)];
  expect(nextMove(state({ lesson: waits, isPlaying: true }))).toBeNull();
});

test('next shows the answer of a question, and then goes on', () => {
  const asking = state({ asking: 1, timeUs: 2_000 });
  expect(shownStep(asking)?.index).toBe(1);
  expect(nextMove(asking)).toEqual({ do: 'answer', step: 1, choice: 2 });
  expect(nextMove({ ...asking, isAnswered: true })).toEqual({ do: 'go on', step: 1 });
});

test('back goes to the moment of the step before the shown one, also of one that waited for the model', () => {
  const marks = [mark('say', 0, 0), mark('ask', 2_000, 1), mark('fault', 3_000, 2), mark('say', 4_321, 3)];
  const late = state({ happened: new Set([0, 1, 2, 3]), marks, timeUs: 7_000 });
  expect(shownStep(late)?.index).toBe(3);
  expect(previousMove(late)).toEqual({ do: 'go to', timeUs: 2_000 });
  expect(
    previousMove({ ...late, marks: [...marks, mark('say', 9_000, 4)], happened: new Set([0, 1, 2, 3, 4]) }),
  ).toEqual({
    do: 'go to',
    timeUs: 4_321,
  });
  expect(previousMove(state({}))).toEqual({ do: 'go to', timeUs: 0 });
});

test('after the last step next goes to the end, and at the end does nothing', () => {
  const all = state({ happened: new Set([0, 1, 2, 3, 4]), timeUs: 9_500, isPlaying: true });
  expect(nextMove(all)).toEqual({ do: 'go to', timeUs: 10_000 });
  expect(nextMove({ ...all, timeUs: 10_000 })).toBeNull();
});
