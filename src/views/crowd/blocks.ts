import { firstWhere } from '../../base/first-where.ts';
import type { OpenedInfo, StationFrame, StationInfo } from '../../worker/protocol.ts';
import { STATE_CODE, seatBlocks } from '../store/stage-store.ts';

/** A range of seats: a server's, or the one of those who have no seat (station is null). */
export interface CrowdBlock {
  readonly station: StationInfo | null;
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

/** Who has lost its server and waits where it sat is `cut off`; who is here has left its seat. */
const UNSEATED = 'at no server';

/** The blocks of the open scenario in the order of their seats. */
export function crowdBlocks(info: OpenedInfo): readonly CrowdBlock[] {
  const servers = info.stations.filter((station) => station.kind === 'ws-server');
  const starts = seatBlocks(info.crowd);
  const blocks: CrowdBlock[] = [];
  for (let b = 0; b + 1 < starts.length; b++) {
    const station = servers[b] ?? null;
    blocks.push({ station, name: station?.name ?? UNSEATED, from: starts[b]!, to: starts[b + 1]! });
  }
  return blocks;
}

/**
 * The occupied seats of a block, moved up to leave no holes: for the strip of the unseated, and for servers that have far more
 * seats than the scenario has users. Cell i shows seat `seats[i]`.
 */
export class PackedSeats {
  seats = new Uint32Array(64);
  length = 0;

  pack(states: Uint8Array, from: number, to: number): void {
    this.length = 0;
    let i = from;
    if (states.byteOffset % 4 === 0) {
      const words = new Uint32Array(states.buffer, states.byteOffset, states.length >>> 2);
      for (; i < to && (i & 3) !== 0; i++) this.#add(states, i);
      for (const last = to - 3; i < last; i += 4) {
        if (words[i >>> 2] === 0) continue;
        for (let k = i; k < i + 4; k++) this.#add(states, k);
      }
    }
    for (; i < to; i++) this.#add(states, i);
  }

  /** The cell that shows a seat, or -1. */
  cellOf(seat: number): number {
    const at = firstWhere(this.length, (cell) => this.seats[cell]! >= seat);
    return at < this.length && this.seats[at] === seat ? at : -1;
  }

  #add(states: Uint8Array, seat: number): void {
    if (states[seat] === STATE_CODE.empty) return;
    if (this.length === this.seats.length) {
      const wider = new Uint32Array(2 * this.length);
      wider.set(this.seats);
      this.seats = wider;
    }
    this.seats[this.length++] = seat;
  }
}

/** The next power of two: layouts follow a count in steps, so that blocks do not breathe with every arrival. */
export function roomFor(count: number): number {
  let room = 16;
  while (room < count) room *= 2;
  return room;
}

/** Whether empty seats would outnumber the users so far that drawing them hides the users. */
export const hidesEmptySeats = (info: OpenedInfo): boolean => info.crowd.seats > 4 * info.users + 400;

/** What the newest frame says of a block's server. */
export function frameOf(stations: readonly StationFrame[], block: CrowdBlock): StationFrame | null {
  const { station } = block;
  return station === null ? null : (stations.find((frame) => frame.node === station.node) ?? null);
}
