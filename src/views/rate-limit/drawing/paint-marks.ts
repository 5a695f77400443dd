import type { Palette } from '../../palette.ts';
import type { Scene } from './scene.ts';

/** A verdict as a shape: a filled disc is allowed, a cross refused, a ring with nothing in it not known yet. Colour says the same again. */
export type Verdict = 'allowed' | 'refused' | 'unknown';

export interface VerdictShape {
  readonly path: string;
  readonly fill: string;
  readonly stroke: string;
  readonly strokeWidth: number;
}

const disc = (r: number): string => `M${-r},0a${r},${r} 0 1,0 ${2 * r},0a${r},${r} 0 1,0 ${-2 * r},0Z`;

export function verdictShape(verdict: Verdict, r: number, palette: Palette): VerdictShape {
  switch (verdict) {
    case 'allowed':
      return { path: disc(r), fill: palette.good, stroke: palette.ground, strokeWidth: 1 };
    case 'refused':
      return {
        path: `M${-r},${-r}L${r},${r}M${r},${-r}L${-r},${r}`,
        fill: 'none',
        stroke: palette.bad,
        strokeWidth: Math.max(2, r / 2.2),
      };
    case 'unknown':
      return { path: disc(r - 1), fill: palette.ground, stroke: palette.unknown, strokeWidth: 1.5 };
  }
}

export const verdictOf = (place: number, allowed: boolean | undefined, shown: number): Verdict =>
  place >= shown || allowed === undefined ? 'unknown' : allowed ? 'allowed' : 'refused';

/** The size of each mark: smaller where its neighbour stands close. */
export function markRadii(
  { timeline, x }: Pick<Scene, 'timeline' | 'x'>,
  largest: number,
): (place: number) => number {
  const { timesUs } = timeline;
  return (place) => {
    const at = x(timesUs[place]!);
    const before = place > 0 ? at - x(timesUs[place - 1]!) : Number.POSITIVE_INFINITY;
    const after = place + 1 < timesUs.length ? x(timesUs[place + 1]!) - at : Number.POSITIVE_INFINITY;
    return Math.max(3.2, Math.min(largest, Math.min(before, after) * 0.45));
  };
}
