import { columns, f64, type Opened, u8, u32 } from '../../base/columns.ts';
import { UserError } from '../../base/errors.ts';
import type { Choices } from '../../kernel/choices.ts';
import { USER_NODE } from '../../trace/trace.ts';
import { PURPOSE } from '../purposes.ts';
import { ALL_USERS, type LinkFault } from './actions.ts';
import type { Passages } from './passages.ts';

/**
 * Faults of links: the only place where a network fault acts. A fault joins two sets of nodes, in both directions. What a cut link
 * loses is lost to the sender too: the calls between stations time out sooner than a cut heals.
 */

const MAX_LINK_FAULTS = 32;
const NAMED_USERS = 16;
/** The second one of what a link duplicates is there within this time. Assumption. */
const DUPLICATE_WITHIN_US = 1_000;

export const linkColumns = (stations: number) =>
  columns('links', {
    /** [0] faults that are active now, [1] faults so far. */
    counts: u32(2),
    active: u8(MAX_LINK_FAULTS),
    number: u32(MAX_LINK_FAULTS),
    cut: u8(MAX_LINK_FAULTS),
    loss: f64(MAX_LINK_FAULTS),
    duplicate: f64(MAX_LINK_FAULTS),
    reorder: f64(MAX_LINK_FAULTS),
    delayUs: f64(MAX_LINK_FAULTS),
    /** Two sides; bit 0 and bit 1 of a station, bit 0 and bit 1 of all users, users by number + 1. */
    stationSides: u8(MAX_LINK_FAULTS * stations),
    allUsers: u8(MAX_LINK_FAULTS),
    users: u32(MAX_LINK_FAULTS * 2 * NAMED_USERS),
  });

export interface Links {
  /** Number of active faults, and of choices that wait for their message: 0 means that nothing need be asked. */
  active(): number;
  /** Adds a fault; returns its place and its number, which together name it. Throws CapacityError, RangeError. */
  add(from: readonly number[], to: readonly number[], fault: LinkFault): { place: number; number: number };
  end(place: number, number: number): boolean;
  /** Ends all faults between these sets' nodes: the link is whole again. */
  heal(from: readonly number[], to: readonly number[]): void;
  isCut(a: number, b: number): boolean;
  /**
   * The next thing that passes is this message, which leaves at `departUs` and can be there at `earliestUs`: what was chosen for this passage
   * is stronger than chance, but not than a cut.
   */
  about(sender: number, nth: number, departUs: number, earliestUs: number): void;
  /**
   * What becomes of something that leaves `a` for `b` and would be due at `dueUs`: when it is due, or -1 when it is lost.
   * `duplicateUs()` tells when a second one is due, or -1. The choices are those of (entity, count).
   */
  pass(a: number, b: number, dueUs: number, entity: number, count: number): number;
  /**
   * The same between a client and its server, through its gateway: a fault counts that joins the user with either. On the way
   * down the hop between server and gateway is no event of its own, so its faults count here as well.
   */
  passClient(
    user: number,
    gateway: number,
    server: number,
    down: boolean,
    dueUs: number,
    entity: number,
    count: number,
  ): number;
  duplicateUs(): number;
}

