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
const GAP = 10;
const MARGIN = 12;
/** A person is never drawn larger than this at zoom 1. */
const LARGEST_CELL = 72;
const STRIP_SHARE = 0.16;

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
    if (cell > best.cell) best = { cell, columns, rows };
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
): CrowdLayout {
  const inner = { width: Math.max(1, width - 2 * MARGIN), height: Math.max(1, height - 2 * MARGIN) };
  const largest = servers.reduce((most, block) => Math.max(most, block.slots), 1);
  const stripRoom = strip === null ? 0 : Math.max(LABEL_HEIGHT + 16, Math.round(inner.height * STRIP_SHARE));
  const room = inner.height - (strip === null ? 0 : stripRoom + GAP);

  let best = {
    columns: 1,
    rows: Math.max(1, servers.length),
    grid: { cell: 0, columns: 1, rows: 1 } as Grid,
  };
  for (let columns = 1; columns <= servers.length; columns++) {
    const rows = Math.ceil(servers.length / columns);
    const w = (inner.width - GAP * (columns - 1)) / columns;
    const h = (room - GAP * (rows - 1)) / rows - LABEL_HEIGHT;
    if (w < 2 || h < 2) continue;
    const grid = fitCells(largest, w, h);
    if (grid.cell > best.grid.cell * 1.0001) best = { columns, rows, grid };
  }

  const places: BlockPlace[] = [];
  const { grid } = best;
  const pitchX = (inner.width + GAP) / best.columns;
  // Small crowds leave room: the rows stay together at the top instead of drifting apart.
  const pitchY = Math.min((room + GAP) / best.rows, LABEL_HEIGHT + grid.rows * grid.cell + 3 * GAP);
  servers.forEach((block, i) => {
    const rows = Math.max(1, Math.ceil(block.slots / grid.columns));
    places.push({
      x: MARGIN + (i % best.columns) * pitchX,
      y: MARGIN + Math.floor(i / best.columns) * pitchY + LABEL_HEIGHT,
      width: grid.columns * grid.cell,
      height: rows * grid.cell,
      columns: grid.columns,
      rows,
      cell: grid.cell,
      labelWidth: pitchX - GAP,
    });
  });

  if (strip !== null) {
    const top = MARGIN + inner.height - stripRoom + LABEL_HEIGHT;
    const fitted = fitCells(strip.slots, inner.width, stripRoom - LABEL_HEIGHT);
    // Nobody is larger for having no seat.
    const cell = grid.cell > 0 ? Math.min(fitted.cell, grid.cell) : fitted.cell;
    const columns = Math.max(1, Math.floor(inner.width / cell + 1e-6));
    places.push({
      x: MARGIN,
      y: top,
      width: inner.width,
      height: stripRoom - LABEL_HEIGHT,
      columns,
      rows: Math.max(1, Math.ceil(strip.slots / columns)),
      cell,
      labelWidth: inner.width,
    });
  }
  return { width, height, places };
}
