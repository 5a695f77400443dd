import { counted } from '../../base/text.ts';
import { formatDuration } from '../../base/units.ts';
import {
  isShown,
  type MessageName,
  messageKey,
  type Receipt,
  readStories,
  type Story,
} from '../../trace/story.ts';
import type { DropReason } from '../../trace/trace.ts';
import { channelName, nodeName } from '../../views/names.ts';
import {
  type Inspection,
  type OpenedInfo,
  type Selection,
  type TraceRow,
  USER_NODE,
} from '../../worker/protocol.ts';

/** Another copy had done it already: nothing was lost with these. */
const NO_LOSS: readonly DropReason[] = ['none', 'duplicate', 'superseded'];

/** The stories of all messages in the trace up to `untilUs`, by `sender/nth`. */
export function fatesOf(rows: readonly TraceRow[], untilUs: number): ReadonlyMap<string, Story> {
  const later = rows.findIndex((row) => row.timeUs > untilUs);
  return readStories(later < 0 ? rows : rows.slice(0, later));
}

/** Copies lost, by why. */
function lostBy({ losses }: Story): ReadonlyMap<DropReason, number> {
  const lost = new Map<DropReason, number>();
  for (const { reason } of losses)
    if (!NO_LOSS.includes(reason)) lost.set(reason, (lost.get(reason) ?? 0) + 1);
  return lost;
}

const count = ({ receipts }: Story, what: Receipt['what']): number =>
  receipts.filter((receipt) => receipt.what === what).length;

const lateAt = ({ receipts }: Story): readonly number[] =>
  receipts.filter(({ isLate }) => isLate).map(({ node }) => node);

const REASON_WORDS: Readonly<Partial<Record<DropReason, string>>> = {
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
  retention: 'the log no longer had it',
  'storage-full': 'the database was full',
};

/** The fate of a message in words: `shown to 3 of 3 after 45 ms to 345 ms; after a later one to bob; acknowledged after 40 ms`. */
export function fateInWords(story: Story | undefined, info: OpenedInfo, members: number | null): string {
  if (story === undefined) return 'nothing of it is in the trace yet';
  const parts: string[] = [];
  const { receipts, sent, acked } = story;
  const sentUs = sent?.timeUs ?? null;
  const of = members === null ? '' : ` of ${members}`;
  const times = receipts.filter(isShown).map(({ row }) => row.timeUs - (sentUs ?? row.timeUs));
  if (times.length > 0) {
    const [first, last] = [formatDuration(Math.min(...times)), formatDuration(Math.max(...times))];
    parts.push(`shown to ${times.length}${of} after ${first === last ? first : `${first} to ${last}`}`);
  } else parts.push(`shown to nobody${of} so far`);
  const late = lateAt(story);
  if (late.length > 0) {
    const names = late.slice(0, 3).map((node) => nodeName(info, node));
    const more = late.length > 3 ? ` and ${late.length - 3} more` : '';
    parts.push(`after a later one to ${names.join(', ')}${more}`);
  }
  const heldBack = count(story, 'waits');
  if (heldBack > 0) parts.push(`held back by ${counted(heldBack, 'client')} until the one before was there`);
  for (const [reason, copies] of lostBy(story))
    parts.push(`${counted(copies, 'copy', 'copies')} lost: ${REASON_WORDS[reason] ?? reason}`);
  const duplicates = count(story, 'duplicate');
  if (duplicates > 0) parts.push(`${counted(duplicates, 'duplicate')} dropped`);
  if (story.retries > 0) parts.push(`sent again ${counted(story.retries, 'time')}`);
  if (story.refused !== null) parts.push('refused');
  if (story.gaveUp) parts.push('its sender gave up');
  if (acked !== null && sentUs !== null)
    parts.push(`acknowledged after ${formatDuration(acked.timeUs - sentUs)}`);
  else if (sentUs !== null) parts.push('not acknowledged');
  return parts.join('; ');
}

/** What matters of a fate, so that two can be compared: times are left out. */
const outcomeOf = (story: Story | undefined): string =>
  story === undefined
    ? ''
    : [
        story.receipts.filter(isShown).length,
        [...lateAt(story)].sort((a, b) => a - b).join(','),
        [...lostBy(story).values()].reduce((sum, copies) => sum + copies, 0),
        story.refused !== null,
        story.gaveUp,
        story.acked !== null,
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
  first: ReadonlyMap<string, Story>,
  second: ReadonlyMap<string, Story>,
): readonly MessageName[] {
  const all = new Map<string, MessageName>([...first, ...second]);
  return [...all]
    .filter(([key]) => outcomeOf(first.get(key)) !== outcomeOf(second.get(key)))
    .map(([, { sender, nth }]) => ({ sender, nth }));
}

/** What is known of the selected thing in one world, in words; null where facts say it all. */
export function selectedInWords(
  selection: Selection,
  world: {
    readonly info: OpenedInfo;
    readonly fates: ReadonlyMap<string, Story>;
    readonly inspection: Inspection | null;
  },
): string | null {
  const { info, fates, inspection } = world;
  if (selection.kind === 'message') {
    const members = inspection?.reach?.members ?? null;
    return fateInWords(fates.get(messageKey(selection)), info, members);
  }
  if (selection.kind !== 'user') return null;
  let shown = 0;
  let late = 0;
  for (const { receipts } of fates.values()) {
    const here = receipts.filter(
      (receipt) => isShown(receipt) && receipt.node === USER_NODE + selection.user,
    );
    if (here.length > 0) shown++;
    if (here.some(({ isLate }) => isLate)) late++;
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
