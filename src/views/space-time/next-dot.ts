import type { SpaceTimeLayout } from './layout.ts';

/**
 * Where an arrow key goes from a dot: left and right along its member's row, up and down to the same message at the member above and
 * below (else to what was nearest in time there). The row's id, or null when there is nothing; undefined when the key is none of these.
 */
export function nextDot(
  layout: SpaceTimeLayout,
  from: number | null,
  key: string,
): number | null | undefined {
  const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[key];
  if (step === undefined) return undefined;
  const rowOf = (y: number): number =>
    layout.rows.reduce(
      (best, row, i) => (Math.abs(row.y - y) < Math.abs(layout.rows[best]!.y - y) ? i : best),
      0,
    );
  const dots = layout.dots.map((dot) => ({ ...dot, row: rowOf(dot.y) }));
  const now = dots.find((dot) => dot.rowId === from);
  if (now === undefined) return dots[0]?.rowId ?? null;
  const [along = 0, across = 0] = step;
  if (along !== 0) {
    const own = dots.filter((dot) => dot.row === now.row).sort((a, b) => a.x - b.x);
    return own[own.findIndex((dot) => dot.rowId === from) + along]?.rowId ?? null;
  }
  const there = dots.filter((dot) => dot.row === now.row + across);
  const same = there.find((dot) => dot.message === now.message);
  const nearest = there.reduce<(typeof there)[number] | undefined>(
    (best, dot) => (best === undefined || Math.abs(dot.x - now.x) < Math.abs(best.x - now.x) ? dot : best),
    undefined,
  );
  return (same ?? nearest)?.rowId ?? null;
}
