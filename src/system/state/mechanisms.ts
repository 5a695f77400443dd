import { hybridColumns, openHybridClocks } from '../../algorithms/ordering/hybrid-logical-clock.ts';
import { inboxColumns, openInboxes } from '../../algorithms/ordering/inbox.ts';
import { lamportColumns, openLamportClocks } from '../../algorithms/ordering/lamport-clock.ts';
import { type ColumnGroup, columns, f64, u8 } from '../../base/columns.ts';
import { CAPACITY_SETTINGS } from '../../base/errors.ts';
import type { Choices } from '../../kernel/choices.ts';
import { createNormal } from '../../kernel/distributions.ts';
import type { EventList } from '../../kernel/event-list.ts';
import { openColumns, type World } from '../../kernel/world.ts';
import { openPassedHoles, type PassedHoles, passedHolesColumns } from '../client/passed-holes.ts';
import { type ResumePosition, resumeColumns } from '../client/resume-position.ts';
import type { Design, Workload } from '../design/design.ts';
import { makes } from '../design/mistakes.ts';
import type { ScriptLoad, Sizes } from '../design/sizes.ts';
import type { Topology } from '../design/topology.ts';
import {
  causalColumns,
  createCausalOrder,
  fillCausalStarts,
  STAMP_HEAD_WORDS,
  vectorLength,
  vectorWords,
} from '../order/causal-order.ts';
import { CLOCK_STAMP_WORDS, type Clocks, createClockOrder } from '../order/clock-order.ts';
import { createGlobalOrder } from '../order/global-order.ts';
import {
  type NumberingParts,
  numberingColumns,
  openNumberingParts,
  usesFilter,
  usesWindow,
} from '../order/numbering.ts';
import type { Order } from '../order/order.ts';
import { PURPOSE } from '../purposes.ts';
import { type InFlight, inFlightColumns, openInFlight } from '../sending/in-flight.ts';
import {
  type HeldColumns,
  heldColumns,
  type Mistaken,
  mistakenColumns,
  type Unacked,
  unackedColumns,
  unackedPoolColumns,
} from './mechanism-columns.ts';
import { openPool } from './pool.ts';
import { openStamps, stampColumns, stampIndexColumns } from './stamps.ts';

/**
 * What only some designs need, each with columns of its own: a world that does without has no byte of it. Built from the design and the
 * sizes of its channels.
 */
export interface Mechanisms {
  /** Causal and global order, order by a clock. */
  readonly order: Order | null;
  readonly held: HeldColumns | null;
  /** [0] bytes that stamps added, [1] messages that carry one. */
  readonly stampBytes: Float64Array | null;
  readonly numbering: NumberingParts | null;
  readonly inFlight: InFlight | null;
  /** Causal order, [outgoing]: attempts to which no answer has come. */
  readonly unanswered: Uint8Array | null;
  readonly unacked: Unacked | null;
  /** When each row of the history was written: what a fail-over needs to know. */
  readonly writtenUs: Float64Array | null;
  /** Best effort, and order by a clock. */
  readonly resumeFrom: ResumePosition | null;
  /** What two of the mistakes remember. */
  readonly mistaken: Mistaken | null;
  /** Where a client can leave a number behind that it was not shown. */
  readonly passed: PassedHoles | null;
}

const HELD: readonly Design['ordering'][] = ['causal', 'global', 'timestamp', 'lamport', 'hybrid-logical'];
const isHeld = (design: Design): boolean => HELD.includes(design.ordering);

/** More words of stamps than this are refused when they are needed, not reserved at the start. */
const MOST_STAMP_WORDS = 1 << 26;

/** Words of all stamps: as many messages as the history holds, in channels as a sender meets them. */
function stampWords(
  design: Design,
  workload: Workload,
  sizes: Sizes,
  script: ScriptLoad,
  members: Uint32Array,
): number {
  if (design.ordering !== 'causal' && design.ordering !== 'global') return sizes.history * CLOCK_STAMP_WORDS;
  let slots = 0;
  let squares = 0;
  let largest = 0;
  for (const n of members) {
    slots += n;
    squares += n * n;
    if (n > largest) largest = n;
  }
  const isQuiet = workload.messages.perUserPerMinute === 0;
  const mean = slots === 0 ? 0 : squares / slots;
  const perMessage = (n: number): number =>
    design.ordering === 'causal' ? STAMP_HEAD_WORDS + vectorLength(design, n, slots) : n;
  const words =
    (isQuiet ? 0 : sizes.history * perMessage(mean)) + (script.sends * 2 + 256) * perMessage(largest);
  return Math.ceil(Math.min(words, MOST_STAMP_WORDS));
}

/** What the open mechanisms read beside their own columns. */
interface MechanismContext {
  readonly world: World;
  readonly topology: Topology;
  readonly entry: Uint32Array;
  readonly events: EventList;
  readonly choices: Choices;
}

export interface MechanismPlan {
  readonly groups: readonly ColumnGroup[];
  /** `isNew`: the columns are all zero, and what stays is written into them. */
  open(of: MechanismContext, isNew: boolean): Mechanisms;
}

