import { parseCount, parseDurationUs, US_PER_SECOND } from '../base/units.ts';
import type { Action, Selection } from './protocol.ts';

/**
 * The address of a moment: `s=million-users&seed=7&t=12.345678s&...`, the part of a link behind `#`. Reading one is strict:
 * whatever cannot be read is named, and nothing is left out in silence.
 */

export interface HandAction {
  readonly atUs: number;
  readonly action: Action;
}

/** What a link says. Null where it says nothing. */
export interface Address {
  readonly version: string | null;
  readonly scenario: string | null;
  readonly seed: number | null;
  readonly users: number | null;
  readonly timeUs: number | null;
  readonly picture: string | null;
  readonly selection: Selection | null;
  /** Virtual microseconds that a second shows; Infinity for as fast as it goes. */
  readonly speed: number | null;
  /** What was done by hand, in order of time. */
  readonly hand: readonly HandAction[];
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
  add('seed', address.seed);
  add('users', address.users);
  add('t', address.timeUs === null ? null : writeTime(address.timeUs));
  add('p', address.picture);
  if (address.selection !== null) parts.push(`sel=${writeSelection(address.selection)}`);
  add('speed', address.speed === null ? null : address.speed === Infinity ? 'max' : `${address.speed}us`);
  if (address.hand.length > 0) parts.push(`do=${address.hand.map(writeHand).join('~')}`);
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
    case 'p': {
      const picture = unescapeText(raw);
      if (!/^[a-z-]{1,40}$/.test(picture)) throw new Error('a picture is named in small letters');
      address.picture = picture;
      return;
    }
    case 'sel':
      address.selection = readSelection(raw);
      return;
    case 'speed': {
      const speed = raw === 'max' ? Infinity : parseDurationUs(raw);
      if (speed === null || speed <= 0) throw new Error('a speed is a duration such as 50ms, or max');
      address.speed = speed;
      return;
    }
    case 'do':
      address.hand = raw.split('~').map(readHand);
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

const maybe = (value: number | null): string => (value === null ? '-' : String(value));

function writeHand({ atUs, action }: HandAction): string {
  const fields: (string | number)[] = [atUs, action.do];
  switch (action.do) {
    case 'crash':
      fields.push(action.node, maybe(action.forUs));
      break;
    case 'restart':
      fields.push(action.node);
      break;
    case 'slow':
      fields.push(action.node, action.factor, maybe(action.forUs));
      break;
    case 'block':
      fields.push(action.node, action.forUs);
      break;
    case 'link': {
      const { cut, loss, duplicate, reorder, delayUs } = action.fault;
      fields.push(action.from.join('_'), action.to.join('_'), cut ? 1 : 0, loss, duplicate, reorder, delayUs);
      fields.push(maybe(action.forUs));
      break;
    }
    case 'send':
      fields.push(action.user, action.channel, action.bytes);
      break;
    case 'disconnect':
      fields.push(action.user, maybe(action.forUs));
      break;
    case 'connect':
      fields.push(action.user);
      break;
    case 'join':
    case 'leave':
      fields.push(action.user, action.channel);
      break;
    case 'set':
      fields.push(escapeText(action.path), escapeText(JSON.stringify(action.value)));
      break;
  }
  return fields.join(',');
}

function readHand(raw: string): HandAction {
  const fields = new Fields(raw);
  const atUs = fields.number('the time of an action');
  const verb = fields.text('an action');
  const action = readAction(verb, fields);
  fields.end();
  return { atUs, action };
}

function readAction(verb: string, fields: Fields): Action {
  switch (verb) {
    case 'crash':
      return { do: verb, node: fields.number('a node'), forUs: fields.maybe('a duration') };
    case 'restart':
      return { do: verb, node: fields.number('a node') };
    case 'slow':
      return {
        do: verb,
        node: fields.number('a node'),
        factor: fields.real('a factor', 0, 1e9),
        forUs: fields.maybe('a duration'),
      };
    case 'block':
      return { do: verb, node: fields.number('a node'), forUs: fields.number('a duration') };
    case 'link':
      return {
        do: verb,
        from: fields.list('the nodes of one side'),
        to: fields.list('the nodes of the other side'),
        fault: {
          cut: fields.number('cut') === 1,
          loss: fields.real('a loss', 0, 1),
          duplicate: fields.real('a duplication', 0, 1),
          reorder: fields.real('a reordering', 0, 1),
          delayUs: fields.number('a delay'),
        },
        forUs: fields.maybe('a duration'),
      };
    case 'send':
      return {
        do: verb,
        user: fields.number('a user'),
        channel: fields.number('a channel'),
        bytes: fields.number('a size'),
      };
    case 'disconnect':
      return { do: verb, user: fields.number('a user'), forUs: fields.maybe('a duration') };
    case 'connect':
      return { do: verb, user: fields.number('a user') };
    case 'join':
    case 'leave':
      return { do: verb, user: fields.number('a user'), channel: fields.number('a channel') };
    case 'set':
      return {
        do: verb,
        path: unescapeText(fields.text('a setting')),
        value: parseJson(unescapeText(fields.text('a value'))),
      };
    default:
      throw new Error(`there is no action "${verb}"`);
  }
}

/** The fields of one comma-separated record, taken one by one. */
class Fields {
  readonly #fields: readonly string[];
  #next = 0;

  constructor(raw: string) {
    this.#fields = raw.split(',');
  }

  text(what: string): string {
    const field = this.#fields[this.#next++];
    if (field === undefined || field === '') throw new Error(`${what} is missing`);
    return field;
  }

  number(what: string): number {
    return wholeNumber(this.text(what), what, Number.MAX_SAFE_INTEGER);
  }

  maybe(what: string): number | null {
    const field = this.text(what);
    return field === '-' ? null : wholeNumber(field, what, Number.MAX_SAFE_INTEGER);
  }

  real(what: string, least: number, most: number): number {
    const field = this.text(what);
    const value = Number(field);
    if (!/^\d/.test(field) || !(value >= least && value <= most)) {
      throw new Error(`${what} is a number from ${least} to ${most}, not "${field}"`);
    }
    return value;
  }

  list(what: string): number[] {
    return this.text(what)
      .split('_')
      .map((field) => wholeNumber(field, what, Number.MAX_SAFE_INTEGER));
  }

  end(): void {
    if (this.#next < this.#fields.length)
      throw new Error(`"${this.#fields[this.#next]}" is one field too many`);
  }
}

function wholeNumber(text: string, what: string, most: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value > most)
    throw new Error(`${what} is a whole number, not "${text.slice(0, 20)}"`);
  return value;
}

/** What separates parts and fields of an address, and what a mail program would cut. */
const escapeText = (text: string): string =>
  encodeURIComponent(text).replace(/[~!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);

function unescapeText(raw: string): string {
  try {
    return decodeURIComponent(raw);
  } catch {
    throw new Error('it is not well-formed');
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new Error('its value is no JSON');
  }
}
