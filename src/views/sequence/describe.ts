import { formatDuration } from '../../base/units.ts';
import { THE_REST } from '../../diagrams/flow-cast.ts';
import { plainLines } from '../../diagrams/mermaid-text.ts';
import type { MessageWay } from '../../diagrams/message-way.ts';

/** One step in words: when, from whom to whom, what, how long. */
export interface StepWords {
  readonly rowId: number;
  readonly timeUs: number;
  readonly time: string;
  readonly where: string;
  readonly what: string;
  readonly took: string;
}

/** All steps in order of time, with the waits: the same as the picture, in words. */
export function describeWay(way: MessageWay): StepWords[] {
  const { cast, rows, read, beginUs } = way;
  const nameOf = (node: number): string => {
    const at = cast.nodes.indexOf(node === THE_REST ? THE_REST : cast.standIn(node));
    return at < 0 ? 'nobody' : (plainLines(cast.labels[at]!)[0] ?? '');
  };
  const since = (timeUs: number): string => `+${formatDuration(timeUs - beginUs)}`;
  const words: StepWords[] = [];
  for (const step of way.steps) {
    if (step.of === 'stay') continue;
    const hop = read.hops[step.hops[0] ?? -1];
    if (hop === undefined) {
      const told = plainLines(step.text).filter((line) => !line.startsWith('+'));
      words.push({
        rowId: step.of === 'fact' ? (rows[step.order]?.id ?? -1) : -1,
        timeUs: step.timeUs,
        time: since(step.timeUs),
        where: nameOf(step.from),
        what: told.join(' '),
        took: '',
      });
      continue;
    }
    const row = rows[hop.endRow >= 0 ? hop.endRow : hop.departRow]!;
    const onTheWay = `${formatDuration(hop.endUs - hop.departUs)} on the way`;
    const lost =
      hop.outcome === 'lost' ? `, ${plainLines(step.text)[1]?.replace(/, \+.*$/, '') ?? 'lost'}` : '';
    words.push({
      rowId: row.id,
      timeUs: step.timeUs,
      time: since(hop.endUs),
      where: `${nameOf(step.from)} to ${nameOf(step.to)}`,
      what: `${plainLines(step.short).join(' ')}${lost}`,
      took: hop.outcome === 'under-way' ? 'under way' : hop.outcome === 'lost' ? '' : onTheWay,
    });
    const visit = way.read.visits[way.read.visitOf[hop.endRow] ?? -1];
    const begin = visit?.rows.map((index) => rows[index]!).find(({ kind }) => kind === 'begin');
    if (begin !== undefined)
      words.push({
        rowId: begin.id,
        timeUs: begin.timeUs,
        time: since(begin.timeUs),
        where: nameOf(step.to),
        what: 'its turn in the queue has come',
        took: `${formatDuration(begin.timeUs - row.timeUs)} waiting`,
      });
  }
  return words.sort((a, b) => a.timeUs - b.timeUs);
}

/** A step in one line. */
export const stepLine = ({ time, where, what, took }: StepWords): string =>
  `${time}, ${where}: ${what}${took === '' ? '' : `, ${took}`}`;
