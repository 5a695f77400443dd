import { type CompressedTime, compressedTime } from '../compressed-time.ts';
import { type TextPlace, TextPlacer } from '../sequence/place-texts.ts';
import type { ChannelHistory, Member, MemberEvent } from './channel-history.ts';
import { type Disagreement, disagreements } from './disagreements.ts';

/** Where everything of a space-time picture is drawn, in CSS pixels: time to the right, a row for each member. Pure. */
export interface SpaceTimeLayout {
  readonly width: number;
  readonly height: number;
  readonly time: CompressedTime;
  readonly rows: readonly MemberRow[];
  readonly membersLeftOut: number;
  readonly dots: readonly Dot[];
  readonly waits: readonly Wait[];
  readonly lines: readonly MessageLine[];
  readonly crossings: readonly Crossing[];
  readonly disagreements: readonly Disagreement[];
  readonly ticks: readonly { readonly timeUs: number; readonly x: number }[];
  xOf(timeUs: number): number;
}

interface MemberRow {
  readonly node: number;
  readonly y: number;
}

export interface Dot {
  readonly rowId: number;
  readonly message: number;
  readonly kind: MemberEvent['kind'];
  readonly x: number;
  readonly y: number;
  /** The message's short name, where there is room for it. */
  readonly place: TextPlace | null;
}

interface Wait {
  readonly rowId: number;
  readonly message: number;
  readonly fromX: number;
  readonly toX: number;
  readonly y: number;
  /** What it waits for. */
  readonly text: string;
  readonly place: TextPlace | null;
}

/** One message from a member to the next one below who was shown it. */
interface MessageLine {
  readonly message: number;
  readonly from: readonly [x: number, y: number];
  readonly to: readonly [x: number, y: number];
  /** It passes a member who was not shown it: what crosses it there is no disagreement. */
  readonly passes: boolean;
  readonly isCrossed: boolean;
}

/** Where the lines of two messages cross between two rows: those two members were shown them in opposite order. */
interface Crossing {
  readonly x: number;
  readonly y: number;
  readonly earlier: number;
  readonly later: number;
  readonly above: number;
  readonly below: number;
}

export const MOST_MEMBERS = 20;
export const MOST_MESSAGES = 12;
const LEFT = 12;
const RIGHT = 36;
const TOP = 22;
const LEAST_ROW = 34;
const MOST_ROW = 72;
const LEAST_PX = 7;
const DECADE_PX = 5;
const DENSITIES = [1.6, 1.2, 0.9, 0.6, 0.35];
const TICK_EVERY_PX = 72;

export function spaceTimeLayout(
  history: ChannelHistory,
  room: { readonly width: number; readonly height: number },
): SpaceTimeLayout {
  const all = disagreements(history.members, history.messages.length);
  const chosen = chooseMembers(history.members, all);
  const rowHeight = Math.min(MOST_ROW, Math.max(LEAST_ROW, (room.height - TOP) / Math.max(1, chosen.length)));
  const rows = chosen.map(({ node }, i): MemberRow => ({ node, y: TOP + (i + 0.5) * rowHeight }));

  const moments = chosen.flatMap(({ events }) =>
    events.flatMap(({ timeUs, untilUs }) => (untilUs === null ? [timeUs] : [timeUs, untilUs])),
  );
  const times = DENSITIES.map((density) =>
    compressedTime(moments, { leastPx: density * LEAST_PX, decadePx: density * DECADE_PX }),
  );
  const time = times.find(({ length }) => LEFT + length + RIGHT <= room.width) ?? times.at(-1)!;
  const width = Math.max(room.width, Math.ceil(LEFT + time.length + RIGHT));
  const xOf = (timeUs: number): number => Math.min(width, LEFT + time.at(timeUs));

  const placeOf = placesOf(chosen, xOf);
  const lines = linesOf(history, chosen, rows, placeOf);
  const crossings = crossingsOf(history, chosen, rows, placeOf);
  const crossed = new Set(crossings.flatMap(({ earlier, later }) => [earlier, later]));
  const placer = new TextPlacer(width);
  const height = Math.ceil(TOP + rows.length * rowHeight);
  return {
    width,
    height,
    time,
    rows,
    membersLeftOut: history.members.length - chosen.length,
    dots: dotsOf(history, chosen, rows, placeOf, placer),
    waits: waitsOf(history, chosen, rows, xOf, width, placer),
    lines: lines.map((line) => ({ ...line, isCrossed: crossed.has(line.message) })),
    crossings,
    disagreements: all,
    ticks: ticksOf(time, xOf),
    xOf,
  };
}

