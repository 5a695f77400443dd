import type { OpenedInfo, Selection } from '../../worker/protocol.ts';
import { SEAT_STATES } from '../../worker/protocol.ts';
import { userName } from '../names.ts';
import type { Palette } from '../palette.ts';
import { GLOW_MAX } from '../store/glow.ts';
import type { StageStore } from '../store/stage-store.ts';
import { frameOf } from './blocks.ts';
import { CrowdGeometry, type Hit, NAME_CELL, type Viewpoint } from './crowd-geometry.ts';
import { type Cells, paintCells, SHAPE_CELL } from './field.ts';
import { type SeatColours, seatColours } from './seat-colours.ts';
import { SeatSprites } from './seat-sprites.ts';
import { drawStatus } from './status-word.ts';

/** More pixels than this are drawn at a lower resolution: what counts is the frame rate. */
const MOST_PIXELS = 2_600_000;
/** However large the seat, its shape is not larger than this, in CSS pixels. */
const LARGEST_SHAPE = 44;

/** Draws the crowd on one canvas. */
export class CrowdPainter {
  readonly #canvas: HTMLCanvasElement;
  readonly #context: CanvasRenderingContext2D;
  readonly #size: 'large' | 'thumbnail';
  readonly geometry: CrowdGeometry;
  readonly #sprites = new SeatSprites();
  #image: ImageData | null = null;
  #pixels = new Uint32Array(0);
  #info: OpenedInfo | null = null;
  #colours: SeatColours | null = null;
  #palette: Palette | null = null;
  #font = '12px sans-serif';

  constructor(canvas: HTMLCanvasElement, size: 'large' | 'thumbnail') {
    this.#canvas = canvas;
    this.#size = size;
    this.geometry = new CrowdGeometry(size);
    const context = canvas.getContext('2d', { alpha: false });
    if (context === null) throw new Error('this browser gives no 2D canvas');
    this.#context = context;
  }

  /** Size in CSS pixels. */
  resize(width: number, height: number, devicePixelRatio: number): void {
    const [w, h] = [Math.max(1, width), Math.max(1, height)];
    const ratio = Math.min(devicePixelRatio, Math.max(0.5, Math.sqrt(MOST_PIXELS / (w * h))));
    this.#canvas.width = Math.max(1, Math.round(w * ratio));
    this.#canvas.height = Math.max(1, Math.round(h * ratio));
    this.#image = this.#context.createImageData(this.#canvas.width, this.#canvas.height);
    this.#pixels = new Uint32Array(this.#image.data.buffer);
    this.#font = getComputedStyle(this.#canvas).fontFamily;
    this.geometry.resize(w, h, ratio);
  }

  open(info: OpenedInfo | null): void {
    this.#info = info;
    this.geometry.open(info);
  }

