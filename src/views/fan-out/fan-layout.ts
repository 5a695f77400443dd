import {
  type Box,
  type BoxRole,
  CLIENTS_OF,
  GATEWAY_FRAME,
  type LayoutInput,
  PUBSUB_FRAME,
} from './fan-boxes.ts';
import { BOW, type Link, linksOf } from './fan-links.ts';

/**
 * Where the boxes of the fan-out picture stand. The way of a message runs along the main axis: clients, gateway, servers, services; the servers
 * and the services are spread across it. In a wide picture the main axis runs to the right, in a narrow one down. Pure, in CSS pixels.
 */
export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly isWide: boolean;
  readonly boxes: readonly Box[];
  readonly links: readonly Link[];
}

/** Below this the main axis runs down. */
const WIDE_FROM = 560;
export const SMALLEST = { width: 280, height: 320 };
const PAD = 8;
/** Services side by side need this much each, with the gap between them: a narrower picture is scrolled. */
const NARROWEST_SERVICE = 72;
const LOWEST_SERVICE = 68;
const FRAME_TITLE = 18;
const FRAME_PAD = 5;
const GAP = 10;

/** Lengths along the main axis when there is room, least gaps between them, and how far a box may grow. */
const WIDE = { clients: 136, gateway: 104, server: 152, service: 140, gap: 44, mostGap: 150, grow: 1.3 };
const TALL = { clients: 40, gateway: 44, server: 56, service: 84, gap: 24, mostGap: 64, grow: 1.25 };
/** The gap before the services is wider by this: the arrows fan out there. */
const LAST_GAP = 2;
/** Across the main axis. */
const ACROSS_WIDE = { box: 58, leastBox: 40, shard: 34 };
const ACROSS_TALL = { box: 132, leastBox: 60, shard: 30 };

/** How many boxes of each kind have room. */
export function roomIn(width: number, height: number): { gateways: number; servers: number; shards: number } {
  const isWide = width >= WIDE_FROM;
  const [w, h] = [Math.max(width, SMALLEST.width), Math.max(height, SMALLEST.height)];
  if (!isWide) return { gateways: 3, servers: Math.min(5, Math.floor((w - 2 * PAD) / 84)), shards: 2 };
  return {
    gateways: Math.min(5, Math.floor((h - 60) / 62)),
    servers: Math.min(8, Math.floor((h - 2 * PAD) / 66)),
    shards: h < 420 ? 2 : h < 520 ? 3 : 4,
  };
}

/** A box by its place along the main axis (u) and across it (v). */
interface Placed {
  readonly id: string;
  readonly role: BoxRole;
  readonly u: number;
  readonly v: number;
  readonly du: number;
  readonly dv: number;
}

export function layOut(input: LayoutInput): Layout {
  const isWide = input.width >= WIDE_FROM;
  const services = 3 + input.sequencers.length + (input.limiter === null ? 0 : 1);
  const width = Math.max(input.width, SMALLEST.width, isWide ? 0 : 2 * PAD + services * NARROWEST_SERVICE);
  const bow = input.sequencers.length === 0 ? 0 : BOW;
  const height = Math.max(
    input.height,
    SMALLEST.height + (isWide ? 0 : bow),
    isWide ? services * LOWEST_SERVICE : 0,
  );
  const [mainLength, acrossLength] = isWide ? [width, height] : [height, width];
  const columns = columnsAlong(mainLength - bow, isWide);
  const across = isWide ? ACROSS_WIDE : ACROSS_TALL;
  const placed: Placed[] = [];

  const rows = spread(input.servers.length, acrossLength, across.box, across.leastBox);
  input.servers.forEach((server, i) => {
    const { at, size } = rows[i]!;
    placed.push({ id: CLIENTS_OF + server, role: 'clients', v: at, dv: size, ...columns.clients });
    placed.push({ id: server, role: roleOf(server), v: at, dv: size, ...columns.server });
  });
  placed.push(...gatewayBoxes(input.gateways, columns.gateway, acrossLength, isWide));
  placed.push(...serviceBoxes(input, columns.service, acrossLength, isWide));

  const boxes = placed.map(({ id, role, u, v, du, dv }): Box => {
    const place = isWide ? { x: u, y: v, width: du, height: dv } : { x: v, y: u, width: dv, height: du };
    return { id, role, ...place };
  });
  return { width, height, isWide, boxes, links: linksOf(input, boxes, isWide) };
}

const roleOf = (id: string): BoxRole => (id.startsWith('rest:') ? 'rest' : 'station');

/** Start and length of each column along the main axis. */
function columnsAlong(length: number, isWide: boolean) {
  const of = isWide ? WIDE : TALL;
  const sum = of.clients + of.gateway + of.server + of.service;
  const free = length - 2 * PAD - sum;
  const gaps = 2 + LAST_GAP;
  const least = gaps * of.gap;
  const factor =
    free < least ? (length - 2 * PAD - least) / sum : growth(free - gaps * of.mostGap, sum, of.grow);
  const gap = Math.min(of.mostGap, (length - 2 * PAD - sum * factor) / gaps);
  let u = (length - sum * factor - gaps * gap) / 2;
  const next = (size: number, gaps = 1): { u: number; du: number } => {
    const column = { u, du: size * factor };
    u += column.du + gaps * gap;
    return column;
  };
  return {
    clients: next(of.clients),
    gateway: next(of.gateway),
    server: next(of.server, LAST_GAP),
    service: next(of.service),
  };
}

