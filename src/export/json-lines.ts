import { InputError, type Problem } from '../base/errors.ts';
import { DROP_REASONS, type Names, NO_NODE, TRACE_KINDS, type TraceRow } from '../trace/trace.ts';

/**
 * The trace as JSON Lines: one object a line, one line a row, in the order of the trace.
 *
 * | field | what it is |
 * |---|---|
 * | id | position in the trace |
 * | timeUs | virtual time in microseconds, a whole number |
 * | kind | what happened, one of `TRACE_KINDS` |
 * | node, nodeName | where: a station (0, 1, ...) or a user (2^30 + its number); -1 and null for nowhere |
 * | peer, peerName | the other node; -1 and null for none |
 * | sender, nth, message | the message: its sender's number, the how-manyth of that sender, its name; -1, 0 and null for none |
 * | channel, channelName | -1 and null for none |
 * | attempt | which copy: 0 the first transmission, 1 the first retry, ... |
 * | seq | number in its channel, 0 while it has none |
 * | cause | id of the row that led to this one, or -1 |
 * | departUs, dueUs | of a `forward`: when it leaves the node and is due at the peer; of an `arrive` that must wait departUs is -1, until a `begin`; else both are timeUs |
 * | reason | why it was lost or refused, one of `DROP_REASONS` |
 */
interface JsonRow extends TraceRow {
  readonly nodeName: string | null;
  readonly peerName: string | null;
  readonly message: string | null;
  readonly channelName: string | null;
}

/** Yields lines, each with its line break. */
export function* toJsonLines(rows: Iterable<TraceRow>, names: Names): Iterable<string> {
  for (const row of rows) {
    const {
      id,
      timeUs,
      kind,
      node,
      peer,
      sender,
      nth,
      channel,
      attempt,
      seq,
      cause,
      departUs,
      dueUs,
      reason,
    } = row;
    const line: JsonRow = {
      id,
      timeUs,
      kind,
      node,
      nodeName: node === NO_NODE ? null : names.node(node),
      peer,
      peerName: peer === NO_NODE ? null : names.node(peer),
      sender,
      nth,
      message: sender < 0 ? null : names.message(sender, nth),
      channel,
      channelName: channel < 0 ? null : names.channel(channel),
      attempt,
      seq,
      cause,
      departUs,
      dueUs,
      reason,
    };
    yield `${JSON.stringify(line)}\n`;
  }
}

/** Smallest values of the numbers of a row; all are whole. */
const NUMBERS = {
  id: 0,
  timeUs: 0,
  node: NO_NODE,
  peer: NO_NODE,
  sender: -1,
  nth: 0,
  channel: -1,
  attempt: 0,
  seq: 0,
  cause: -1,
  departUs: 0,
  dueUs: 0,
} as const satisfies Partial<Record<keyof TraceRow, number>>;
const NAMES = ['nodeName', 'peerName', 'message', 'channelName'] as const;
const FIELDS: ReadonlySet<string> = new Set([...Object.keys(NUMBERS), ...NAMES, 'kind', 'reason']);
const MAX_PROBLEMS = 20;

export interface ParsedTrace {
  readonly rows: TraceRow[];
  readonly names: Names;
}

/** Reads back what `toJsonLines` wrote; blank lines are skipped. Throws InputError with the problems found, 20 at most. */
export function parseJsonLines(lines: Iterable<string>, file = 'trace.jsonl'): ParsedTrace {
  const rows: TraceRow[] = [];
  const problems: Problem[] = [];
  const nodes = new Map<number, string>();
  const channels = new Map<number, string>();
  const messages = new Map<string, string>();
  let number = 0;
  let left = 0;
  for (const line of lines) {
    number++;
    if (line.trim() === '') continue;
    const row = parseLine(line, (column, message) => {
      if (problems.length < MAX_PROBLEMS) problems.push({ file, line: number, column, message });
      else left++;
    });
    if (row === null) continue;
    const { nodeName, peerName, message, channelName, ...bare } = row;
    rows.push(bare);
    if (nodeName !== null) nodes.set(row.node, nodeName);
    if (peerName !== null) nodes.set(row.peer, peerName);
    if (channelName !== null) channels.set(row.channel, channelName);
    if (message !== null) messages.set(`${row.sender}/${row.nth}`, message);
  }
  if (left > 0) problems.push({ file, line: number, column: 1, message: `and ${left} more problems` });
  if (problems.length > 0) throw new InputError(problems);
  const node = (n: number): string => nodes.get(n) ?? `node-${n}`;
  return {
    rows,
    names: {
      node,
      channel: (channel) => channels.get(channel) ?? `channel-${channel}`,
      message: (sender, nth) => messages.get(`${sender}/${nth}`) ?? `${sender}/${nth}`,
    },
  };
}

function parseLine(line: string, say: (column: number, message: string) => void): JsonRow | null {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    say(1, 'this is no JSON; write one object a line');
    return null;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    say(1, 'this is no JSON object; write one object a line');
    return null;
  }
  let isFine = true;
  const wrong = (field: string, message: string): void => {
    isFine = false;
    say(line.indexOf(`"${field}"`) + 1 || 1, message);
  };
  const object = value as Record<string, unknown>;
  for (const [field, min] of Object.entries(NUMBERS)) {
    const given = object[field];
    if (!Number.isSafeInteger(given) || (given as number) < min) {
      wrong(field, `${field} is ${shown(given)}; it must be a whole number from ${min} on`);
    }
  }
  for (const field of NAMES) {
    const given = object[field];
    if (given !== null && typeof given !== 'string')
      wrong(field, `${field} is ${shown(given)}; it must be text or null`);
  }
  for (const [field, allowed] of [
    ['kind', TRACE_KINDS],
    ['reason', DROP_REASONS],
  ] as const) {
    if (!(allowed as readonly unknown[]).includes(object[field])) {
      wrong(field, `${field} is ${shown(object[field])}; it must be one of ${allowed.join(', ')}`);
    }
  }
  for (const field of Object.keys(object)) {
    if (!FIELDS.has(field))
      wrong(field, `there is no field ${shown(field)}; a row has ${[...FIELDS].join(', ')}`);
  }
  return isFine ? (value as JsonRow) : null;
}

const shown = (value: unknown): string =>
  value === undefined ? 'missing' : JSON.stringify(value).slice(0, 40);
