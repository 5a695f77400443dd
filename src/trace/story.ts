import { firstWhere } from '../base/first-where.ts';
import { isUserNode, type TraceKind, type TraceRow, USER_NODE } from './trace.ts';

/**
 * The story of a message: who sent it, through what it went, who was shown it and when, where it was lost and why. Read from the rows of a trace;
 * whoever tells of a message tells it by this. Between which nodes it travelled, and how long it stayed where, is in `hops.ts`.
 */
export interface Story {
  readonly sender: number;
  readonly nth: number;
  readonly channel: number;
  /** All rows of it, in the order of the trace. There is at least one. */
  readonly rows: readonly TraceRow[];
  /** Null when its beginning was not watched. */
  readonly sent: TraceRow | null;
  /** The first row that knows its number in the channel; null while it has none. */
  readonly numbered: TraceRow | null;
  /** Its sender's client sent it again so often. */
  readonly retries: number;
  readonly isPersisted: boolean;
  /** How often the broker (or the sender's server, where there is none) accepted it. */
  readonly published: number;
  readonly acked: TraceRow | null;
  /** The last refusal by a station; where the rows have none, the first that its client was told of. */
  readonly refused: TraceRow | null;
  readonly gaveUp: boolean;
  /** What happened to it at the clients of its receivers, in the order of the trace. */
  readonly receipts: readonly Receipt[];
  /** Rows of copies that were lost. Another copy may have done what this one did not. */
  readonly losses: readonly TraceRow[];
}

/** Something that happened to a message at a user's client, or was lost on the way there. */
export interface Receipt {
  readonly what: 'shown' | 'from-history' | 'waits' | 'duplicate' | 'lost';
  /** The user's node. */
  readonly node: number;
  readonly row: TraceRow;
  /** Shown after a message of the channel with a higher number. */
  readonly isLate: boolean;
  /** When what waits was shown; null while it waits, and for what does not wait. */
  readonly untilUs: number | null;
}

type Open<T> = { -readonly [K in keyof T]: T[K] };
interface OpenStory extends Open<Story> {
  readonly rows: TraceRow[];
  readonly receipts: Open<Receipt>[];
  readonly losses: TraceRow[];
}

export interface MessageName {
  readonly sender: number;
  readonly nth: number;
}

/** Stories are found by this: `sender/nth`. */
export const messageKey = ({ sender, nth }: MessageName): string => `${sender}/${nth}`;

export const isShown = ({ what }: Receipt): boolean => what === 'shown' || what === 'from-history';

const begin = (row: TraceRow): OpenStory => ({
  sender: row.sender,
  nth: row.nth,
  channel: row.channel,
  rows: [],
  sent: null,
  numbered: null,
  retries: 0,
  isPersisted: false,
  published: 0,
  acked: null,
  refused: null,
  gaveUp: false,
  receipts: [],
  losses: [],
});

/**
 * The stories of all messages in the rows, which may be a part of a trace, by `messageKey`, in the order in which they begin. Linear in the number of
 * rows.
 */
export function readStories(rows: Iterable<TraceRow>): ReadonlyMap<string, Story> {
  const stories = new Map<string, OpenStory>();
  const told: ToldSoFar = { highest: new Map(), waiting: new Map() };
  for (const row of rows) {
    if (row.sender < 0) continue;
    const key = messageKey(row);
    let story = stories.get(key);
    if (story === undefined) {
      story = begin(row);
      stories.set(key, story);
    }
    story.rows.push(row);
    if (row.seq > 0) story.numbered ??= row;
    tell(story, row, told);
  }
  return stories;
}

/** The story of one message, or null when the rows have nothing of it. */
export const storyOf = (rows: readonly TraceRow[], { sender, nth }: MessageName): Story | null =>
  readStories(rows.filter((row) => row.sender === sender && row.nth === nth)).get(
    messageKey({ sender, nth }),
  ) ?? null;

