import fc from 'fast-check';
import { expect, it } from 'vitest';
import { CrowdGeometry } from '../../../src/views/crowd/crowd-geometry.ts';
import type { OpenedInfo, StationInfo } from '../../../src/worker/protocol.ts';

const servers = (count: number): StationInfo[] =>
  Array.from({ length: count }, (_, node) => ({
    node,
    name: `ws-server-${node + 1}`,
    kind: 'ws-server',
    workers: 1,
    queueLimit: 10,
  }));

/** `each` seats a server, and as many for those without one. */
function geometryOf(count: number, each: number, users: number): { geometry: CrowdGeometry; seats: number } {
  const seats = count * each + users;
  const geometry = new CrowdGeometry('large');
  geometry.resize(900, 560, 1);
  geometry.open({
    stations: servers(count),
    users,
    crowd: { seatStart: Array.from({ length: count + 1 }, (_, s) => s * each), seats },
  } as unknown as OpenedInfo);
  return { geometry, seats };
}

it('the point of a seat leads back to the seat, at any zoom', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 8 }),
      fc.integer({ min: 1, max: 60 }),
      fc.nat(),
      fc.integer({ min: 1, max: 12 }),
      (count, each, pick, k) => {
        const { geometry, seats } = geometryOf(count, each, count * each);
        const states = new Uint8Array(seats).fill(1);
        geometry.pack(states);
        const seat = pick % seats;
        const view = { x: -30, y: 17, k };
        const at = geometry.seatOnScreen(seat, view);
        if (at === null || at.cell < 5) return;
        expect(geometry.hit(at.x, at.y, view)?.seat).toBe(seat);
      },
    ),
  );
});

it('draws only who is there when empty seats would hide everyone', () => {
  const { geometry, seats } = geometryOf(2, 5_000, 2);
  const states = new Uint8Array(seats);
  states[4_000] = 1;
  states[9_999] = 1;
  geometry.pack(states);
  expect(geometry.hidesEmpty).toBe(true);
  expect(geometry.seatInLayout(4_000)?.cell).toBeGreaterThan(20);
  expect(geometry.seatInLayout(17)).toBeNull();
  expect(geometry.firstOccupied(states, 1)).toBe(9_999);
});

it('the arrow keys stay within the block', () => {
  const { geometry, seats } = geometryOf(1, 100, 100);
  geometry.pack(new Uint8Array(seats).fill(1));
  const { columns } = geometry.places[0]!;
  expect(geometry.seatBeside(0, -1, 0)).toBeNull();
  expect(geometry.seatBeside(0, 1, 0)).toBe(1);
  expect(geometry.seatBeside(0, 0, 1)).toBe(columns);
  expect(geometry.seatBeside(columns - 1, 1, 0)).toBeNull();
  expect(geometry.seatBeside(0, 0, -1)).toBeNull();
});
