import { type PointerEvent, useState } from 'react';
import { formatDuration } from '../../base/units.ts';
import type { SequenceArrow, SequenceLayout } from './layout.ts';
import type { Passage } from './passage.ts';

interface Props {
  readonly layout: SequenceLayout;
  readonly arrow: SequenceArrow;
  readonly passage: Passage;
  readonly onChoose: (takesUs: number) => void;
}

/**
 * The end of the selected arrow, to be dragged to another moment. For the pointer only: keys choose in the line under the picture, where
 * the same can be typed.
 */
export function DragEnd({ layout, arrow, passage, onChoose }: Props) {
  const [y, setY] = useState<number | null>(null);
  const { fromX, fromY, toX, toY } = arrow;
  const takesUs = (at: number): number => Math.max(0, Math.round(layout.timeAt(at) - passage.departUs));
  const placeOf = (event: PointerEvent<SVGCircleElement>): number => {
    const top = event.currentTarget.ownerSVGElement?.getBoundingClientRect().top ?? 0;
    return Math.min(layout.height - 4, Math.max(fromY, event.clientY - top));
  };
  const at = y ?? toY;
  return (
    <g>
      {y !== null && (
        <>
          <path className="drag-line" d={`M${fromX} ${fromY}L${toX} ${y}`} />
          <text className="drag-words" x={toX} y={y + 18} textAnchor="middle">
            takes {formatDuration(takesUs(y))}
          </text>
        </>
      )}
      <circle
        className="drag-end"
        cx={toX}
        cy={at}
        r={7}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          event.preventDefault();
          setY(placeOf(event));
        }}
        onPointerMove={(event) => {
          if (y !== null) setY(placeOf(event));
        }}
        onPointerUp={(event) => {
          if (y === null) return;
          const dropped = placeOf(event);
          setY(null);
          // A press that did not move changes nothing.
          if (Math.abs(dropped - toY) >= 3) onChoose(takesUs(dropped));
        }}
        onPointerCancel={() => setY(null)}
      >
        <title>drag to another moment</title>
      </circle>
    </g>
  );
}
