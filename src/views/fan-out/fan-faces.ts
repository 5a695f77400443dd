import type { StationFrame, StationKind } from '../../worker/protocol.ts';
import { statusWord } from '../crowd/status-word.ts';
import { groupsOf } from './cast.ts';
import { type Box, PUBSUB_FRAME } from './fan-boxes.ts';
import type { FanModel } from './fan-model.ts';
import { clientsWords, litWords, restClients, restWords, stationLines } from './fan-words.ts';

/** Everything that a box says. */
export interface BoxFace {
  readonly box: Box;
  readonly kind: StationKind | 'clients';
  /** The longest first: the first that fits is shown. */
  readonly titles: readonly string[];
  readonly status: string | null;
  readonly lines: readonly string[];
  /** Drawn as a bar along the foot: how busy it is, or how many of its members have the message. */
  readonly bar: number | null;
  readonly isDown: boolean;
  readonly isSelected: boolean;
  readonly isLit: boolean;
}

export interface Look {
  readonly selected: string | null;
  /** Names of the clients of a server, where they are few. */
  namesOf(server: number): readonly string[] | null;
}

/** What every box of the picture says and how it stands. */
export function facesOf(model: FanModel, look: Look): BoxFace[] {
  const litBoxes = new Set(
    model.layout.links.filter(({ id }) => model.lit.has(id)).flatMap(({ from, to }) => [from, to]),
  );
  const pubsub = model.path?.pubsub;
  if (pubsub != null) litBoxes.add(model.routes.boxOf(pubsub) ?? '');
  const told = toldLines(model);
  return model.layout.boxes
    .filter(({ role }) => role !== 'frame')
    .map((box): BoxFace => {
      const common = { box, isLit: litBoxes.has(box.id), isSelected: box.id === look.selected };
      if (box.role === 'clients') return { ...common, ...clientsFace(model, box, look) };
      if (box.role === 'rest') {
        const group = groupsOf(model.cast).find(
          ({ rest }) => rest[0] !== undefined && box.id === `rest:${rest[0].kind}`,
        );
        const { title, lines, utilisation } = restWords(model, group?.rest ?? []);
        const kind = group?.rest[0]?.kind ?? 'ws-server';
        return {
          ...common,
          kind,
          titles: [title, shortOf(title)],
          lines,
          status: null,
          bar: utilisation,
          isDown: false,
        };
      }
      const station = model.routes.stationOf(box.id);
      const frame = station === null ? undefined : model.frames.get(station.node);
      return {
        ...common,
        kind: station?.kind ?? 'ws-server',
        titles: [station?.name ?? ''],
        status: statusWord(frame ?? null),
        lines: [...(told.get(box.id) ?? []), ...stationLines(frame)],
        bar: frame?.utilisation ?? null,
        isDown: isOut(frame),
      };
    });
}

const shortOf = (title: string): string => title.replace(/ \w+$/, '');

/** In a narrow picture the arrows have no room for their counts: they stand in the boxes that the arrows lead to. */
function toldLines(model: FanModel): ReadonlyMap<string, readonly string[]> {
  const lines = new Map<string, string[]>();
  if (model.layout.isWide) return lines;
  for (const [id, words] of litWords(model)) {
    const to = model.layout.links.find((link) => link.id === id)?.to ?? '';
    if (model.routes.stationOf(to)?.kind === 'gateway') continue;
    const box = to === PUBSUB_FRAME ? (pubsubBox(model) ?? to) : to;
    lines.set(box, [...(lines.get(box) ?? []), words]);
  }
  return lines;
}

const pubsubBox = ({ path, routes }: FanModel): string | null =>
  path?.pubsub == null ? null : routes.boxOf(path.pubsub);

const isOut = (frame: StationFrame | undefined): boolean =>
  frame !== undefined && (!frame.up || frame.cut === true);

function clientsFace(model: FanModel, box: Box, look: Look) {
  const of = box.id.slice('clients:'.length);
  const station = model.routes.stationOf(of);
  const { titles, lines, share, isSender } =
    station === null ? restClients(model) : clientsWords(model, station.node, look.namesOf(station.node));
  return {
    kind: 'clients' as const,
    titles,
    lines,
    status: null,
    bar: share,
    isDown: false,
    ...(isSender ? { isLit: true } : {}),
  };
}
