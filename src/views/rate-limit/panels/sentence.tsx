import { Button } from 'react-aria-components/Button';
import { secondsText } from '../../../base/units.ts';
import { usePicked, useValue } from '../../store/value.ts';
import type { RateLab } from '../model/rate-lab.ts';
import { requestName } from '../model/words.ts';
import { useGame } from './prediction-panel.tsx';
import { VerdictMark } from './verdict-mark.tsx';

/** Why: the sum or the formula of the request that is looked at, or of one that might come at this moment. And where the algorithms disagree. */
interface Props {
  readonly lab: RateLab;
  readonly mostZoom: () => number;
}

export function Sentence({ lab, mostZoom }: Props) {
  const timeline = useValue(lab.timeline);
  const moment = useValue(lab.said);
  const follows = usePicked(lab.follows, (of) => of);
  const { shown } = useGame(lab);
  const place = moment.request;
  const hidden = place !== null && place >= shown;
  const decision = place === null ? null : (timeline.chosen.decisions[place] ?? null);
  const { allowed, words } = decision ?? moment.why;
  const verdict = hidden ? 'unknown' : allowed ? 'allowed' : 'refused';
  const backUs = moment.why.timeUs + moment.why.retryAfterUs;
  const canComeBack = timeline.source === 'lab' && !hidden && !allowed && shown === Number.POSITIVE_INFINITY;
  const gone = moment.why.expiredUs.length;
  const slidOut = gone === 0 || hidden ? '' : `${gone === 1 ? 'one has' : `${gone} have`} slid out; `;
  const at = secondsText(moment.timeUs);
  const headline =
    place === null
      ? `A request at ${at} s would be ${verdict}`
      : hidden
        ? `${requestName(place)} at ${at} s: allow or deny?`
        : `${requestName(place)} at ${at} s is ${verdict}`;
  return (
    <div className="rate-sentence" data-saved>
      <div className="rate-headline">
        <p role={timeline.source === 'run' && follows ? undefined : 'status'}>
          <VerdictMark verdict={verdict} />
          <strong>{headline}</strong>
        </p>
        {canComeBack && (
          <Button className="link-button" data-unsaved onPress={() => lab.add(backUs)}>
            add a request at {secondsText(backUs)} s
          </Button>
        )}
        <span className="spacer" />
        <Disagreements lab={lab} />
        <Zoom lab={lab} mostZoom={mostZoom} />
      </div>
      <p className="rate-why">{hidden ? 'The verdict shows when you have chosen.' : `${slidOut}${words}`}</p>
    </div>
  );
}

function Disagreements({ lab }: { readonly lab: RateLab }) {
  const { disagreements, lanes } = useValue(lab.timeline);
  const { shown } = useGame(lab);
  if (lanes.length < 2 || shown !== Number.POSITIVE_INFINITY) return null;
  const go = (by: 1 | -1): void => {
    const next = lab.neighbour(disagreements, by) ?? (by > 0 ? disagreements[0] : disagreements.at(-1));
    if (next !== undefined) lab.lookAtPlace(next);
  };
  const n = disagreements.length;
  return (
    <p className="quiet rate-disagree">
      <span>
        {n === 0 ? 'All algorithms agree.' : `≠ ${n === 1 ? 'One disagreement' : `${n} disagreements`}`}
      </span>
      {n > 0 && (
        <>
          <Button
            className="small-button"
            data-unsaved
            onPress={() => go(-1)}
            aria-label="Go to the disagreement before"
          >
            ‹
          </Button>
          <Button
            className="small-button"
            data-unsaved
            onPress={() => go(1)}
            aria-label="Go to the next disagreement"
          >
            ›
          </Button>
        </>
      )}
    </p>
  );
}

function Zoom({ lab, mostZoom }: Props) {
  const { zoom } = useValue(lab.view);
  return (
    <span className="rate-zoom" data-unsaved>
      <Button
        className="small-button"
        aria-label="Zoom out"
        isDisabled={zoom === 1}
        onPress={() => lab.zoom(1 / 4, mostZoom())}
      >
        −
      </Button>
      <Button className="small-button" aria-label="Zoom in" onPress={() => lab.zoom(4, mostZoom())}>
        +
      </Button>
    </span>
  );
}
