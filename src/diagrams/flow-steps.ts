import { counted, groupDigits } from '../base/text.ts';
import { formatDuration } from '../base/units.ts';
import type { Hop, Hops } from '../trace/hops.ts';
import { isUserNode, type Names, type TraceRow } from '../trace/trace.ts';
import { type Cast, THE_REST } from './flow-cast.ts';
import { type ArrowStyle, label, lines } from './mermaid-text.ts';
import { ANSWERS, type NodeKind, PURPOSE_TEXT, type Purpose } from './purpose.ts';
import { lostText, REASON_TEXT, since, sinceBetween } from './words.ts';

/** What the message flow shows, one under the other: arrows at the time of their arrival, notes at the time of what they tell. */
export interface Step {
  readonly timeUs: number;
  /** Among steps of the same time: the order of the trace. */
  readonly order: number;
  readonly kind: 'arrow' | 'note';
  readonly from: number;
  readonly to: number;
  readonly style: ArrowStyle;
  readonly text: string;
  /** What it tells of: a hop, several hops that are folded into one, a fact at one node, where one becomes many, a long stay, the rest. */
  readonly of: 'hop' | 'fold' | 'fact' | 'fan-out' | 'stay' | 'rest';
  /** What an arrow is for, in a word or two: Mermaid text, without the channel and the time. */
  readonly short: string;
  /** Its hops, by their number in `read.hops`: one, or those that are folded. */
  readonly hops: readonly number[];
  /** When an arrow left: the station is done with it, however long the link takes. */
  readonly departUs: number;
  /** The visit that it leaves, and the one that it begins; -1 for none. */
  readonly leaves: number;
  readonly enters: number;
}

export interface StepInput {
  readonly rows: readonly TraceRow[];
  readonly read: Hops;
  readonly purposes: readonly Purpose[];
  readonly names: Names;
  readonly kindOf: (node: number) => NodeKind;
  readonly cast: Cast;
  readonly beginUs: number;
  /** Several messages: each label says which. */
  readonly several: boolean;
  readonly typicalServiceUs: (node: number) => number | null;
}

/** A stay is worth a note when it is this share of the whole diagram's time, or so many times the usual work: beyond its own tail. */
const LONG_SHARE = 0.2;
const LONG_FACTOR = 8;
const MIN_NOTE_US = 100;

export function flowSteps(input: StepInput): Step[] {
  const steps = [...arrows(input), ...fanOutNotes(input), ...stayNotes(input), ...rowNotes(input)];
  return steps.sort((a, b) => a.timeUs - b.timeUs || a.order - b.order);
}

const note = (
  of: Step['of'],
  timeUs: number,
  order: number,
  from: number,
  text: string,
  to = from,
): Step => ({
  of,
  short: '',
  hops: [],
  timeUs,
  order,
  kind: 'note',
  from,
  to,
  style: 'call',
  text,
  departUs: timeUs,
  leaves: -1,
  enters: -1,
});

const orderOf = (hop: Hop): number => (hop.endRow >= 0 ? hop.endRow : hop.departRow);

function styleOf(hop: Hop, purpose: Purpose): ArrowStyle {
  const answer = ANSWERS.has(purpose);
  if (hop.outcome === 'lost') return answer ? 'lost-reply' : 'lost';
  if (hop.outcome === 'under-way') return 'async';
  return answer ? 'reply' : 'call';
}

interface Fold {
  readonly purpose: Purpose;
  readonly hops: Hop[];
  readonly numbers: number[];
  readonly from: number;
  readonly to: number;
}

