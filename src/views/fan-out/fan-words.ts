import { counted, groupDigits } from '../../base/text.ts';
import { formatCount } from '../../base/units.ts';
import type { Reach, StationFrame, StationInfo } from '../../worker/protocol.ts';
import { statusWord } from '../crowd/status-word.ts';
import { channelName, messageName, userName } from '../names.ts';
import { PUBSUB_FRAME } from './fan-boxes.ts';
import type { FanModel } from './fan-model.ts';
import type { ServerShare } from './lit-path.ts';
import { shownTo } from './lit-path.ts';

/** What stands in the boxes and under the picture: short, in the lab's terms. */

const KIND_PLURAL: Readonly<Record<StationInfo['kind'], string>> = {
  gateway: 'gateways',
  'ws-server': 'servers',
  pubsub: 'shards',
  'chat-service': 'chat services',
  database: 'databases',
  limiter: 'limiters',
  sequencer: 'sequencers',
};

const percent = (share: number): string => `${Math.round(100 * share)} %`;

/** `12 waiting, 34 % busy`, `1.2 k jobs/s`. */
export function stationLines(frame: StationFrame | undefined): readonly string[] {
  if (frame === undefined) return [];
  return [
    `${formatCount(frame.queue)} waiting`,
    `${percent(frame.utilisation)} busy`,
    `${formatCount(Number(frame.ratePerSecond.toPrecision(3)))} jobs/s`,
  ];
}

export interface RestWords {
  readonly title: string;
  readonly lines: readonly string[];
  /** Mean share of time in use. */
  readonly utilisation: number;
  /** Of these, how many are in trouble. */
  readonly broken: number;
}

/** The box of those who are not drawn one by one. */
export function restWords(model: FanModel, rest: readonly StationInfo[]): RestWords {
  const frames = rest.flatMap(({ node }) => model.frames.get(node) ?? []);
  const mean = (of: (frame: StationFrame) => number): number =>
    frames.reduce((sum, frame) => sum + of(frame), 0) / Math.max(1, frames.length);
  const longest = frames.reduce((most, { queue }) => Math.max(most, queue), 0);
  const kind = rest[0]?.kind ?? 'ws-server';
  const broken = frames.filter((frame) => statusWord(frame) !== null).length;
  const told = rest.filter(({ node }) => model.shares.get(node)?.isTold === true).length;
  const utilisation = mean((frame) => frame.utilisation);
  return {
    title: `${groupDigits(rest.length)} more ${KIND_PLURAL[kind]}`,
    lines: [
      ...(broken > 0 ? [`${broken} in trouble`] : []),
      ...(told > 0 ? [`${told} of them told`] : []),
      `${formatCount(longest)} waiting at most`,
      `${percent(utilisation)} busy on average`,
    ],
    utilisation,
    broken,
  };
}

export interface ClientsWords {
  /** The longest first: the first that fits is shown. */
  readonly titles: readonly string[];
  readonly lines: readonly string[];
  /** Share of the members here who have the message, or null where it is for nobody here. */
  readonly share: number | null;
  readonly isSender: boolean;
}

const MOST_NAMES = 3;

/** The clients of one server. `names` are those of all who are connected there, where they are few enough to be known. */
export function clientsWords(model: FanModel, server: number, names: readonly string[] | null): ClientsWords {
  const connections = model.frames.get(server)?.connections ?? 0;
  const clients = counted(connections, 'client');
  const short = `${formatCount(connections)} clients`;
  const listed = (most: number): string => {
    const more = connections - Math.min(most, names?.length ?? 0);
    return `${(names ?? []).slice(0, most).join(', ')}${more > 0 ? ` + ${groupDigits(more)}` : ''}`;
  };
  const titles =
    names === null || names.length === 0
      ? [clients, short]
      : [listed(MOST_NAMES), listed(2), listed(1), clients, short];
  const share = model.shares.get(server);
  const isSender = model.focus !== null && model.senderServer === server;
  const sender = model.focus === null ? '' : userName(model.info, model.focus.sender);
  return {
    titles,
    lines: [
      ...(isSender ? [`${sender} sends`] : []),
      ...(share === undefined || share.members === 0 ? [] : [shareWords(share)]),
      ...(isKnown(model) && (share === undefined || share.members === 0) ? ['nobody to tell'] : []),
    ],
    share: share === undefined || share.members === 0 ? null : share.shown / share.members,
    isSender,
  };
}