/** `membersOf`: how many members each channel has. Throws RangeError when an order needs more memory than there is. */
export function planMechanisms(
  design: Design,
  workload: Workload,
  sizes: Sizes,
  script: ScriptLoad,
  membersOf: () => Uint32Array,
): MechanismPlan {
  const groups: ColumnGroup[] = [];
  const need = <G extends ColumnGroup>(isNeeded: boolean, make: () => G): G | null => {
    if (!isNeeded) return null;
    const group = make();
    groups.push(group);
    return group;
  };
  const { users } = workload;
  const { ordering } = design;
  const isOrdered = isHeld(design);
  const byClock = isOrdered && ordering !== 'causal' && ordering !== 'global';
  const members = isOrdered ? membersOf() : new Uint32Array(0);

  const held = need(isOrdered, () => heldColumns(users));
  const stamps = need(isOrdered, () => stampColumns(stampWords(design, workload, sizes, script, members)));
  const index = need(isOrdered, () => stampIndexColumns(sizes.history));
  const stampBytes = need(isOrdered, () => columns('stampBytes', { values: f64(2) }));
  const causal = need(ordering === 'causal', () =>
    causalColumns(vectorWords(design, workload, members), members.length, sumOf(members)),
  );
  const unanswered = need(ordering === 'causal', () =>
    columns('unanswered', { attempts: u8(sizes.outgoing) }),
  );
  const inboxes = need(ordering === 'global', () => inboxColumns(users));
  const skews = need(byClock, () =>
    columns('skews', { client: f64(users), server: f64(design.servers.count) }),
  );
  const lamport = need(ordering === 'lamport', () => lamportColumns(users));
  const hybrid = need(ordering === 'hybrid-logical', () => hybridColumns(users));
  const numbering = numberingColumns(design, sizes.history);
  const isNumbering = usesFilter(design) || usesWindow(design) || design.sequence.source === 'server';
  for (const group of Object.values(numbering)) need(isNumbering, () => group);
  const inFlight = need(design.retry.maxInFlight > 0, () => inFlightColumns(users, sizes.outgoing));
  const unacked = need(design.redelivery.timeoutUs > 0, () => unackedColumns(sizes.unacked));
  const unackedPool = need(design.redelivery.timeoutUs > 0, () => unackedPoolColumns(sizes.unacked));
  const written = need(design.database.replicationLagUs > 0, () =>
    columns('written', { atUs: f64(sizes.history) }),
  );
  const isCatchingUp = (ordering === 'best-effort' || byClock) && design.reconnect.resume;
  const remembers = makes(design, 'goes-on-from-the-old-place') || makes(design, 'leader-one-back');
  const mistaken = need(remembers, () => mistakenColumns(sumOf(membersOf())));
  const resumeFrom = need(isCatchingUp, () => resumeColumns(sumOf(membersOf())));

  const leavesBehind = ordering !== 'per-channel' || !design.reorder.backfill || design.reconnect.offset > 0;
  const passedHoles = leavesBehind
    ? passedHolesColumns(
        sizes.history,
        membersOf().reduce((a, b) => Math.max(a, b), 0),
      )
    : null;
  for (const group of Object.values(passedHoles ?? {})) groups.push(group);

  const clocksOf = (world: World, choices: Choices, isNew: boolean): Clocks | null => {
    if (skews === null) return null;
    const { client, server } = openColumns(world, skews);
    if (isNew) {
      const normal = createNormal();
      const draw = (entity: number, count: number): number =>
        Math.round(normal(choices.u32(PURPOSE.CLOCK_SKEW, entity, count)) * design.clocks.skewUs);
      for (let user = 0; user < client.length; user++) client[user] = draw(user, 0);
      for (let one = 0; one < server.length; one++) server[one] = draw(one, 1);
    }
    return {
      clientSkewUs: client,
      serverSkewUs: server,
      lamport: lamport === null ? null : openLamportClocks(openColumns(world, lamport)),
      hybrid: hybrid === null ? null : openHybridClocks(openColumns(world, hybrid)),
    };
  };

  const orderOf = (of: MechanismContext, isNew: boolean): Order | null => {
    const { world, topology, entry, events, choices } = of;
    if (stamps === null || index === null) return null;
    const opened = openStamps(openColumns(world, stamps), openColumns(world, index));
    if (causal !== null) {
      const vectors = openColumns(world, causal);
      if (isNew) fillCausalStarts(vectors.start, members);
      return createCausalOrder(design, topology, entry, vectors, opened);
    }
    if (inboxes !== null)
      return createGlobalOrder(topology, entry, openInboxes(openColumns(world, inboxes)), opened);
    const clocks = clocksOf(world, choices, isNew);
    if (clocks === null) return null;
    return createClockOrder(design.clocks.stamp, clocks, opened, events.nowUs, (slot) => entry[2 * slot]);
  };

  return {
    groups,
    open(of, isNew) {
      const { world } = of;
      return {
        order: orderOf(of, isNew),
        held: held === null ? null : openColumns(world, held),
        stampBytes: stampBytes === null ? null : openColumns(world, stampBytes).values,
        numbering: isNumbering
          ? openNumberingParts(design, {
              filter: openColumns(world, numbering.filter),
              filterCounts: openColumns(world, numbering.filterCounts),
              window: openColumns(world, numbering.window),
              servers: openColumns(world, numbering.servers),
            })
          : null,
        inFlight:
          inFlight === null ? null : openInFlight(openColumns(world, inFlight), design.retry.maxInFlight),
        unanswered: unanswered === null ? null : openColumns(world, unanswered).attempts,
        unacked:
          unacked === null || unackedPool === null
            ? null
            : {
                ...openColumns(world, unacked),
                pool: openPool(openColumns(world, unackedPool), 'unacked', CAPACITY_SETTINGS.underWay),
              },
        writtenUs: written === null ? null : openColumns(world, written).atUs,
        mistaken: mistaken === null ? null : openColumns(world, mistaken),
        resumeFrom: resumeFrom === null ? null : openColumns(world, resumeFrom),
        passed:
          passedHoles === null
            ? null
            : openPassedHoles(openColumns(world, passedHoles.holes), openColumns(world, passedHoles.full)),
      };
    },
  };
}

const sumOf = (numbers: Uint32Array): number => {
  let sum = 0;
  for (const n of numbers) sum += n;
  return sum;
};
