import { useSelector } from '@xstate/react';
import { useLayoutEffect, useRef } from 'react';
import { Label, Slider, SliderThumb, SliderTrack } from 'react-aria-components/Slider';
import { formatDuration } from '../../base/units.ts';
import { useLab, usePlayerState, useSummary } from '../lab-context.ts';
import { SPEEDS, speedIndex, speedWords } from '../speed.ts';

/** A run that falls this far behind what was asked for says how fast it really is. */
const BEHIND = 0.8;

/** How much virtual time a second of the viewer's shows, on a logarithmic scale. */
export function SpeedSlider() {
  const lab = useLab();
  const speed = useSelector(lab.player, (snapshot) => snapshot.context.speed);
  const state = usePlayerState();
  const reached = useSummary((summary) => summary.virtualUsPerWallSecond);
  const input = useRef<HTMLInputElement>(null);
  const words = speedWords(speed);
  // The library would read out the slider's index.
  useLayoutEffect(() => input.current?.setAttribute('aria-valuetext', words));
  const behind = state === 'playing' && reached > 0 && reached < BEHIND * speed;
  return (
    <Slider
      className="speed"
      minValue={0}
      maxValue={SPEEDS.length - 1}
      step={1}
      value={speedIndex(speed)}
      onChange={(index) => lab.setSpeed(SPEEDS[index] ?? 1_000_000)}
    >
      <Label className="speed-words">
        <span className="unseen">Speed, logarithmic: </span>
        {words}
        {behind && <span className="quiet"> now {formatDuration(reached)}</span>}
      </Label>
      <SliderTrack className="slider-track">
        <SliderThumb className="slider-thumb" inputRef={input} data-owns-arrows />
      </SliderTrack>
    </Slider>
  );
}