/** Those who disagree, those with something to tell, then who comes first; drawn in the order of their numbers. */
function chooseMembers(members: readonly Member[], all: readonly Disagreement[]): Member[] {
  const disagree = new Set(all.flatMap(({ one, other }) => [one, other]));
  const tells = ({ events }: Member): boolean =>
    events.some(({ kind }) => kind !== 'shown' && kind !== 'sent');
  const wanted = [...members.filter(({ node }) => disagree.has(node)), ...members.filter(tells), ...members];
  return [...new Set(wanted)].slice(0, MOST_MEMBERS).sort((a, b) => a.node - b.node);
}

/** Where an event of a member stands. */
type XOf = (member: Member, event: MemberEvent) => number;

/** What a member was shown at one moment stands side by side, in the order in which it was shown. */
const SIDE_BY_SIDE_PX = 11;

function placesOf(members: readonly Member[], xOf: (timeUs: number) => number): XOf {
  const places = new Map<MemberEvent, number>();
  for (const { events } of members) {
    const atMoment = new Map<number, number>();
    for (const event of events) {
      if (event.kind === 'waits') continue;
      const before = atMoment.get(event.timeUs) ?? 0;
      atMoment.set(event.timeUs, before + 1);
      places.set(event, xOf(event.timeUs) + before * SIDE_BY_SIDE_PX);
    }
  }
  return (_, event) => places.get(event) ?? xOf(event.timeUs);
}

const firstShown = ({ events }: Member, message: number): MemberEvent | undefined =>
  events.find((e) => (e.kind === 'shown' || e.kind === 'from-history') && e.message === message);

function linesOf(
  { messages }: ChannelHistory,
  members: readonly Member[],
  rows: readonly MemberRow[],
  xOf: XOf,
): Omit<MessageLine, 'isCrossed'>[] {
  return messages.flatMap(({ index }) => {
    const points = members.flatMap((member, i) => {
      const event = firstShown(member, index);
      return event === undefined ? [] : [{ row: i, at: [xOf(member, event), rows[i]!.y] as const }];
    });
    return points.slice(1).map(({ row, at }, i) => {
      const above = points[i]!;
      return { message: index, from: above.at, to: at, passes: row - above.row > 1 };
    });
  });
}

function crossingsOf(
  { messages }: ChannelHistory,
  members: readonly Member[],
  rows: readonly MemberRow[],
  xOf: XOf,
): Crossing[] {
  const xs = members.map((member) =>
    messages.map(({ index }) => {
      const event = firstShown(member, index);
      return event === undefined ? -1 : xOf(member, event);
    }),
  );
  const places = members.map(({ shown }) => messages.map(({ index }) => shown.indexOf(index)));
  const crossings: Crossing[] = [];
  for (let earlier = 0; earlier < messages.length; earlier++) {
    for (let later = earlier + 1; later < messages.length; later++) {
      let above = -1;
      for (let below = 0; below < members.length; below++) {
        const [a, b] = [places[below]![earlier]!, places[below]![later]!];
        if (a < 0 || b < 0) continue;
        if (above >= 0) {
          const [wasA, wasB] = [places[above]![earlier]!, places[above]![later]!];
          if (wasA < wasB !== a < b) {
            const [x1, x2] = [xs[above]![earlier]!, xs[below]![earlier]!];
            const [gap, gapBelow] = [xs[above]![later]! - x1, xs[below]![later]! - x2];
            // Two lines whose ends change sides meet at this share of the way down.
            const share = gap === gapBelow ? 0.5 : gap / (gap - gapBelow);
            crossings.push({
              x: x1 + share * (x2 - x1),
              y: rows[above]!.y + share * (rows[below]!.y - rows[above]!.y),
              earlier,
              later,
              above: members[above]!.node,
              below: members[below]!.node,
            });
          }
        }
        above = below;
      }
    }
  }
  return crossings;
}

