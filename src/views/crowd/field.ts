import { COVERAGE_LEVELS, GLOW_BITS, type SeatColours } from './seat-colours.ts';

/**
 * Draws seats as pixels, straight into the memory of an image: a million of them within a frame, without a graphics card.
 *
 * Three ways by the size of a cell in device pixels. Below 1 a pixel is the mean colour of the seats that fall into it; from
 * 1 to DOT_CELL each seat fills its pixels; from DOT_CELL on each is a round dot.
 */

export interface Field {
  /** One element a pixel, as pixelOf makes them. */
  readonly pixels: Uint32Array;
  readonly width: number;
  readonly height: number;
}

/** A block's cells in device pixels. Cell i shows seat `packed[i]`, or `firstSeat + i` when nothing is packed. */
export interface Cells {
  readonly x: number;
  readonly y: number;
  readonly cell: number;
  readonly columns: number;
  readonly count: number;
  readonly firstSeat: number;
  readonly packed: Uint32Array | null;
}

const DOT_CELL = 3;
/** Above this a seat has a shape, drawn by sprites. */
export const SHAPE_CELL = 14;
/** A pixel is the mean of at most this many seats a side; of more, every second, third, ... column and row is taken. */
const SAMPLES_A_SIDE = 4;
const DOT_SHARE = 0.84;

export function paintCells(
  field: Field,
  cells: Cells,
  states: Uint8Array,
  glow: Uint8Array,
  colours: SeatColours,
): void {
  if (cells.count === 0 || cells.cell <= 0) return;
  if (cells.cell < 1) paintMeans(field, cells, states, glow, colours);
  else if (cells.cell < DOT_CELL) paintTiles(field, cells, states, glow, colours);
  else if (cells.cell < SHAPE_CELL) paintDots(field, cells, states, glow, colours);
}

/** Which columns (or rows) of cells fall into [0, extent) pixels: [first, end). */
export function visible(
  origin: number,
  cell: number,
  count: number,
  extent: number,
): readonly [number, number] {
  const first = Math.max(0, Math.floor(-origin / cell));
  const end = Math.min(count, Math.ceil((extent - origin) / cell));
  return [first, Math.max(first, end)];
}

let pixelOfColumn = new Int32Array(0);
let samplesOfX = new Uint16Array(0);
let samplesOfY = new Uint16Array(0);

