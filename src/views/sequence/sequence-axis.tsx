import { formatDuration } from '../../base/units.ts';
import type { SequenceLayout } from './layout.ts';

interface Props {
  readonly layout: SequenceLayout;
  readonly beginUs: number;
  readonly width: number;
}

/** Times since the sending, and a broken line wherever much time takes little room. It stays while the picture scrolls sideways. */
export function SequenceAxis({ layout, beginUs, width }: Props) {
  const x = width - 6;
  const tickText = (timeUs: number): string => (timeUs === beginUs ? '0' : formatDuration(timeUs - beginUs));
  return (
    <svg className="sequence-axis" width={width} height={layout.height} aria-hidden="true">
      <path className="axis-line" d={`M${x} 0V${layout.height}`} />
      {layout.time.shortened.map(({ fromUs, toUs }) => {
        const y = (layout.yOf(fromUs) + layout.yOf(toUs)) / 2;
        return (
          <g key={fromUs}>
            <path className="axis-gap" d={`M${x} ${y - 9}v3l-4 2 8 4 -8 4 4 2v3`} />
          </g>
        );
      })}
      {layout.ticks.map(({ timeUs, y }, i) => {
        const before = layout.ticks[i - 1];
        const isSame = before !== undefined && tickText(before.timeUs) === tickText(timeUs);
        return (
          <g key={timeUs}>
            <path className="axis-tick" d={`M${x - 4} ${y}h8`} />
            {!isSame && (
              <text x={x - 8} y={y + 4} textAnchor="end">
                {tickText(timeUs)}
              </text>
            )}
          </g>
        );
      })}
    </svg>
  );
}
