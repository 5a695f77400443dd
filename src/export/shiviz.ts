import { groupDigits, oneLine } from '../base/text.ts';
import { type Names, NO_NODE, type TraceRow } from '../trace/trace.ts';

/** The first line of a ShiViz log tells ShiViz how to read the others. */
export const SHIVIZ_PARSER = '(?<host>\\S*) (?<clock>{.*})\\n(?<event>.*)';

/** A clock grows with every node that a station has heard of, so a long trace's log would grow with its square; ShiViz draws far less. */
const MAX_SHIVIZ_ROWS = 10_000;

/**
 * A trace as a log for ShiViz (https://bestchai.bitbucket.io/shiviz/): a line with the parser's regular expression, an empty line (one
 * execution), then two lines a row: `HOST {clock}` and what happened.
 *
 * The clocks are vector clocks (Fidge 1988, Mattern 1989) computed from the rows' causes: a row happens before another if and only if
 * a chain of causes and of rows at one node leads from it to the other. A node is a host; hosts have no spaces. At most `maxRows` rows,
 * the first; an event of a host of its own then says how many are left out.
 */
export function* toShiViz(
  all: readonly TraceRow[],
  names: Names,
  maxRows = MAX_SHIVIZ_ROWS,
): Iterable<string> {
  yield `${SHIVIZ_PARSER}\n\n`;
  const rows = all.slice(0, maxRows);
  const nodeOf = new Map(rows.map((row) => [row.id, row.node]));
  /** How many rows at other nodes a row leads to: so long its clock is kept. */
  const uses = new Map<number, number>();
  for (const { node, cause } of rows) {
    const from = nodeOf.get(cause);
    if (from !== undefined && from !== node) uses.set(cause, (uses.get(cause) ?? 0) + 1);
  }
  const hostOf = hosts(names);
  const current = new Map<number, Map<number, number>>();
  const kept = new Map<number, ReadonlyMap<number, number>>();
  for (const row of rows) {
    const { id, node, cause } = row;
    const clock = current.get(node) ?? new Map<number, number>();
    current.set(node, clock);
    const from = kept.get(cause);
    if (from !== undefined && nodeOf.get(cause) !== node) {
      for (const [host, time] of from) if (time > (clock.get(host) ?? 0)) clock.set(host, time);
      const left = uses.get(cause)! - 1;
      uses.set(cause, left);
      if (left === 0) kept.delete(cause);
    }
    clock.set(node, (clock.get(node) ?? 0) + 1);
    if (uses.has(id)) kept.set(id, new Map(clock));
    const entries = [...clock].map(([host, time]) => `${JSON.stringify(hostOf(host))}:${time}`);
    yield `${hostOf(node)} {${entries.join(',')}}\n${eventText(row, names)}\n`;
  }
  const left = all.length - rows.length;
  if (left > 0) {
    const host = hostOf(NOT_SHOWN);
    yield `${host} {${JSON.stringify(host)}:1}\n${groupDigits(left)} more rows are left out, from ${all[maxRows]!.timeUs} us on\n`;
  }
}

/** Stands for the rows that are left out. */
const NOT_SHOWN = -2;

function plainName(node: number, names: Names): string {
  if (node === NOT_SHOWN) return 'left-out';
  return node === NO_NODE ? 'scenario' : oneLine(names.node(node));
}

function eventText(row: TraceRow, names: Names): string {
  const parts = [`${row.timeUs} us`, row.kind];
  if (row.sender >= 0) parts.push(names.message(row.sender, row.nth));
  if (row.attempt > 0) parts.push(`attempt ${row.attempt + 1}`);
  if (row.seq > 0) parts.push(`number ${row.seq}`);
  if (row.channel >= 0) parts.push(`in ${names.channel(row.channel)}`);
  if (row.peer !== NO_NODE) parts.push(`peer ${names.node(row.peer)}`);
  if (row.reason !== 'none') parts.push(`because ${row.reason}`);
  return oneLine(parts.join(' '));
}

/** A name for each node: without white space, never the same twice, none that every JavaScript object has (ShiViz keeps plain objects). */
function hosts(names: Names): (node: number) => string {
  const of = new Map<number, string>();
  const taken = new Set<string>();
  return (node) => {
    const known = of.get(node);
    if (known !== undefined) return known;
    const name = plainName(node, names).replace(/\s+/gu, '_');
    const base = name === '' || name in Object.prototype ? `${name}_` : name;
    let host = base;
    for (let n = 2; taken.has(host); n++) host = `${base}~${n}`;
    taken.add(host);
    of.set(node, host);
    return host;
  };
}