  draw(
    store: StageStore,
    view: Viewpoint,
    palette: Palette,
    selection: Selection | null,
    selectedSeat: number | null,
    hover: Hit | null,
    cursor: number | null,
  ): void {
    const image = this.#image;
    if (image === null) return;
    if (palette !== this.#palette || this.#colours === null) {
      this.#palette = palette;
      this.#colours = seatColours(palette);
      this.#sprites.use(palette);
    }
    this.geometry.pack(store.seats);
    const field = { pixels: this.#pixels, width: image.width, height: image.height };
    this.#pixels.fill(this.#colours.ground);
    const cells = this.geometry.blocks.map((_, b) => this.geometry.cellsOf(b, view));
    const states = store.seats;
    const glow = store.glow.levels;
    for (const one of cells) if (one !== null) paintCells(field, one, states, glow, this.#colours);
    const context = this.#context;
    context.putImageData(image, 0, 0);
    for (const one of cells) if (one !== null && one.cell >= SHAPE_CELL) this.#drawShapes(one, states, glow);
    context.setTransform(this.geometry.ratio, 0, 0, this.geometry.ratio, 0, 0);
    this.#drawBlocks(store, view, palette, selection, hover);
    if (cursor !== null) this.#drawRing(cursor, view, palette.text, 2);
    if (selectedSeat !== null) this.#drawSelected(selectedSeat, view, palette, selection);
    context.setTransform(1, 0, 0, 1, 0, 0);
  }

  #drawShapes(cells: Cells, states: Uint8Array, glow: Uint8Array): void {
    const context = this.#context;
    const cell = cells.cell / this.geometry.ratio;
    const side = Math.round(2 * shapeRadius(cell) * this.geometry.ratio);
    const lift = namedOffset(cell) * this.geometry.ratio;
    this.geometry.eachVisible(cells, (seat, column, row) => {
      const state = SEAT_STATES[states[seat]!] ?? 'empty';
      const sprite = this.#sprites.of(state, (glow[seat] ?? 0) / GLOW_MAX, side);
      context.drawImage(
        sprite,
        Math.round(cells.x + (column + 0.5) * cells.cell - sprite.width / 2),
        Math.round(cells.y + (row + 0.5) * cells.cell - lift - sprite.height / 2),
      );
    });
  }

  #drawBlocks(
    store: StageStore,
    view: Viewpoint,
    palette: Palette,
    selection: Selection | null,
    hover: Hit | null,
  ): void {
    const context = this.#context;
    for (const [b, block] of this.geometry.blocks.entries()) {
      const place = this.geometry.places[b];
      if (place === undefined) continue;
      const box = {
        x: Math.round(place.x * view.k + view.x) - 2.5,
        y: Math.round(place.y * view.k + view.y) - 2.5,
        width: Math.round(place.width * view.k) + 5,
        height: Math.round(place.height * view.k) + 5,
      };
      if (
        box.x > this.geometry.width ||
        box.y > this.geometry.height ||
        box.x + box.width < 0 ||
        box.y + box.height < 0
      )
        continue;
      const frame = frameOf(store.stations, block);
      if (this.#size === 'large') drawStatus(context, box, frame, palette, this.#font);
      const selected =
        selection?.kind === 'station' && block.station !== null && block.station.node === selection.node;
      const hovered = hover?.block === b;
      context.strokeStyle = selected ? palette.accent : hovered ? palette.textQuiet : palette.line;
      context.lineWidth = selected ? 2 : 1;
      context.strokeRect(box.x, box.y, box.width, box.height);
      this.#drawNames(store, view, palette, b);
    }
  }

  #drawNames(store: StageStore, view: Viewpoint, palette: Palette, b: number): void {
    const info = this.#info;
    const cells = this.geometry.cellsOf(b, view);
    if (info === null || cells === null) return;
    const side = cells.cell / this.geometry.ratio;
    if (side < NAME_CELL) return;
    const context = this.#context;
    context.font = `12px ${this.#font}`;
    context.textAlign = 'center';
    context.textBaseline = 'alphabetic';
    context.fillStyle = palette.text;
    this.geometry.eachVisible(cells, (seat, column, row) => {
      const user = store.occupants.get(seat) ?? -1;
      if (user < 0) return;
      context.fillText(
        fitting(context, userName(info, user), side - 4),
        cells.x / this.geometry.ratio + (column + 0.5) * side,
        cells.y / this.geometry.ratio + (row + 0.5) * side - namedOffset(side) + ringRadius(side) + 13,
      );
    });
  }

  #drawRing(seat: number, view: Viewpoint, colour: string, lineWidth: number): void {
    const at = this.geometry.seatOnScreen(seat, view);
    if (at === null) return;
    const context = this.#context;
    context.beginPath();
    context.arc(at.x, at.y - namedOffset(at.cell), ringRadius(at.cell), 0, 2 * Math.PI);
    context.strokeStyle = colour;
    context.lineWidth = lineWidth;
    context.stroke();
  }

  #drawSelected(seat: number, view: Viewpoint, palette: Palette, selection: Selection | null): void {
    const info = this.#info;
    const at = this.geometry.seatOnScreen(seat, view);
    if (at === null || info === null) return;
    this.#drawRing(seat, view, palette.ground, 5);
    this.#drawRing(seat, view, palette.accent, 2.5);
    if (selection?.kind !== 'user' || at.cell >= NAME_CELL) return;
    const context = this.#context;
    const name = userName(info, selection.user);
    context.font = `600 12px ${this.#font}`;
    context.textBaseline = 'middle';
    context.textAlign = 'left';
    const width = context.measureText(name).width + 8;
    const radius = ringRadius(at.cell) + 4;
    const x = at.x + radius + width > this.geometry.width ? at.x - radius - width : at.x + radius;
    context.fillStyle = palette.ground;
    context.fillRect(x, at.y - 9, width, 18);
    context.fillStyle = palette.text;
    context.fillText(name, x + 4, at.y + 0.5);
  }
}

/** A seat with a name below it is smaller and moves up, in CSS pixels: its ring stays clear of the name above and of its own. */
const namedOffset = (cell: number): number => (cell < NAME_CELL ? 0 : 0.14 * cell);

const shapeRadius = (cell: number): number =>
  Math.min((cell < NAME_CELL ? 0.36 : 0.25) * cell, LARGEST_SHAPE / 2);

const ringRadius = (cell: number): number => Math.max(7, shapeRadius(cell) + 5);

/** The name, or as much of its end as there is room for: numbers differ at the end. */
function fitting(context: CanvasRenderingContext2D, name: string, room: number): string {
  let shown = name;
  for (let cut = 1; cut < name.length && context.measureText(shown).width > room; cut++)
    shown = `…${name.slice(cut)}`;
  return shown;
}