export const shareWords = ({
  shown,
  members,
}: {
  readonly shown: number;
  readonly members: number;
}): string => `${groupDigits(shown)} of ${groupDigits(members)} ${members === 1 ? 'has' : 'have'} it`;

/** Whether it is known whom the message is for. */
const isKnown = ({ path, reach }: FanModel): boolean =>
  reach !== null || (path !== null && path.story.published > 0);

/** The clients of the servers that are not drawn. */
export function restClients(model: FanModel): ClientsWords {
  const { rest } = model.cast.servers;
  const frames = rest.flatMap(({ node }) => model.frames.get(node) ?? []);
  const connections = frames.reduce((sum, frame) => sum + frame.connections, 0);
  const share = restShare(model);
  return {
    titles: [
      `${formatCount(connections / Math.max(1, frames.length))} clients each`,
      `${formatCount(connections / Math.max(1, frames.length))} each`,
    ],
    lines: [...(share.members > 0 ? [shareWords(share)] : ['on average'])],
    share: share.members > 0 ? share.shown / share.members : null,
    isSender: false,
  };
}

function restShare(model: FanModel): ServerShare {
  const sum = { members: 0, shown: 0, lost: 0, isTold: false };
  for (const { node } of model.cast.servers.rest) {
    const share = model.shares.get(node);
    if (share === undefined) continue;
    sum.members += share.members;
    sum.shown += share.shown;
    sum.lost += share.lost;
    sum.isTold ||= share.isTold;
  }
  return sum;
}

/** What the arrows say while a message is followed, by link. In a narrow picture what is said to a station stands in its box. */
export function litWords(model: FanModel): ReadonlyMap<string, string> {
  const words = new Map<string, string>();
  const { lit, layout, cast } = model;
  const chat = `node:${cast.chatService?.node}`;
  const database = `node:${cast.database?.node}`;
  for (const { id, from, to } of layout.links) {
    const of = lit.get(id);
    if (of === undefined) continue;
    const isServer = (box: string): boolean =>
      box === 'rest:ws-server' || model.routes.stationOf(box)?.kind === 'ws-server';
    const isFromBroker = from === PUBSUB_FRAME || model.routes.stationOf(from)?.kind === 'pubsub';
    let text = '';
    if (to === database) text = model.path?.story.isPersisted === true ? 'stored' : 'store';
    else if (isSequencer(model, to)) text = `asked ${times(of.count)}`;
    else if (to === chat || from === chat) text = `told ${times(of.count)}`;
    else if (isFromBroker && isServer(to))
      text = `told ${of.ends > 1 ? `${of.ends} servers` : times(of.count)}`;
    else if (isServer(from) && isServer(to)) text = `called ${times(of.count)}`;
    else if (isServer(from)) text = copies(model, from, of.count);
    else if (from.startsWith('clients:')) text = `sent ${times(of.count)}`;
    if (of.lost > 0) text = `${text}${text === '' ? '' : ', '}${groupDigits(of.lost)} lost`;
    if (text !== '') words.set(id, text);
  }
  return words;
}

const isSequencer = (model: FanModel, box: string): boolean =>
  box === 'rest:sequencer' || model.routes.stationOf(box)?.kind === 'sequencer';

const times = (n: number): string => (n === 1 ? 'once' : n === 2 ? 'twice' : `${groupDigits(n)} times`);

/** Copies that a server sends to its members: of a large channel those of the count, because the rows are a sample. */
function copies(model: FanModel, box: string, count: number): string {
  const server = model.routes.stationOf(box)?.node;
  const share = server === undefined ? restShare(model) : model.shares.get(server);
  const n = (model.reach?.watchedOneIn ?? 1) > 1 ? (share?.members ?? count) : count;
  if (!model.layout.isWide) return `×${formatCount(n)}`;
  return n === 1 ? '1 copy' : `${formatCount(n)} copies`;
}

