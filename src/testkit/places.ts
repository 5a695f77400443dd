import type { Design } from '../system/design/design.ts';
import { type Station, type StationKind, stationList } from '../system/design/stations.ts';
import { perDesign } from './per-design.ts';
import { designOf } from './small-design.ts';
import type { DesignSettings, Ends } from './small-scenario.ts';
import { type TimeOut, timeOuts } from './time-outs.ts';

/** What of a design faults may befall, and for how long. */
export interface FaultPlaces {
  /** Names of stations that may crash, be slow or be blocked. */
  readonly stations: readonly string[];
  /** Links between stations: by the groups that they join, and one by one where a group has several. */
  readonly links: readonly Ends[];
  /** The time-outs of the design: faults last shorter and longer than each. */
  readonly timeOuts: readonly TimeOut[];
  /** Whether the rate limiter is a station of its own. */
  readonly hasLimiter: boolean;
  /** No fault lasts longer. Milliseconds. */
  readonly longestMs: number;
}

/** What a hunt may say about where faults are, and how long they last; what it leaves out comes from the design. */
export interface PlaceOptions {
  readonly stations?: readonly string[];
  readonly links?: readonly Ends[];
  readonly longestMs?: number;
}

/** Who calls whom, by kinds of station. */
const CALLS: readonly (readonly [
  from: StationKind,
  to: StationKind,
  isThere: (design: Design) => boolean,
])[] = [
  ['gateway', 'ws-server', () => true],
  ['ws-server', 'chat-service', () => true],
  ['chat-service', 'database', () => true],
  ['chat-service', 'pubsub', ({ outbox }) => !outbox.enabled],
  ['database', 'pubsub', ({ outbox }) => outbox.enabled],
  ['pubsub', 'ws-server', () => true],
  ['ws-server', 'ws-server', ({ pubsub }) => pubsub.kind === 'none'],
  ['ws-server', 'limiter', () => true],
  ['chat-service', 'sequencer', () => true],
  ['sequencer', 'sequencer', () => true],
];

const GROUP: Readonly<Partial<Record<StationKind, string>>> = {
  gateway: 'gateway',
  'ws-server': 'ws-servers',
  pubsub: 'pubsub',
  sequencer: 'sequencer',
};

function linksOf(design: Design, stations: readonly Station[]): readonly Ends[] {
  const of = (kind: StationKind): readonly string[] =>
    stations.filter((station) => station.kind === kind).map(({ name }) => name);
  const whole: Ends[] = [];
  const single: Ends[] = [];
  for (const [from, to, isThere] of CALLS) {
    const froms = of(from);
    const tos = of(to);
    if (!isThere(design) || froms.length === 0 || tos.length === 0) continue;
    if (from !== to) whole.push([GROUP[from] ?? from, GROUP[to] ?? to]);
    if (from !== to && froms.length * tos.length === 1) continue;
    for (const a of froms) for (const b of tos) if (from !== to || a < b) single.push([a, b]);
  }
  return [...whole, ...single];
}

/** A fault lasts at most a little longer than the longest time-out: then it has outlasted them all. */
const LONGER = 1.2;

const allPlaces = perDesign((settings): FaultPlaces => {
  const design = designOf(settings);
  const stations = stationList(design);
  const all = timeOuts(design);
  return {
    stations: stations.map(({ name }) => name),
    links: linksOf(design, stations),
    timeOuts: all,
    hasLimiter: stations.some(({ kind }) => kind === 'limiter'),
    longestMs: Math.ceil(LONGER * Math.max(...all.map(({ ms }) => ms))),
  };
});

/** The places of a design with these settings, in the order of its stations. Throws InputError, and RangeError when an option names what is not there. */
export function placesOf(settings: DesignSettings, options: PlaceOptions = {}): FaultPlaces {
  const places = allPlaces(settings);
  const { stations = places.stations, links = places.links, longestMs = places.longestMs } = options;
  const strange = stations.find((name) => !places.stations.includes(name));
  if (strange !== undefined)
    throw new RangeError(`the design has no station "${strange}"; it has ${places.stations.join(', ')}`);
  const key = (ends: Ends): string => ends.join(' - ');
  const all = places.links.map(key);
  const strangeLink = links.find((ends) => !all.includes(key(ends)));
  if (strangeLink !== undefined)
    throw new RangeError(`the design has no link "${key(strangeLink)}"; it has ${all.join(', ')}`);
  return { ...places, stations, links, longestMs };
}
