import { useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { Label, Radio, RadioGroup } from 'react-aria-components/RadioGroup';
import type { LessonStep } from '../../worker/protocol.ts';
import { CheckIcon, CrossIcon } from '../icons.tsx';
import { Prose } from './prose.tsx';

interface Props {
  readonly step: LessonStep;
  readonly known: ReadonlySet<string>;
  /** What was chosen, or undefined. */
  readonly chosen: number | undefined;
  /** Whether the run waits for it. */
  readonly waiting: boolean;
  readonly onChoose: (choice: number) => void;
  readonly onGoOn: () => void;
}

/** A question to predict: the run waits for the answer, and then says what is right and why. */
export function Question({ step, known, chosen, waiting, onChoose, onGoOn }: Props) {
  const [picked, setPicked] = useState<string | null>(null);
  const answered = chosen !== undefined;
  const open = step.choices.length === 0;
  const right = step.answer === null || step.answer === chosen;
  return (
    <div className="question" data-waiting={waiting || undefined}>
      {open ? (
        <Prose markdown={step.text} known={known} />
      ) : (
        <RadioGroup
          value={answered ? String(chosen) : picked}
          onChange={setPicked}
          isReadOnly={answered}
          className="choices"
        >
          <Label>
            <Prose markdown={step.text} known={known} />
          </Label>
          {step.choices.map((choice, i) => (
            <Radio
              key={choice}
              value={String(i)}
              className="choice"
              data-right={(answered && step.answer === i) || undefined}
              data-wrong={(answered && chosen === i && !right) || undefined}
            >
              <span className="choice-mark" aria-hidden="true" />
              <span>{choice}</span>
              {answered && step.answer === i && <CheckIcon />}
              {answered && chosen === i && !right && <CrossIcon />}
            </Radio>
          ))}
        </RadioGroup>
      )}
      {!answered && !waiting && (
        <p className="quiet">The run has passed this question; it can be answered still.</p>
      )}
      <div role="status">
        {answered && (
          <div className="outcome">
            {step.answer !== null && (
              <p>
                <strong>{right ? 'Yes.' : `Not quite: it is "${step.choices[step.answer] ?? ''}".`}</strong>
              </p>
            )}
            {step.explain !== '' && <Prose markdown={step.explain} known={known} />}
          </div>
        )}
      </div>
      {!answered && (waiting || picked !== null) && (
        <Button
          className="main-button"
          isDisabled={!open && picked === null}
          onPress={() => onChoose(open ? 0 : Number(picked))}
        >
          {open ? 'I have thought about it' : 'This is my answer'}
        </Button>
      )}
      {waiting && answered && (
        <Button className="main-button" autoFocus onPress={onGoOn}>
          Go on and see
        </Button>
      )}
    </div>
  );
}
