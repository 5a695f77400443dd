import { type Hops, readHops } from '../../trace/hops.ts';
import type { TraceRow } from '../../worker/protocol.ts';

/**
 * Which step led to which. A step is a row of the trace that is something by itself: a hop is told by the row at its end (while it
 * is under way, by the row that put it on the link), so that going to the cause never stays on the same arrow.
 */
export interface StepGraph {
  /** The row that led to a row, as indices; -1 where there is none. */
  causeOf(index: number): number;
  /** The rows that a row led to, in the order of the trace. */
  consequencesOf(index: number): readonly number[];
  /** The row that stands for a row: itself, or for one that puts something on a link, the end of that hop. */
  standIn(index: number): number;
}

export function stepGraph(rows: readonly TraceRow[], read: Hops): StepGraph {
  const { hops, visits, visitOf } = read;
  const hopEndingAt = new Map(hops.flatMap((hop, i) => (hop.endRow < 0 ? [] : [[hop.endRow, i] as const])));
  const hopsLeavingAt = new Map<number, number>();
  hops.forEach((hop, i) => {
    if (hop.departRow >= 0 && !hopsLeavingAt.has(hop.departRow)) hopsLeavingAt.set(hop.departRow, i);
  });

  /** The last thing that happened in a visit before it put something on a link. */
  const beforeLeaving = (departRow: number): number => {
    if (rows[departRow]!.kind !== 'forward') return departRow;
    const visit = visits[visitOf[departRow]!];
    return visit?.rows.findLast((row) => row < departRow && rows[row]!.kind !== 'forward') ?? -1;
  };

  const standIn = (index: number): number => {
    if (rows[index]?.kind !== 'forward') return index;
    const hop = hops[hopsLeavingAt.get(index) ?? -1];
    return hop === undefined || hop.endRow < 0 ? index : hop.endRow;
  };

  const causeOf = (index: number): number => {
    const hop = hops[hopEndingAt.get(index) ?? -1];
    if (hop !== undefined) return hop.departRow < 0 ? -1 : beforeLeaving(hop.departRow);
    if (rows[index]!.kind === 'forward') return beforeLeaving(index);
    const visit = visits[visitOf[index]!];
    return visit?.rows.findLast((row) => row < index && rows[row]!.kind !== 'forward') ?? -1;
  };

  const consequences = new Map<number, number[]>();
  for (let index = 0; index < rows.length; index++) {
    if (standIn(index) !== index) continue;
    const cause = causeOf(index);
    if (cause < 0) continue;
    const of = consequences.get(cause);
    if (of === undefined) consequences.set(cause, [index]);
    else of.push(index);
  }

  return { causeOf, standIn, consequencesOf: (index) => consequences.get(index) ?? [] };
}

/** The id of the row that led to a row, or of the first that it led to; null where there is none. */
export function follow(
  rows: readonly TraceRow[],
  from: TraceRow,
  to: 'cause' | 'consequence',
): number | null {
  const own = rows.filter((row) => row.sender === from.sender && row.nth === from.nth);
  const graph = stepGraph(own, readHops(own));
  const at = graph.standIn(own.findIndex((row) => row.id === from.id));
  if (at < 0) return null;
  const next = to === 'cause' ? graph.causeOf(at) : (graph.consequencesOf(at)[0] ?? -1);
  return own[next]?.id ?? null;
}
