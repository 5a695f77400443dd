import type { Duration } from '../../system/design/design.ts';

/**
 * What is written, laid over the defaults. A scenario writes keys without the unit suffix `Us` (`timeout: 5s` for `timeoutUs`);
 * everything else is called as in the Design.
 */
export type Written<T> = T extends Duration | readonly unknown[] | string | number | boolean | null
  ? T
  : { readonly [K in keyof T as K extends `${infer Name}Us` ? Name : K]?: Written<T[K]> | undefined };

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isDuration = (value: Record<string, unknown>): boolean =>
  typeof value.kind === 'string' &&
  ('us' in value || 'minUs' in value || 'meanUs' in value || 'medianUs' in value);

/** A copy of the defaults with everything that is written put in its place; lists and durations are replaced whole. */
export function overlay<T extends object>(defaults: T, written: Written<T> | undefined): T {
  const result = { ...defaults } as Record<string, unknown>;
  for (const [key, value] of Object.entries(written ?? {})) {
    if (value === undefined) continue;
    const target = Object.hasOwn(defaults, key) ? key : `${key}Us`;
    const before = result[target];
    result[target] =
      isMap(value) && isMap(before) && !isDuration(before) ? overlay(before, value as never) : value;
  }
  return result as T;
}
