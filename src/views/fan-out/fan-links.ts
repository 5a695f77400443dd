import { linkHorizontal, linkVertical } from 'd3-shape';
import { type Box, CLIENTS_OF, GATEWAY_FRAME, type LayoutInput, PUBSUB_FRAME } from './fan-boxes.ts';

/** A cubic curve from one box to another: start, two control points, end. */
export type Curve = readonly [number, number, number, number, number, number, number, number];

export interface Link {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly curve: Curve;
  readonly path: string;
  /** A call between servers: drawn once for both directions. */
  readonly isBothWays: boolean;
  /** Where its count is written, and how the text stands there. */
  readonly label: { readonly x: number; readonly y: number; readonly anchor: 'start' | 'middle' | 'end' };
}

export const linkId = (from: string, to: string): string => `${from}>${to}`;

/** How far apart the ways up and down run. */
const APART = 7;

/** An arrow to a service that is not beside the chat service bows so far out, at its control points. */
export const BOW = 30;

/** The arrows of a layout, in the order of a message's way. */
export function linksOf(input: LayoutInput, boxes: readonly Box[], isWide: boolean): Link[] {
  const byId = new Map(boxes.map((box) => [box.id, box]));
  const at = (id: string): Box => byId.get(id)!;
  const gateway = at(byId.has(GATEWAY_FRAME) ? GATEWAY_FRAME : input.gateways[0]!);
  const chat = at(input.chatService);
  // One arrow to and from the frame, whichever shard it is for: the shard that a message passes is marked as a box.
  const pubsub = input.shards.length === 0 ? null : (byId.get(PUBSUB_FRAME) ?? at(input.shards[0]!));
  const links: Link[] = [];

  /** From a side of one box to a side of another, along the main axis. Shifts are across it. */
  /** Its count stands beside the server's end. */
  const along = (from: Box, to: Box, forward: boolean, fromShift: number, toShift: number) => {
    const [x0, y0] = side(from, forward ? 'after' : 'before', fromShift, isWide);
    const [x1, y1] = side(to, forward ? 'before' : 'after', toShift, isWide);
    const made = linkBetween(from.id, to.id, x0, y0, x1, y1, isWide, 0.5);
    links.push({ ...made, label: besideServer(forward ? [x0, y0] : [x1, y1], forward, isWide) });
  };

  for (const id of input.servers) {
    const [clients, server] = [at(CLIENTS_OF + id), at(id)];
    // Between a row and the gateway the lines run straight, whatever box of it they meet.
    straight(links, clients, gateway, isWide, -APART, 'after', clients);
    straight(links, gateway, clients, isWide, APART, 'before', clients);
    straight(links, gateway, server, isWide, -APART, 'after', server);
    straight(links, server, gateway, isWide, APART, 'before', server);
    along(server, chat, true, -APART, 0);
    if (input.limiter !== null) along(server, at(input.limiter), true, -2 * APART, 0);
    if (pubsub !== null) along(pubsub, server, false, 0, APART);
  }
  const across = (from: Box, to: Box): void => {
    const [x0, y0] = across0(from, to, isWide);
    const [x1, y1] = across0(to, from, isWide);
    const made = linkBetween(from.id, to.id, x0, y0, x1, y1, !isWide, 0.5);
    const [x, y] = pointOn(made.curve, 0.5);
    links.push({ ...made, label: { x, y: y + 4, anchor: 'middle' } });
  };
  across(chat, at(input.database));
  for (const sequencer of input.sequencers)
    links.push({ ...arc(chat, at(sequencer), isWide, BOW), isBothWays: false });
  if (pubsub !== null) across(chat, pubsub);
  if (pubsub === null) {
    const depth = (isWide ? chat.x - at(input.servers[0]!).x : chat.y - at(input.servers[0]!).y) * 0.25;
    input.servers.forEach((from, i) => {
      for (const to of input.servers.slice(i + 1)) links.push(arc(at(from), at(to), isWide, depth));
    });
  }
  return links;
}

/** The middle of a side of a box, moved across the main axis. */
function side(box: Box, which: 'before' | 'after', shift: number, isWide: boolean): [number, number] {
  if (isWide) return [which === 'after' ? box.x + box.width : box.x, box.y + box.height / 2 + shift];
  return [box.x + box.width / 2 + shift, which === 'after' ? box.y + box.height : box.y];
}

