import { counted } from '../../base/text.ts';
import { formatDuration } from '../../base/units.ts';
import { channelName, nodeName } from '../../views/names.ts';
import {
  type Inspection,
  isUserNode,
  type OpenedInfo,
  type Selection,
  type TraceRow,
  USER_NODE,
} from '../../worker/protocol.ts';

/** What became of one message, from the rows of its world's trace. */
export interface MessageFate {
  readonly sentUs: number | null;
  /** Users who were shown it, in order of time, with how long it took from the first send. */
  readonly shown: readonly { readonly user: number; readonly afterUs: number }[];
  /** Of these, who had been shown a later message of the channel before. */
  readonly late: readonly number[];
  /** Users whose client held it back. */
  readonly heldBack: number;
  /** Copies lost, by why. */
  readonly lost: ReadonlyMap<string, number>;
  readonly duplicates: number;
  readonly retries: number;
  readonly refused: boolean;
  readonly gaveUp: boolean;
  readonly ackUs: number | null;
}

const keyOf = (sender: number, nth: number): string => `${sender}/${nth}`;
/** Another copy had done it already: nothing was lost with these. */
const NO_LOSS: readonly string[] = ['none', 'duplicate', 'superseded'];

interface Writable {
  sentUs: number | null;
  shown: { user: number; afterUs: number }[];
  late: number[];
  heldBack: number;
  lost: Map<string, number>;
  duplicates: number;
  retries: number;
  refused: boolean;
  gaveUp: boolean;
  ackUs: number | null;
}

/** The fates of all messages in the trace up to `untilUs`, by `sender/nth`. */
export function fatesOf(rows: readonly TraceRow[], untilUs: number): ReadonlyMap<string, MessageFate> {
  const fates = new Map<string, Writable>();
  /** The highest number that a user was shown in a channel. */
  const highest = new Map<string, number>();
  for (const row of rows) {
    if (row.timeUs > untilUs) break;
    if (row.nth <= 0) continue;
    const key = keyOf(row.sender, row.nth);
    let fate = fates.get(key);
    if (fate === undefined) {
      fate = {
        sentUs: null,
        shown: [],
        late: [],
        heldBack: 0,
        lost: new Map(),
        duplicates: 0,
        retries: 0,
        refused: false,
        gaveUp: false,
        ackUs: null,
      };
      fates.set(key, fate);
    }
    readRow(fate, row, highest);
  }
  return fates;
}

function readRow(fate: Writable, row: TraceRow, highest: Map<string, number>): void {
  switch (row.kind) {
    case 'send':
      fate.sentUs ??= row.timeUs;
      break;
    case 'deliver': {
      const user = row.node - USER_NODE;
      fate.shown.push({ user, afterUs: row.timeUs - (fate.sentUs ?? row.timeUs) });
      const key = `${user} ${row.channel}`;
      const before = highest.get(key) ?? 0;
      if (row.seq > 0 && row.seq < before) fate.late.push(user);
      highest.set(key, Math.max(before, row.seq));
      break;
    }
    case 'buffer':
      fate.heldBack++;
      break;
    case 'drop':
      if (!NO_LOSS.includes(row.reason)) fate.lost.set(row.reason, (fate.lost.get(row.reason) ?? 0) + 1);
      break;
    case 'duplicate':
      if (isUserNode(row.node)) fate.duplicates++;
      break;
    case 'retry':
      fate.retries++;
      break;
    case 'nack':
    case 'refuse':
      fate.refused = true;
      break;
    case 'fail':
      fate.gaveUp = true;
      break;
    case 'ack':
      fate.ackUs ??= row.timeUs;
      break;
  }
}

const REASON_WORDS: Readonly<Record<string, string>> = {
  'station-down': 'the station was down',
  crashed: 'in the queue of a station that crashed',
  'queue-full': 'a queue was full',
  'link-loss': 'on a link',
  partition: 'on a link that is cut',
  'not-connected': 'the user was not connected',
  'output-buffer': 'a buffer was full',
  'rate-limit': 'by the rate limit',
  'not-authorised': 'not authorised',
  'too-large': 'it was too large',
};

