import type { SeatState } from '../../worker/protocol.ts';
import { SEAT_SHAPES } from './seat-shapes.ts';

/** A seat's shape and colour, for legends and lists. */
export function SeatMark({ state }: { readonly state: SeatState }) {
  const shape = SEAT_SHAPES[state];
  const colour = state === 'server-down' || state === 'empty' ? 'var(--text-quiet)' : `var(--seat-${state})`;
  return (
    <svg className="seat-mark" viewBox="-1.1 -1.1 2.2 2.2" aria-hidden="true">
      {shape.fill !== undefined && <path d={shape.fill} fill={colour} />}
      {shape.stroke !== undefined && (
        <path d={shape.stroke} fill="none" stroke={colour} strokeWidth={shape.strokeWidth ?? 0.2} />
      )}
    </svg>
  );
}