function arrows(input: StepInput): Step[] {
  const { rows, read, purposes, cast, beginUs, names, several } = input;
  const steps: Step[] = [];
  const folded = new Map<string, Fold>();
  read.hops.forEach((hop, i) => {
    const purpose = purposes[i]!;
    const [from, to] = [cast.standIn(hop.from), cast.standIn(hop.to)];
    const row = rows[orderOf(hop)]!;
    if (from === THE_REST || to === THE_REST) {
      if (from === to) return;
      const key = [from, to, purpose, hop.outcome, row.sender, row.nth].join(' ');
      const fold = folded.get(key);
      if (fold === undefined) folded.set(key, { purpose, hops: [hop], numbers: [i], from, to });
      else {
        fold.hops.push(hop);
        fold.numbers.push(i);
      }
      return;
    }
    const attempt = row.attempt > 0 ? ` (attempt ${row.attempt + 1})` : '';
    const copy = hop.copy ? ' (a copy made by the link)' : '';
    const which = several ? ` ${label(names.message(row.sender, row.nth), 24)}` : '';
    const channel = row.channel < 0 ? '' : ` to ${label(names.channel(row.channel), 24)}`;
    const tail = `${which}${attempt}${copy}`;
    steps.push({
      of: 'hop',
      hops: [i],
      short: `${action(hop, purpose, input, '')}${tail}`,
      timeUs: hop.endUs,
      order: orderOf(hop),
      kind: 'arrow',
      from,
      to,
      style: styleOf(hop, purpose),
      text: lines(`${action(hop, purpose, input, channel)}${tail}`, outcome(hop, beginUs)),
      departUs: hop.departUs,
      leaves: hop.departRow >= 0 ? read.visitOf[hop.departRow]! : -1,
      enters: hop.outcome === 'arrived' ? read.visitOf[hop.endRow]! : -1,
    });
  });
  for (const fold of folded.values()) steps.push(foldedArrow(fold, input));
  const rest = restNote(input);
  return rest === null ? steps : [...steps, rest];
}

function action(hop: Hop, purpose: Purpose, { rows, read, kindOf }: StepInput, channel: string): string {
  const row = rows[orderOf(hop)]!;
  if (purpose === 'send' || purpose === 'retry' || purpose === 'publish')
    return `${PURPOSE_TEXT[purpose]}${channel}`;
  if (purpose === 'notify') return 'notify (fan-out)';
  if (purpose === 'ack' && kindOf(hop.to) === 'user') return 'ack (sent)';
  if (purpose === 'persisted' && row.seq > 0) {
    // The database gives the number where the chat service has not.
    const visit = read.visits[read.visitOf[hop.departRow] ?? -1];
    const isNew = visit !== undefined && rows[visit.rows[0]!]!.seq === 0;
    return isNew ? `persisted, number ${row.seq}` : PURPOSE_TEXT.persisted;
  }
  if (purpose === 'published' && kindOf(hop.from) === 'ws-server') return 'the others are called';
  if (purpose === 'limiter-answers') {
    const visit = read.visits[hop.endRow < 0 ? -1 : read.visitOf[hop.endRow]!];
    return visit?.rows.some((row) => rows[row]!.kind === 'refuse') ? 'no' : 'yes';
  }
  return PURPOSE_TEXT[purpose];
}

function outcome(hop: Hop, beginUs: number): string {
  const time = since(hop.endUs, beginUs);
  if (hop.outcome === 'lost') return `${lostText(hop.reason)}, ${time}`;
  if (hop.outcome === 'arrived') return time;
  return hop.endUs > hop.departUs ? `under way, due ${time}` : 'under way';
}

function foldedArrow(fold: Fold, input: StepInput): Step {
  const { kindOf, beginUs, rows, names, several } = input;
  const { hops, purpose } = fold;
  const [first, last] = [hops[0]!, hops.at(-1)!];
  const ends = new Set(hops.map((hop) => (fold.to === THE_REST ? hop.to : hop.from)));
  const isClients = kindOf(fold.to === THE_REST ? first.to : first.from) === 'user';
  const whom = isClients ? counted(ends.size, 'more client') : counted(ends.size, 'more server');
  const row = rows[orderOf(first)]!;
  const which = several ? ` ${label(names.message(row.sender, row.nth), 24)}` : '';
  const times = sinceBetween(first.endUs, last.endUs, beginUs);
  const lost = first.outcome === 'lost' ? `${reasonsOf(hops)}, ` : '';
  const open = first.outcome === 'under-way' ? 'under way, due ' : '';
  return {
    of: 'fold',
    hops: fold.numbers,
    short: `${PURPOSE_TEXT[purpose]}${which}#58; ${whom}`,
    timeUs: first.endUs,
    order: orderOf(first),
    kind: 'arrow',
    from: fold.from,
    to: fold.to,
    style: styleOf(first, purpose),
    text: lines(`${PURPOSE_TEXT[purpose]}${which}: ${whom}`, `${lost}${open}${times}`).replace(': ', '#58; '),
    departUs: hops.reduce((latest, hop) => Math.max(latest, hop.departUs), 0),
    leaves: first.departRow >= 0 ? input.read.visitOf[first.departRow]! : -1,
    enters: -1,
  };
}

