import { formatCount, formatDuration } from '../../base/units.ts';
import { type Standing, standingOf, standingWord } from '../../guarantees/verdict.ts';
import type { Inspection, PromiseFrame } from '../../worker/protocol.ts';

/** One line of the comparison: the same figure in both worlds. */
export interface Difference {
  readonly name: string;
  readonly first: string;
  readonly second: string;
  /** How the second differs from the first, in words; null: it is the same. */
  readonly change: string | null;
  /** It differs by no more than counts do by chance: nothing to tell two designs by. */
  readonly isChance?: boolean;
}

/** What is compared, in this order, and what it is called. */
const METRIC_WORDS: Readonly<Record<string, string>> = {
  'messages.sent': 'messages sent',
  'messages.acked': 'messages acknowledged',
  'messages.persisted': 'messages in the database',
  'messages.failed': 'messages given up by their sender',
  'messages.retries': 'retries',
  deliveries: 'deliveries',
  'deliveries.lost': 'deliveries lost',
  'deliveries.duplicate': 'deliveries twice',
  'deliveries.outOfOrder': 'deliveries out of order',
  'requests.refused': 'requests refused',
  'honest.refused': 'requests of honest users refused',
  'delivery.p50.ms': 'delivery latency, median',
  'delivery.p99.ms': 'delivery latency, p99',
  'delivery.max.ms': 'delivery latency, longest',
  'ack.p50.ms': 'acknowledgement, median',
  'ack.p99.ms': 'acknowledgement, p99',
  connections: 'connections',
  'delivery.stillOut': 'deliveries on their way',
  'ack.stillOut': 'messages not acknowledged yet',
  'reconnect.p50.s': 'time to be back, median',
  'reconnect.p99.s': 'time to be back, p99',
  'reconnect.stillOut': 'users still out',
  'reconnect.attempts': 'attempts to reconnect',
  'bytes.up': 'bytes from clients',
  'bytes.down': 'bytes to clients',
  'ordering.bytes': 'bytes of order in a message',
  'cost.perHour.usd': 'cost in an hour',
};

/** What is counted one by one as it happens, so that its noise is known. */
const COUNTS: ReadonlySet<string> = new Set([
  'messages.sent',
  'messages.acked',
  'messages.persisted',
  'messages.failed',
  'messages.retries',
  'deliveries',
  'deliveries.lost',
  'deliveries.duplicate',
  'deliveries.outOfOrder',
  'requests.refused',
  'requests.unanswered',
  'honest.refused',
  'honest.failed',
  'bots.sent',
  'bots.persisted',
  'connections',
  'delivery.stillOut',
  'ack.stillOut',
  'reconnect.stillOut',
  'reconnect.attempts',
  'dedup.falsePositives',
]);

/** What is the work of all messages together: as noisy as their number at least. The gateways' work is that of connections. */
const WORK = /^(?!.*gateway)(.+\.busy\.percent|utilisation\..+|queue\..+\.mean)$/;

/**
 * Whether two counts are apart by no more than chance: the difference of two independent Poisson counts has the standard deviation
 * √(a + b), estimated from the counts themselves. Two worlds share a seed, so their noise is rather smaller; what comes in bursts has more.
 */
export const isWithinChance = (a: number, b: number): boolean => Math.abs(a - b) <= Math.sqrt(a + b);

/** The same of two sums over so many messages each: a sum of n parts has the relative deviation 1 / √n at least. */
const isWorkWithinChance = (a: number, b: number, messagesA: number, messagesB: number): boolean =>
  messagesA > 0 &&
  messagesB > 0 &&
  Math.abs(a - b) <= ((a + b) / 2) * Math.sqrt(1 / messagesA + 1 / messagesB);

/** A figure with its unit, which the last part of its name says. */
export function metricText(name: string, value: number): string {
  if (name.endsWith('.ms')) return formatDuration(Math.round(value * 1_000));
  if (name.endsWith('.s')) return formatDuration(Math.round(value * 1_000_000));
  if (name.endsWith('.percent')) return `${Number(value.toPrecision(3))} %`;
  if (name.endsWith('.usd')) return `$${Number(value.toPrecision(3))}`;
  return Number.isInteger(value) ? formatCount(value) : String(Number(value.toPrecision(3)));
}

