import type { MessageWay } from '../../diagrams/message-way.ts';
import { isUserNode, type TraceRow, WAITING_US } from '../../worker/protocol.ts';

/** A stay on a lane: first it waits in the queue, then it is worked on; or a client holds it back in its reorder buffer. */
export interface SequenceBar {
  /** The row of the arrival. */
  readonly rowId: number;
  readonly node: number;
  readonly x: number;
  readonly kind: 'queue' | 'work' | 'reorder-buffer';
  readonly startUs: number;
  /** Null while it lasts. */
  readonly endUs: number | null;
}

export function barsOf(
  way: MessageWay,
  rows: readonly TraceRow[],
  xOf: (node: number) => number | undefined,
): SequenceBar[] {
  const bars: SequenceBar[] = [];
  for (const visit of way.read.visits) {
    const { node } = visit;
    const first = rows[visit.rows[0]!];
    const x = way.cast.standIn(node) === node ? xOf(node) : undefined;
    if (x === undefined || first === undefined || isUserNode(node)) continue;
    const own = visit.rows.flatMap((index) => rows[index] ?? []);
    const begin = own.find(({ kind }) => kind === 'begin');
    // What has arrived, or begun, and after which nothing has happened yet is still here.
    const isHere = own.at(-1) === begin || (own.length === 1 && first.kind === 'arrive');
    const endUs = isHere ? null : visit.endUs;
    const common = { rowId: first.id, node, x };
    const waits = first.kind === 'arrive' && first.departUs === WAITING_US;
    const workUs = waits ? (begin?.timeUs ?? null) : first.timeUs;
    if (waits) bars.push({ ...common, kind: 'queue', startUs: visit.startUs, endUs: workUs ?? endUs });
    // Lost with the queue: it never was at work.
    if (workUs !== null) bars.push({ ...common, kind: 'work', startUs: workUs, endUs });
  }
  rows.forEach((row, i) => {
    const x = row.kind === 'buffer' && way.cast.standIn(row.node) === row.node ? xOf(row.node) : undefined;
    if (x === undefined) return;
    const out = rows.find(
      (other, k) =>
        k > i &&
        other.kind === 'deliver' &&
        other.node === row.node &&
        other.sender === row.sender &&
        other.nth === row.nth,
    );
    bars.push({
      rowId: row.id,
      node: row.node,
      x,
      kind: 'reorder-buffer',
      startUs: row.timeUs,
      endUs: out?.timeUs ?? null,
    });
  });
  return bars;
}
