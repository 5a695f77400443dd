import { openColumns } from '../kernel/world.ts';
import { reorderColumns } from '../system/client/reorder-buffer.ts';
import { CONNECTION, OUTGOING } from '../system/state/tables.ts';
import { NO_SERVER, SERVER_MASK, SERVER_SHIFT, STATE_MASK } from '../system/state/user-word.ts';
import { OWN } from '../system/state/users.ts';
import type { System } from '../system/system.ts';
import { type CrowdInfo, SEAT_STATES, type SeatState } from './protocol.ts';

/**
 * Who sits where in the picture of the crowd, and what is seen of each. Seats are the picture's business and no part of the world: they
 * follow from the users' words alone, so after a rewind the next `fill` is right again.
 *
 * Each server has a block of seats, and the last block is for those without a server. A user keeps its seat for as long as it keeps its
 * server, and where the server is down until it has another one to go to.
 */
export interface Crowd {
  /** Changes when a block had to grow. */
  readonly info: CrowdInfo;
  /**
   * Codes of all seats at `nowUs`. What was received or sent within the last `windowUs` counts as just now. Of a large crowd that moves, a
   * call may look at one of so many parts for what is just now, in turn; who is where is always right. Nothing is allocated unless a block
   * overflows. The array is the crowd's own and lasts until the next call.
   */
  fill(nowUs: number, windowUs: number, parts?: number): Uint8Array;
  /** Seat of a user as of the last `fill`. */
  seatOf(user: number): number;
  /** User in a seat as of the last `fill`, or -1. */
  occupant(seat: number): number;
}

const codeNamed = (name: SeatState): number => SEAT_STATES.indexOf(name);
const EMPTY = codeNamed('empty');
const ONLINE = codeNamed('online');
const JUST_RECEIVED = codeNamed('just-received');
const JUST_SENT = codeNamed('just-sent');
const RESUMING = codeNamed('resuming');
const REFUSED = codeNamed('refused');
const BUFFERING = codeNamed('buffering');
const SERVER_DOWN = codeNamed('server-down');
const OFFLINE = codeNamed('offline');

/** A server's block has room for so many times its even share of the users. */
const SPARE = 1.6;
const FEWEST_SEATS = 64;
const NOBODY = 0xffff_ffff;
const NO_BLOCK = 0xffff;
const NO_SERVER_BITS = NO_SERVER << SERVER_SHIFT;

/** A time of which the low 32 bits are near: whether all of it is. Half an hour is far. */
const isRecent = (high: number, low: number, nowUs: number): boolean =>
  Math.abs(high * 0x1_0000_0000 + (low >>> 0) - nowUs) < 0x7000_0000;

/** The next user from `user` on who is not simply online where it sits: nearly everybody is. */
function nextOther(pair: Uint32Array, blockOf: Uint16Array, user: number): number {
  const { online } = CONNECTION.state;
  const users = blockOf.length;
  let at = user;
  for (; at < users; at++) {
    const word = pair[2 * at]!;
    if ((word & STATE_MASK) !== online || ((word >>> SERVER_SHIFT) & SERVER_MASK) !== blockOf[at]) break;
  }
  return at;
}

/** Codes of those who are online. A loop by itself, without a call, so that the addresses of the arrays stay in registers. */
function codesOfOnline(
  pair: Uint32Array,
  own: Uint32Array,
  seatOf: Uint32Array,
  codes: Uint8Array,
  from: number,
  to: number,
  nowUs: number,
  windowUs: number,
): void {
  const { online } = CONNECTION.state;
  const now = nowUs | 0;
  for (let user = from; user < to; user++) {
    const word = pair[2 * user]!;
    if ((word & STATE_MASK) !== online || (word & NO_SERVER_BITS) === NO_SERVER_BITS) continue;
    const dueUs = pair[2 * user + 1]! | 0;
    const upUs = own[8 * user + OWN.UP_LOW]! | 0;
    let code = ONLINE;
    // Opening a connection sets both times to the same: that is neither.
    if (upUs !== dueUs) {
      const agoUs = (now - dueUs) | 0;
      if (((now - upUs) | 0) < windowUs && upUs !== 0 && isRecent(own[8 * user + OWN.UP_HIGH]!, upUs, nowUs))
        code = JUST_SENT;
      else if (agoUs >= 0 && agoUs < windowUs && dueUs !== 0) code = JUST_RECEIVED;
    }
    codes[seatOf[user]!] = code;
  }
}

