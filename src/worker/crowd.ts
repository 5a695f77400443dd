import { openColumns } from '../kernel/world.ts';
import { reorderColumns } from '../system/reorder-buffer.ts';
import type { System } from '../system/system.ts';
import { CONNECTION, OUTGOING } from '../system/tables.ts';
import { NO_SERVER, SERVER_MASK, SERVER_SHIFT, STATE_MASK } from '../system/user-word.ts';
import { OWN } from '../system/users.ts';
import { type CrowdInfo, SEAT_STATES } from './protocol.ts';

/**
 * Who sits where in the picture of the crowd, and what is seen of each. Seats are the picture's business and no part of the world: they
 * follow from the users' words alone, so after a rewind the next `fill` is right again.
 *
 * Each server has a block of seats, and the last block is for those without a server. A user keeps its seat for as long as it keeps its
 * server, and also while it has not noticed that the server is gone.
 */
export interface Crowd {
  /** Changes when a block had to grow. */
  readonly info: CrowdInfo;
  /**
   * Codes of all seats at `nowUs`. What was received or sent within the last `windowUs` counts as just now. One pass over the users' words, in
   * order, and nothing allocated unless a block overflows. The array is the crowd's own and lasts until the next call.
   */
  fill(nowUs: number, windowUs: number): Uint8Array;
  /** Seat of a user as of the last `fill`. */
  seatOf(user: number): number;
  /** User in a seat as of the last `fill`, or -1. */
  occupant(seat: number): number;
}

const CODE = Object.fromEntries(SEAT_STATES.map((name, code) => [name, code])) as Record<
  (typeof SEAT_STATES)[number],
  number
>;

/** A server's block has room for so many times its even share of the users. */
const SPARE = 1.6;
const FEWEST_SEATS = 64;
const NOBODY = 0xffff_ffff;
const NO_BLOCK = 0xffff;

