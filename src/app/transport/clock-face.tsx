import { useCallback, useRef } from 'react';
import { useRedraw } from '../../views/stage.ts';
import { clockText, spokenTime } from '../clock.ts';
import { useLab, usePlayerState, useSummary } from '../lab-context.ts';

/** The virtual clock. The digits are written in the frame loop; a screen reader is told when the clock stops. */
export function ClockFace() {
  const lab = useLab();
  const digits = useRef<HTMLSpanElement>(null);
  const state = usePlayerState();
  const timeUs = useSummary((summary) => summary.timeUs);
  const redraw = useCallback(() => {
    const text = clockText(lab.store.timeUs);
    if (digits.current !== null && digits.current.textContent !== text) digits.current.textContent = text;
  }, [lab]);
  useRedraw(lab.loop, redraw);
  return (
    <span className="clock">
      <span
        ref={digits}
        aria-hidden="true"
        className="number"
        title="Virtual time: minutes, seconds, milli- and microseconds"
      >
        00:00.000 000
      </span>
      <span className="unseen" role="status">
        {state === 'playing' ? 'playing' : `${state} at ${spokenTime(timeUs)} of virtual time`}
      </span>
    </span>
  );
}