export function openLinks(
  c: Opened<ReturnType<typeof linkColumns>['columns']>,
  stations: number,
  choices: Choices,
  passages: Passages,
): Links {
  const { counts, active, number, cut, loss, duplicate, reorder, delayUs, stationSides, allUsers, users } = c;
  let duplicateDueUs = -1;
  /** What passes next: a message, or nothing that has a name. */
  let aboutSender = -1;
  let aboutNth = 0;
  let aboutDepartUs = 0;
  let aboutEarliestUs = 0;
  let wasCut = false;

  /** Bits of the sides of a fault that the node is on. */
  const sidesOf = (place: number, node: number): number => {
    if (node < USER_NODE) return stationSides[place * stations + node];
    let sides = allUsers[place];
    const name = node - USER_NODE + 1;
    for (let side = 0; side < 2; side++) {
      const base = (place * 2 + side) * NAMED_USERS;
      for (let i = 0; i < NAMED_USERS; i++) if (users[base + i] === name) sides |= 1 << side;
    }
    return sides;
  };
  const joins = (place: number, a: number, b: number): boolean => {
    const sidesOfA = sidesOf(place, a);
    const sidesOfB = sidesOf(place, b);
    return ((sidesOfA & 1) !== 0 && (sidesOfB & 2) !== 0) || ((sidesOfA & 2) !== 0 && (sidesOfB & 1) !== 0);
  };
  const chance = (purpose: number, place: number, share: number, entity: number, count: number): boolean =>
    share > 0 &&
    choices.u32(purpose, entity, (count ^ Math.imul(place + 1, 0x9e3779b1)) >>> 0) < share * 0x1_0000_0000;

  const end = (place: number, which: number): boolean => {
    if (active[place] === 0 || number[place] !== which) return false;
    active[place] = 0;
    counts[0]--;
    return true;
  };

  /** What one fault does to something that is due at `dueUs`. */
  const act = (place: number, dueUs: number, entity: number, count: number): number => {
    if (cut[place] === 1) {
      wasCut = true;
      return -1;
    }
    if (chance(PURPOSE.LINK_LOSS, place, loss[place], entity, count)) return -1;
    let due = dueUs;
    const share = choices.u32(PURPOSE.LINK_DELAY, entity, count) / 0x1_0000_0000;
    if (reorder[place] === 0) due += delayUs[place];
    // The packets of a share are held back by up to the further delay. Whoever asks puts the rest of the same stream behind them.
    else if (chance(PURPOSE.LINK_REORDER, place, reorder[place], entity, count))
      due += 1 + Math.floor(share * delayUs[place]);
    if (chance(PURPOSE.LINK_DUPLICATE, place, duplicate[place], entity, count)) {
      duplicateDueUs = due + 1 + Math.floor(share * DUPLICATE_WITHIN_US);
    }
    return due;
  };

  /** What becomes of it when something was chosen for this passage. */
  const chosen = (from: number, to: number, dueUs: number): number => {
    const sender = aboutSender;
    aboutSender = -1;
    if (sender < 0 || wasCut || passages.waiting() === 0) return dueUs;
    const fate = passages.take(from, to, sender, aboutNth);
    if (fate === null) return dueUs;
    duplicateDueUs = -1;
    if (fate === 'lost') return -1;
    if (fate === 'takes') return Math.max(aboutEarliestUs, aboutDepartUs + passages.takenUs());
    // Twice, also where chance would have lost it.
    const due = dueUs < 0 ? aboutEarliestUs : dueUs;
    duplicateDueUs = due + DUPLICATE_WITHIN_US;
    return due;
  };

  return {
    active: () => counts[0] + passages.waiting(),
    about(sender, nth, departUs, earliestUs) {
      aboutSender = sender;
      aboutNth = nth;
      aboutDepartUs = departUs;
      aboutEarliestUs = earliestUs;
    },
    add(from, to, fault) {
      const place = active.indexOf(0);
      if (place < 0)
        throw new UserError(`${MAX_LINK_FAULTS} links have a fault already; end one of them first`);
      active[place] = 1;
      counts[0]++;
      counts[1]++;
      number[place] = counts[1];
      cut[place] = fault.cut ? 1 : 0;
      loss[place] = fault.loss;
      duplicate[place] = fault.duplicate;
      reorder[place] = fault.reorder;
      delayUs[place] = fault.delayUs;
      stationSides.fill(0, place * stations, (place + 1) * stations);
      users.fill(0, place * 2 * NAMED_USERS, (place + 1) * 2 * NAMED_USERS);
      allUsers[place] = 0;
      for (const [side, nodes] of [from, to].entries()) {
        let named = 0;
        for (const node of nodes) {
          if (node === ALL_USERS) allUsers[place] = allUsers[place] | (1 << side);
          else if (node < USER_NODE)
            stationSides[place * stations + node] = stationSides[place * stations + node] | (1 << side);
          else {
            if (named === NAMED_USERS)
              throw new UserError(
                `a link fault names at most ${NAMED_USERS} users a side; name all users instead`,
              );
            users[(place * 2 + side) * NAMED_USERS + named++] = node - USER_NODE + 1;
          }
        }
      }
      return { place, number: number[place] };
    },
    end,
    heal(from, to) {
      for (let place = 0; place < MAX_LINK_FAULTS; place++) {
        if (active[place] === 0) continue;
        const isOfThese = from.some((a) =>
          to.some((b) => (a === ALL_USERS || b === ALL_USERS ? allUsers[place] !== 0 : joins(place, a, b))),
        );
        if (isOfThese) end(place, number[place]);
      }
    },
    isCut(a, b) {
      if (counts[0] === 0) return false;
      for (let place = 0; place < MAX_LINK_FAULTS; place++) {
        if (active[place] === 1 && cut[place] === 1 && joins(place, a, b)) return true;
      }
      return false;
    },
    pass(a, b, dueUs, entity, count) {
      duplicateDueUs = -1;
      wasCut = false;
      let due = dueUs;
      for (let place = 0; place < MAX_LINK_FAULTS && due >= 0; place++) {
        if (active[place] === 1 && joins(place, a, b)) due = act(place, due, entity, count);
      }
      return chosen(a, b, due);
    },
    passClient(user, gateway, server, down, dueUs, entity, count) {
      duplicateDueUs = -1;
      wasCut = false;
      let due = dueUs;
      for (let place = 0; place < MAX_LINK_FAULTS && due >= 0; place++) {
        if (active[place] === 0) continue;
        const counts =
          joins(place, user, gateway) ||
          joins(place, user, server) ||
          (down && joins(place, server, gateway));
        if (counts) due = act(place, due, entity, count);
      }
      return down ? chosen(server, user, due) : chosen(user, gateway, due);
    },
    duplicateUs: () => duplicateDueUs,
  };
}