/** `of` gives the system as it is now: a change of the design replaces its parts, never the columns. */
export function createCrowd(of: System): Crowd {
  const { users: userCount } = of.context.workload;
  const { count: servers, maxConnections } = of.context.design.servers;
  const { pair, own } = of.context.users;
  const { outgoing, outgoingPool, memberships, reorder, world } = of.context;
  const waiting = openColumns(world, reorderColumns(of.sizes.reorder));
  const { online, resuming, handshaking, connecting, backingOff } = CONNECTION.state;
  const { refused: requestRefused, failed } = OUTGOING.state;
  const unseated = servers;

  const room = new Uint32Array(servers + 1).fill(
    Math.min(
      maxConnections,
      userCount,
      Math.max(FEWEST_SEATS, Math.ceil((SPARE * userCount) / Math.max(1, servers))),
    ),
  );
  room[unseated] = userCount;

  const blockOf = new Uint16Array(userCount).fill(NO_BLOCK);
  const seatOf = new Uint32Array(userCount);
  let info: CrowdInfo = { seatStart: [], seats: 0 };
  let userOf = new Uint32Array(0);
  /** Free seats of each block as a stack, in the block's own range. */
  let free = new Uint32Array(0);
  const freeCount = new Uint32Array(servers + 1);
  let codes = new Uint8Array(0);

  /** Lays the blocks out by their room; everybody stands up. */
  const layOut = (): void => {
    const seatStart: number[] = [];
    let seats = 0;
    for (const places of room) {
      seatStart.push(seats);
      seats += places;
    }
    info = { seatStart, seats };
    userOf = new Uint32Array(seats).fill(NOBODY);
    free = new Uint32Array(seats);
    codes = new Uint8Array(seats);
    blockOf.fill(NO_BLOCK);
    for (const [block, start] of seatStart.entries()) {
      const places = room[block]!;
      freeCount[block] = places;
      // The lowest seat lies on top.
      for (let i = 0; i < places; i++) free[start + i] = start + places - 1 - i;
    }
  };

  /** Gives the user a seat in a block. False when the block is full. */
  const move = (user: number, block: number): boolean => {
    const before = blockOf[user]!;
    if (before !== NO_BLOCK) {
      const seat = seatOf[user]!;
      userOf[seat] = NOBODY;
      free[info.seatStart[before]! + freeCount[before]!] = seat;
      freeCount[before] = freeCount[before]! + 1;
      blockOf[user] = NO_BLOCK;
    }
    const left = freeCount[block]!;
    if (left === 0) return false;
    freeCount[block] = left - 1;
    const seat = free[info.seatStart[block]! + left - 1]!;
    seatOf[user] = seat;
    userOf[seat] = user;
    blockOf[user] = block;
    return true;
  };

  /** Gives every block that is too small room for those who want to sit in it, and some more. */
  const makeRoom = (): void => {
    const wanted = new Uint32Array(servers + 1);
    for (let user = 0; user < userCount; user++) {
      const server = (pair[2 * user]! >>> SERVER_SHIFT) & SERVER_MASK;
      const block = server === NO_SERVER ? unseated : server;
      wanted[block] = wanted[block]! + 1;
    }
    for (let block = 0; block < servers; block++) {
      if (wanted[block]! > room[block]!) room[block] = Math.min(userCount, Math.ceil(SPARE * wanted[block]!));
    }
  };

  /** Codes from the users' words. False when a block is too small. */
  const fillFromWords = (nowUs: number, windowUs: number): boolean => {
    const now = nowUs | 0;
    codes.fill(CODE.empty);
    for (let user = 0; user < userCount; user++) {
      const word = pair[2 * user]!;
      const state = word & STATE_MASK;
      const server = (word >>> SERVER_SHIFT) & SERVER_MASK;
      const isOpen = state === online || state === resuming;
      const before = blockOf[user]!;
      let block = server;
      if (server === NO_SERVER) block = isOpen && before !== NO_BLOCK ? before : unseated;
      if (block !== before && !move(user, block)) return false;
      let code = CODE.online;
      if (server === NO_SERVER && isOpen) code = CODE['server-down'];
      else if (state === resuming || state === handshaking || state === connecting) code = CODE.resuming;
      else if (state === backingOff)
        // The first attempt follows the loss of the connection; what comes later follows a refusal.
        code = own[8 * user + OWN.ATTEMPTS]! > 1 ? CODE.refused : CODE['server-down'];
      else if (state !== online) code = CODE.empty;
      else {
        const dueUs = pair[2 * user + 1]!;
        const at = 8 * user + OWN.UP_LOW;
        const upUs = own[at]!;
        const sentAgoUs = (now - upUs) | 0;
        const receivedAgoUs = (now - dueUs) | 0;
        // Opening a connection sets both times to the same: that is neither.
        if (upUs !== dueUs || upUs === 0) {
          if (sentAgoUs < windowUs && upUs !== 0 && isRecent(own[at + 1]!, upUs, nowUs))
            code = CODE['just-sent'];
          else if (receivedAgoUs >= 0 && receivedAgoUs < windowUs && dueUs !== 0)
            code = CODE['just-received'];
        }
      }
      codes[seatOf[user]!] = code;
    }
    return true;
  };

  /** A time of which the low 32 bits are near: whether all of it is. Half an hour is far. */
  const isRecent = (high: number, low: number, nowUs: number): boolean =>
    Math.abs(high * 0x1_0000_0000 + low - nowUs) < 0x7000_0000;

  /** Whose request was refused, and whose client holds messages back. */
  const fillFromPools = (nowUs: number, windowUs: number): void => {
    const used = outgoingPool.everUsed();
    for (let o = 0; o < used; o++) {
      const state = outgoing.state[o]!;
      const isRefused =
        state === requestRefused || (state === failed && nowUs - outgoing.sentUs[o]! < windowUs);
      if (isRefused) mark(outgoing.sender[o]!, CODE.refused);
    }
    if (reorder.inUse() === 0) return;
    for (const head of waiting.heads) {
      for (let e = head; e !== 0; e = waiting.next[e - 1]!)
        mark(memberships.entry[2 * waiting.slot[e - 1]!]!, CODE.buffering);
    }
  };

  const mark = (user: number, code: number): void => {
    const word = pair[2 * user]!;
    if ((word & STATE_MASK) === online && ((word >>> SERVER_SHIFT) & SERVER_MASK) !== NO_SERVER)
      codes[seatOf[user]!] = code;
  };

  layOut();

  return {
    get info() {
      return info;
    },
    fill(nowUs, windowUs) {
      while (!fillFromWords(nowUs, windowUs)) {
        // Whoever still sits where its server was counts too, so the second time may not be enough.
        makeRoom();
        layOut();
      }
      fillFromPools(nowUs, windowUs);
      return codes;
    },
    seatOf: (user) => seatOf[user]!,
    occupant(seat) {
      const user = userOf[seat];
      return user === undefined || user === NOBODY ? -1 : user;
    },
  };
}
