import { type BloomFilter, bloomColumns, openBloomFilter } from '../../algorithms/dedup/bloom-filter.ts';
import { openWindowMemory, type WindowMemory, windowColumns } from '../../algorithms/dedup/window-memory.ts';
import { columns, f64, u32 } from '../../base/columns.ts';
import type { EventList } from '../../kernel/event-list.ts';
import type { Design } from '../design/design.ts';
import { idsOf } from '../design/mistakes.ts';
import { CHANNEL, type Topology } from '../design/topology.ts';
import type { CopyColumns } from '../state/messages.ts';
import type { PairMap } from '../state/pair-map.ts';
import type { Order } from './order.ts';

/**
 * Gives messages their numbers in their channel, and knows which have one already. Who asks for a number, and when, is the message path's
 * business: at the database in the order of commits, at the chat service before anything is written, at the broker's partition.
 */
export interface Numbering {
  /**
   * Gives a copy its number. A copy of a message that is remembered gets the same again. False when the Bloom filter takes the
   * message for one that it knows: then there is no number, and nothing more is to be done but to acknowledge it.
   */
  number(copy: number): boolean;
  /** `server`: from that server's own counter. */
  numberAtServer(copy: number, server: number): void;
  /** The filter's figures, where there is one. */
  readonly filter: BloomFilter | null;
}

/** What a Bloom filter has done: what a person can see of it. */
export const FILTER = {
  /** New messages that it was asked about, and how many of them it took for known. */
  NEW: 0,
  WRONG: 1,
  /** Messages sent again that it knew. */
  CAUGHT: 2,
} as const;

export const usesFilter = (design: Design): boolean =>
  design.delivery === 'effectively-once' && design.dedup.memory === 'bloom-filter';
export const usesWindow = (design: Design): boolean =>
  design.delivery === 'effectively-once' && design.dedup.memory === 'window';

export const numberingColumns = (design: Design, messages: number) => ({
  filter: bloomColumns(usesFilter(design) ? design.dedup.bits : 1),
  filterCounts: columns('filterCounts', { counts: f64(3) }),
  window: windowColumns(usesWindow(design) ? messages : 1),
  servers: columns('serverNumbers', { last: u32(design.servers.count) }),
});

export interface NumberingParts {
  readonly filter: BloomFilter | null;
  readonly filterCounts: Float64Array;
  readonly window: WindowMemory | null;
  readonly serverNumbers: Uint32Array;
}

export function createNumbering(
  design: Design,
  topology: Topology,
  copies: CopyColumns,
  events: EventList,
  idempotency: PairMap | null,
  order: Order | null,
  parts: NumberingParts | null,
): Numbering {
  const { sender, channel, seq, bytes } = copies;
  const ids = idsOf(design, copies);
  const { delivery, dedup } = design;
  const knowsIds = delivery === 'effectively-once' && dedup.by === 'message-id';
  const memory = knowsIds ? dedup.memory : 'none';
  const filter = parts?.filter ?? null;
  const window = parts?.window ?? null;

  /** The number that the message is remembered to have, or 0. */
  const recall = (copy: number): number => {
    if (memory === 'all' && idempotency !== null) return idempotency.get(ids.sender(copy), ids.id(copy));
    if (window !== null) return window.recall(ids.sender(copy), ids.id(copy), events.nowUs());
    return 0;
  };

  /** Asks the filter; it has no numbers to give back. Beside it an exact memory tells when it is wrong: nobody but the reader sees that. */
  const isTakenForKnown = (copy: number): boolean => {
    if (memory !== 'bloom-filter' || filter === null || parts === null || idempotency === null) return false;
    const { filterCounts } = parts;
    const [x, y] = [ids.sender(copy), ids.id(copy)];
    const isNew = idempotency.get(x, y) === 0;
    const has = filter.has(x, y);
    if (isNew) {
      filterCounts[FILTER.NEW]++;
      if (has) filterCounts[FILTER.WRONG]++;
      idempotency.set(x, y, 1);
    } else if (has) filterCounts[FILTER.CAUGHT]++;
    if (!has) filter.add(x, y);
    return has;
  };

  const give = (copy: number, number: number): void => {
    seq[copy] = number;
    if (memory === 'all' && idempotency !== null) idempotency.set(ids.sender(copy), ids.id(copy), number);
    else window?.remember(ids.sender(copy), ids.id(copy), number, events.nowUs());
    if (order !== null) bytes[copy] += order.atNumber(sender[copy], channel[copy], number);
  };

  return {
    filter,
    number(copy) {
      if (seq[copy] !== 0) return true;
      const known = recall(copy);
      if (known !== 0) {
        seq[copy] = known;
        return true;
      }
      if (isTakenForKnown(copy)) return false;
      const at = 4 * channel[copy] + CHANNEL.ASSIGNED;
      const next = topology.channel[at] + 1;
      topology.channel[at] = next;
      give(copy, next);
      return true;
    },
    numberAtServer(copy, server) {
      if (parts === null || seq[copy] !== 0) return;
      const known = recall(copy);
      if (known !== 0) {
        seq[copy] = known;
        return;
      }
      const { serverNumbers } = parts;
      // Servers count in steps of their number, so that no two give the same (as MySQL's auto_increment_offset does).
      const next = serverNumbers[server] * design.servers.count + server + 1;
      serverNumbers[server]++;
      const at = 4 * channel[copy] + CHANNEL.ASSIGNED;
      if (next > topology.channel[at]) topology.channel[at] = next;
      give(copy, next);
    },
  };
}

export function openNumberingParts(
  design: Design,
  opened: {
    readonly filter: Parameters<typeof openBloomFilter>[0];
    readonly filterCounts: { readonly counts: Float64Array };
    readonly window: Parameters<typeof openWindowMemory>[0];
    readonly servers: { readonly last: Uint32Array };
  },
): NumberingParts {
  const { dedup } = design;
  return {
    filter: usesFilter(design) ? openBloomFilter(opened.filter, dedup.bits, dedup.hashes) : null,
    filterCounts: opened.filterCounts.counts,
    window: usesWindow(design) ? openWindowMemory(opened.window, dedup.windowUs) : null,
    serverNumbers: opened.servers.last,
  };
}
