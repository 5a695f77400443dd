import { rightName } from '../text/nearest.ts';
import { show } from '../text/show.ts';
import { z } from './zod.ts';

/** Maps, lists and alternatives, with messages that say what is wrong and what would be right. */

/** A map of known keys. An unknown key is a problem of its own, one line of the message each, in the order of the issue's keys. */
export function map<S extends z.core.$ZodLooseShape>(description: string, shape: S) {
  const known = Object.keys(shape);
  return z
    .strictObject(shape, {
      error: (issue) =>
        issue.code === 'unrecognized_keys'
          ? issue.keys.map((key) => `the key ${show(key)} is unknown; ${rightName(key, known)}`).join('\n')
          : `${show(issue.input)} stands where a map is expected; write keys: ${known.slice(0, 8).join(', ')}${known.length > 8 ? ', ...' : ''}`,
    })
    .meta({ description });
}

const listHint = (input: unknown): string =>
  typeof input === 'object' && input !== null
    ? 'begin each of its items with a dash: - key: value'
    : 'write [a, b]';

/** A list of a bounded length. */
export function list<T extends z.ZodType>(description: string, of: T, max: number, min = 0) {
  return z
    .array(of, {
      error: (issue) => `${show(issue.input)} stands where a list is expected; ${listHint(issue.input)}`,
    })
    .min(min, { error: `the list has too few items; at least ${min}` })
    .max(max, { error: `the list is too long; at most ${max} items` })
    .meta({ description });
}

/** A map whose keys the author chooses. */
export function record<K extends z.core.$ZodRecordKey, V extends z.ZodType>(
  description: string,
  key: K,
  value: V,
) {
  return z
    .record(key, value, {
      error: (issue) => `${show(issue.input)} stands where a map is expected; write NAME: VALUE`,
    })
    .meta({ description });
}

/** One of several forms. When none fits, the problems of the form that is nearest are reported (see issues.ts). */
export function forms<const T extends readonly z.ZodType[]>(description: string, of: T, right: string) {
  return z
    .union(of, { error: (issue) => `${show(issue.input)} fits none of the forms here; write ${right}` })
    .meta({ description });
}

/** One, or a list of them; always a list. */
export function oneOrMore<T extends z.ZodType>(description: string, of: T, max: number) {
  return z
    .union(
      [
        z
          .array(of)
          .min(1, { error: 'the list is empty; name at least one' })
          .max(max, { error: `the list is too long; at most ${max} items` }),
        of.transform((one) => [one]),
      ],
      {
        error: (issue) => `${show(issue.input)} fits none of the forms here; write one or a list [a, b]`,
      },
    )
    .meta({ description });
}
