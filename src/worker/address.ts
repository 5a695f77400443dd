import { parseCount, parseDurationUs, US_PER_SECOND } from '../base/units.ts';
import type { HandAction } from '../run/run.ts';
import {
  escapeText,
  Fields,
  readHands,
  unescapeText,
  wholeNumber,
  writeHands,
} from '../scenario/text/hand-text.ts';
import type { Selection, WorldChoice } from './protocol.ts';

/**
 * The address of a moment: `s=million-users&seed=7&t=12.345678s&...`, the part of a link behind `#`. Reading one is strict:
 * whatever cannot be read is named, and nothing is left out in silence.
 */

export type { HandAction };

/** What a link says. Null where it says nothing. */
export interface Address {
  readonly version: string | null;
  readonly scenario: string | null;
  /** A scenario that is in no library, with what was done in it: see scenario/token.ts. Then `scenario` is null. */
  readonly token?: string | null;
  readonly seed: number | null;
  readonly users: number | null;
  readonly timeUs: number | null;
  readonly picture: string | null;
  /** A second picture beside it; absent or null: none. */
  readonly beside?: string | null;
  readonly selection: Selection | null;
  /** The broken promise that is looked at, and when it was broken first; absent or null: none. */
  readonly witness?: WitnessName | null;
  /** The rate-limit laboratory, as its picture writes it; absent or null as it stands at first. */
  readonly rateLimitLab?: string | null;
  /** The world that is shown beside it; absent or null: none. */
  readonly world?: WorldChoice | null;
  /** How the page shows it; absent or null as usual. */
  readonly mode?: 'present' | 'embed' | null;
  /** Virtual microseconds that a second shows; Infinity for as fast as it goes. */
  readonly speed: number | null;
  /** What was done by hand, in order of time. */
  readonly hand: readonly HandAction[];
}

/** A broken promise of a run: its name, and when it was broken first. */
export interface WitnessName {
  readonly promise: string;
  readonly sinceUs: number;
}

export const NO_ADDRESS: Address = {
  version: null,
  scenario: null,
  seed: null,
  users: null,
  timeUs: null,
  picture: null,
  selection: null,
  speed: null,
  hand: [],
};

/** The text behind `#`, without it. */
export function writeAddress(address: Address): string {
  const parts: string[] = [];
  const add = (key: string, value: string | number | null): void => {
    if (value !== null) parts.push(`${key}=${escapeText(String(value))}`);
  };
  add('s', address.scenario);
  add('x', address.token ?? null);
  add('seed', address.seed);
  add('users', address.users);
  add('t', address.timeUs === null ? null : writeTime(address.timeUs));
  add('p', address.picture);
  add('p2', address.beside ?? null);
  if (address.selection !== null) parts.push(`sel=${writeSelection(address.selection)}`);
  if (address.witness != null) parts.push(`broken=${address.witness.promise},${address.witness.sinceUs}`);
  if (address.rateLimitLab != null) parts.push(`rl=${address.rateLimitLab}`);
  if (address.world != null) parts.push(`w=${worldKey(address.world)}`);
  add('speed', address.speed === null ? null : address.speed === Infinity ? 'max' : `${address.speed}us`);
  if (address.mode != null) parts.push(`${address.mode}=1`);
  if (address.hand.length > 0) parts.push(`do=${writeHands(address.hand)}`);
  add('v', address.version);
  return parts.join('&');
}

