import type { Mark } from '../../worker/protocol.ts';
import { plainText } from '../lesson/plain-text.ts';

/** Marks that stand so close together that they share one place on the scrubber. */
export interface MarkCluster {
  readonly timeUs: number;
  readonly marks: readonly Mark[];
  /** What the cluster is drawn as: its most serious mark. */
  readonly kind: Mark['kind'];
}

/** From most to least serious. */
const SERIOUS: readonly Mark['kind'][] = ['violation', 'fault', 'hand', 'ask', 'say'];

/** Joins marks of the same lane that are less than `nearUs` apart. Marks come in order of time. */
export function clusterMarks(marks: readonly Mark[], nearUs: number): readonly MarkCluster[] {
  const clusters: { timeUs: number; marks: Mark[]; kind: Mark['kind'] }[] = [];
  for (const mark of [...marks].sort((a, b) => a.timeUs - b.timeUs)) {
    const last = clusters.at(-1);
    if (last !== undefined && mark.timeUs - last.timeUs < nearUs) {
      last.marks.push(mark);
      if (SERIOUS.indexOf(mark.kind) < SERIOUS.indexOf(last.kind)) last.kind = mark.kind;
    } else clusters.push({ timeUs: mark.timeUs, marks: [mark], kind: mark.kind });
  }
  return clusters;
}

const MOST_LINES = 6;

/** The texts of a cluster, at most six of them, with how many are left out. */
export function clusterText(cluster: MarkCluster): readonly string[] {
  const texts = cluster.marks.map(({ kind, text }) =>
    kind === 'say' || kind === 'ask' ? plainText(text) : text,
  );
  if (texts.length <= MOST_LINES) return texts;
  return [...texts.slice(0, MOST_LINES), `and ${texts.length - MOST_LINES} more here`];
}
