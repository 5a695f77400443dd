import { formatExact, parseCount, parseDurationUs, US_PER_MS, US_PER_SECOND } from '../../base/units.ts';
import { MAX_WAIT_US } from '../bounds.ts';
import { nearest, rightName } from '../text/nearest.ts';
import { show } from '../text/show.ts';
import { z } from './zod.ts';

/**
 * The kinds of value that a scenario is made of. Each says in its own words what is wrong and what would be right
 * (`A; B`), and what an editor shows (a JSON Schema with one sentence).
 */

type Read<T> = (input: unknown) => { readonly ok: T } | string;
type JsonSchemaPart = Readonly<Record<string, unknown>>;

/** A value read by a function that returns it or says what is wrong; what would be right. */
function scalar<T>(read: Read<T>, json: JsonSchemaPart, description: string) {
  return z
    .unknown()
    .transform((input, ctx): T => {
      const result = read(input);
      if (typeof result !== 'string') return result.ok;
      ctx.issues.push({ code: 'custom', message: result, input });
      return z.NEVER;
    })
    .meta({ ...json, description });
}

const FRACTIONAL_US = /^(\d+(?:\.\d+)?)us$/;

/** Microseconds of `2ms`; with `fractional` also of `1.5us`. */
function readDuration(input: unknown, most: number, fractional: boolean): { readonly ok: number } | string {
  if (input === 0) return { ok: 0 };
  if (typeof input === 'number')
    return `${show(input)} has no unit; write ${input > 0 ? input : 1}ms or ${input > 0 ? input : 1}s`;
  if (typeof input !== 'string')
    return `${show(input)} is no duration; write one such as 250us, 10ms, 60s, 5m or 2h`;
  const parts = fractional ? FRACTIONAL_US.exec(input.trim()) : null;
  const us = parts === null ? parseDurationUs(input) : Number(parts[1]);
  if (us === null) return `${show(input)} is no duration; ${durationHint(input)}`;
  if (us > most) return `${show(input)} is too long; at most ${formatExact(most / 1e6)}s`;
  return { ok: us };
}

const UNITS: Readonly<Record<string, string>> = {
  sec: 's',
  second: 's',
  seconds: 's',
  secs: 's',
  min: 'm',
  mins: 'm',
  minute: 'm',
  minutes: 'm',
  hour: 'h',
  hours: 'h',
  hr: 'h',
  day: 'd',
  days: 'd',
  msec: 'ms',
  millis: 'ms',
  milliseconds: 'ms',
  µs: 'us',
  μs: 'us',
  usec: 'us',
  micros: 'us',
  microseconds: 'us',
};

function durationHint(text: string): string {
  const parts = /^(-?)\s*(\d+(?:\.\d+)?)\s*([a-zµμ]*)$/i.exec(text.trim());
  if (parts === null || text.length > 40) return 'write one such as 250us, 10ms, 60s, 5m or 2h';
  const [, sign = '', number = '', unit = ''] = parts;
  if (sign === '-') return 'a duration is never negative';
  if (unit === '') return `it has no unit: write ${number}ms or ${number}s`;
  const right =
    UNITS[unit.toLowerCase()] ?? ['us', 'ms', 's', 'm', 'h', 'd'].find((u) => u === unit.toLowerCase());
  if (right === undefined || parseDurationUs(`${number}${right}`) === null)
    return 'use whole microseconds, and the unit us, ms, s, m, h or d';
  return `write ${number}${right}`;
}

const DURATION_PATTERN = '^\\d+(_\\d+)*(\\.\\d+)?(us|ms|s|m|h|d)$';
const durationJson = { type: 'string', pattern: DURATION_PATTERN };

export interface DurationRange {
  readonly min?: number;
  readonly max?: number;
}

/** A duration in microseconds. */
export function duration(description: string, { min = 0, max = MAX_WAIT_US }: DurationRange = {}) {
  return scalar(
    (input) => {
      const read = readDuration(input, max, false);
      if (typeof read === 'string' || read.ok >= min) return read;
      return `${show(input)} is too short; at least ${min === 1 ? '1us' : `${formatExact(min)}us`}`;
    },
    durationJson,
    description,
  );
}

