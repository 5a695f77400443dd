import { useSelector } from '@xstate/react';
import { useEffect, useRef } from 'react';
import { Button } from 'react-aria-components/Button';
import type { LessonStep } from '../../worker/protocol.ts';
import { momentWords } from '../clock.ts';
import { FlagIcon } from '../icons.tsx';
import { useLab, usePlayerState, useSummary } from '../lab-context.ts';
import { tagWords } from '../terms.ts';
import { Afterwards } from './afterwards.tsx';
import { NeverCame } from './never-came.tsx';
import { Prose, termsIn } from './prose.tsx';
import { Question } from './question.tsx';
import { saidLesson } from './said-lesson.ts';
import { Suggestions } from './suggestions.tsx';

const NO_TERMS: ReadonlySet<string> = new Set();

/** The lesson: what the narration has said so far, the question it asks, and what to try. */
export function Lesson() {
  const lab = useLab();
  const info = useSummary((summary) => summary.info);
  const lesson = useSummary((summary) => summary.lesson);
  const { reached, asking, happened } = lesson;
  const state = useSelector(lab.lesson, (snapshot) => snapshot);
  const hasEnded = usePlayerState() === 'ended';
  const end = useRef<HTMLLIElement>(null);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a step that has been reached comes into view
  useEffect(() => {
    // Newer engines return a promise, which is no clean-up.
    end.current?.scrollIntoView({ block: 'nearest' });
  }, [reached, happened?.length, asking, state.value]);

  if (info === null) return <p className="quiet">The lesson begins when a scenario is open.</p>;
  const hasHappened = ({ index }: LessonStep): boolean => happened?.includes(index) ?? index < reached;
  const shown = saidLesson(info.lesson, lesson).filter((step) => hasHappened(step) || step.index === asking);
  const next = info.lesson.find((step) => !hasHappened(step) && step.index !== asking);
  const known = new Set<string>(termsIn(info.summary));
  return (
    <>
      <h2>{info.title}</h2>
      <Prose markdown={info.summary} known={NO_TERMS} />
      {info.teaches.length > 0 && <p className="quiet">Teaches {info.teaches.map(tagWords).join(', ')}.</p>}
      <ol className="steps">
        {shown.map((step, i) => {
          const before = new Set(known);
          for (const term of termsIn(step.text)) known.add(term);
          return (
            <li
              key={step.index}
              className={`step step-${step.kind}`}
              ref={i === shown.length - 1 ? end : undefined}
            >
              <Step
                step={step}
                known={before}
                chosen={state.context.chosen[step.index]}
                waiting={asking === step.index}
                onChoose={(choice) => lab.lesson.send({ type: 'CHOOSE', step: step.index, choice })}
                onGoOn={() => lab.answer(step.index)}
              />
            </li>
          );
        })}
      </ol>
      {hasEnded && (
        <NeverCame steps={info.lesson.filter((step) => step.kind !== 'elsewhere' && !hasHappened(step))} />
      )}
      {!hasEnded && asking === null && next !== undefined && (
        <p className="quiet">
          {next.atUs === null ? 'The next step waits for the model.' : `More at ${momentWords(next.atUs)}.`}
        </p>
      )}
      <Afterwards info={info} chosen={state.context.chosen} />
      <Suggestions info={info} />
    </>
  );
}

interface StepProps {
  readonly step: LessonStep;
  readonly known: ReadonlySet<string>;
  readonly chosen: number | undefined;
  readonly waiting: boolean;
  readonly onChoose: (choice: number) => void;
  readonly onGoOn: () => void;
}

function Step({ step, known, ...question }: StepProps) {
  const lab = useLab();
  const { atUs } = step;
  return (
    <>
      {atUs !== null && (
        <Button
          className="step-time"
          aria-label={`Go to ${momentWords(atUs)}`}
          onPress={() => lab.goTo(atUs)}
        >
          {momentWords(atUs)}
        </Button>
      )}
      {step.world !== null && <p className="quiet">Only in the world “{step.world}”:</p>}
      {step.kind === 'say' && <Prose markdown={step.text} known={known} />}
      {step.kind === 'ask' && <Question step={step} known={known} {...question} />}
      {step.kind !== 'say' && step.kind !== 'ask' && (
        <p className="step-line">
          {step.kind === 'fault' && <FlagIcon />}
          <code>{step.text}</code>
        </p>
      )}
    </>
  );
}