function paintMeans(
  field: Field,
  cells: Cells,
  states: Uint8Array,
  glow: Uint8Array,
  colours: SeatColours,
): void {
  const { pixels, width, height } = field;
  const { x, y, cell, columns, count, firstSeat, packed } = cells;
  const rows = Math.ceil(count / columns);
  const stride = Math.max(1, Math.floor(1 / (cell * SAMPLES_A_SIDE)));
  if (pixelOfColumn.length < columns) pixelOfColumn = new Int32Array(columns);
  if (samplesOfX.length < width) samplesOfX = new Uint16Array(width);
  if (samplesOfY.length < height) samplesOfY = new Uint16Array(height);
  samplesOfX.fill(0, 0, width);
  samplesOfY.fill(0, 0, height);

  let firstColumn = columns;
  let endColumn = 0;
  let left = width;
  let right = 0;
  for (let c = 0; c < columns; c += stride) {
    const at = Math.floor(x + (c + 0.5) * cell);
    pixelOfColumn[c] = at;
    if (at < 0 || at >= width) continue;
    firstColumn = Math.min(firstColumn, c);
    endColumn = c + 1;
    left = Math.min(left, at);
    right = Math.max(right, at + 1);
    samplesOfX[at]!++;
  }
  let top = height;
  let bottom = 0;
  for (let r = 0; r < rows; r += stride) {
    const at = Math.floor(y + (r + 0.5) * cell);
    if (at < 0 || at >= height) continue;
    top = Math.min(top, at);
    bottom = Math.max(bottom, at + 1);
    samplesOfY[at]!++;
  }
  if (left >= right || top >= bottom) return;

  // Sums of colours are gathered in the image itself, three fields of 10 bits a pixel; with many seats in a pixel each is coarser.
  const most = maximum(samplesOfX, left, right) * maximum(samplesOfY, top, bottom);
  let shift = 0;
  while ((255 >>> shift) * most > 1023) shift++;
  const fields = shift === 0 ? colours.fields : coarser(colours.fields, shift);
  const groundFields = shift === 0 ? colours.groundFields : coarserField(colours.groundFields, shift);
  for (let py = top; py < bottom; py++) pixels.fill(0, py * width + left, py * width + right);

  for (let r = 0; r < rows; r += stride) {
    const at = Math.floor(y + (r + 0.5) * cell);
    if (at < top || at >= bottom) continue;
    const row = at * width;
    const firstCell = r * columns;
    const here = Math.min(endColumn, count - firstCell);
    let c = firstColumn;
    if (packed === null) {
      for (const base = firstSeat + firstCell; c < here; c += stride) {
        const seat = base + c;
        pixels[row + pixelOfColumn[c]!]! += fields[(states[seat]! << GLOW_BITS) | glow[seat]!]!;
      }
    } else {
      for (; c < here; c += stride) {
        const seat = packed[firstCell + c]!;
        pixels[row + pixelOfColumn[c]!]! += fields[(states[seat]! << GLOW_BITS) | glow[seat]!]!;
      }
    }
    for (; c < endColumn; c += stride) pixels[row + pixelOfColumn[c]!]! += groundFields;
  }

  const scale = 65_536 * (1 << shift);
  for (let py = top; py < bottom; py++) {
    const ofRow = samplesOfY[py]!;
    const row = py * width;
    for (let px = left; px < right; px++) {
      const samples = ofRow * samplesOfX[px]!;
      if (samples === 0) {
        pixels[row + px] = colours.ground;
        continue;
      }
      const sum = pixels[row + px]!;
      const share = (scale / samples) | 0;
      const red = ((sum & 1023) * share + 32_768) >>> 16;
      const green = (((sum >>> 10) & 1023) * share + 32_768) >>> 16;
      const blue = ((sum >>> 20) * share + 32_768) >>> 16;
      pixels[row + px] =
        (0xff00_0000 |
          ((blue > 255 ? 255 : blue) << 16) |
          ((green > 255 ? 255 : green) << 8) |
          (red > 255 ? 255 : red)) >>>
        0;
    }
  }
}

function maximum(of: Uint16Array, from: number, to: number): number {
  let most = 1;
  for (let i = from; i < to; i++) if (of[i]! > most) most = of[i]!;
  return most;
}

const coarserField = (fields: number, shift: number): number => {
  const channel = (at: number): number =>
    Math.min(255 >>> shift, Math.round(((fields >>> at) & 1023) / (1 << shift)));
  return (channel(0) | (channel(10) << 10) | (channel(20) << 20)) >>> 0;
};

const coarser = (fields: Uint32Array, shift: number): Uint32Array =>
  fields.map((value) => coarserField(value, shift));

function paintTiles(
  field: Field,
  cells: Cells,
  states: Uint8Array,
  glow: Uint8Array,
  colours: SeatColours,
): void {
  const { pixels, width, height } = field;
  const { x, y, cell, columns, count, firstSeat, packed } = cells;
  const rows = Math.ceil(count / columns);
  const left = Math.max(0, Math.round(x));
  const right = Math.min(width, Math.round(x + columns * cell));
  const top = Math.max(0, Math.round(y));
  const bottom = Math.min(height, Math.round(y + rows * cell));
  if (left >= right || top >= bottom) return;
  if (pixelOfColumn.length < right) pixelOfColumn = new Int32Array(right);
  const columnOfPixel = pixelOfColumn;
  for (let px = left; px < right; px++) {
    columnOfPixel[px] = Math.min(columns - 1, Math.max(0, Math.floor((px + 0.5 - x) / cell)));
  }
  const { full, ground } = colours;
  for (let py = top; py < bottom; py++) {
    const r = Math.min(rows - 1, Math.max(0, Math.floor((py + 0.5 - y) / cell)));
    const firstCell = r * columns;
    const row = py * width;
    for (let px = left; px < right; px++) {
      const i = firstCell + columnOfPixel[px]!;
      if (i >= count) pixels[row + px] = ground;
      else {
        const seat = packed === null ? firstSeat + i : packed[i]!;
        pixels[row + px] = full[(states[seat]! << GLOW_BITS) | glow[seat]!]!;
      }
    }
  }
}

