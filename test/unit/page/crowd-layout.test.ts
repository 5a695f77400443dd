import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PackedSeats, roomFor } from '../../../src/views/crowd/blocks.ts';
import { fitCells, layoutCrowd } from '../../../src/views/crowd/layout.ts';

const sides = { width: fc.integer({ min: 120, max: 2_000 }), height: fc.integer({ min: 120, max: 1_200 }) };

describe('the cells of a block', () => {
  it('all fit into the room given, and would not if they were a tenth larger', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 300_000 }),
        fc.integer({ min: 20, max: 900 }),
        fc.integer({ min: 20, max: 900 }),
        (slots, width, height) => {
          const { cell, columns, rows } = fitCells(slots, width, height);
          expect(columns * rows).toBeGreaterThanOrEqual(slots);
          expect(columns * cell).toBeLessThanOrEqual(width + 1e-6);
          expect(rows * cell).toBeLessThanOrEqual(height + 1e-6);
          if (cell >= 112) return;
          const larger = 1.1 * cell;
          const sideways = Math.floor(width / larger);
          const room = sideways * Math.floor(height / larger);
          // A long row of few cells leaves a remainder that no size could use.
          if (slots > 50) expect(room).toBeLessThan(1.25 * slots);
        },
      ),
    );
  });
});

describe('the layout of the crowd', () => {
  it('keeps all blocks inside the picture and apart from each other', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 20_000 }),
        fc.option(fc.integer({ min: 1, max: 50_000 }), { nil: null }),
        fc.record(sides),
        fc.constantFrom('large' as const, 'thumbnail' as const),
        (servers, slots, strip, { width, height }, size) => {
          const { places } = layoutCrowd(
            Array.from({ length: servers }, () => ({ slots })),
            strip === null ? null : { slots: strip },
            width,
            height,
            size,
          );
          expect(places).toHaveLength(servers + (strip === null ? 0 : 1));
          for (const place of places) {
            if (place.cell === 0) continue;
            expect(place.columns * place.rows).toBeGreaterThanOrEqual(
              place === places[servers] ? strip! : slots,
            );
            expect(place.x).toBeGreaterThanOrEqual(0);
            expect(place.y).toBeGreaterThanOrEqual(0);
            expect(place.x + place.width).toBeLessThanOrEqual(width + 1e-6);
            expect(place.y + place.height).toBeLessThanOrEqual(height + 1e-6);
          }
          for (const [i, a] of places.entries()) {
            for (const b of places.slice(i + 1)) {
              if (a.cell === 0 || b.cell === 0) continue;
              const apart =
                a.x + a.width <= b.x + 1e-6 ||
                b.x + b.width <= a.x + 1e-6 ||
                a.y + a.height <= b.y + 1e-6 ||
                b.y + b.height <= a.y + 1e-6;
              if (!apart) expect([a, b]).toBe('apart');
            }
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it('gives ten servers of a million users blocks that are neither ribbons nor columns', () => {
    const { places } = layoutCrowd(
      Array.from({ length: 10 }, () => ({ slots: 120_000 })),
      { slots: 16 },
      864,
      556,
      'large',
    );
    for (const { width, height } of places.slice(0, 10)) {
      expect(width / height).toBeGreaterThan(0.6);
      expect(width / height).toBeLessThan(1.8);
    }
  });
});

describe('packed seats', () => {
  it('are the occupied ones in their order, and each is found again', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 300, max: 7 }),
        fc.nat({ max: 20 }),
        fc.nat({ max: 20 }),
        (states, skip, drop) => {
          const from = Math.min(skip, states.length);
          const to = Math.max(from, states.length - drop);
          const packed = new PackedSeats();
          packed.pack(states, from, to);
          const expected = [...states.keys()].filter(
            (seat) => seat >= from && seat < to && states[seat] !== 0,
          );
          expect([...packed.seats.subarray(0, packed.length)]).toEqual(expected);
          for (const [cell, seat] of expected.entries()) expect(packed.cellOf(seat)).toBe(cell);
          expect(packed.cellOf(states.length + 5)).toBe(-1);
        },
      ),
    );
  });

  it('have room in powers of two', () => {
    expect([0, 16, 17, 98_214].map(roomFor)).toEqual([16, 16, 32, 131_072]);
  });
});