/** The side of a box that looks at another one beside it, across the main axis. */
function across0(box: Box, other: Box, isWide: boolean): [number, number] {
  if (isWide) return [box.x + box.width / 2, other.y > box.y ? box.y + box.height : box.y];
  return [other.x > box.x ? box.x + box.width : box.x, box.y + box.height / 2];
}

/** Above the arrow that leaves a server, below the one that comes to it. */
function besideServer([x, y]: [number, number], leaves: boolean, isWide: boolean): Link['label'] {
  if (isWide) return { x: x + 12, y: leaves ? y - 5 : y + 14, anchor: 'start' };
  return leaves ? { x: x - 4, y: y + 14, anchor: 'end' } : { x: x + 4, y: y + 14, anchor: 'start' };
}

function straight(
  links: Link[],
  from: Box,
  to: Box,
  isWide: boolean,
  shift: number,
  leaves: 'before' | 'after',
  row: Box,
): void {
  const [x0, y0] = side(from, leaves, 0, isWide);
  const [x1, y1] = side(to, leaves === 'after' ? 'before' : 'after', 0, isWide);
  const level = (isWide ? row.y + row.height / 2 : row.x + row.width / 2) + shift;
  const ends: [number, number, number, number] = isWide ? [x0, level, x1, level] : [level, y0, level, y1];
  const made = linkBetween(from.id, to.id, ...ends, isWide, 0.5);
  // Above the way up, below the way down.
  const y = isWide && shift > 0 ? made.label.y + 18 : made.label.y;
  links.push({ ...made, label: { ...made.label, y } });
}

const horizontal = linkHorizontal<{ source: [number, number]; target: [number, number] }, [number, number]>();
const vertical = linkVertical<{ source: [number, number]; target: [number, number] }, [number, number]>();

function linkBetween(
  from: string,
  to: string,
  x0: number,
  y0: number,
  x1: number,
  y1: number,
  runsRight: boolean,
  near: number,
): Link {
  const ends = { source: [x0, y0] as [number, number], target: [x1, y1] as [number, number] };
  // The control points of d3's links: halfway, level with the ends.
  const curve: Curve = runsRight
    ? [x0, y0, (x0 + x1) / 2, y0, (x0 + x1) / 2, y1, x1, y1]
    : [x0, y0, x0, (y0 + y1) / 2, x1, (y0 + y1) / 2, x1, y1];
  const [x, y] = pointOn(curve, near);
  return {
    id: linkId(from, to),
    from,
    to,
    curve,
    isBothWays: false,
    path: (runsRight ? horizontal(ends) : vertical(ends)) ?? '',
    label: runsRight ? { x, y: y - 4, anchor: 'middle' } : { x: x + 5, y: y + 4, anchor: 'start' },
  };
}

/** A call from server to server: a bow on the side of the services. */
function arc(from: Box, to: Box, isWide: boolean, depth: number): Link {
  const [x0, y0] = side(from, 'after', 2, isWide);
  const [x1, y1] = side(to, 'after', -2, isWide);
  const curve: Curve = isWide
    ? [x0, y0, x0 + depth, y0, x1 + depth, y1, x1, y1]
    : [x0, y0, x0, y0 + depth, x1, y1 + depth, x1, y1];
  const [x, y] = pointOn(curve, 0.75);
  const [c0, c1, c2, c3] = [curve[2], curve[3], curve[4], curve[5]];
  return {
    id: linkId(from.id, to.id),
    from: from.id,
    to: to.id,
    curve,
    isBothWays: true,
    path: `M${x0},${y0}C${c0},${c1},${c2},${c3},${x1},${y1}`,
    label: { x: x + 4, y, anchor: 'start' },
  };
}

/** A point of a cubic Bezier curve at t in [0, 1]. */
export function pointOn(curve: Curve, t: number): [number, number] {
  const s = 1 - t;
  const [a, b, c, d] = [s * s * s, 3 * s * s * t, 3 * s * t * t, t * t * t];
  return [
    a * curve[0] + b * curve[2] + c * curve[4] + d * curve[6],
    a * curve[1] + b * curve[3] + c * curve[5] + d * curve[7],
  ];
}
