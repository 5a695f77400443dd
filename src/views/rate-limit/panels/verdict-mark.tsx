import type { Stage } from '../../stage.ts';
import { useStage } from '../../stage.ts';
import { usePicked } from '../../store/value.ts';
import { type Verdict, verdictShape } from '../drawing/paint-marks.ts';

/** A verdict's shape in a line of text, as it is in the picture. */
export function VerdictMark({ verdict }: { readonly verdict: Verdict }) {
  const stage: Stage = useStage();
  const palette = usePicked(stage.palette, (of) => of);
  const { path, fill, stroke, strokeWidth } = verdictShape(verdict, 5.5, palette);
  return (
    <svg className="verdict-mark" viewBox="-8 -8 16 16" width="16" height="16" aria-hidden="true">
      <path d={path} fill={fill} stroke={stroke} strokeWidth={strokeWidth} />
    </svg>
  );
}