/** The fate of a message in words: `shown to 3 of 3 after 45 ms to 345 ms; out of order to bob; acknowledged after 40 ms`. */
export function fateInWords(fate: MessageFate | undefined, info: OpenedInfo, members: number | null): string {
  if (fate === undefined) return 'nothing of it is in the trace yet';
  const parts: string[] = [];
  const { shown, late, lost, heldBack } = fate;
  const of = members === null ? '' : ` of ${members}`;
  if (shown.length > 0) {
    const times = shown.map(({ afterUs }) => afterUs);
    const [first, last] = [formatDuration(Math.min(...times)), formatDuration(Math.max(...times))];
    parts.push(`shown to ${shown.length}${of} after ${first === last ? first : `${first} to ${last}`}`);
  } else parts.push(`shown to nobody${members === null ? '' : ` of ${members}`} so far`);
  if (late.length > 0) {
    const names = late.slice(0, 3).map((user) => nodeName(info, USER_NODE + user));
    const more = late.length > 3 ? ` and ${late.length - 3} more` : '';
    parts.push(`after a later one to ${names.join(', ')}${more}`);
  }
  if (heldBack > 0) parts.push(`held back by ${counted(heldBack, 'client')} until the one before was there`);
  for (const [reason, count] of lost)
    parts.push(`${counted(count, 'copy', 'copies')} lost: ${REASON_WORDS[reason] ?? reason}`);
  if (fate.duplicates > 0) parts.push(`${counted(fate.duplicates, 'duplicate')} dropped`);
  if (fate.retries > 0) parts.push(`sent again ${counted(fate.retries, 'time')}`);
  if (fate.refused) parts.push('refused');
  if (fate.gaveUp) parts.push('its sender gave up');
  if (fate.ackUs !== null && fate.sentUs !== null)
    parts.push(`acknowledged after ${formatDuration(fate.ackUs - fate.sentUs)}`);
  else if (fate.sentUs !== null) parts.push('not acknowledged');
  return parts.join('; ');
}

/** What matters of a fate, so that two can be compared: times are left out. */
const outcomeOf = (fate: MessageFate | undefined): string =>
  fate === undefined
    ? ''
    : [
        fate.shown.length,
        [...fate.late].sort((a, b) => a - b).join(','),
        [...fate.lost.values()].reduce((sum, count) => sum + count, 0),
        fate.refused,
        fate.gaveUp,
        fate.ackUs !== null,
      ].join(' ');

/** A trace that is longer is not searched for messages that fared differently. */
export const MOST_ROWS_SEARCHED = 30_000;

/** The rows that tell of what is selected: all of a short trace. */
export function rowsToRead(rows: readonly TraceRow[], selection: Selection | null): readonly TraceRow[] {
  if (rows.length <= MOST_ROWS_SEARCHED) return rows;
  if (selection?.kind === 'message')
    return rows.filter(({ sender, nth }) => sender === selection.sender && nth === selection.nth);
  if (selection?.kind === 'user') return rows.filter(({ node }) => node === USER_NODE + selection.user);
  return [];
}

/** Messages of which something else became in the other world, in the order in which they were sent. */
export function twoFates(
  first: ReadonlyMap<string, MessageFate>,
  second: ReadonlyMap<string, MessageFate>,
): readonly { readonly sender: number; readonly nth: number }[] {
  return [...new Set([...first.keys(), ...second.keys()])]
    .filter((key) => outcomeOf(first.get(key)) !== outcomeOf(second.get(key)))
    .map((key) => {
      const [sender, nth] = key.split('/').map(Number);
      return { sender: sender!, nth: nth! };
    });
}

/** What is known of the selected thing in one world, in words; null where facts say it all. */
export function selectedInWords(
  selection: Selection,
  world: {
    readonly info: OpenedInfo;
    readonly fates: ReadonlyMap<string, MessageFate>;
    readonly inspection: Inspection | null;
  },
): string | null {
  const { info, fates, inspection } = world;
  if (selection.kind === 'message') {
    const members = inspection?.reach?.members ?? null;
    return fateInWords(fates.get(keyOf(selection.sender, selection.nth)), info, members);
  }
  if (selection.kind !== 'user') return null;
  let shown = 0;
  let late = 0;
  for (const fate of fates.values()) {
    if (fate.shown.some(({ user }) => user === selection.user)) shown++;
    if (fate.late.includes(selection.user)) late++;
  }
  const facts = (inspection?.facts ?? []).filter(({ name }) => name === 'connection' || name === 'server');
  const where = facts.map(({ name, value }) => (name === 'server' ? `on ${value}` : value)).join(' ');
  const order = late === 0 ? '' : `, ${late} of them after a later one`;
  return `${where === '' ? '' : `${where}; `}was shown ${counted(shown, 'traced message')}${order}`;
}

/** What the selected thing is called. */
export function selectedName(selection: Selection, info: OpenedInfo): string {
  switch (selection.kind) {
    case 'message':
      return `message ${nodeName(info, USER_NODE + selection.sender)}/${selection.nth}`;
    case 'user':
      return nodeName(info, USER_NODE + selection.user);
    case 'station':
      return nodeName(info, selection.node);
    case 'channel':
      return channelName(info, selection.channel);
    case 'seat':
      return 'a seat';
  }
}