const reasonsOf = (hops: readonly Hop[]): string =>
  [...new Set(hops.map((hop) => lostText(hop.reason)))].join(' or ');

/** What became of the clients that are not drawn one by one. */
function restNote({ rows, read, cast, beginUs }: StepInput): Step | null {
  if (cast.restClients === 0) return null;
  const shown = rows.filter((row) => row.kind === 'deliver' && cast.standIn(row.node) === THE_REST);
  const to = (hop: Hop): boolean => isUserNode(hop.to) && cast.standIn(hop.to) === THE_REST;
  const lost = read.hops.filter((hop) => hop.outcome === 'lost' && to(hop));
  const open = read.hops.filter((hop) => hop.outcome === 'under-way' && to(hop));
  const last = shown.at(-1);
  const text = lines(
    ...(last === undefined
      ? []
      : [
          `shown to ${shown.length === cast.restClients ? 'all ' : ''}${groupDigits(shown.length)}`,
          sinceBetween(shown[0]!.timeUs, last.timeUs, beginUs),
        ]),
    ...(lost.length === 0 ? [] : [`${groupDigits(lost.length)} ${reasonsOf(lost)}`]),
    ...(open.length === 0 ? [] : [`${groupDigits(open.length)} still under way`]),
  );
  return note('rest', last?.timeUs ?? read.hops.at(-1)!.endUs, rows.length, THE_REST, text);
}

/** Where one arrival becomes many: who is told by whom, and that the sender's server knows nobody. */
function fanOutNotes({ rows, read, purposes, names, cast, kindOf }: StepInput): Step[] {
  const byVisit = new Map<number, { hop: Hop; purpose: Purpose; told: Set<number> }>();
  read.hops.forEach((hop, i) => {
    const purpose = purposes[i]!;
    if ((purpose !== 'notify' && purpose !== 'call') || hop.departRow < 0) return;
    const visit = read.visitOf[hop.departRow]!;
    const fan = byVisit.get(visit);
    if (fan === undefined) byVisit.set(visit, { hop, purpose, told: new Set([hop.to]) });
    else fan.told.add(hop.to);
  });
  const entry = read.hops.find((hop) => kindOf(hop.to) === 'ws-server');
  const sendersServer = entry === undefined ? '' : label(names.node(entry.to), 24);
  return [...byVisit.values()].map(({ hop, purpose, told }) => {
    const servers = counted(told.size, 'server');
    const text =
      purpose === 'call'
        ? lines('no pub/sub', `calls ${servers} itself`)
        : lines(`fan-out to ${servers}`, `${sendersServer} need not know ${told.size === 1 ? 'it' : 'them'}`);
    return note('fan-out', rows[hop.departRow]!.departUs, hop.departRow, cast.standIn(hop.from), text);
  });
}

