import { type Selection as D3Selection, select } from 'd3-selection';
import { isUserNode, type TraceRow, USER_NODE } from '../../worker/protocol.ts';
import type { StageStore } from '../store/stage-store.ts';
import { pointOn } from './fan-links.ts';
import type { FanModel, Message } from './fan-model.ts';
import { Flights } from './flights.ts';
import { dropEnds } from './lit-path.ts';
import type { Leg } from './routes.ts';

/** What moves in the picture, and moves only because the simulation did: single copies on their arrows, and dashes where there are only rates. */

/** Marks that are drawn at most; of more, the picture says how many it leaves out. */
const MOST_MARKS = 150;
/** Dashes move so far in a virtual second, and at most so far in a frame: faster they would seem to stand, or to run back. */
const DASH_PX_PER_SECOND = 60;
const DASH_PERIOD = 14;
const MOST_STEP = DASH_PERIOD / 3;

interface Mark {
  readonly row: TraceRow;
  readonly x: number;
  readonly y: number;
  readonly kind: 'up' | 'down' | 'answer' | 'lost';
  readonly fade: number;
}

export interface Moving {
  /** Copies under way that are not drawn. */
  readonly leftOut: number;
}

export class Motion {
  readonly #root: D3Selection<SVGGElement, unknown, null, undefined>;
  readonly #layer: D3Selection<SVGGElement, unknown, null, undefined>;
  readonly #flights = new Flights();
  #marks: readonly Mark[] = [];
  #timeUs = 0;
  #dash = 0;

  constructor(root: SVGGElement) {
    this.#root = select(root);
    this.#layer = this.#root.append('g').attr('class', 'fan-marks');
  }

  draw(model: FanModel, store: StageStore, isStepping: boolean): Moving {
    const { timeUs, justNowUs, rows } = store;
    const { focus, isRates } = model;
    const wanted = isRates ? (focus === null ? 'none' : `${focus.sender}.${focus.nth}`) : 'all';
    this.#flights.update(rows, timeUs, timeUs - justNowUs, wanted, (row) =>
      isRates ? isOf(row, focus) : row.sender >= 0,
    );
    const serverOf = serversBySeat(model, store);
    const marks: Mark[] = [];
    let leftOut = this.#flights.leftOut;
    for (const row of this.#flights.recent) {
      const mark = markOf(row, model, timeUs, justNowUs, serverOf, isStepping);
      if (mark === null) continue;
      if (marks.length < MOST_MARKS) marks.push(mark);
      else leftOut++;
    }
    this.#marks = marks;
    this.#layer
      .selectAll<SVGPathElement, Mark>('path')
      .data(marks, ({ row }) => row.id)
      .join('path')
      .attr('class', ({ kind }) => `fan-mark fan-mark-${kind}`)
      .attr('d', ({ kind }) => (kind === 'lost' ? 'M-5,-5L5,5M5,-5L-5,5' : CIRCLE))
      .attr('transform', ({ x, y }) => `translate(${x.toFixed(1)},${y.toFixed(1)})`)
      .style('opacity', ({ fade }) => fade.toFixed(2));
    if (isRates && !isStepping) this.#moveDashes(timeUs);
    this.#timeUs = timeUs;
    return { leftOut };
  }

  /** The message whose copy is at most `within` px from a point, or null. */
  messageAt(x: number, y: number, within: number): Message | null {
    let best: Mark | null = null;
    let bestSquare = within * within;
    for (const mark of this.#marks) {
      const square = (mark.x - x) * (mark.x - x) + (mark.y - y) * (mark.y - y);
      if (square > bestSquare) continue;
      best = mark;
      bestSquare = square;
    }
    return best === null ? null : { sender: best.row.sender, nth: best.row.nth };
  }

  clear(): void {
    this.#layer.selectAll('*').remove();
    this.#marks = [];
  }

  #moveDashes(timeUs: number): void {
    const passed = ((timeUs - this.#timeUs) / 1e6) * DASH_PX_PER_SECOND;
    const step = Math.max(-MOST_STEP, Math.min(MOST_STEP, passed));
    if (step === 0) return;
    this.#dash = (this.#dash - step) % DASH_PERIOD;
    this.#root.style('--dash', `${this.#dash.toFixed(1)}px`);
  }
}

const CIRCLE = 'M-4.5,0A4.5,4.5 0 1 1 4.5,0A4.5,4.5 0 1 1 -4.5,0Z';

const isOf = (row: TraceRow, message: Message | null): boolean =>
  message !== null && row.sender === message.sender && row.nth === message.nth;

function markOf(
  row: TraceRow,
  model: FanModel,
  timeUs: number,
  justNowUs: number,
  serverOf: (user: number) => number | null,
  isStepping: boolean,
): Mark | null {
  const isLost = row.kind === 'drop';
  if (!isLost && (timeUs < row.departUs || timeUs >= row.dueUs)) return null;
  const [from, to] = isLost ? lossEnds(row, model) : [row.node, row.peer];
  const legs = model.routes.route(from, to, serverOf);
  if (legs.length === 0) return null;
  const share = isLost
    ? 0.7
    : isStepping
      ? 0.5
      : (timeUs - row.departUs) / Math.max(1, row.dueUs - row.departUs);
  const [x, y] = pointOnLegs(legs, share);
  const isAnswer = legs.some((leg) => leg.isAnswer) || to === USER_NODE + row.sender;
  return {
    row,
    x,
    y,
    kind: isLost ? 'lost' : isAnswer ? 'answer' : isDown(row, model) ? 'down' : 'up',
    fade: isLost ? Math.max(0, 1 - (timeUs - row.timeUs) / justNowUs) : 1,
  };
}

const lossEnds = (row: TraceRow, { info, path, cast }: FanModel): [number, number] =>
  dropEnds(
    row,
    info.stations.find(({ node }) => node === row.node)?.kind,
    path?.pubsub ?? cast.shards.drawn[0]?.node ?? null,
  );

/** From pub/sub on a message is on its way to its receivers. */
function isDown({ node, peer }: TraceRow, model: FanModel): boolean {
  const kind = (of: number) => model.info.stations.find((station) => station.node === of)?.kind;
  return (
    isUserNode(peer) || kind(node) === 'pubsub' || (kind(node) === 'ws-server' && kind(peer) === 'ws-server')
  );
}

function pointOnLegs(legs: readonly Leg[], share: number): [number, number] {
  const along = Math.min(0.9999, Math.max(0, share)) * legs.length;
  const leg = legs[Math.floor(along)]!;
  const t = along - Math.floor(along);
  return pointOn(leg.link.curve, leg.isBack ? 1 - t : t);
}

/** Where a user is connected: where its seat is, as far as the page knows who sits where; the sender of the lit message where its path says. */
function serversBySeat(model: FanModel, store: StageStore): (user: number) => number | null {
  const { info, focus, senderServer, path } = model;
  const starts = info.crowd.seatStart;
  const servers = info.stations.filter(({ kind }) => kind === 'ws-server');
  const byUser = new Map<number, number>();
  for (const [seat, user] of store.occupants) {
    if (user < 0 || model.isRates) continue;
    let block = 0;
    while (block + 1 < starts.length && starts[block + 1]! <= seat) block++;
    const server = servers[block];
    if (server !== undefined) byUser.set(user, server.node);
  }
  return (node) => {
    const user = node - USER_NODE;
    return byUser.get(user) ?? (user === (path?.story.sender ?? focus?.sender) ? senderServer : null);
  };
}
