import { scaleLinear } from 'd3-scale';
import { useLayoutEffect, useRef, useState } from 'react';
import { Label, Slider, SliderThumb, SliderTrack } from 'react-aria-components/Slider';
import { formatDuration } from '../../base/units.ts';
import { spokenTime } from '../clock.ts';
import { useLab, useSummary } from '../lab-context.ts';
import { Density } from './density.tsx';
import { MarkRow } from './mark-row.tsx';

const STEPS = 1_000;

/** The whole run as a line: where time stands, what happened when, and the way to any moment. */
export function Scrubber() {
  const lab = useLab();
  const durationUs = Math.max(
    1,
    useSummary((summary) => summary.info?.durationUs ?? 1),
  );
  const open = useSummary((summary) => summary.info !== null);
  const timeUs = useSummary((summary) => summary.timeUs);
  const [dragged, setDragged] = useState<number | null>(null);
  const input = useRef<HTMLInputElement>(null);
  const shown = dragged ?? timeUs;
  useLayoutEffect(() => input.current?.setAttribute('aria-valuetext', spokenTime(shown)));
  const ticks = scaleLinear([0, durationUs], [0, 100]).ticks(6);
  return (
    <div className="scrubber">
      <MarkRow durationUs={durationUs} />
      <Slider
        className="scrub"
        minValue={0}
        maxValue={durationUs}
        step={Math.max(1, Math.round(durationUs / STEPS))}
        value={Math.min(shown, durationUs)}
        isDisabled={!open}
        onChange={setDragged}
        onChangeEnd={(value) => {
          setDragged(null);
          lab.goTo(value);
        }}
      >
        <Label className="unseen">Moment of the run</Label>
        <SliderTrack className="scrub-track">
          <Density durationUs={durationUs} />
          <div
            className="scrub-past"
            style={{ width: `${(100 * Math.min(shown, durationUs)) / durationUs}%` }}
          />
          <SliderThumb className="scrub-thumb" inputRef={input} data-owns-arrows />
        </SliderTrack>
      </Slider>
      <div className="scrub-ticks" aria-hidden="true">
        {open &&
          ticks.map((tick) => (
            <span key={tick} style={{ left: `${(100 * tick) / durationUs}%` }}>
              {tick === 0 ? '0' : formatDuration(tick)}
            </span>
          ))}
      </div>
    </div>
  );
}
