import { isMap } from './merge-settings.ts';

/** YAML in flow style. Strings are written as they are where YAML reads them as themselves. */
export function flowText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flowText).join(', ')}]`;
  if (isMap(value)) {
    const parts = Object.entries(value).map(([key, inner]) => `${key}: ${flowText(inner)}`);
    return parts.length === 0 ? '{}' : `{ ${parts.join(', ')} }`;
  }
  if (typeof value !== 'string') return String(value);
  return /^[A-Za-z0-9][A-Za-z0-9_. -]*$/.test(value) &&
    !/^(true|false|null|yes|no|on|off|[\d.]+)$/i.test(value)
    ? value
    : JSON.stringify(value);
}