/** Reads the text behind `#` (with or without it). `problems` holds one sentence for each part that cannot be used. */
export function readAddress(text: string): {
  readonly address: Address;
  readonly problems: readonly string[];
} {
  const problems: string[] = [];
  const address: { -readonly [K in keyof Address]: Address[K] } = { ...NO_ADDRESS };
  const seen = new Set<string>();
  for (const part of text.replace(/^#/, '').split('&')) {
    if (part === '') continue;
    const split = part.indexOf('=');
    const key = split < 0 ? part : part.slice(0, split);
    const raw = split < 0 ? '' : part.slice(split + 1);
    try {
      if (seen.has(key)) throw new Error('it is there twice');
      seen.add(key);
      readPart(address, key, raw);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      problems.push(`"${part.length > 60 ? `${part.slice(0, 59)}…` : part}" cannot be read: ${why}`);
    }
  }
  return { address, problems };
}

function readPart(address: { -readonly [K in keyof Address]: Address[K] }, key: string, raw: string): void {
  switch (key) {
    case 'v':
      address.version = unescapeText(raw);
      return;
    case 's': {
      const name = unescapeText(raw);
      if (!/^[a-z0-9][a-z0-9-]{0,99}$/.test(name))
        throw new Error('a scenario is named in small letters and hyphens');
      address.scenario = name;
      return;
    }
    case 'x':
      if (!/^[\w-]+$/.test(raw)) throw new Error('a token is one word of letters, digits, - and _');
      address.token = raw;
      return;
    case 'seed':
      address.seed = wholeNumber(raw, 'a seed', 0xffff_ffff);
      return;
    case 'users': {
      const users = parseCount(raw);
      if (users === null || users < 1 || users > 10_000_000)
        throw new Error('users are a count such as 200k');
      address.users = users;
      return;
    }
    case 't': {
      const timeUs = parseDurationUs(raw);
      if (timeUs === null) throw new Error('a time looks like 12.345678s');
      address.timeUs = timeUs;
      return;
    }
    case 'p':
    case 'p2': {
      const picture = unescapeText(raw);
      if (!/^[a-z-]{1,40}$/.test(picture)) throw new Error('a picture is named in small letters');
      if (key === 'p') address.picture = picture;
      else address.beside = picture;
      return;
    }
    case 'sel':
      address.selection = readSelection(raw);
      return;
    case 'broken': {
      const fields = new Fields(raw);
      const promise = fields.text('a promise');
      if (!/^[a-z-]{1,40}$/.test(promise)) throw new Error('a promise is named in small letters and hyphens');
      address.witness = { promise, sinceUs: fields.number('the time of its violation') };
      fields.end();
      return;
    }
    case 'rl':
      if (!/^[a-z0-9,_-]+$/.test(raw))
        throw new Error('a laboratory is small letters, digits, commas, - and _');
      address.rateLimitLab = raw;
      return;
    case 'w':
      address.world = readWorld(raw);
      return;
    case 'speed': {
      const speed = raw === 'max' ? Infinity : parseDurationUs(raw);
      if (speed === null || speed <= 0) throw new Error('a speed is a duration such as 50ms, or max');
      address.speed = speed;
      return;
    }
    case 'present':
    case 'embed':
      if (raw !== '1') throw new Error(`it is ${key}=1, or not there`);
      if (address.mode != null) throw new Error('a link presents or embeds, not both');
      address.mode = key;
      return;
    case 'do':
      address.hand = readHands(raw);
      return;
    default:
      throw new Error('there is no such part in a link of this version');
  }
}

/** Seconds with all microseconds, and no trailing zeros: `12.345678s`, `3s`. */
function writeTime(us: number): string {
  const whole = Math.floor(us / US_PER_SECOND);
  const rest = String(us % US_PER_SECOND)
    .padStart(6, '0')
    .replace(/0+$/, '');
  return `${whole}${rest === '' ? '' : `.${rest}`}s`;
}

function writeSelection(selection: Selection): string {
  switch (selection.kind) {
    case 'station':
      return `station,${selection.node}`;
    case 'user':
      return `user,${selection.user}`;
    case 'seat':
      return `seat,${selection.seat}`;
    case 'channel':
      return `channel,${selection.channel}`;
    case 'message':
      return `message,${selection.sender},${selection.nth}`;
  }
}

/** `name,in%20order` or `set,design.ordering,per-channel`; empty for none. */
export function worldKey(world: WorldChoice | null | undefined): string {
  if (world == null) return '';
  return world.kind === 'named'
    ? `name,${escapeText(world.name)}`
    : `set,${escapeText(world.path)},${escapeText(world.value)}`;
}

function readWorld(raw: string): WorldChoice {
  const fields = new Fields(raw);
  const kind = fields.text('a kind of world');
  let world: WorldChoice;
  if (kind === 'name') world = { kind: 'named', name: unescapeText(fields.text('the name of a world')) };
  else if (kind === 'set') {
    const path = unescapeText(fields.text('a setting'));
    world = { kind: 'set', path, value: unescapeText(fields.text('its value')) };
  } else throw new Error(`a world is a name or a setting, not "${kind}"`);
  fields.end();
  return world;
}

function readSelection(raw: string): Selection {
  const fields = new Fields(raw);
  const kind = fields.text('a kind');
  let selection: Selection;
  if (kind === 'station') selection = { kind, node: fields.number('a station') };
  else if (kind === 'user') selection = { kind, user: fields.number('a user') };
  else if (kind === 'seat') selection = { kind, seat: fields.number('a seat') };
  else if (kind === 'channel') selection = { kind, channel: fields.number('a channel') };
  else if (kind === 'message')
    selection = { kind, sender: fields.number('a sender'), nth: fields.number('its nth') };
  else throw new Error(`nothing of the kind "${kind}" can be selected`);
  fields.end();
  return selection;
}
