import { useSelector } from '@xstate/react';
import { useEffect, useRef } from 'react';
import { Button } from 'react-aria-components/Button';
import { useValue } from '../../store/value.ts';
import {
  askedRequest,
  type PredictionState,
  rightGuesses,
  shownVerdicts,
} from '../model/prediction.machine.ts';
import type { RateLab } from '../model/rate-lab.ts';
import { ALGORITHM_NAMES, requestName } from '../model/words.ts';
import { VerdictMark } from './verdict-mark.tsx';

/** The game as the components need it. In a run nothing is predicted. */
export function useGame(lab: RateLab) {
  const { source } = useValue(lab.timeline);
  const { value, context } = useSelector(lab.game, (snapshot) => snapshot);
  const state = source === 'run' ? 'off' : (value as PredictionState);
  return { state, context, shown: shownVerdicts(state, context) };
}

/** Allow or deny, before the verdict shows; then what was right, and the score. */
export function PredictionPanel({ lab }: { readonly lab: RateLab }) {
  const { chosen, timesUs } = useValue(lab.timeline);
  const { state, context } = useGame(lab);
  const panel = useRef<HTMLElement>(null);
  useEffect(() => {
    // On a phone the question may be out of sight when it is asked.
    if (state !== 'off') panel.current?.scrollIntoView({ block: 'nearest' });
  }, [state]);
  if (state === 'off') return null;
  const asked = askedRequest(state, context);
  const right = rightGuesses(context);
  const wasRight = asked !== null && context.guesses[asked] === context.verdicts[asked];
  const missed = context.verdicts.flatMap((verdict, i) =>
    context.guesses[i] === verdict ? [] : [requestName(i)],
  );
  return (
    <section className="rate-game" aria-label="Predict" ref={panel}>
      {state === 'done' ? (
        <p role="status">
          <strong>
            {right} of {context.verdicts.length} right.
          </strong>{' '}
          {missed.length === 0
            ? `You decide as the ${ALGORITHM_NAMES[chosen.algorithm].toLowerCase()} does.`
            : `Look again at ${missed.join(', ')}.`}
        </p>
      ) : (
        <p role="status">
          {state === 'asking' && asked !== null
            ? `${requestName(asked)} of ${timesUs.length}: what will the ${ALGORITHM_NAMES[chosen.algorithm].toLowerCase()} do?`
            : wasRight
              ? 'Right.'
              : 'Not so.'}{' '}
          <span className="quiet">
            {right} of {context.guesses.length} right so far
          </span>
        </p>
      )}
      {state === 'asking' && (
        <>
          <Button
            key={`allow ${asked}`}
            autoFocus
            className="small-button rate-guess"
            onPress={() => lab.game.send({ type: 'GUESS', allowed: true })}
          >
            <VerdictMark verdict="allowed" /> allow
          </Button>
          <Button
            className="small-button rate-guess"
            onPress={() => lab.game.send({ type: 'GUESS', allowed: false })}
          >
            <VerdictMark verdict="refused" /> deny
          </Button>
        </>
      )}
      {state === 'told' && (
        <Button
          key={`next ${asked}`}
          autoFocus
          className="main-button"
          onPress={() => lab.game.send({ type: 'NEXT' })}
        >
          {context.guesses.length < context.verdicts.length ? 'next request' : 'see the score'}
        </Button>
      )}
      {state === 'done' && (
        <Button autoFocus className="small-button" onPress={() => lab.startPrediction()}>
          again
        </Button>
      )}
      <Button className="small-button" onPress={() => lab.game.send({ type: 'STOP' })}>
        {state === 'done' ? 'close' : 'stop predicting'}
      </Button>
    </section>
  );
}
