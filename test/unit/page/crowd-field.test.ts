import { describe, expect, it } from 'vitest';
import { type Cells, paintCells } from '../../../src/views/crowd/field.ts';
import { GLOW_BITS, seatColours } from '../../../src/views/crowd/seat-colours.ts';
import { DARK, LIGHT } from '../../../src/views/palette.ts';
import { STATE_CODE } from '../../../src/views/store/stage-store.ts';

const WIDTH = 90;
const HEIGHT = 60;

function paint(
  cells: Omit<Cells, 'firstSeat' | 'packed'> & Partial<Cells>,
  states: Uint8Array,
  palette = DARK,
) {
  const colours = seatColours(palette);
  const pixels = new Uint32Array(WIDTH * HEIGHT).fill(colours.ground);
  const whole: Cells = { firstSeat: 0, packed: null, ...cells };
  paintCells({ pixels, width: WIDTH, height: HEIGHT }, whole, states, new Uint8Array(states.length), colours);
  return {
    pixels,
    colours,
    colourOf: (state: keyof typeof STATE_CODE) => colours.full[STATE_CODE[state] << GLOW_BITS]!,
  };
}

const channels = (pixel: number): number[] => [pixel & 255, (pixel >>> 8) & 255, (pixel >>> 16) & 255];

describe('a crowd with many seats to a pixel', () => {
  const cells = { x: 10, y: 5, cell: 0.25, columns: 200, count: 200 * 100 };

  it.each([DARK, LIGHT])('has the colour of its seats where all are alike ($name)', (palette) => {
    const states = new Uint8Array(cells.count).fill(STATE_CODE.online);
    const { pixels, colourOf } = paint(cells, states, palette);
    const wanted = channels(colourOf('online'));
    for (const [x, y] of [
      [10, 5],
      [35, 17],
      [59, 29],
    ] as const) {
      const got = channels(pixels[y * WIDTH + x]!);
      for (const k of [0, 1, 2]) expect(Math.abs(got[k]! - wanted[k]!)).toBeLessThanOrEqual(3);
    }
    expect(pixels[5 * WIDTH + 60]).toBe(seatColours(palette).ground);
    expect(pixels[30 * WIDTH + 20]).toBe(seatColours(palette).ground);
  });

  it('shows the share of those who stand out, not only that there are some', () => {
    const half = new Uint8Array(cells.count).fill(STATE_CODE.online);
    for (let i = 0; i < half.length; i += 2) half[i] = STATE_CODE['just-received'];
    const { pixels, colourOf } = paint(cells, half);
    const [lit, unlit] = [channels(colourOf('just-received')), channels(colourOf('online'))];
    const got = channels(pixels[17 * WIDTH + 35]!);
    for (const k of [0, 1, 2]) expect(Math.abs(got[k]! - (lit[k]! + unlit[k]!) / 2)).toBeLessThanOrEqual(4);
  });

  it('lets a single seat change a single pixel', () => {
    const none = new Uint8Array(cells.count).fill(STATE_CODE.online);
    const one = none.slice();
    one[50 * 200 + 100] = STATE_CODE['just-received'];
    const [before, after] = [paint(cells, none).pixels, paint(cells, one).pixels];
    const changed = [...after.keys()].filter((i) => after[i] !== before[i]);
    expect(changed).toEqual([(5 + 12) * WIDTH + 10 + 25]);
  });

  it('draws a block that is only partly in view without touching anything else', () => {
    const states = new Uint8Array(cells.count).fill(STATE_CODE.online);
    const { pixels, colours } = paint({ ...cells, x: -20, y: -10 }, states);
    expect(pixels[0]).not.toBe(colours.ground);
    expect(pixels[20 * WIDTH + 40]).toBe(colours.ground);
  });
});

describe('a crowd with a pixel or more to a seat', () => {
  it.each([1, 1.5, 2.25])('gives each seat of %d pixels its own', (cell) => {
    const cells = { x: 3, y: 4, cell, columns: 20, count: 20 * 15 };
    const states = new Uint8Array(cells.count).fill(STATE_CODE.online);
    states[7 * 20 + 9] = STATE_CODE['just-received'];
    const { pixels, colourOf } = paint(cells, states);
    const lit = [...pixels.keys()].filter((i) => pixels[i] === colourOf('just-received'));
    expect(lit.length).toBeGreaterThanOrEqual(Math.floor(cell) ** 2);
    expect(lit.length).toBeLessThanOrEqual(Math.ceil(cell) ** 2);
    const middle = Math.floor(4 + 7.5 * cell) * WIDTH + Math.floor(3 + 9.5 * cell);
    expect(lit).toContain(middle);
  });

  it.each([3, 4.4, 7, 13.5])('draws dots of %d pixels that do not touch', (cell) => {
    const cells = { x: 5, y: 5, cell, columns: 5, count: 15 };
    const { pixels, colours, colourOf } = paint(cells, new Uint8Array(15).fill(STATE_CODE.online));
    for (let i = 0; i < 15; i++) {
      const cx = Math.floor(5 + ((i % 5) + 0.5) * cell);
      const cy = Math.floor(5 + (Math.floor(i / 5) + 0.5) * cell);
      expect(pixels[cy * WIDTH + cx], `dot ${i}`).toBe(colourOf('online'));
    }
    const corner = Math.round(5 + cell) * WIDTH + Math.round(5 + cell);
    expect(pixels[corner]).not.toBe(colourOf('online'));
    expect([...pixels].filter((pixel) => pixel !== colours.ground).length).toBeLessThanOrEqual(
      15 * cell * cell,
    );
  });

  it('draws packed seats in the place of their cells', () => {
    const states = new Uint8Array(50);
    states[44] = STATE_CODE.refused;
    const { pixels, colourOf } = paint(
      { x: 0, y: 0, cell: 2, columns: 10, count: 1, packed: Uint32Array.of(44) },
      states,
    );
    expect(pixels[0]).toBe(colourOf('refused'));
    expect([...pixels].filter((pixel) => pixel === colourOf('refused'))).toHaveLength(4);
  });
});
