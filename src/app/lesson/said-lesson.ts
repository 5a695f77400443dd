import type { Frame, LessonStep } from '../../worker/protocol.ts';

/** The steps of the lesson, those that have happened with the figures of their moment. */
export function saidLesson(
  lesson: readonly LessonStep[],
  { withFigures = [] }: Frame['lesson'],
): readonly LessonStep[] {
  if (withFigures.length === 0) return lesson;
  const said = new Map(withFigures.map((words) => [words.index, words]));
  return lesson.map((step) => ({ ...step, ...said.get(step.index) }));
}