function dotsOf(
  { messages }: ChannelHistory,
  members: readonly Member[],
  rows: readonly MemberRow[],
  xOf: XOf,
  placer: TextPlacer,
): Dot[] {
  return members.flatMap((member, i) =>
    member.events.flatMap((event): Dot[] => {
      if (event.kind === 'waits') return [];
      const x = xOf(member, event);
      const y = rows[i]!.y + (event.kind === 'duplicate' || event.kind === 'lost' ? 11 : 0);
      const text = messages[event.message]!.short;
      const above: TextPlace = { x, y: y - 8, anchor: 'middle' };
      const below: TextPlace = { x, y: y + 16, anchor: 'middle' };
      const { rowId, message, kind } = event;
      return [{ rowId, message, kind, x, y, place: placer.place(text, [above, below]) }];
    }),
  );
}

/** The reorder buffer as a waiting room: what is in it, from when to when, and for which number it waits. */
function waitsOf(
  { messages }: ChannelHistory,
  members: readonly Member[],
  rows: readonly MemberRow[],
  xOf: (timeUs: number) => number,
  width: number,
  placer: TextPlacer,
): Wait[] {
  return members.flatMap((member, i) => {
    const inRoom: Wait[] = [];
    const ends: number[] = [];
    for (const event of member.events) {
      if (event.kind !== 'waits') continue;
      const fromX = xOf(event.timeUs);
      const toX = event.untilUs === null ? width : xOf(event.untilUs);
      // Several at once stand in line, below one another.
      let line = ends.findIndex((end) => end <= fromX);
      if (line < 0) line = ends.push(0) - 1;
      ends[line] = toX;
      const y = rows[i]!.y + 6 + 5 * Math.min(line, 2);
      const message = messages[event.message]!;
      const text = `${message.short} waits for ${missingBefore(member, event, messages)}`;
      const places: TextPlace[] = [
        { x: fromX, y: y + 17, anchor: 'start' },
        { x: toX, y: y + 17, anchor: 'end' },
      ];
      const place = placer.place(text, places);
      inRoom.push({ rowId: event.rowId, message: event.message, fromX, toX, y, text, place });
    }
    return inRoom;
  });
}

/** What has to be shown before: the messages with a lower number that the member had not been shown by then. */
export function missingBefore(
  member: Member,
  { message, timeUs }: MemberEvent,
  messages: ChannelHistory['messages'],
): string {
  const { seq } = messages[message]!;
  const had = new Set(
    member.events
      .filter((e) => e.kind !== 'duplicate' && e.kind !== 'lost' && e.kind !== 'waits' && e.timeUs <= timeUs)
      .map((e) => e.message),
  );
  const missing = messages.filter((other) => other.seq > 0 && other.seq < seq && !had.has(other.index));
  if (missing.length === 0) return seq > 1 ? `number ${seq - 1}` : 'what comes before';
  const names = missing.slice(0, 3).map(({ short }) => short);
  return missing.length > 3 ? `${names.join(', ')} and ${missing.length - 3} more` : names.join(', ');
}

function ticksOf(
  time: CompressedTime,
  xOf: (timeUs: number) => number,
): { readonly timeUs: number; readonly x: number }[] {
  const ticks: { timeUs: number; x: number }[] = [];
  for (const timeUs of time.momentsUs) {
    const x = xOf(timeUs);
    if (x - (ticks.at(-1)?.x ?? Number.NEGATIVE_INFINITY) >= TICK_EVERY_PX) ticks.push({ timeUs, x });
  }
  return ticks;
}
