import type { Action } from '../../system/faults/actions.ts';
import { FATES, type Fate } from '../../system/faults/passages.ts';
import type { HandAction } from '../types.ts';

/**
 * What was done by hand, as text that a link can carry: `2000000,crash,5,-~...`. Reading is strict: whatever cannot be read is an
 * error that names it.
 */

/** What separates actions. */
const BETWEEN = '~';

export const writeHands = (hand: readonly HandAction[]): string => hand.map(writeHand).join(BETWEEN);

/** Throws Error with what cannot be read. */
export const readHands = (raw: string): HandAction[] => raw.split(BETWEEN).map(readHand);

const maybe = (value: number | null): string => (value === null ? '-' : String(value));

function writeHand({ atUs, action }: HandAction): string {
  const fields: (string | number)[] = [atUs, action.do];
  switch (action.do) {
    case 'crash':
    case 'failover':
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
    case 'choose':
      fields.push(action.sender, action.nth, action.from, action.to, action.fate, action.takesUs);
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
    case 'failover':
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
    case 'choose':
      return {
        do: verb,
        sender: fields.number('a sender'),
        nth: fields.number('its nth'),
        from: fields.number('a node'),
        to: fields.number('a node'),
        fate: readFate(fields.text('a fate')),
        takesUs: fields.number('a duration'),
      };
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

function readFate(text: string): Fate {
  const fate = FATES.find((one) => one === text);
  if (fate === undefined) throw new Error(`a message can be ${FATES.join(', ')}, not "${text.slice(0, 20)}"`);
  return fate;
}

/** The fields of one comma-separated record, taken one by one. */
export class Fields {
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

export function wholeNumber(text: string, what: string, most: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value > most)
    throw new Error(`${what} is a whole number, not "${text.slice(0, 20)}"`);
  return value;
}

/** What separates parts and fields of an address, and what a mail program would cut. */
export const escapeText = (text: string): string =>
  encodeURIComponent(text).replace(/[~!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);

export function unescapeText(raw: string): string {
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
