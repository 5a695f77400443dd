import { scaleLinear } from 'd3-scale';
import { useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { ProgressBar } from 'react-aria-components/ProgressBar';
import { ToggleButton } from 'react-aria-components/ToggleButton';
import { groupDigits } from '../../base/text.ts';
import { formatDuration } from '../../base/units.ts';
import { useValue } from '../../views/store/value.ts';
import type { FuturesCurve } from '../../worker/futures.ts';
import { useLab, useSummary } from '../lab-context.ts';
import { FuturesTable } from './futures-table.tsx';
import { decidingJump, endX, inevitableFrom, momentAt, shareOf, spanOf, stepPath } from './jumps.ts';
import './futures.css';

/** Over the scrubber: from which moment on how many futures end with a promise broken. */
export function FuturesStrip() {
  const lab = useLab();
  const state = useValue(lab.futures.state);
  if (state.is === 'nothing') return null;
  const name = state.guarantee.replaceAll('-', ' ');
  const close = (words: string) => (
    <Button className="small-button" onPress={() => lab.futures.stop()}>
      {words}
    </Button>
  );
  return (
    <section className="futures" aria-label={`When it became inevitable that ${name} is broken`}>
      {state.is === 'curve' ? (
        <Curve curve={state.curve} name={name} close={close('close')} />
      ) : state.is === 'refused' ? (
        <div className="futures-head">
          <p role="alert">When it became inevitable cannot be shown: {state.why}.</p>
          {close('close')}
        </div>
      ) : (
        <div className="futures-head">
          <ProgressBar
            className="status progress"
            value={100 * state.share}
            aria-label={`Trying other futures for ${name}`}
          >
            {({ percentage }) => (
              <>
                <span className="quiet">trying other futures</span>
                <span className="progress-track">
                  <span className="progress-fill" style={{ width: `${percentage ?? 0}%` }} />
                </span>
              </>
            )}
          </ProgressBar>
          {close('stop')}
        </div>
      )}
    </section>
  );
}

interface CurveProps {
  readonly curve: FuturesCurve;
  readonly name: string;
  readonly close: React.ReactNode;
}

const percent = (share: number): string => `${Math.round(100 * share)} %`;

function Curve({ curve, name, close }: CurveProps) {
  const lab = useLab();
  const durationUs = spanOf(curve);
  const deciding = decidingJump(curve);
  const timeUs = useSummary((summary) => summary.timeUs);
  const [inWords, setInWords] = useState(false);
  const now = momentAt(curve, timeUs);
  const certain = inevitableFrom(curve);
  const futures = curve.moments[0]?.futures ?? 0;
  const right = endX(curve, durationUs);
  const line = stepPath(curve, durationUs, shareOf);
  const low = stepPath(curve, durationUs, (moment) => moment.low);
  return (
    <>
      <div className="futures-head">
        <p>
          <strong>Futures that end with {name} broken</strong>
          {now !== null && (
            <>
              {', '}from now: <span className="futures-now">{percent(shareOf(now))}</span>{' '}
              <span className="quiet">
                ({now.violated} of {now.futures}; {percent(now.low)} to {percent(now.high)})
              </span>
            </>
          )}
        </p>
        {deciding !== null && (
          <Button
            className="small-button"
            onPress={() => {
              lab.goTo(deciding.before.timeUs);
              if (deciding.after.since !== null) lab.hop.set(deciding.after.since.id);
            }}
          >
            before the choice that decided it, {formatDuration(deciding.before.timeUs)}
          </Button>
        )}
        {certain !== null && (
          <Button className="small-button" onPress={() => lab.goTo(certain.timeUs)}>
            inevitable from {formatDuration(certain.timeUs)}
          </Button>
        )}
        <ToggleButton className="small-button" isSelected={inWords} onChange={setInWords}>
          in words
        </ToggleButton>
        {close}
      </div>
      <div className="futures-plot">
        <span className="futures-scale" aria-hidden="true">
          <span>100 %</span>
          <span>0 %</span>
        </span>
        <svg
          className="futures-curve"
          viewBox="0 0 1000 100"
          preserveAspectRatio="none"
          role="img"
          aria-label={`Share of futures that end with ${name} broken, up to where it breaks; the same in numbers under: in words`}
        >
          <path className="futures-area" d={`${line}H${right}V100H0Z`} />
          <path className="futures-low" d={low} />
          <path className="futures-line" d={line} />
          <path
            className="futures-now-line"
            d={`M${(1_000 * Math.min(timeUs, durationUs)) / durationUs} 0V100`}
          />
        </svg>
      </div>
      <div className="futures-ticks" aria-hidden="true">
        {scaleLinear([0, durationUs], [0, 100])
          .ticks(8)
          .map((tick) => (
            <span key={tick} style={{ left: `${(100 * tick) / durationUs}%` }}>
              {tick === 0 ? '0' : formatDuration(tick)}
            </span>
          ))}
      </div>
      {inWords && <FuturesTable curve={curve} />}
      <p className={`quiet futures-assumption${inWords ? ' is-asked' : ''}`}>
        {groupDigits(futures)} futures from each of {curve.moments.length} moments. Anew: delays, losses,
        service times. Kept: who writes what when, the script, deeds by hand, what is on its way. Dashed: low
        end of the 95 % interval.
      </p>
    </>
  );
}