/** `of` gives the system as it is now: a change of the design replaces its parts, never the columns. */
export function createCrowd(of: System): Crowd {
  const { users: userCount } = of.context.workload;
  const { count: servers, maxConnections } = of.context.design.servers;
  const { pair, own } = of.context.users;
  const { outgoing, outgoingPool, memberships, reorder, stations, world } = of.context;
  const waiting = openColumns(world, reorderColumns(of.sizes.reorder));
  const { offline, online, resuming, handshaking, connecting, backingOff } = CONNECTION.state;
  const { refused: requestRefused, failed } = OUTGOING.state;
  const { firstServer } = of.context.nodes;
  const unseated = servers;
  const isDown = new Uint8Array(servers);

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
  /** Where the next part of the users begins. */
  let nextUser = 0;

  /** Lays the blocks out by their room. Whoever sits keeps its place in its block: blocks only grow. */
  const layOut = (): void => {
    const before = info.seatStart;
    const seatStart: number[] = [];
    let seats = 0;
    for (const places of room) {
      seatStart.push(seats);
      seats += places;
    }
    info = { seatStart, seats };
    userOf = new Uint32Array(seats).fill(NOBODY);
    free = new Uint32Array(seats);
    const codesBefore = codes;
    codes = new Uint8Array(seats);
    for (let user = 0; user < userCount; user++) {
      const block = blockOf[user]!;
      if (block === NO_BLOCK) continue;
      const seat = seatOf[user]! - before[block]! + seatStart[block]!;
      codes[seat] = codesBefore[seatOf[user]!]!;
      seatOf[user] = seat;
      userOf[seat] = user;
    }
    for (const [block, start] of seatStart.entries()) {
      let count = 0;
      // The lowest seat lies on top.
      for (let seat = start + room[block]! - 1; seat >= start; seat--)
        if (userOf[seat] === NOBODY) free[start + count++] = seat;
      freeCount[block] = count;
    }
  };

  const standUp = (user: number): void => {
    const before = blockOf[user]!;
    if (before === NO_BLOCK) return;
    const seat = seatOf[user]!;
    userOf[seat] = NOBODY;
    codes[seat] = EMPTY;
    free[info.seatStart[before]! + freeCount[before]!] = seat;
    freeCount[before] = freeCount[before]! + 1;
    blockOf[user] = NO_BLOCK;
  };

  /** Gives the user a seat in a block. False when the block is full. */
  const move = (user: number, block: number): boolean => {
    standUp(user);
    const left = freeCount[block]!;
    if (left === 0) return false;
    freeCount[block] = left - 1;
    const seat = free[info.seatStart[block]! + left - 1]!;
    seatOf[user] = seat;
    userOf[seat] = user;
    blockOf[user] = block;
    return true;
  };

  /** Where a user sits: with its server; without one where it sat, until it knows of that or has another one to go to; else in the last block. */
  const blockFor = (word: number, before: number): number => {
    const server = (word >>> SERVER_SHIFT) & SERVER_MASK;
    if (server !== NO_SERVER) return server;
    const state = word & STATE_MASK;
    if (before >= servers || state === offline) return unseated;
    return isDown[before] === 1 || state === online || state === resuming ? before : unseated;
  };

  /** Gives every block that is too small room for those who want to sit in it, and some more. Whoever is to go elsewhere stands up. */
  const makeRoom = (): void => {
    const wanted = new Uint32Array(servers + 1);
    for (let user = 0; user < userCount; user++) {
      const block = blockFor(pair[2 * user]!, blockOf[user]!);
      wanted[block] = wanted[block]! + 1;
      if (block !== blockOf[user]) standUp(user);
    }
    for (let block = 0; block < servers; block++) {
      if (wanted[block]! > room[block]!) room[block] = Math.min(userCount, Math.ceil(SPARE * wanted[block]!));
    }
  };

  /** What is seen of a user who is not simply online at its server. */
  const codeOf = (user: number, word: number): number => {
    const state = word & STATE_MASK;
    if (state === offline) return OFFLINE;
    if (state === handshaking || state === connecting) return RESUMING;
    // The first attempt follows the loss of the connection; what comes later follows a refusal.
    if (state === backingOff) return own[8 * user + OWN.ATTEMPTS]! > 1 ? REFUSED : SERVER_DOWN;
    if (((word >>> SERVER_SHIFT) & SERVER_MASK) === NO_SERVER) return SERVER_DOWN;
    return state === resuming ? RESUMING : ONLINE;
  };

  /** Seats everybody, and the codes of those who are not online. False when a block is too small. */
  const seatAll = (): boolean => {
    for (
      let user = nextOther(pair, blockOf, 0);
      user < userCount;
      user = nextOther(pair, blockOf, user + 1)
    ) {
      const word = pair[2 * user]!;
      const before = blockOf[user]!;
      const block = blockFor(word, before);
      if (block !== before && !move(user, block)) return false;
      codes[seatOf[user]!] = codeOf(user, word);
    }
    return true;
  };

  /** Whose request was refused, and whose client holds messages back. */
  const fillFromPools = (nowUs: number, windowUs: number): void => {
    const used = outgoingPool.everUsed();
    for (let o = 0; o < used; o++) {
      const state = outgoing.state[o]!;
      const isRefused =
        state === requestRefused || (state === failed && nowUs - outgoing.sentUs[o]! < windowUs);
      if (isRefused) mark(outgoing.sender[o]!, REFUSED);
    }
    if (reorder.inUse() === 0) return;
    const { heads, next, slot } = waiting;
    for (let bucket = 0; bucket < heads.length; bucket++) {
      for (let e = heads[bucket]!; e !== 0; e = next[e - 1]!)
        mark(memberships.entry[2 * slot[e - 1]!]!, BUFFERING);
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
    fill(nowUs, windowUs, parts = 1) {
      for (let server = 0; server < servers; server++)
        isDown[server] = stations.isUp(firstServer + server) ? 0 : 1;
      while (!seatAll()) {
        makeRoom();
        layOut();
      }
      const size = Math.ceil(userCount / parts);
      if (nextUser >= userCount || parts === 1) nextUser = 0;
      const end = Math.min(userCount, nextUser + size);
      codesOfOnline(pair, own, seatOf, codes, nextUser, end, nowUs, Math.ceil(windowUs));
      nextUser = end;
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