/** A duration that is multiplied by a count before it is rounded, in microseconds: `1.5us` is fine. */
export function smallDuration(description: string) {
  return scalar((input) => readDuration(input, MAX_WAIT_US, true), durationJson, description);
}

export interface CountRange {
  readonly min?: number;
  readonly max: number;
}

/** A whole number: 42, 1_000, 200k, 1M. */
export function count(description: string, { min = 0, max }: CountRange) {
  const right = `write a whole number from ${formatExact(min)} to ${formatExact(max)}, such as ${min < 2 ? 2 : min}`;
  return scalar(
    (input) => {
      const n = typeof input === 'string' ? parseCount(input) : typeof input === 'number' ? input : null;
      if (n === null || Number.isNaN(n))
        return `${show(input)} is no count; ${right}${max >= 1e6 ? ', 200k or 1M' : ''}`;
      if (!Number.isSafeInteger(n)) return `${show(input)} is not a whole number; ${right}`;
      if (n < min) return `${show(input)} is too small; at least ${formatExact(min)}`;
      return n > max ? `${show(input)} is too large; at most ${formatExact(max)}` : { ok: n };
    },
    {
      anyOf: [
        { type: 'integer', minimum: min, maximum: max },
        { type: 'string', pattern: '^\\d+(_\\d+)*(\\.\\d+)?[kMG]?$' },
      ],
    },
    description,
  );
}

const BYTE_UNITS: Readonly<Record<string, number>> = { b: 1, kib: 1024, mib: 1024 ** 2 };

/** Bytes: 200, 64KiB, 32MiB. */
export function bytes(description: string, { min = 0, max }: CountRange) {
  return scalar(
    (input) => {
      const parts = typeof input === 'string' ? /^(\d+)\s*([a-z]+)$/i.exec(input.trim()) : null;
      const unit = parts === null ? undefined : BYTE_UNITS[parts[2]!.toLowerCase()];
      const n =
        typeof input === 'number'
          ? input
          : unit !== undefined
            ? Number(parts![1]) * unit
            : typeof input === 'string'
              ? parseCount(input)
              : null;
      if (n === null || !Number.isSafeInteger(n))
        return `${show(input)} is no number of bytes; write 200, 64KiB or 32MiB`;
      if (n < min) return `${show(input)} is too small; at least ${formatExact(min)}`;
      return n > max ? `${show(input)} is too large; at most ${formatExact(max)} bytes` : { ok: n };
    },
    {
      anyOf: [
        { type: 'integer', minimum: min, maximum: max },
        { type: 'string', pattern: '^\\d+ ?([KM]iB|B)?$' },
      ],
    },
    description,
  );
}

/** Any number in a range, ends included. */
export function number(description: string, { min, max }: { readonly min: number; readonly max: number }) {
  return scalar(
    (input) => {
      const n = typeof input === 'string' ? parseCount(input) : input;
      if (typeof n !== 'number' || !Number.isFinite(n))
        return `${show(input)} is no number; write one from ${formatExact(min)} to ${formatExact(max)}`;
      if (n < min) return `${show(input)} is too small; at least ${formatExact(min)}`;
      return n > max ? `${show(input)} is too large; at most ${formatExact(max)}` : { ok: n };
    },
    { type: ['number', 'string'] },
    description,
  );
}

/** A share of a whole: 0.2 or 20%. */
export function share(description: string) {
  return scalar(
    (input) => {
      const percent = typeof input === 'string' ? /^(-?\d+(?:\.\d+)?)\s*%$/.exec(input.trim()) : null;
      const n = percent === null ? input : Number(percent[1]) / 100;
      if (typeof n !== 'number' || !Number.isFinite(n))
        return `${show(input)} is no share; write one from 0 to 1, or from 0% to 100%`;
      if (n >= 0 && n <= 1) return { ok: n };
      const hint =
        percent === null && n > 1 && n <= 100
          ? `; did you mean ${n}%?`
          : '; write one from 0 to 1, or from 0% to 100%';
      return `${show(input)} is not between 0 and 1${hint}`;
    },
    {
      anyOf: [
        { type: 'number', minimum: 0, maximum: 1 },
        { type: 'string', pattern: '^\\d+(\\.\\d+)?\\s*%$' },
      ],
    },
    description,
  );
}

