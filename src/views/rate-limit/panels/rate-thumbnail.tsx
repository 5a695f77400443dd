import type { Stage } from '../../stage.ts';
import { usePicked, useValue } from '../../store/value.ts';
import { verdictOf, verdictShape } from '../drawing/paint-marks.ts';
import { rateLabOf } from '../model/rate-lab.ts';
import { useGame } from './prediction-panel.tsx';

const WIDTH = 116;
const HEIGHT = 46;

/** The requests and the window, small. */
export function RateThumbnail({ stage }: { readonly stage: Stage }) {
  const lab = rateLabOf(stage);
  const { chosen, timesUs, settings, untilUs, requests } = useValue(lab.timeline);
  const { timeUs } = useValue(lab.said);
  const palette = usePicked(stage.palette, (of) => of);
  const { shown } = useGame(lab);
  const x = (us: number): number => 4 + (us / untilUs) * (WIDTH - 8);
  const from = Math.max(0, timeUs - settings.windowUs);
  return (
    <svg className="rate-thumbnail" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true">
      <rect
        x={x(from)}
        y="6"
        width={x(timeUs) - x(from)}
        height={HEIGHT - 12}
        fill={palette.accent}
        fillOpacity="0.18"
        stroke={palette.accent}
      />
      <line x1="4" x2={WIDTH - 4} y1={HEIGHT / 2} y2={HEIGHT / 2} stroke={palette.line} />
      {timesUs.map((us, place) => {
        const shape = verdictShape(verdictOf(place, chosen.decisions[place]?.allowed, shown), 3.5, palette);
        return (
          <path
            key={requests[place]?.id ?? place}
            d={shape.path}
            transform={`translate(${x(us)},${HEIGHT / 2})`}
            fill={shape.fill}
            stroke={shape.stroke}
            strokeWidth={Math.min(2, shape.strokeWidth)}
          />
        );
      })}
    </svg>
  );
}
