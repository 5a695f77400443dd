import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Box } from '../../../src/views/fan-out/fan-boxes.ts';
import { layOut, roomIn, SMALLEST } from '../../../src/views/fan-out/fan-layout.ts';
import { pointOn } from '../../../src/views/fan-out/fan-links.ts';

const ids = (kind: string, n: number, most: number): string[] =>
  n <= most
    ? Array.from({ length: n }, (_, i) => `node:${kind}${i}`)
    : [...Array.from({ length: Math.max(1, most - 1) }, (_, i) => `node:${kind}${i}`), `rest:${kind}`];

const picture = fc
  .record({
    width: fc.integer({ min: 300, max: 1600 }),
    height: fc.integer({ min: 300, max: 1000 }),
    gateways: fc.integer({ min: 1, max: 40 }),
    servers: fc.integer({ min: 1, max: 300 }),
    shards: fc.integer({ min: 0, max: 16 }),
    hasLimiter: fc.boolean(),
    sequencers: fc.integer({ min: 0, max: 5 }),
  })
  .map(({ width, height, gateways, servers, shards, hasLimiter, sequencers }) => {
    const room = roomIn(width, height);
    return layOut({
      width,
      height,
      gateways: ids('gateway', gateways, room.gateways),
      servers: ids('server', servers, room.servers),
      shards: ids('shard', shards, room.shards),
      sequencers: ids('sequencer', sequencers, 2),
      limiter: hasLimiter ? 'node:limiter' : null,
      database: 'node:database',
      chatService: 'node:chat',
    });
  });

const overlap = (a: Box, b: Box): boolean =>
  a.x < b.x + b.width - 0.01 &&
  b.x < a.x + a.width - 0.01 &&
  a.y < b.y + b.height - 0.01 &&
  b.y < a.y + a.height - 0.01;
const contains = (outer: Box, inner: Box): boolean =>
  outer.x <= inner.x &&
  outer.y <= inner.y &&
  outer.x + outer.width >= inner.x + inner.width - 0.01 &&
  outer.y + outer.height >= inner.y + inner.height - 0.01;

describe('the layout of the fan-out picture', () => {
  it('lays no box on another, but those of a frame inside it', () => {
    fc.assert(
      fc.property(picture, ({ boxes }) => {
        for (const [i, a] of boxes.entries()) {
          for (const b of boxes.slice(i + 1)) {
            if (!overlap(a, b)) continue;
            expect(a.role === 'frame' && contains(a, b), `${a.id} and ${b.id}`).toBe(true);
          }
        }
      }),
    );
  });

  it('keeps every box and arrow within the picture, and every box large enough for a line of text', () => {
    fc.assert(
      fc.property(picture, ({ boxes, links, width, height }) => {
        for (const { id, x, y, width: w, height: h } of boxes) {
          expect(w, `${id} is wide enough`).toBeGreaterThan(44);
          expect(h, `${id} is high enough`).toBeGreaterThanOrEqual(17);
          expect([id, x >= 0, y >= 0, x + w <= width + 0.01, y + h <= height + 0.01]).toEqual([
            id,
            true,
            true,
            true,
            true,
          ]);
        }
        for (const { id, curve } of links) {
          for (const t of [0, 0.25, 0.5, 0.75, 1]) {
            const [x, y] = pointOn(curve, t);
            expect([id, x >= 0 && x <= width, y >= 0 && y <= height]).toEqual([id, true, true]);
          }
        }
      }),
    );
  });

  it('joins boxes that are there, from edge to edge, and no two arrows are the same', () => {
    fc.assert(
      fc.property(picture, ({ boxes, links }) => {
        const byId = new Map(boxes.map((box) => [box.id, box]));
        expect(new Set(links.map(({ id }) => id)).size).toBe(links.length);
        for (const { id, from, to, curve } of links) {
          for (const [end, x, y] of [
            [from, curve[0], curve[1]],
            [to, curve[6], curve[7]],
          ] as const) {
            const box = byId.get(end)!;
            const isOn =
              Math.min(Math.abs(x - box.x), Math.abs(x - box.x - box.width)) < 0.01 ||
              Math.min(Math.abs(y - box.y), Math.abs(y - box.y - box.height)) < 0.01;
            expect(isOn, `${id} at ${end}`).toBe(true);
          }
        }
      }),
    );
  });

  it('keeps its smallest size in a smaller place: there it is scrolled', () => {
    const { width, height } = layOut({
      width: 100,
      height: 100,
      gateways: ['node:0'],
      servers: ['node:1'],
      shards: ['node:2'],
      limiter: null,
      sequencers: [],
      database: 'node:4',
      chatService: 'node:3',
    });
    expect({ width, height }).toEqual(SMALLEST);
  });

  it('lets every server call every other one where there is no pub/sub, and no other way', () => {
    const of = (shards: readonly string[]) =>
      layOut({
        width: 900,
        height: 500,
        gateways: ['node:0'],
        servers: ['node:1', 'node:2', 'node:3'],
        shards,
        limiter: null,
        sequencers: [],
        database: 'node:5',
        chatService: 'node:4',
      }).links.filter(({ isBothWays }) => isBothWays);
    expect(of([]).map(({ id }) => id)).toEqual(['node:1>node:2', 'node:1>node:3', 'node:2>node:3']);
    expect(of(['node:9'])).toEqual([]);
  });
});