/** One of a few names; `synonyms`: what people call them otherwise. */
export function oneOf<const T extends string>(
  names: readonly T[],
  description: string,
  synonyms: Readonly<Record<string, T>> = {},
) {
  return scalar(
    (input): { readonly ok: T } | string => {
      const found = names.find((name) => name === input);
      if (found !== undefined) return { ok: found };
      const word = typeof input === 'string' ? input : '';
      const meant = Object.hasOwn(synonyms, word) ? synonyms[word] : undefined;
      const right = meant === undefined ? rightName(word, names) : `did you mean ${meant}?`;
      return `${show(input)} is not one of the names here; ${right}`;
    },
    { enum: [...names] },
    description,
  );
}

const PER_UNIT = /^\s*(\d+(?:\.\d+)?)\s*(?:%|[a-z]+)\s*$/i;

/** A bound of a metric: a number in the unit that the metric's name ends with. */
export function figure(description: string, most: number) {
  const plain = number(description, { min: -most, max: most });
  return scalar(
    (input) => {
      const [, amount] =
        typeof input === 'string' && parseCount(input) === null ? (PER_UNIT.exec(input) ?? []) : [];
      if (amount === undefined) {
        const read = plain.safeParse(input);
        return read.success ? { ok: read.data } : (read.error.issues[0]?.message ?? '');
      }
      const us = parseDurationUs(String(input).replaceAll(' ', ''));
      const right =
        us === null ? amount : `${us / US_PER_MS} of a metric in ms, ${us / US_PER_SECOND} of one in s`;
      return `${show(input)} has a unit, and the metric has its own; write ${right}`;
    },
    { type: ['number', 'string'] },
    description,
  );
}

export function yesOrNo(description: string) {
  return scalar(
    (input) => {
      if (typeof input === 'boolean') return { ok: input };
      const near = typeof input === 'string' ? nearest(input, ['true', 'false']) : null;
      const yes = input === 'yes' || input === 'on' || input === 1 || near === 'true';
      return `${show(input)} is neither true nor false; write ${yes ? 'true' : near === 'false' || input === 'no' || input === 'off' ? 'false' : 'true or false'}`;
    },
    { type: 'boolean' },
    description,
  );
}

/** Text of a bounded length; line breaks only where it may be a paragraph. */
export function text(
  description: string,
  { max, lines = false }: { readonly max: number; readonly lines?: boolean },
) {
  return scalar(
    (input) => {
      if (typeof input !== 'string') {
        return `${show(input)} is no text; ${input === undefined ? 'add it' : 'put it in quotes'}`;
      }
      const value = input.trim();
      if (value === '') return 'the text is empty; write something or leave the key away';
      if (value.length > max) return `the text has ${value.length} characters; at most ${max}`;
      if (!lines && /[\n\r\t]/.test(value)) return 'the text has several lines; write it on one';
      return { ok: value };
    },
    { type: 'string', maxLength: max },
    description,
  );
}

/** A name that a pattern allows. */
export function name(description: string, pattern: RegExp, right: string) {
  return scalar(
    (input) => {
      if (typeof input !== 'string') return `${show(input)} is no name; ${right}`;
      return pattern.test(input) ? { ok: input } : `${show(input)} is no name; ${right}`;
    },
    // Not every editor reads \p{...} in a pattern.
    pattern.unicode ? { type: 'string' } : { type: 'string', pattern: pattern.source },
    description,
  );
}

/** Any value of YAML, checked where it is used. */
export function anything(description: string) {
  return z.unknown().meta({ description });
}
