import { describe, expect, it } from 'vitest';
import { cssProperties, DARK, LIGHT, mix, type Palette, pixelOf } from '../../../src/views/palette.ts';
import { SEAT_STATES } from '../../../src/worker/protocol.ts';

type Rgb = readonly [number, number, number];

function linear(hex: string): Rgb {
  const rgb = Number.parseInt(hex.slice(1), 16);
  const channel = (value: number): number => {
    const s = value / 255;
    return s <= 0.04045 ? s / 12.92 : ((s + 0.055) / 1.055) ** 2.4;
  };
  return [channel(rgb >>> 16), channel((rgb >>> 8) & 255), channel(rgb & 255)];
}

const luminance = ([r, g, b]: Rgb): number => 0.2126 * r + 0.7152 * g + 0.0722 * b;

/** WCAG 2.2 contrast ratio. */
function contrast(a: string, b: string): number {
  const [x, y] = [luminance(linear(a)), luminance(linear(b))];
  return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
}

/** Machado, Oliveira and Fernandes (2009), severity 1, on linear RGB. */
const DEFICIENCIES: Readonly<Record<string, readonly (readonly number[])[]>> = {
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
  none: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
};

function seenAs(hex: string, deficiency: string): Rgb {
  const rgb = linear(hex);
  const rows = DEFICIENCIES[deficiency]!.map((row) =>
    Math.min(
      1,
      Math.max(
        0,
        row.reduce((sum, weight, i) => sum + weight * rgb[i]!, 0),
      ),
    ),
  );
  return [rows[0]!, rows[1]!, rows[2]!];
}

/** Distance in OKLab (Ottosson 2020). */
function distance(a: Rgb, b: Rgb): number {
  const lab = ([r, g, bl]: Rgb): Rgb => {
    const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * bl);
    const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * bl);
    const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * bl);
    return [
      0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
      1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
      0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
    ];
  };
  const [x, y] = [lab(a), lab(b)];
  return Math.hypot(x[0] - y[0], x[1] - y[1], x[2] - y[2]);
}

const themes: readonly Palette[] = [LIGHT, DARK];

describe.each(themes)('the $name palette', (palette) => {
  const grounds = [palette.ground, palette.panel];

  it('has text of at least 4.5:1 on every ground that text stands on', () => {
    for (const ground of [...grounds, palette.raised]) {
      for (const text of [
        palette.text,
        palette.textQuiet,
        palette.accent,
        palette.good,
        palette.bad,
        palette.unknown,
      ]) {
        expect(contrast(text, ground), `${text} on ${ground}`).toBeGreaterThanOrEqual(4.5);
      }
    }
    expect(contrast(palette.onAccent, palette.accent)).toBeGreaterThanOrEqual(4.5);
  });

  it('has marks of at least 3:1 on the ground, but for seats that nobody sits in', () => {
    for (const state of SEAT_STATES) {
      // Empty and dead seats are the ground that the others stand out from: they are told by their lack of light, a hatch and a word.
      if (state === 'empty' || state === 'server-down') continue;

      expect(contrast(palette.seats[state], palette.ground), state).toBeGreaterThanOrEqual(3);
    }
    for (const [kind, colour] of Object.entries(palette.stations)) {
      for (const ground of grounds)
        expect(contrast(colour, ground), `${kind} on ${ground}`).toBeGreaterThanOrEqual(3);
    }
    for (const colour of [palette.first, palette.second])
      expect(contrast(colour, palette.ground)).toBeGreaterThanOrEqual(3);
  });

  it.each(Object.keys(DEFICIENCIES))('keeps every two seat states apart with %s', (deficiency) => {
    const near: string[] = [];
    for (const a of SEAT_STATES) {
      for (const b of SEAT_STATES) {
        if (a >= b) continue;
        const between = distance(seenAs(palette.seats[a], deficiency), seenAs(palette.seats[b], deficiency));
        if (between < 0.07) near.push(`${a} and ${b}: ${between.toFixed(3)}`);
      }
    }
    expect(near).toEqual([]);
  });

  it('gives every colour a CSS property', () => {
    const properties = cssProperties(palette);
    for (const state of SEAT_STATES) expect(properties[`--seat-${state}`]).toMatch(/^#[0-9a-f]{6}$/);
    expect(properties['--text-quiet']).toBe(palette.textQuiet);
  });
});

it('a pixel has red in its lowest byte, as ImageData wants it', () => {
  expect(pixelOf('#102030')).toBe(0xff302010);
});

it('a mixture of two colours lies between them', () => {
  expect(mix('#000000', '#ffffff', 0.5)).toBe('#808080');
  expect(mix('#123456', '#ffffff', 0)).toBe('#123456');
});
