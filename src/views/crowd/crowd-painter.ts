import type { OpenedInfo, Selection, StationFrame } from '../../worker/protocol.ts';
import { SEAT_STATES } from '../../worker/protocol.ts';
import { userName } from '../names.ts';
import type { Palette } from '../palette.ts';
import { GLOW_MAX } from '../store/glow.ts';
import { STATE_CODE, type StageStore } from '../store/stage-store.ts';
import { type CrowdBlock, crowdBlocks, hidesEmptySeats, PackedSeats, roomFor } from './blocks.ts';
import { type Cells, paintCells, SHAPE_CELL, visible } from './field.ts';
import { type BlockPlace, type CrowdLayout, layoutCrowd } from './layout.ts';
import { type SeatColours, seatColours } from './seat-colours.ts';
import { SeatSprites } from './seat-sprites.ts';
import { drawStatus } from './status-word.ts';

/** Where the layout stands on the screen: screen = scale * layout + offset, in CSS pixels. */
export interface Viewpoint {
  readonly x: number;
  readonly y: number;
  readonly k: number;
}

export interface Hit {
  readonly block: number;
  /** -1 between the seats, or while a pixel holds more than one. */
  readonly seat: number;
}

/** A seat this large has room for a name, in CSS pixels. */
export const NAME_CELL = 40;
/** Cells smaller than this cannot be hit one by one. */
const HIT_CELL = 5;
/** More pixels than this are drawn at a lower resolution: what counts is the frame rate. */
const MOST_PIXELS = 2_600_000;
/** However large the seat, its shape is not larger than this, in CSS pixels. */
const LARGEST_SHAPE = 44;
/** Names asked for at once. */
const MOST_NAMES = 600;

/** Draws the crowd on one canvas. Knows the geometry, so it also says what lies under a point. */
export class CrowdPainter {
  readonly #canvas: HTMLCanvasElement;
  readonly #context: CanvasRenderingContext2D;
  readonly #size: 'large' | 'thumbnail';
  readonly #sprites = new SeatSprites();
  #image: ImageData | null = null;
  #pixels = new Uint32Array(0);
  #ratio = 1;
  #width = 0;
  #height = 0;
  #info: OpenedInfo | null = null;
  #blocks: readonly CrowdBlock[] = [];
  #packs: readonly (PackedSeats | null)[] = [];
  #rooms: number[] = [];
  #layout: CrowdLayout = { width: 0, height: 0, places: [] };
  #colours: SeatColours | null = null;
  #palette: Palette | null = null;
  #font = '12px sans-serif';

  constructor(canvas: HTMLCanvasElement, size: 'large' | 'thumbnail') {
    this.#canvas = canvas;
    this.#size = size;
    const context = canvas.getContext('2d', { alpha: false });
    if (context === null) throw new Error('this browser gives no 2D canvas');
    this.#context = context;
  }

  get blocks(): readonly CrowdBlock[] {
    return this.#blocks;
  }

  get places(): readonly BlockPlace[] {
    return this.#layout.places;
  }

  get hidesEmpty(): boolean {
    return this.#packs.some((pack, b) => pack !== null && this.#blocks[b]?.station != null);
  }

  /** Users without a seat. */
  get unseated(): number {
    const b = this.#blocks.findIndex((block) => block.station === null);
    return this.#packs[b]?.length ?? 0;
  }

