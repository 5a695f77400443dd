import type { OpenedInfo } from '../../worker/protocol.ts';
import { STATE_CODE } from '../store/stage-store.ts';
import { type CrowdBlock, crowdBlocks, hidesEmptySeats, PackedSeats, roomFor } from './blocks.ts';
import { type Cells, visible } from './field.ts';
import { type BlockPlace, type CrowdLayout, layoutCrowd } from './layout.ts';

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
export const NAME_CELL = 76;
/** Cells smaller than this cannot be hit one by one. */
const HIT_CELL = 5;
/** Names asked for at once. */
const MOST_NAMES = 600;

/** Where everyone is on the screen: the layout of the open scenario, and the way from points to seats and back. */
export class CrowdGeometry {
  readonly #size: 'large' | 'thumbnail';
  /** Device pixels to a CSS pixel. */
  ratio = 1;
  width = 1;
  height = 1;
  #blocks: readonly CrowdBlock[] = [];
  #packs: readonly (PackedSeats | null)[] = [];
  #rooms: number[] = [];
  #layout: CrowdLayout = { width: 0, height: 0, places: [] };

  constructor(size: 'large' | 'thumbnail') {
    this.#size = size;
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
  resize(width: number, height: number, ratio: number): void {
    this.width = width;
    this.height = height;
    this.ratio = ratio;
    this.#place();
  }

  open(info: OpenedInfo | null): void {
    this.#blocks = info === null ? [] : crowdBlocks(info);
    const packs = info !== null && hidesEmptySeats(info);
    this.#packs = this.#blocks.map((block) => (packs || block.station === null ? new PackedSeats() : null));
    this.#rooms = this.#packs.map(() => 0);
    this.#place();
  }

  /** Device pixels that one seat of the servers' blocks measures. */
  cellOnScreen(view: Viewpoint): number {
    return (this.#layout.places[0]?.cell ?? 1) * view.k * this.ratio;
  }

  /** CSS pixels of a seat's side at zoom 1. */
  get cell(): number {
    return this.#layout.places[0]?.cell ?? 1;
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
      const cells = this.cellsOf(b, view);
      if (cells === null || cells.cell / this.ratio < NAME_CELL) continue;
      this.eachVisible(cells, (seat) => {
        if (states[seat] !== STATE_CODE.empty && seats.length < MOST_NAMES) seats.push(seat);
      });
    }
    return seats;
  }

  /** Visits the seats of a block that are in sight. */
  eachVisible(cells: Cells, visit: (seat: number, column: number, row: number) => void): void {
    const [firstColumn, endColumn] = visible(cells.x, cells.cell, cells.columns, this.width * this.ratio);
    const [firstRow, endRow] = visible(
      cells.y,
      cells.cell,
      Math.ceil(cells.count / cells.columns),
      this.height * this.ratio,
    );
    for (let row = firstRow; row < endRow; row++) {
      for (let column = firstColumn; column < endColumn; column++) {
        const i = row * cells.columns + column;
        if (i >= cells.count) return;
        visit(cells.packed === null ? cells.firstSeat + i : cells.packed[i]!, column, row);
      }
    }
  }

  /** The cells of block b in device pixels, or null when it is out of sight. */
  cellsOf(b: number, view: Viewpoint): Cells | null {
    const block = this.#blocks[b]!;
    const place = this.#layout.places[b];
    if (place === undefined) return null;
    const x = place.x * view.k + view.x;
    const y = place.y * view.k + view.y;
    if (x > this.width || y > this.height || x + place.width * view.k < 0 || y + place.height * view.k < 0)
      return null;
    const pack = this.#packs[b];
    return {
      x: x * this.ratio,
      y: y * this.ratio,
      cell: place.cell * view.k * this.ratio,
      columns: place.columns,
      count: pack == null ? block.to - block.from : pack.length,
      firstSeat: block.from,
      packed: pack == null ? null : pack.seats,
    };
  }

  /** Follows who sits where; may lay the blocks out anew. */
  pack(states: Uint8Array): void {
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

  #seatAt(b: number, cell: number): number {
    const block = this.#blocks[b]!;
    const pack = this.#packs[b];
    if (pack != null) return cell < pack.length ? pack.seats[cell]! : -1;
    return block.from + cell < block.to ? block.from + cell : -1;
  }

  #place(): void {
    const servers: { slots: number }[] = [];
    let strip: { slots: number } | null = null;
    for (const [b, block] of this.#blocks.entries()) {
      const slots = this.#packs[b] == null ? block.to - block.from : Math.max(1, this.#rooms[b]!);
      if (block.station === null) strip = { slots };
      else servers.push({ slots });
    }
    this.#layout = layoutCrowd(servers, strip, this.width, this.height, this.#size);
  }
}
