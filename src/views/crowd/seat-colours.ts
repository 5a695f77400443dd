import { SEAT_STATES } from '../../worker/protocol.ts';
import { mix, type Palette, pixelOf } from '../palette.ts';
import { GLOW_MAX } from '../store/glow.ts';
import { STATE_CODE } from '../store/stage-store.ts';

export const GLOW_BITS = 4;
export const COVERAGE_LEVELS = 16;

/** The pixel of a seat by `(state << GLOW_BITS) | glow`. */
export interface SeatColours {
  readonly ground: number;
  /** For a seat that fills its pixels. */
  readonly full: Uint32Array;
  /** By `code * (COVERAGE_LEVELS + 1) + coverage`, for pixels at the edge of a dot. */
  readonly covered: Uint32Array;
  /** Red, green and blue of `full` in fields of 10 bits, for sums of up to four. */
  readonly fields: Uint32Array;
  readonly groundFields: number;
}

const fieldsOf = (pixel: number): number =>
  ((pixel & 255) | (((pixel >>> 8) & 255) << 10) | (((pixel >>> 16) & 255) << 20)) >>> 0;

export function seatColours(palette: Palette): SeatColours {
  const codes = SEAT_STATES.length << GLOW_BITS;
  const full = new Uint32Array(codes);
  const covered = new Uint32Array(codes * (COVERAGE_LEVELS + 1));
  const fields = new Uint32Array(codes);
  for (let code = 0; code < codes; code++) {
    const state = code >>> GLOW_BITS;
    const glow = (code & GLOW_MAX) / GLOW_MAX;
    const plain = palette.seats[SEAT_STATES[state]!];
    const hex = state === STATE_CODE.online ? mix(plain, palette.seats['just-received'], glow) : plain;
    full[code] = pixelOf(hex);
    fields[code] = fieldsOf(full[code]!);
    for (let level = 0; level <= COVERAGE_LEVELS; level++) {
      covered[code * (COVERAGE_LEVELS + 1) + level] = pixelOf(
        mix(palette.ground, hex, level / COVERAGE_LEVELS),
      );
    }
  }
  const ground = pixelOf(palette.ground);
  return { ground, full, covered, fields, groundFields: fieldsOf(ground) };
}