  /** Size in CSS pixels. */
  resize(width: number, height: number, devicePixelRatio: number): void {
    this.#width = Math.max(1, width);
    this.#height = Math.max(1, height);
    const most = Math.sqrt(MOST_PIXELS / (this.#width * this.#height));
    this.#ratio = Math.min(devicePixelRatio, Math.max(0.5, most));
    this.#canvas.width = Math.max(1, Math.round(this.#width * this.#ratio));
    this.#canvas.height = Math.max(1, Math.round(this.#height * this.#ratio));
    this.#image = this.#context.createImageData(this.#canvas.width, this.#canvas.height);
    this.#pixels = new Uint32Array(this.#image.data.buffer);
    this.#font = getComputedStyle(this.#canvas).fontFamily;
    this.#place();
  }

  open(info: OpenedInfo | null): void {
    this.#info = info;
    this.#blocks = info === null ? [] : crowdBlocks(info);
    const packs = info !== null && hidesEmptySeats(info);
    this.#packs = this.#blocks.map((block) => (packs || block.station === null ? new PackedSeats() : null));
    this.#rooms = this.#packs.map(() => 0);
    this.#place();
  }

  /** Device pixels that one seat of the servers' blocks measures. */
  cellOnScreen(view: Viewpoint): number {
    return (this.#layout.places[0]?.cell ?? 1) * view.k * this.#ratio;
  }

  /** CSS pixels of a seat's side at zoom 1. */
  get cell(): number {
    return this.#layout.places[0]?.cell ?? 1;
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
    this.#pack(store.seats);
    const field = { pixels: this.#pixels, width: image.width, height: image.height };
    this.#pixels.fill(this.#colours.ground);
    const cells = this.#blocks.map((_, b) => this.#cellsOf(b, view));
    const states = store.seats;
    const glow = store.glow.levels;
    for (const one of cells) if (one !== null) paintCells(field, one, states, glow, this.#colours);
    const context = this.#context;
    context.putImageData(image, 0, 0);
    for (const one of cells) if (one !== null && one.cell >= SHAPE_CELL) this.#drawShapes(one, states, glow);
    context.setTransform(this.#ratio, 0, 0, this.#ratio, 0, 0);
    this.#drawBlocks(store, view, palette, selection, hover);
    if (cursor !== null) this.#drawRing(cursor, view, palette.text, 2);
    if (selectedSeat !== null) this.#drawSelected(selectedSeat, view, palette, selection);
    context.setTransform(1, 0, 0, 1, 0, 0);
  }

  /** What lies under a point of the screen, in CSS pixels. */
  hit(x: number, y: number, view: Viewpoint): Hit | null {
    for (const [b, place] of this.#layout.places.entries()) {
      const px = (x - view.x) / view.k - place.x;
      const py = (y - view.y) / view.k - place.y;
      if (px < 0 || py < 0 || px >= place.width || py >= place.height) continue;
      if (place.cell * view.k < HIT_CELL) return { block: b, seat: -1 };
      const column = Math.floor(px / place.cell);
      const i = Math.floor(py / place.cell) * place.columns + column;
      if (column >= place.columns) return { block: b, seat: -1 };
      return { block: b, seat: this.#seatAt(b, i) };
    }
    return null;
  }

  /** The centre of a seat on the screen, in CSS pixels, and its side; null when it is not drawn. */
  seatOnScreen(
    seat: number,
    view: Viewpoint,
  ): { readonly x: number; readonly y: number; readonly cell: number } | null {
    const at = this.seatInLayout(seat);
    if (at === null) return null;
    return { x: at.x * view.k + view.x, y: at.y * view.k + view.y, cell: at.cell * view.k };
  }

  seatInLayout(seat: number): { readonly x: number; readonly y: number; readonly cell: number } | null {
    const b = this.#blocks.findIndex((block) => seat >= block.from && seat < block.to);
    const block = this.#blocks[b];
    const place = this.#layout.places[b];
    if (block === undefined || place === undefined) return null;
    const pack = this.#packs[b];
    const i = pack == null ? seat - block.from : pack.cellOf(seat);
    if (i < 0) return null;
    return {
      x: place.x + ((i % place.columns) + 0.5) * place.cell,
      y: place.y + (Math.floor(i / place.columns) + 0.5) * place.cell,
      cell: place.cell,
    };
  }

  /** The seat that lies so many cells to the right and below another one, in the same block, or null. */
  seatBeside(seat: number, right: number, below: number): number | null {
    const b = this.#blocks.findIndex((block) => seat >= block.from && seat < block.to);
    const block = this.#blocks[b];
    const place = this.#layout.places[b];
    if (block === undefined || place === undefined) return null;
    const pack = this.#packs[b];
    const i = pack == null ? seat - block.from : pack.cellOf(seat);
    const column = (i % place.columns) + right;
    if (i < 0 || column < 0 || column >= place.columns) return null;
    const beside = this.#seatAt(b, i + right + below * place.columns);
    return beside < 0 ? null : beside;
  }

  /** The first seat that somebody sits in, of a block or of all. */
  firstOccupied(states: Uint8Array, block: number | null): number | null {
    for (const [b, one] of this.#blocks.entries()) {
      if (block !== null && b !== block) continue;
      for (let seat = one.from; seat < one.to; seat++) if (states[seat] !== STATE_CODE.empty) return seat;
    }
    return null;
  }

  /** Seats on the screen that are large enough for a name and have somebody in them. */
  seatsToName(states: Uint8Array, view: Viewpoint): number[] {
    const seats: number[] = [];
    for (const b of this.#blocks.keys()) {
      const cells = this.#cellsOf(b, view);
      if (cells === null || cells.cell / this.#ratio < NAME_CELL) continue;
      this.#eachVisible(cells, (seat) => {
        if (states[seat] !== STATE_CODE.empty && seats.length < MOST_NAMES) seats.push(seat);
      });
    }
    return seats;
  }

  #seatAt(b: number, cell: number): number {
    const block = this.#blocks[b]!;
    const pack = this.#packs[b];
    if (pack != null) return cell < pack.length ? pack.seats[cell]! : -1;
    return block.from + cell < block.to ? block.from + cell : -1;
  }

  #pack(states: Uint8Array): void {
    let grown = false;
    let serverRoom = 0;
    for (const [b, pack] of this.#packs.entries()) {
      const block = this.#blocks[b]!;
      if (pack === null) continue;
      pack.pack(states, block.from, block.to);
      if (block.station !== null) serverRoom = Math.max(serverRoom, pack.length);
    }
    for (const [b, pack] of this.#packs.entries()) {
      if (pack === null) continue;
      const need = this.#blocks[b]!.station === null ? pack.length : serverRoom;
      const now = this.#rooms[b]!;
      if (need > now || 4 * need < now) {
        const room = roomFor(need);
        if (room !== now) {
          this.#rooms[b] = room;
          grown = true;
        }
      }
    }
    if (grown) this.#place();
  }

  #place(): void {
    const servers: { slots: number }[] = [];
    let strip: { slots: number } | null = null;
    for (const [b, block] of this.#blocks.entries()) {
      const slots = this.#packs[b] == null ? block.to - block.from : Math.max(1, this.#rooms[b]!);
      if (block.station === null) strip = { slots };
      else servers.push({ slots });
    }
    this.#layout = layoutCrowd(servers, strip, this.#width, this.#height, this.#size);
  }

  #cellsOf(b: number, view: Viewpoint): Cells | null {
    const block = this.#blocks[b]!;
    const place = this.#layout.places[b];
    if (place === undefined) return null;
    const x = place.x * view.k + view.x;
    const y = place.y * view.k + view.y;
    if (x > this.#width || y > this.#height || x + place.width * view.k < 0 || y + place.height * view.k < 0)
      return null;
    const pack = this.#packs[b];
    return {
      x: x * this.#ratio,
      y: y * this.#ratio,
      cell: place.cell * view.k * this.#ratio,
      columns: place.columns,
      count: pack == null ? block.to - block.from : pack.length,
      firstSeat: block.from,
      packed: pack == null ? null : pack.seats,
    };
  }

  #eachVisible(cells: Cells, visit: (seat: number, column: number, row: number) => void): void {
    const [firstColumn, endColumn] = visible(cells.x, cells.cell, cells.columns, this.#canvas.width);
    const [firstRow, endRow] = visible(
      cells.y,
      cells.cell,
      Math.ceil(cells.count / cells.columns),
      this.#canvas.height,
    );
    for (let row = firstRow; row < endRow; row++) {
      for (let column = firstColumn; column < endColumn; column++) {
        const i = row * cells.columns + column;
        if (i >= cells.count) return;
        visit(cells.packed === null ? cells.firstSeat + i : cells.packed[i]!, column, row);
      }
    }
  }

  #drawShapes(cells: Cells, states: Uint8Array, glow: Uint8Array): void {
    const context = this.#context;
    const side = Math.round(Math.min(cells.cell * 0.72, LARGEST_SHAPE * this.#ratio));
    const named = cells.cell / this.#ratio >= NAME_CELL;
    this.#eachVisible(cells, (seat, column, row) => {
      const state = SEAT_STATES[states[seat]!] ?? 'empty';
      const sprite = this.#sprites.of(state, (glow[seat] ?? 0) / GLOW_MAX, side);
      const lift = named ? namedOffset(cells.cell / this.#ratio) * this.#ratio : 0;
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
    for (const [b, block] of this.#blocks.entries()) {
      const place = this.#layout.places[b];
      if (place === undefined) continue;
      const box = {
        x: Math.round(place.x * view.k + view.x) - 2.5,
        y: Math.round(place.y * view.k + view.y) - 2.5,
        width: Math.round(place.width * view.k) + 5,
        height: Math.round(place.height * view.k) + 5,
      };
      if (box.x > this.#width || box.y > this.#height || box.x + box.width < 0 || box.y + box.height < 0)
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
    const cells = this.#cellsOf(b, view);
    if (info === null || cells === null) return;
    const side = cells.cell / this.#ratio;
    if (side < NAME_CELL) return;
    const context = this.#context;
    context.font = `12px ${this.#font}`;
    context.textAlign = 'center';
    context.textBaseline = 'alphabetic';
    context.fillStyle = palette.text;
    this.#eachVisible(cells, (seat, column, row) => {
      const user = store.occupants.get(seat) ?? -1;
      if (user < 0) return;
      context.fillText(
        userName(info, user),
        cells.x / this.#ratio + (column + 0.5) * side,
        cells.y / this.#ratio +
          (row + 0.5) * side -
          namedOffset(side) +
          Math.min(side * 0.36, LARGEST_SHAPE / 2) +
          14,
        side - 2,
      );
    });
  }

  #drawRing(seat: number, view: Viewpoint, colour: string, lineWidth: number): void {
    const at = this.seatOnScreen(seat, view);
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
    const at = this.seatOnScreen(seat, view);
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
    const x = at.x + radius + width > this.#width ? at.x - radius - width : at.x + radius;
    context.fillStyle = palette.ground;
    context.fillRect(x, at.y - 9, width, 18);
    context.fillStyle = palette.text;
    context.fillText(name, x + 4, at.y + 0.5);
  }
}

/** A seat with a name below it moves up by this, in CSS pixels. */
const namedOffset = (cell: number): number => (cell < NAME_CELL ? 0 : 0.08 * cell);

const ringRadius = (cell: number): number => Math.max(7, Math.min(cell * 0.36, LARGEST_SHAPE / 2) + 5);

export function frameOf(stations: readonly StationFrame[], block: CrowdBlock): StationFrame | null {
  const { station } = block;
  return station === null ? null : (stations.find((frame) => frame.node === station.node) ?? null);
}
