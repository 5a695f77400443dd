import { formatCount } from '../base/units.ts';
import { placesOf } from './places.ts';
import type { SmallScenario } from './small-scenario.ts';

/** What a hunt has really done to the designs that it has tried. */
export interface FaultsUsed {
  readonly scenarios: number;
  /** Of these, without any fault. */
  readonly withoutFault: number;
  /** How many faults there were, by what they did, by station and by link (`from - to`). */
  readonly kinds: Readonly<Record<string, number>>;
  readonly stations: Readonly<Record<string, number>>;
  readonly links: Readonly<Record<string, number>>;
  /** Null where no fault has a length. */
  readonly lengthsMs: { readonly shortest: number; readonly longest: number } | null;
  /** The time-outs of the designs, with their length, and how many faults lasted longer. */
  readonly timeOuts: readonly { readonly name: string; readonly ms: number; readonly outlasted: number }[];
}

export interface UsedFaults {
  add(small: SmallScenario): void;
  told(): FaultsUsed;
}

export function countFaults(): UsedFaults {
  let scenarios = 0;
  let withoutFault = 0;
  const kinds: Record<string, number> = {};
  const stations: Record<string, number> = {};
  const links: Record<string, number> = {};
  const timeOuts = new Map<string, { name: string; ms: number; outlasted: number }>();
  let shortest = Number.POSITIVE_INFINITY;
  let longest = 0;
  const one = (counts: Record<string, number>, name: string): void => {
    counts[name] = (counts[name] ?? 0) + 1;
  };
  return {
    add({ faults, design }) {
      scenarios++;
      if (faults.length === 0) withoutFault++;
      const here = placesOf(design).timeOuts.map(({ name, ms }) => {
        const key = `${name} ${ms}`;
        const known = timeOuts.get(key) ?? { name, ms, outlasted: 0 };
        timeOuts.set(key, known);
        return known;
      });
      for (const fault of faults) {
        one(kinds, fault.do);
        if ('station' in fault) one(stations, fault.station);
        if ('between' in fault) one(links, fault.between.join(' - '));
        if (!('forMs' in fault)) continue;
        shortest = Math.min(shortest, fault.forMs);
        longest = Math.max(longest, fault.forMs);
        for (const timeOut of here) if (fault.forMs > timeOut.ms) timeOut.outlasted++;
      }
    },
    told: () => ({
      scenarios,
      withoutFault,
      kinds: { ...kinds },
      stations: { ...stations },
      links: { ...links },
      lengthsMs: longest === 0 ? null : { shortest, longest },
      timeOuts: [...timeOuts.values()].sort((a, b) => a.ms - b.ms),
    }),
  };
}

/** In a few lines, for people. */
export function faultsUsedText(used: FaultsUsed): string {
  const list = (counts: Readonly<Record<string, number>>): string =>
    Object.entries(counts)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, count]) => `${name} ${formatCount(count)}`)
      .join(', ') || 'none';
  const { lengthsMs, timeOuts } = used;
  const survived = timeOuts
    .filter(({ outlasted }) => outlasted === 0)
    .map(({ name, ms }) => `${name} (${ms} ms)`);
  return [
    `faults:   ${list(used.kinds)}; ${formatCount(used.withoutFault)} of ${formatCount(used.scenarios)} scenarios without any`,
    `stations: ${list(used.stations)}`,
    `links:    ${list(used.links)}`,
    lengthsMs === null
      ? 'lengths:  no fault has one'
      : `lengths:  ${lengthsMs.shortest} to ${lengthsMs.longest} ms; ${survived.length === 0 ? 'longer than every time-out' : `no fault outlasted ${survived.join(', ')}`}`,
  ].join('\n');
}
