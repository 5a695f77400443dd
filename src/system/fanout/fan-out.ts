import { NO_NODE } from '../../trace/trace.ts';
import { KIND, REASON } from '../../trace/tracer.ts';
import type { Context } from '../context.ts';
import { makes } from '../design/mistakes.ts';
import { CHANNEL } from '../design/topology.ts';
import { EVENT } from '../kinds.ts';
import { CHUNK_SLOTS } from '../state/back-pressure.ts';
import { COUNT } from '../state/counters.ts';
import { ATTACHED, NO_SERVER, SERVER_MASK, SERVER_SHIFT } from '../state/user-word.ts';
import { NOT_A_MEMBER } from '../state/users.ts';

/**
 * Who must be told. A publish reads the members of the channel once and sorts them by the server that they are connected to:
 * a server is subscribed to a channel as long as a member of it is connected there. What a server is told carries its members:
 * one slot, or a slice of many.
 */

/** A slice is a chain of chunks: [0] next chunk + 1, [1] number of slots in this chunk, then the slots. */
export const CHUNK_WORDS = 2 + CHUNK_SLOTS;

/** Set in the operand of a NOTIFY that carries the first chunk of a slice, not one slot. */
export const SLICE = 0x8000_0000;
/** A NOTIFY that carries nobody: the server is told and finds that it has no member. */
export const NOBODY = 0x7fff_ffff;

/** Tells the sender's own slot: its client has the message, and learns its place in the channel. */
export type OwnMessage = (slot: number, copy: number) => void;

export interface Router {
  /** Sorts the members of the copy's channel by server. Afterwards `told` servers are in `servers`, each with its `who`. */
  route(copy: number): void;
  /** The same for a message of `sender` and one server alone; with NO_SERVER only `owed`, `offline` and `senderSlot` are found out. */
  routeOnly(channel: number, sender: number, server: number): void;
  readonly servers: Int32Array;
  told(): number;
  /** Members to whom the message is due, and how many of them have no connection. */
  owed(): number;
  offline(): number;
  /** Members who are connected, and whom the broker had no room left to tell: then no server is told. */
  untold(): number;
  /** One slot, or a slice: an operand of NOTIFY. */
  who(server: number): number;
  size(server: number): number;
  /** Forgets a server's part and frees its slice: nobody is told. */
  discard(server: number): void;
  /** Done with this copy. */
  clear(): void;
  /** The member that is the sender itself: it knows its message. -1 when it is no member. */
  senderSlot(): number;
}

const EVERY_SERVER = -1;

export function createRouter(ctx: Context): Router {
  const { topology, users, memberships, copies, slices, slicePool, nodes, backPressure } = ctx;
  const { channel: channels } = topology;
  const { pair } = users;
  const { entry } = memberships;
  const servers = new Int32Array(nodes.servers);
  /** Scratch, all zero between two publishes: no part of the world. */
  const counts = new Int32Array(nodes.servers);
  const firsts = new Int32Array(nodes.servers);
  const lasts = new Int32Array(nodes.servers);
  const skipped = makes(ctx.design, 'fan-out-skips-the-last') ? 1 : 0;
  const tellsLeavers = makes(ctx.design, 'fan-out-to-leavers');
  let told = 0;
  let owed = 0;
  let offline = 0;
  let untold = 0;
  let own = -1;

  const addToSlice = (server: number, slot: number, count: number): void => {
    let chunk = lasts[server];
    if (count === 1) {
      chunk = slicePool.take();
      const base = chunk * CHUNK_WORDS;
      slices[base] = 0;
      slices[base + 1] = 2;
      slices[base + 2] = firsts[server];
      slices[base + 3] = slot;
      firsts[server] = chunk;
      lasts[server] = chunk;
      return;
    }
    let base = chunk * CHUNK_WORDS;
    let n = slices[base + 1];
    if (n === CHUNK_SLOTS) {
      const next = slicePool.take();
      slices[base] = next + 1;
      lasts[server] = next;
      base = next * CHUNK_WORDS;
      slices[base] = 0;
      n = 0;
    }
    slices[base + 2 + n] = slot;
    slices[base + 1] = n + 1;
  };

  const sort = (c: number, sender: number, only: number): void => {
    told = 0;
    own = -1;
    owed = 0;
    offline = 0;
    untold = 0;
    const first = channels[4 * c + CHANNEL.FIRST];
    const end = channels[4 * c + CHANNEL.END] - skipped;
    const hasRoom = only === NO_SERVER || backPressure.canTell(end - first, nodes.servers);
    for (let slot = first; slot < end; slot++) {
      if (entry[2 * slot + 1] === NOT_A_MEMBER && !tellsLeavers) continue;
      const user = entry[2 * slot];
      if (user === sender) {
        own = slot;
        continue;
      }
      owed++;
      const word = pair[2 * user];
      if ((word & ATTACHED) === 0) {
        offline++;
        continue;
      }
      const server = (word >>> SERVER_SHIFT) & SERVER_MASK;
      if (only !== EVERY_SERVER && server !== only) continue;
      if (!hasRoom) {
        untold++;
        continue;
      }
      const count = counts[server];
      counts[server] = count + 1;
      if (count === 0) {
        firsts[server] = slot;
        servers[told++] = server;
      } else addToSlice(server, slot, count);
    }
  };

  return {
    servers,
    told: () => told,
    owed: () => owed,
    offline: () => offline,
    untold: () => untold,
    senderSlot: () => own,
    size: (server) => counts[server],
    who(server) {
      const count = counts[server];
      if (count === 0) return NOBODY;
      return count === 1 ? firsts[server] : (SLICE | firsts[server]) >>> 0;
    },
    discard(server) {
      if (counts[server] > 1) freeSlice(ctx, firsts[server]);
    },
    route: (copy) => sort(copies.channel[copy], copies.sender[copy], EVERY_SERVER),
    routeOnly: sort,
    clear() {
      for (let i = 0; i < told; i++) counts[servers[i]] = 0;
    },
  };
}