/** Where every message is not drawn: the rates of the arrows, by link. */
export function rateWords(model: FanModel): ReadonlyMap<string, string> {
  const words = new Map<string, string>();
  if (!model.isRates || model.focus !== null) return words;
  const { links } = model.layout;
  const { flows, cast } = model;
  const chat = `node:${cast.chatService?.node}`;
  const rate = (n: number): string => `${formatCount(Number(n.toPrecision(3)))}/s`;
  const put = (id: string | undefined, text: string): void => {
    if (id !== undefined) words.set(id, text);
  };
  const up = links.find(({ from }) => from.startsWith('clients:'));
  const down = links.find(({ to }) => to.startsWith('clients:'));
  put(up?.id, `${rate(flows.sent)} sent`);
  put(down?.id, `${rate(flows.shown)} shown`);
  put(
    links.find(({ from, to }) => from === chat && to === `node:${cast.database?.node}`)?.id,
    `${rate(flows.persisted)} stored`,
  );
  put(
    links.find(({ from, to }) => from === chat && /pubsub/.test(kindOfBox(model, to)))?.id,
    `${rate(flows.published)} published`,
  );
  put(links.find(({ from }) => /pubsub/.test(kindOfBox(model, from)))?.id, `${rate(flows.notified)} told`);
  return words;
}

const kindOfBox = (model: FanModel, box: string): string => model.routes.stationOf(box)?.kind ?? box;

/** What the picture leaves out, and what moves in it. */
export function noteWords(model: FanModel): string {
  const { cast, isRates, focus } = model;
  const all = cast.servers.drawn.length + cast.servers.rest.length;
  const part =
    cast.servers.rest.length === 0
      ? ''
      : `${cast.servers.drawn.length} of ${counted(all, 'server')} drawn: those selected, in trouble, on the message’s way or with the longest queue. `;
  if (!isRates)
    return `${part}Each dot is one copy of a message, each ring an answer. Select a dot to follow its message.`;
  return focus === null
    ? `${part}Rates, not single messages: an arrow is as wide as what passes in a second, on a logarithmic scale.`
    : `${part}Only this message is drawn one by one; the dashes are rates of all.`;
}

/** The path of the message as a sentence that grows with it. */
export function pathWords(model: FanModel): string {
  const { focus, path, reach, info, shares } = model;
  if (focus === null) return '';
  const name = messageName(info, focus.sender, focus.nth);
  if (path === null && reach === null)
    return `${name} has not been sent yet, or it is over and was not watched.`;
  const story = path?.story ?? null;
  const channel = story?.channel ?? reach?.channel ?? -1;
  const where = channel >= 0 ? ` in ${channelName(info, channel)}` : '';
  const parts: string[] = [];
  const own = model.senderServer === null ? null : serverName(model, model.senderServer);
  if (story !== null && story.refused !== null)
    parts.push(`refused: ${story.refused.reason.replaceAll('-', ' ')}`);
  if (story !== null && story.retries > 0) parts.push(`sent ${times(1 + story.retries)}`);
  const brokers = model.cast.shards.drawn.length > 0;
  if (own !== null && story !== null && story.published === 0 && story.refused === null)
    parts.push(`${own} has it`);
  if (story?.isPersisted === true) parts.push('the database has it');
  if (path !== null && path.story.published > 0) {
    const told = [...path.told.values()].filter((server) => server.times > 0).length;
    const heads = brokers
      ? `pub/sub was told ${times(path.story.published)} and told ${counted(told, 'server')}`
      : `${own ?? 'the server'} called ${counted(Math.max(0, told), 'server')} itself`;
    parts.push(heads);
  }
  const fromHistory = story?.receipts.filter(({ what }) => what === 'from-history').length ?? 0;
  const total = reach === null ? sum(shares, 'members') + fromHistory : reach.members;
  const has = reach === null ? (story === null ? 0 : shownTo(story)) : reach.shown;
  if (total > 0)
    parts.push(`${shareWords({ shown: has, members: total })}${reach === null ? '' : reachWords(reach)}`);
  if (fromHistory > 0) parts.push(`${fromHistory} from the history`);
  const lost = story?.losses.length ?? 0;
  if (lost > 0) parts.push(`${groupDigits(lost)} lost on the way`);
  return `${name}${where}: ${parts.length === 0 ? 'on its way to a server' : parts.join('; ')}.`;
}

const reachWords = ({ offline }: Reach): string =>
  offline === 0 ? '' : ` (${groupDigits(offline)} offline)`;

const serverName = (model: FanModel, node: number): string =>
  model.info.stations.find((station) => station.node === node)?.name ?? `station ${node}`;

function sum(shares: FanModel['shares'], of: 'members' | 'shown'): number {
  let all = 0;
  for (const share of shares.values()) all += share[of];
  return all;
}