const growth = (spare: number, sum: number, most: number): number =>
  spare <= 0 ? 1 : Math.min(most, 1 + spare / sum);

/** Places of n boxes spread evenly over a length, none larger than `most`. */
function spread(n: number, length: number, most: number, least: number): { at: number; size: number }[] {
  const pitch = (length - 2 * PAD) / Math.max(1, n);
  const size = Math.max(Math.min(most, pitch - GAP), Math.min(least, pitch - 4));
  return Array.from({ length: n }, (_, i) => ({ at: PAD + pitch * i + (pitch - size) / 2, size }));
}

/** One gateway is a box as long as the row of servers; several stand in a frame, because any of them may carry any connection. */
function gatewayBoxes(
  ids: readonly string[],
  column: { u: number; du: number },
  length: number,
  isWide: boolean,
): Placed[] {
  const [v, dv] = [PAD, length - 2 * PAD];
  const only = ids[0];
  if (ids.length === 1 && only !== undefined) return [{ id: only, role: 'station', v, dv, ...column }];
  const frame: Placed = { id: GATEWAY_FRAME, role: 'frame', v, dv, ...column };
  return [frame, ...within(frame, ids, isWide, 64)];
}

/** Boxes inside a frame, under its title in a wide picture, beside it in a narrow one. */
function within(frame: Placed, ids: readonly string[], isWide: boolean, most: number): Placed[] {
  const title = isWide ? FRAME_TITLE : 0;
  const inner = isWide
    ? { u: frame.u + FRAME_PAD, du: frame.du - 2 * FRAME_PAD }
    : { u: frame.u + FRAME_TITLE, du: frame.du - FRAME_TITLE - FRAME_PAD };
  const from = frame.v + title + FRAME_PAD;
  const pitch = (frame.dv - title - 2 * FRAME_PAD + 4) / ids.length;
  const size = Math.min(isWide ? most : 200, pitch - 4);
  return ids.map((id, i) => ({
    id,
    role: roleOf(id),
    v: from + pitch * i + (pitch - 4 - size) / 2,
    dv: size,
    ...inner,
  }));
}

/** Limiter, database, chat service and pub/sub, across the main axis behind the servers. */
function serviceBoxes(
  input: LayoutInput,
  column: { u: number; du: number },
  length: number,
  isWide: boolean,
): Placed[] {
  const { shards, limiter, sequencers, database, chatService } = input;
  const across = isWide ? ACROSS_WIDE : ACROSS_TALL;
  const frameSize = isWide
    ? FRAME_TITLE + 2 * FRAME_PAD + shards.length * (across.shard + 4) - 4
    : across.box;
  const cells: { id: string; want: number }[] = [
    ...(limiter === null ? [] : [{ id: limiter, want: across.box }]),
    ...sequencers.map((id) => ({ id, want: across.box })),
    { id: database, want: across.box },
    { id: chatService, want: across.box },
    ...(shards.length === 0
      ? []
      : [{ id: PUBSUB_FRAME, want: shards.length === 1 ? across.box : frameSize }]),
  ];
  const wanted = cells.reduce((sum, cell) => sum + cell.want, 0);
  const leastGap = isWide && cells.length <= 4 ? 26 : 14;
  const room = length - 2 * PAD;
  const factor = Math.min(1, (room - leastGap * (cells.length - 1)) / wanted);
  const gap = Math.min(isWide ? 110 : 40, (room - wanted * factor) / Math.max(1, cells.length - 1));
  let v = PAD + (room - wanted * factor - gap * (cells.length - 1)) / 2;
  const boxes: Placed[] = [];
  for (const { id, want } of cells) {
    const dv = want * factor;
    const only = shards[0];
    if (id !== PUBSUB_FRAME) boxes.push({ id, role: roleOf(id), v, dv, ...column });
    else if (shards.length === 1 && only !== undefined)
      boxes.push({ id: only, role: 'station', v, dv, ...column });
    else {
      const frame: Placed = { id, role: 'frame', v, dv, ...column };
      boxes.push(frame, ...(isWide ? within(frame, shards, true, across.shard) : stacked(frame, shards)));
    }
    v += dv + gap;
  }
  return boxes;
}

/** The shards in the frame of a narrow picture stand one under the other: along the main axis. */
function stacked(frame: Placed, ids: readonly string[]): Placed[] {
  const from = frame.u + FRAME_TITLE;
  const pitch = (frame.du - FRAME_TITLE - FRAME_PAD + 3) / ids.length;
  return ids.map((id, i) => ({
    id,
    role: roleOf(id),
    u: from + pitch * i,
    du: pitch - 3,
    v: frame.v + FRAME_PAD,
    dv: frame.dv - 2 * FRAME_PAD,
  }));
}