const ORDER = Object.keys(METRIC_WORDS);
const placeOf = (name: string): number => (ORDER.includes(name) ? ORDER.indexOf(name) : ORDER.length);

type Figures = Readonly<Record<string, number>>;

/** Every figure that either world has, those with a name of their own first. `...AtLeast`: those that are lower bounds. */
export function metricDifferences(
  first: Figures,
  second: Figures,
  firstAtLeast: readonly string[] = [],
  secondAtLeast: readonly string[] = [],
): readonly Difference[] {
  const text = (name: string, value: number | undefined, atLeast: readonly string[]): string => {
    if (value === undefined) return 'none';
    return `${atLeast.includes(name) ? 'at least ' : ''}${metricText(name, value)}`;
  };
  const names = [...new Set([...Object.keys(first), ...Object.keys(second)])];
  return names
    .sort((a, b) => placeOf(a) - placeOf(b))
    .map((name) => {
      const [a, b] = [first[name], second[name]];
      return {
        name: METRIC_WORDS[name] ?? name,
        first: text(name, a, firstAtLeast),
        second: text(name, b, secondAtLeast),
        ...metricChange(name, first, second),
      };
    });
}

function metricChange(
  name: string,
  ofFirst: Figures,
  ofSecond: Figures,
): Pick<Difference, 'change' | 'isChance'> {
  const [first, second] = [ofFirst[name], ofSecond[name]];
  if (first === second) return { change: null };
  if (first === undefined || second === undefined) return { change: 'in one world only' };
  const isChance = COUNTS.has(name)
    ? isWithinChance(first, second)
    : WORK.test(name) &&
      isWorkWithinChance(first, second, ofFirst['messages.sent'] ?? 0, ofSecond['messages.sent'] ?? 0);
  if (isChance) return { change: '≈ no more than chance', isChance };
  const [more, less] = wordsOfUnit(name);
  const by = metricText(name, Math.abs(second - first));
  return { change: second > first ? `+ ${by} ${more}` : `− ${by} ${less}` };
}

function wordsOfUnit(name: string): readonly [string, string] {
  if (name.endsWith('.ms') || name.endsWith('.s')) return ['longer', 'shorter'];
  if (name.endsWith('.percent')) return ['more', 'less'];
  return name.endsWith('.usd') ? ['more', 'less'] : ['more', 'fewer'];
}

const verdictText = (promise: PromiseFrame): string => {
  const { verdict, violations } = promise;
  if (verdict === 'violated') return `broken ${violations === 1 ? 'once' : `${violations} times`}`;
  return standingWord(promise);
};

/** Each promise in both worlds. A promise that one world does not make is not held to it there. */
export function promiseDifferences(
  first: readonly PromiseFrame[],
  second: readonly PromiseFrame[],
): readonly Difference[] {
  const names = [...new Set([...first, ...second].map(({ name }) => name))];
  return names.map((name) => {
    const a = first.find((promise) => promise.name === name);
    const b = second.find((promise) => promise.name === name);
    return {
      name: `promise: ${name.replaceAll('-', ' ')}`,
      first: a === undefined ? 'not promised' : verdictText(a),
      second: b === undefined ? 'not promised' : verdictText(b),
      change: promiseChange(a === undefined ? null : standingOf(a), b === undefined ? null : standingOf(b)),
    };
  });
}

function promiseChange(first: Standing | null, second: Standing | null): string | null {
  if (first === second) return null;
  if (second === 'broken') return '✗ broken here only';
  if (first === 'broken') return second === 'kept' ? '✓ kept here only' : '≠ not broken here';
  return '≠ different';
}

/** What is known of the selected thing, fact by fact. */
export function factDifferences(first: Inspection | null, second: Inspection | null): readonly Difference[] {
  const valuesOf = (inspection: Inspection | null): ReadonlyMap<string, string> =>
    new Map((inspection?.facts ?? []).map(({ name, value }) => [name, value]));
  const [a, b] = [valuesOf(first), valuesOf(second)];
  return [...new Set([...a.keys(), ...b.keys()])].map((name) => {
    const [of, there] = [a.get(name) ?? '–', b.get(name) ?? '–'];
    return { name, first: of, second: there, change: of === there ? null : '≠ different' };
  });
}