/** Long stays at a station: its queue and its work. */
function stayNotes({ read, cast, rows, kindOf, typicalServiceUs }: StepInput): Step[] {
  const ends = read.hops.map((hop) => hop.endUs);
  const spanUs = ends.length === 0 ? 0 : Math.max(ends.at(-1)! - read.hops[0]!.departUs, 0);
  const steps: Step[] = [];
  for (const visit of read.visits) {
    const first = visit.rows.find((row) => rows[row]!.kind === 'forward');
    if (first === undefined || isUserNode(visit.node) || cast.standIn(visit.node) !== visit.node) continue;
    // A trace that begins in the middle has visits of nodes that no hop leads to.
    if (!cast.nodes.includes(visit.node)) continue;
    const stayUs = rows[first]!.departUs - visit.startUs;
    const typicalUs = typicalServiceUs(visit.node);
    const isLong = stayUs >= LONG_SHARE * spanUs || (typicalUs !== null && stayUs >= LONG_FACTOR * typicalUs);
    if (!isLong || stayUs < MIN_NOTE_US || kindOf(visit.node) === 'unknown') continue;
    const text =
      typicalUs === null || stayUs < LONG_FACTOR * typicalUs
        ? `${formatDuration(stayUs)} here, queue and work`
        : lines(`${formatDuration(stayUs)} here`, `(its work takes about ${formatDuration(typicalUs)})`);
    steps.push(note('stay', rows[first]!.departUs, first, visit.node, text));
  }
  return steps;
}

/** Rows that are no hop but a fact at one node. */
function rowNotes(input: StepInput): Step[] {
  const { rows, read, cast, several, names } = input;
  const lostOnLink = new Set(read.hops.filter((hop) => hop.outcome === 'lost').map((hop) => hop.endRow));
  const steps: Step[] = [];
  rows.forEach((row, index) => {
    if (lostOnLink.has(index) || cast.standIn(row.node) !== row.node || !cast.nodes.includes(row.node))
      return;
    const which = several && row.sender >= 0 ? `${label(names.message(row.sender, row.nth), 24)} ` : '';
    if (row.kind === 'validate') {
      const number = row.seq > 0 ? `, number ${row.seq}` : '';
      const text = `validate ${which}`.trim() + number;
      steps.push({ ...note('fact', row.timeUs, index, row.node, text), kind: 'arrow' });
      return;
    }
    if (row.kind === 'deliver' && isHeldBack(index, input)) {
      steps.push({
        ...note(
          'fact',
          row.timeUs,
          index,
          row.node,
          lines(`show ${which}`.trim(), since(row.timeUs, input.beginUs)),
        ),
        kind: 'arrow',
      });
      return;
    }
    const text = factOf(row, input);
    if (text === null) return;
    const time = row.sender < 0 ? since(row.timeUs, input.beginUs) : '';
    steps.push(note('fact', row.timeUs, index, row.node, lines(`${which}${text}`, time)));
  });
  return steps;
}

/** Shown later than it arrived: it came out of the reorder buffer. */
function isHeldBack(index: number, { rows, read }: StepInput): boolean {
  const visit = read.visits[read.visitOf[index]!];
  return visit?.rows.some((other) => other < index && rows[other]!.kind === 'buffer') ?? false;
}

function factOf(row: TraceRow, { names }: StepInput): string | null {
  const peer = row.peer < 0 ? '' : label(names.node(row.peer), 24);
  const reason = REASON_TEXT[row.reason];
  switch (row.kind) {
    case 'buffer':
      return row.seq > 1
        ? `waits in the reorder buffer<br/>until number ${row.seq - 1} is shown`
        : 'waits in the reorder buffer';
    case 'duplicate':
      return 'seen before#58; dropped';
    case 'refuse':
      return `refused#58; ${reason}`;
    case 'drop':
      return `lost here#58; ${reason}`;
    case 'fail':
      return `gives up after ${counted(row.attempt + 1, 'attempt')}`;
    case 'lost':
      return 'the store has lost it';
    case 'connect':
      return `connected to ${peer}`;
    case 'disconnect':
      return `connection to ${peer} is gone`;
    case 'reconnect':
      return 'reconnects';
    case 'resume':
      return 'has been given what it missed';
    case 'join':
      return `joins ${label(names.channel(row.channel), 24)}`;
    case 'leave':
      return `leaves ${label(names.channel(row.channel), 24)}`;
    case 'crash':
      return 'crashes';
    case 'restart':
      return 'is back';
    case 'slow':
      return 'changes its speed';
    case 'cut':
      return peer === '' ? 'a link is cut or whole again' : `link to ${peer} is cut or whole again`;
    case 'block':
      return 'event loop blocked';
    default:
      return null;
  }
}