/**
 * What every publish begins with, whatever the broker: the members to whom the message is now due are counted, those whom it has no room
 * left to tell are lost, and the sender's client learns the place of its message.
 */
export function createDue(
  ctx: Context,
  router: Router,
  ownMessage: OwnMessage,
): (copy: number, node: number) => void {
  const { values, watching, events } = ctx;
  return (copy, node) => {
    values[COUNT.owed] += router.owed();
    values[COUNT.owedOffline] += router.offline();
    const untold = router.untold();
    if (untold > 0) {
      values[COUNT.dropped] += untold;
      values[COUNT.dropQueueFull] += untold;
      if (watching.ofCopy[copy] !== 0)
        watching.copyRow(events.nowUs(), KIND.drop, node, NO_NODE, copy, node, REASON['queue-full']);
    }
    const own = router.senderSlot();
    if (own >= 0) ownMessage(own, copy);
  };
}

/** Gives the chunks of a slice back. */
export function freeSlice(ctx: Context, first: number): void {
  const { slices, slicePool } = ctx;
  for (let chunk = first + 1; chunk !== 0; ) {
    const next = slices[(chunk - 1) * CHUNK_WORDS];
    slicePool.give(chunk - 1);
    chunk = next;
  }
}

/** How many members an operand of NOTIFY names. */
export function countOfWho(slices: Uint32Array, who: number): number {
  if (who === NOBODY) return 0;
  if ((who & SLICE) === 0) return 1;
  let count = 0;
  for (let chunk = (who & ~SLICE) + 1; chunk !== 0; chunk = slices[(chunk - 1) * CHUNK_WORDS]) {
    count += slices[(chunk - 1) * CHUNK_WORDS + 1];
  }
  return count;
}

/** Sends the notification of a copy from `node` to a server. The operand belongs to the event from here on. */
export function createNotifier(
  ctx: Context,
): (copy: number, node: number, server: number, who: number, departUs: number) => void {
  const { copies, nodes, events, links, streams, watching, draw, values, slices, backPressure } = ctx;
  const { sender, nth, attempt, holders } = copies;
  const { firstServer } = nodes;

  const send = (copy: number, server: number, who: number, dueUs: number): void => {
    holders[copy]++;
    values[COUNT.notified]++;
    events.schedule(dueUs, EVENT.NOTIFY, copy, who, server);
  };

  return (copy, node, server, who, departUs) => {
    const to = firstServer + server;
    const count = (Math.imul(nth[copy], 0x10000) + ((attempt[copy] & 7) << 13) + server) >>> 0;
    let dueUs = departUs + (node === to ? 0 : draw.notifyHop(sender[copy], count));
    if (links.active() > 0 && node !== to) {
      links.about(sender[copy], nth[copy], departUs, Math.max(departUs, streams.lastUs(node, to)));
      dueUs = links.pass(node, to, dueUs, sender[copy], count);
      if (dueUs < 0) {
        const lost = countOfWho(slices, who);
        values[COUNT.dropped] = values[COUNT.dropped] + lost;
        values[COUNT.dropLink] = values[COUNT.dropLink] + lost;
        if (watching.ofCopy[copy] !== 0) {
          watching.copyRow(
            events.nowUs(),
            KIND.drop,
            to,
            node,
            copy,
            node,
            links.isCut(node, to) ? REASON.partition : REASON['link-loss'],
          );
        }
        if (who !== NOBODY && (who & SLICE) !== 0) freeSlice(ctx, who & ~SLICE);
        return;
      }
      const again = links.duplicateUs();
      dueUs = streams.put(node, to, dueUs);
      if (again >= 0 && backPressure.canTell(countOfWho(slices, who), 1))
        send(copy, server, copySlice(ctx, who), streams.put(node, to, again));
    } else if (node !== to) dueUs = streams.put(node, to, dueUs);
    if (watching.ofCopy[copy] !== 0) watching.forwardRow(events.nowUs(), node, to, copy, departUs, dueUs);
    send(copy, server, who, dueUs);
  };
}

/** A slice of its own with the same slots. */
function copySlice(ctx: Context, who: number): number {
  if (who === NOBODY || (who & SLICE) === 0) return who;
  const { slices, slicePool } = ctx;
  let first = 0;
  let before = 0;
  for (let chunk = (who & ~SLICE) + 1; chunk !== 0; chunk = slices[(chunk - 1) * CHUNK_WORDS]) {
    const twin = slicePool.take();
    const base = (chunk - 1) * CHUNK_WORDS;
    slices.copyWithin(twin * CHUNK_WORDS, base, base + CHUNK_WORDS);
    slices[twin * CHUNK_WORDS] = 0;
    if (before === 0) first = twin;
    else slices[(before - 1) * CHUNK_WORDS] = twin + 1;
    before = twin + 1;
  }
  return (SLICE | first) >>> 0;
}
