/**
 * Where everyone sits: a block of equal square cells for each server, and a strip below for those who have no seat.
 * All lengths are in CSS pixels at zoom 1.
 */

export interface BlockSpec {
  /** Cells that the block must have room for. */
  readonly slots: number;
}

export interface BlockPlace {
  /** The cells: below the label. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly columns: number;
  readonly rows: number;
  readonly cell: number;
  /** Room for the label from x to the right. */
  readonly labelWidth: number;
}

export interface CrowdLayout {
  readonly width: number;
  readonly height: number;
  /** In the order of the specs: servers, then the strip if there is one. */
  readonly places: readonly BlockPlace[];
}

export const LABEL_HEIGHT = 18;

/** Distances: a thumbnail has no labels, and no room to lose. */
interface Spacing {
  readonly label: number;
  readonly gap: number;
  readonly margin: number;
  readonly leastStrip: number;
}

const LARGE: Spacing = { label: LABEL_HEIGHT, gap: 10, margin: 12, leastStrip: 16 };
const THUMBNAIL: Spacing = { label: 0, gap: 2, margin: 2, leastStrip: 4 };
/** A person is never drawn larger than this at zoom 1. */
const LARGEST_CELL = 112;
/** Room that a label likes to have. */
const LABEL_WIDTH = 130;
const STRIP_SHARE = 0.11;
/** A grid of blocks may have cells this much smaller than the best one when its blocks have a better shape. */
const GOOD_ENOUGH = 0.94;
const BEST_SHAPE = 1.3;

interface Grid {
  readonly cell: number;
  readonly columns: number;
  readonly rows: number;
}

/** The largest square cells of which `slots` fit into width x height. */
export function fitCells(slots: number, width: number, height: number): Grid {
  const n = Math.max(1, slots);
  const w = Math.max(1, width);
  const h = Math.max(1, height);
  let best: Grid = { cell: 0, columns: 1, rows: n };
  const around = Math.floor(Math.sqrt((n * w) / h));
  for (let columns = Math.max(1, around - 2); columns <= Math.min(n, around + 3); columns++) {
    const rows = Math.ceil(n / columns);
    const cell = Math.min(w / columns, h / rows, LARGEST_CELL);
    if (cell >= best.cell) best = { cell, columns, rows };
  }
  return best;
}

/**
 * Lays out the servers' blocks in the grid that gives the largest cells, all of them the same, and the strip across the
 * bottom. `strip` is null when nobody can be without a seat.
 */
export function layoutCrowd(
  servers: readonly BlockSpec[],
  strip: BlockSpec | null,
  width: number,
  height: number,
  size: 'large' | 'thumbnail',
): CrowdLayout {
  const { label, gap, margin, leastStrip } = size === 'large' ? LARGE : THUMBNAIL;
  const inner = { width: Math.max(1, width - 2 * margin), height: Math.max(1, height - 2 * margin) };
  const largest = servers.reduce((most, block) => Math.max(most, block.slots), 1);
  const stripRoom = strip === null ? 0 : Math.max(label + leastStrip, Math.round(inner.height * STRIP_SHARE));
  const room = inner.height - (strip === null ? 0 : stripRoom + gap);

  const candidates: { columns: number; rows: number; grid: Grid; shape: number }[] = [];
  for (let columns = 1; columns <= servers.length; columns++) {
    const rows = Math.ceil(servers.length / columns);
    const w = (inner.width - gap * (columns - 1)) / columns;
    const h = (room - gap * (rows - 1)) / rows - label;
    if (w < 2 || h < 2) continue;
    const grid = fitCells(largest, w, h);
    const shape = grid.columns / grid.rows / BEST_SHAPE;
    candidates.push({ columns, rows, grid, shape: Math.max(shape, 1 / shape) });
  }
  const largestCell = candidates.reduce((most, { grid }) => Math.max(most, grid.cell), 0);
  const best = candidates
    .filter(({ grid }) => grid.cell >= GOOD_ENOUGH * largestCell)
    .reduce((a, b) => (b.shape <= a.shape ? b : a), {
      columns: 1,
      rows: Math.max(1, servers.length),
      grid: { cell: 0, columns: 1, rows: 1 },
      shape: Number.POSITIVE_INFINITY,
    });

  const places: BlockPlace[] = [];
  const { grid } = best;
  // Small crowds leave room: their blocks stay together, in the middle.
  const blockWidth = Math.max(
    grid.columns * grid.cell,
    Math.min(LABEL_WIDTH, inner.width / best.columns - gap),
  );
  const pitchX = Math.min((inner.width + gap) / best.columns, blockWidth + 4 * gap);
  const pitchY = Math.min((room + gap) / best.rows, label + grid.rows * grid.cell + 4 * gap);
  const startX = margin + Math.max(0, (inner.width + gap - best.columns * pitchX) / 2);
  const startY = margin + Math.max(0, (room + gap - best.rows * pitchY) / 2);
  servers.forEach((block, i) => {
    const rows = Math.max(1, Math.ceil(block.slots / grid.columns));
    places.push({
      x: startX + (i % best.columns) * pitchX,
      y: startY + Math.floor(i / best.columns) * pitchY + label,
      width: grid.columns * grid.cell,
      height: rows * grid.cell,
      columns: grid.columns,
      rows,
      cell: grid.cell,
      labelWidth: pitchX - gap,
    });
  });

  if (strip !== null) {
    const top = margin + inner.height - stripRoom + label;
    const fitted = fitCells(strip.slots, inner.width, stripRoom - label);
    // Nobody is larger for having no seat.
    const cell = grid.cell > 0 ? Math.min(fitted.cell, grid.cell) : fitted.cell;
    const columns = Math.max(1, Math.floor(inner.width / cell + 1e-6));
    places.push({
      x: margin,
      y: top,
      width: inner.width,
      height: stripRoom - label,
      columns,
      rows: Math.max(1, Math.ceil(strip.slots / columns)),
      cell,
      labelWidth: inner.width,
    });
  }
  return { width, height, places };
}
