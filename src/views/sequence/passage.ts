import { isUserNode, type TraceRow, USER_NODE } from '../../worker/protocol.ts';
import type { SequenceModel } from './sequence-source.ts';

/** One passage of a message from one node to the next, of which something else can be chosen. */
export interface Passage {
  readonly sender: number;
  readonly nth: number;
  readonly from: number;
  readonly to: number;
  readonly departUs: number;
  /** How long it was on its way, or will be; null when it was lost there. */
  readonly takesUs: number | null;
  /** When it was decided what becomes of it: another choice has to be made before. */
  readonly decidedUs: number;
  /** The row that says so: in the run that goes otherwise the row of this number says what was chosen. */
  readonly decidedRow: number;
  /** An answer to the sender comes once. */
  readonly canComeTwice: boolean;
}

/** The passage that an arrow of the picture shows, by its row; null when it is no arrow, or nothing was chosen about it. */
export function passageAt({ way }: SequenceModel, rowId: number | null): Passage | null {
  const index = rowId === null ? -1 : way.rows.findIndex((row) => row.id === rowId);
  if (index < 0) return null;
  const { hops } = way.read;
  const hop = hops.find(({ endRow, departRow }) => (endRow < 0 ? departRow === index : endRow === index));
  if (hop === undefined || hop.copy || hop.from < 0) return null;
  const [end, depart] = [way.rows[hop.endRow], way.rows[hop.departRow]];
  const decided = decidedAt(end, depart);
  if (decided === null) return null;
  const { from, to, departUs, endUs } = hop;
  return {
    sender: decided.sender,
    nth: decided.nth,
    from,
    to,
    departUs,
    takesUs: decided.kind === 'forward' ? decided.dueUs - decided.departUs : null,
    decidedUs: decided.timeUs,
    decidedRow: decided.id,
    canComeTwice: !(isUserNode(to) && to === USER_NODE + decided.sender) && endUs >= departUs,
  };
}

/** The row that says what was decided: it was put on the link, or the link lost it. What a cut link loses was no choice. */
function decidedAt(end: TraceRow | undefined, depart: TraceRow | undefined): TraceRow | null {
  if (end?.kind === 'drop' && end.reason === 'link-loss') return end;
  return depart?.kind === 'forward' ? depart : null;
}