const PHASES = 4;

interface Stamp {
  readonly diameter: number;
  readonly size: number;
  /** Coverage of the pixels of a dot whose corner lies at (phaseX, phaseY) quarters of a pixel. */
  readonly coverage: Uint8Array;
}

let stamp: Stamp = { diameter: 0, size: 0, coverage: new Uint8Array(0) };

function stampFor(diameter: number): Stamp {
  if (stamp.diameter === diameter) return stamp;
  const size = Math.ceil(diameter + 1);
  const coverage = new Uint8Array(PHASES * PHASES * size * size);
  const FINE = 8;
  const radius = diameter / 2;
  for (let phase = 0; phase < PHASES * PHASES; phase++) {
    const cx = (phase % PHASES) / PHASES + radius;
    const cy = Math.floor(phase / PHASES) / PHASES + radius;
    for (let py = 0; py < size; py++) {
      for (let px = 0; px < size; px++) {
        let inside = 0;
        for (let k = 0; k < FINE * FINE; k++) {
          const dx = px + ((k % FINE) + 0.5) / FINE - cx;
          const dy = py + (Math.floor(k / FINE) + 0.5) / FINE - cy;
          if (dx * dx + dy * dy <= radius * radius) inside++;
        }
        coverage[(phase * size + py) * size + px] = Math.round((inside * COVERAGE_LEVELS) / (FINE * FINE));
      }
    }
  }
  stamp = { diameter, size, coverage };
  return stamp;
}

function paintDots(
  field: Field,
  cells: Cells,
  states: Uint8Array,
  glow: Uint8Array,
  colours: SeatColours,
): void {
  const { pixels, width, height } = field;
  const { x, y, cell, columns, count, firstSeat, packed } = cells;
  const { size, coverage, diameter } = stampFor(Math.round(Math.min(cell - 1, cell * DOT_SHARE) * 8) / 8);
  const margin = (cell - diameter) / 2;
  const [firstColumn, endColumn] = visible(x, cell, columns, width);
  const [firstRow, endRow] = visible(y, cell, Math.ceil(count / columns), height);
  const { covered } = colours;
  for (let r = firstRow; r < endRow; r++) {
    const dotTop = y + r * cell + margin;
    const py0 = Math.floor(dotTop);
    const phaseY = Math.floor((dotTop - py0) * PHASES) * PHASES;
    const end = Math.min(endColumn, count - r * columns);
    for (let c = firstColumn; c < end; c++) {
      const i = r * columns + c;
      const seat = packed === null ? firstSeat + i : packed[i]!;
      const code = ((states[seat]! << GLOW_BITS) | glow[seat]!) * (COVERAGE_LEVELS + 1);
      const dotLeft = x + c * cell + margin;
      const px0 = Math.floor(dotLeft);
      let from = (phaseY + Math.floor((dotLeft - px0) * PHASES)) * size * size;
      for (let dy = 0; dy < size; dy++) {
        const py = py0 + dy;
        if (py < 0 || py >= height) {
          from += size;
          continue;
        }
        const row = py * width;
        for (let dx = 0; dx < size; dx++) {
          const level = coverage[from++]!;
          const px = px0 + dx;
          if (level !== 0 && px >= 0 && px < width) pixels[row + px] = covered[code + level]!;
        }
      }
    }
  }
}
