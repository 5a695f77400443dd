import { deflateSync, inflateSync } from 'fflate';
import { fromBase64Url, toBase64Url } from '../base/base64url.ts';
import { mix32 } from '../base/hash.ts';
import { MAX_SEED, MAX_TEXT_LENGTH } from '../scenario/bounds.ts';
import { GUARANTEE_NAMES, type GuaranteeName } from '../scenario/guarantee-names.ts';
import { readHands, writeHands } from '../scenario/text/hand-text.ts';
import { show } from '../scenario/text/show.ts';
import type { HandAction, Override } from '../scenario/types.ts';
import { type ChoiceList, whyNoChoiceList } from './choice-list.ts';

/**
 * A moment of a run as one word: the scenario's text with what is laid over it, the seed, what was done by hand, the list of choices and the
 * time. It needs no library of scenarios at the other end. `x1` (the form), then base64url of deflate (RFC 1951) of JSON
 * and four bytes that check it.
 *
 * A token may come from a stranger. It is read strictly, and its scenario goes through the parser and its limits like any other text.
 */
export interface SharedRun {
  /** The version of the program that made it: another one may run it differently. */
  readonly version: string;
  readonly text: string;
  readonly overrides: readonly Override[];
  /** In place of the scenario's own; null: the scenario's. */
  readonly seed: number | null;
  readonly hand: readonly HandAction[];
  /** Null: the seed answers. */
  readonly choices: ChoiceList | null;
  readonly timeUs: number;
  /** The guarantee that the run is about: one that was found broken in it, whether its design promises it or not. Null: what it promises. */
  readonly about: GuaranteeName | null;
}

const FORM = 'x1';
/** A link longer than this is cut by some program on its way. */
const MAX_TOKEN_LENGTH = 200_000;
const MAX_JSON_BYTES = 4 * MAX_TEXT_LENGTH + 1_000_000;
const MAX_HAND = 1_000;
const MAX_OVERRIDES = 100;
const CHECK_BYTES = 4;

export class TokenError extends Error {}

/** The name that problems of the scenario in a token are reported under. */
export const TOKEN_FILE = 'token';

export function writeToken(run: SharedRun): string {
  const { version, text, overrides, seed, hand, choices, timeUs, about } = run;
  const json = JSON.stringify({
    v: version,
    s: text,
    ...(overrides.length > 0 ? { o: overrides.map(({ kind, path, value }) => [kind, path, value]) } : {}),
    ...(seed === null ? {} : { seed }),
    ...(hand.length > 0 ? { do: writeHands(hand) } : {}),
    ...(choices === null ? {} : { c: withoutTame(choices) }),
    ...(timeUs === 0 ? {} : { t: timeUs }),
    ...(about === null ? {} : { g: about }),
  });
  const packed = deflateSync(new TextEncoder().encode(json), { level: 9 });
  const bytes = new Uint8Array(packed.length + CHECK_BYTES);
  bytes.set(packed);
  new DataView(bytes.buffer).setUint32(packed.length, checkOf(packed));
  return FORM + toBase64Url(bytes);
}

/** Tame answers at the end of a list say nothing. */
function withoutTame(choices: ChoiceList): ChoiceList {
  let length = choices.length;
  while (length > 0 && choices[length - 1] === 0) length--;
  return choices.slice(0, length);
}

function checkOf(bytes: Uint8Array): number {
  let check = 0;
  for (const byte of bytes) check = mix32(check ^ byte) + 1;
  return check >>> 0;
}

