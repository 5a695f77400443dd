import { Button } from 'react-aria-components/Button';
import { useValue } from '../../views/store/value.ts';
import type { OpenedInfo, StationKind } from '../../worker/protocol.ts';
import { MENDED } from '../chapters.ts';
import { useLab } from '../lab-context.ts';

interface Suggestion {
  readonly kind: StationKind;
  readonly words: (name: string) => string;
}

const SUGGESTIONS: readonly Suggestion[] = [
  { kind: 'ws-server', words: (name) => `Crash ${name}: who goes dark, and how do they come back?` },
  { kind: 'pubsub', words: (name) => `Cut off ${name}: which messages still arrive?` },
  { kind: 'database', words: (name) => `Slow ${name} down tenfold: where does the queue grow?` },
];

/** What to try: another world beside this one, or a station to break; its line selects it, and what to do is in the inspector. */
export function Suggestions({ info }: { readonly info: OpenedInfo }) {
  const lab = useLab();
  const comparison = useValue(lab.comparison);
  const worlds = comparison === null ? info.worlds.slice(1).filter((name) => name !== MENDED) : [];
  const possible = SUGGESTIONS.flatMap(({ kind, words }) => {
    const stations = info.stations.filter((station) => station.kind === kind);
    const station = stations[Math.min(2, stations.length - 1)];
    return station === undefined ? [] : [{ station, text: words(station.name) }];
  });
  if (possible.length === 0 && worlds.length === 0) return null;
  return (
    <section aria-label="What to try" className="suggestions">
      <h3>What to try</h3>
      <ul>
        {worlds.map((name) => (
          <li key={name}>
            <Button className="link-button" onPress={() => lab.compareWith({ kind: 'named', name })}>
              Compare with the world “{name}”: which messages fare otherwise?
            </Button>
          </li>
        ))}
        {possible.map(({ station, text }) => (
          <li key={station.node}>
            <Button
              className="link-button"
              onPress={() => lab.select({ kind: 'station', node: station.node })}
            >
              {text}
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}
