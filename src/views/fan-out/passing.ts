import type { Link } from './fan-links.ts';
import type { FanModel } from './fan-model.ts';

/**
 * Messages a second on an arrow. The total of a kind of arrow is counted; where several arrows share it, each has the part that its server has in
 * the jobs of all servers.
 */
export function passing(model: FanModel, { from, to }: Link): number {
  const { flows, cast } = model;
  const chat = `node:${cast.chatService?.node}`;
  const kind = (box: string): string => model.routes.stationOf(box)?.kind ?? box;
  if (from === chat)
    return kind(to) === 'database' || isSequencer(kind(to)) ? flows.persisted : flows.published;
  if (to.startsWith('clients:')) return flows.shown * serverPart(model, to.slice('clients:'.length));
  if (from.startsWith('clients:')) return flows.sent * serverPart(model, from.slice('clients:'.length));
  const isServer = (box: string): boolean => box === 'rest:ws-server' || kind(box) === 'ws-server';
  if (isServer(from) && isServer(to)) return (flows.notified / callers(model)) * serverPart(model, to);
  if (isServer(from)) {
    const isDown = kind(to) === 'gateway' || to === 'frame:gateway';
    return (isDown ? flows.shown : flows.sent - flows.refused) * serverPart(model, from);
  }
  if (kind(from) === 'gateway' || from === 'frame:gateway') return flows.sent * serverPart(model, to);
  return flows.notified * serverPart(model, to);
}

const isSequencer = (kind: string): boolean => kind === 'sequencer' || kind === 'rest:sequencer';

const callers = ({ cast }: FanModel): number =>
  Math.max(1, cast.servers.drawn.length + (cast.servers.rest.length > 0 ? 1 : 0));

/** The part of all servers' jobs that the servers of a box have. */
function serverPart(model: FanModel, box: string): number {
  const { drawn, rest } = model.cast.servers;
  const rate = (node: number): number => model.frames.get(node)?.ratePerSecond ?? 0;
  const all = [...drawn, ...rest].reduce((sum, { node }) => sum + rate(node), 0);
  if (all === 0) return 0;
  const station = model.routes.stationOf(box);
  const here = station === null ? rest.reduce((sum, { node }) => sum + rate(node), 0) : rate(station.node);
  return here / all;
}

const THIN = 1.25;
const LIT = 3;
const WIDEST = 6;

/** The width of an arrow in CSS pixels: of the logarithm of what passes in a second. */
export function widthOf(model: FanModel, link: Link): number {
  const isLit = model.lit.has(link.id);
  if (!model.isRates) return isLit ? LIT : THIN;
  const wide = Math.min(WIDEST, 1 + 0.9 * Math.log10(1 + passing(model, link)));
  return isLit ? Math.max(LIT, wide) : wide;
}