/** Throws TokenError with one sentence when it is no token of this form, or damaged. The scenario's text is not parsed yet. */
export function readToken(token: string): SharedRun {
  if (token.length > MAX_TOKEN_LENGTH)
    throw new TokenError(
      `the token has ${token.length} characters; the longest has ${MAX_TOKEN_LENGTH}, so this is none`,
    );
  if (!token.startsWith(FORM)) {
    throw new TokenError(
      /^x\d/.test(token)
        ? `the token has the form ${show(token.slice(0, 2))}, which another version wrote; this one reads ${FORM}`
        : `a token begins with ${FORM}, not with ${show(token.slice(0, 8))}; copy it again, from end to end`,
    );
  }
  const bytes = fromBase64Url(token.slice(FORM.length));
  const damaged = 'the token is damaged or not whole; copy it again, from end to end';
  if (bytes === null || bytes.length <= CHECK_BYTES) throw new TokenError(damaged);
  const packed = bytes.subarray(0, bytes.length - CHECK_BYTES);
  if (new DataView(bytes.buffer).getUint32(packed.length) !== checkOf(packed)) throw new TokenError(damaged);
  return runOf(jsonOf(packed, damaged));
}

function jsonOf(packed: Uint8Array, damaged: string): unknown {
  let json: Uint8Array;
  try {
    // What is longer than the room is cut there, however far it would unfold.
    json = inflateSync(packed, { out: new Uint8Array(MAX_JSON_BYTES) });
  } catch {
    throw new TokenError(damaged);
  }
  if (json.length >= MAX_JSON_BYTES) throw new TokenError('the token unfolds to more than a scenario may be');
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(json)) as unknown;
  } catch {
    throw new TokenError(damaged);
  }
}

const KEYS = ['v', 's', 'o', 'seed', 'do', 'c', 't', 'g'];

function runOf(value: unknown): SharedRun {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new TokenError('there is no run in the token');
  const of = value as Readonly<Record<string, unknown>>;
  const unknown = Object.keys(of).find((key) => !KEYS.includes(key));
  if (unknown !== undefined)
    throw new TokenError(`the token holds ${show(unknown)}, which this version does not know`);
  const { v, s, o = [], seed = null, do: deeds = '', c = null, t = 0, g = null } = of;
  if (typeof v !== 'string' || typeof s !== 'string' || typeof deeds !== 'string')
    throw new TokenError('the token holds no scenario');
  if (s.length > MAX_TEXT_LENGTH)
    throw new TokenError(`the scenario in the token has more than ${MAX_TEXT_LENGTH} characters`);
  if (seed !== null && !isWhole(seed, MAX_SEED))
    throw new TokenError(`the seed of the token is ${show(seed)}; it is a whole number up to ${MAX_SEED}`);
  if (!isWhole(t, Number.MAX_SAFE_INTEGER))
    throw new TokenError(`the time of the token is ${show(t)}; it is a whole number of microseconds`);
  const about = g === null ? null : GUARANTEE_NAMES.find((name) => name === g);
  if (about === undefined) throw new TokenError(`the token is about ${show(g)}, which is no guarantee`);
  const why = c === null ? null : whyNoChoiceList(c);
  if (why !== null) throw new TokenError(`the token cannot be used: ${why}`);
  return {
    version: v,
    text: s,
    overrides: overridesOf(o),
    seed,
    hand: handOf(deeds),
    choices: c as ChoiceList | null,
    timeUs: t,
    about,
  };
}

const isWhole = (value: unknown, most: number): value is number =>
  Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= most;

function overridesOf(value: unknown): readonly Override[] {
  if (!Array.isArray(value) || value.length > MAX_OVERRIDES)
    throw new TokenError(`the settings of the token are no list of at most ${MAX_OVERRIDES}`);
  return value.map((one: unknown): Override => {
    const [kind, path, to] = Array.isArray(one) ? (one as readonly unknown[]) : [];
    if (typeof path !== 'string' || (kind !== 'set' && kind !== 'users' && kind !== 'for' && kind !== 'seed'))
      throw new TokenError(`${show(path)} in the token is no setting`);
    return { kind, path, value: to };
  });
}

function handOf(deeds: string): readonly HandAction[] {
  if (deeds === '') return [];
  try {
    const hand = readHands(deeds);
    if (hand.length > MAX_HAND) throw new Error(`${hand.length} actions are too many`);
    return hand;
  } catch (error) {
    throw new TokenError(
      `what was done by hand cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}
