import { useSelector } from '@xstate/react';
import { useEffect, useMemo, useRef } from 'react';
import type { LessonStep } from '../../worker/protocol.ts';
import { useLab, usePlayerState, useSummary } from '../lab-context.ts';
import { saidLesson } from '../lesson/said-lesson.ts';
import {
  type Move,
  nextMove,
  previousMove,
  type ScriptState,
  shownStep,
  spokenSteps,
  timeOfNth,
} from './script-steps.ts';

export interface Script {
  readonly shown: LessonStep | null;
  /** Which one it is of all that are said and asked, from 1 on; 0 before the first. */
  readonly place: number;
  readonly count: number;
  readonly next: () => void;
  readonly previous: () => void;
}

/** The script of the open scenario, to be stepped through. */
export function useScript(): Script {
  const lab = useLab();
  const info = useSummary((summary) => summary.info);
  const lesson = useSummary((summary) => summary.lesson);
  const marks = useSummary((summary) => summary.marks);
  const player = usePlayerState();
  const isAnswered = useSelector(lab.lesson, (snapshot) => snapshot.value === 'told');
  /** How many steps had happened when "next" was pressed; the run stops at the one after. Null: it just plays. */
  const playsFrom = useRef<number | null>(null);

  const happened = useMemo(
    () =>
      new Set(
        lesson.happened ??
          info?.lesson.filter(({ index }) => index < lesson.reached).map(({ index }) => index) ??
          [],
      ),
    [lesson, info],
  );
  const steps = useMemo(() => saidLesson(info?.lesson ?? [], lesson), [lesson, info]);
  const spoken = spokenSteps(steps);
  const spokenSoFar = spoken.filter(({ index }) => happened.has(index)).length;

  const stateNow = (): ScriptState => ({
    lesson: steps,
    happened,
    asking: lesson.asking,
    isAnswered,
    marks,
    timeUs: lab.store.timeUs,
    durationUs: info?.durationUs ?? 0,
    isPlaying: player === 'playing',
  });
  // The page hears of steps a few times a second: by then the run is past the moment, or even past the step after.
  useEffect(() => {
    if (playsFrom.current === null || spokenSoFar <= playsFrom.current) return;
    const timeUs = timeOfNth(stateNow(), playsFrom.current);
    playsFrom.current = null;
    lab.pause();
    if (timeUs !== null && lesson.asking === null) lab.goTo(timeUs);
  });
  const make = (move: Move): void => {
    if (move === null) return;
    playsFrom.current = null;
    if (move.do === 'answer') lab.lesson.send({ type: 'CHOOSE', step: move.step, choice: move.choice });
    else if (move.do === 'go to') lab.goTo(move.timeUs);
    else {
      const counts = move.do === 'play' || happened.has(move.step);
      playsFrom.current = spokenSoFar + (counts ? 0 : 1);
      if (move.do === 'go on') lab.answer(move.step);
      else lab.play();
    }
  };
  const shown = shownStep(stateNow());
  return {
    shown,
    place: shown === null ? 0 : spoken.indexOf(shown) + 1,
    count: spoken.length,
    next: () => make(nextMove(stateNow())),
    previous: () => make(previousMove(stateNow())),
  };
}