interface ToldSoFar {
  /** The highest number that a user was shown in a channel. */
  readonly highest: Map<string, number>;
  /** What waits at a user's client, by message and node. */
  readonly waiting: Map<string, Open<Receipt>>;
}

function tell(story: OpenStory, row: TraceRow, { highest, waiting }: ToldSoFar): void {
  switch (row.kind) {
    case 'send':
      story.sent ??= row;
      return;
    case 'retry':
      story.retries++;
      return;
    case 'persist':
      story.isPersisted = true;
      return;
    case 'publish':
      story.published++;
      return;
    case 'ack':
      story.acked ??= row;
      return;
    case 'refuse':
      story.refused = row;
      return;
    case 'nack':
      story.refused ??= row;
      return;
    case 'fail':
      story.gaveUp = true;
      return;
    case 'buffer':
      waiting.set(`${messageKey(row)} ${row.node}`, receive(story, 'waits', row.node, row));
      return;
    case 'duplicate':
      if (isUserNode(row.node)) receive(story, 'duplicate', row.node, row);
      return;
    case 'drop': {
      story.losses.push(row);
      const node = isUserNode(row.node) ? row.node : row.peer;
      if (isUserNode(node) && node !== USER_NODE + row.sender) receive(story, 'lost', node, row);
      return;
    }
    case 'deliver': {
      const waits = waiting.get(`${messageKey(row)} ${row.node}`);
      if (waits !== undefined) waits.untilUs ??= row.timeUs;
      const at = `${row.node} ${row.channel}`;
      const before = highest.get(at) ?? 0;
      highest.set(at, Math.max(before, row.seq));
      const what = isFromHistory(story, row) ? 'from-history' : 'shown';
      receive(story, what, row.node, row).isLate = row.seq > 0 && row.seq < before;
      return;
    }
    default:
  }
}

function receive(story: OpenStory, what: Receipt['what'], node: number, row: TraceRow): Open<Receipt> {
  const receipt = { what, node, row, isLate: false, untilUs: null };
  story.receipts.push(receipt);
  return receipt;
}

/** What is shown live has come over a link to its user, or waited there; what the history has told is caused at the database. */
function isFromHistory({ rows }: OpenStory, { cause, node }: TraceRow): boolean {
  if (cause < 0) return false;
  const at = rows[firstWhere(rows.length, (i) => rows[i]!.id >= cause)];
  return at?.id === cause && at.node !== node && at.peer !== node;
}

/**
 * What users see of a message, as the guarantees judge it: kinds of row and of event in a history. A refusal counts when the client is told of it, and
 * `accept` is a request that the rate limit of its sender let pass.
 */
export const EVENT_OF_ROW = {
  send: 'send',
  accept: 'accept',
  persist: 'persist',
  lost: 'lost',
  ack: 'ack',
  nack: 'refuse',
  fail: 'give-up',
  deliver: 'deliver',
} as const satisfies Partial<Record<TraceKind, string>>;

export type MessageEvent = (typeof EVENT_OF_ROW)[keyof typeof EVENT_OF_ROW];

/** Null for rows that no user sees anything of. */
export const eventOf = (kind: TraceKind): MessageEvent | null =>
  kind in EVENT_OF_ROW ? EVENT_OF_ROW[kind as keyof typeof EVENT_OF_ROW] : null;

/** What each member was shown, messages in the order in which it was first shown them; members in the order of the trace. */
export function shownOrders(stories: Iterable<Story>): ReadonlyMap<number, readonly Story[]> {
  const all = [...stories].flatMap((story) =>
    story.receipts.filter(isShown).map(({ node, row }) => ({ node, id: row.id, story })),
  );
  const orders = new Map<number, Story[]>();
  for (const { node, story } of all.sort((a, b) => a.id - b.id)) {
    const order = orders.get(node);
    if (order === undefined) orders.set(node, [story]);
    else if (!order.includes(story)) order.push(story);
  }
  return orders;
}
