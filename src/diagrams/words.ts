import { formatDuration, US_PER_SECOND } from '../base/units.ts';
import type { DropReason } from '../trace/trace.ts';

/** Words and numbers that several diagrams share. All are Mermaid text already: none has a mark to escape. */

export const REASON_TEXT: Readonly<Record<DropReason, string>> = {
  none: 'nobody knows why',
  'station-down': 'it is down',
  crashed: 'it crashed',
  'queue-full': 'queue full',
  'link-loss': 'the link lost it',
  partition: 'the link is cut',
  'not-connected': 'not connected any more',
  'output-buffer': 'output buffer full',
  'rate-limit': 'rate limit',
  'not-authorised': 'not a member',
  'too-large': 'too large',
  duplicate: 'a duplicate',
  superseded: 'another copy has done this already',
  retention: 'the log no longer had it',
  'storage-full': 'storage full',
};

/** Why an arrow ends in a cross. */
export const lostText = (reason: DropReason): string =>
  reason === 'link-loss' ? 'lost on the link' : `lost, ${REASON_TEXT[reason]}`;

/** `+12.3 ms` after the beginning. */
export const since = (timeUs: number, beginUs: number): string => `+${formatDuration(timeUs - beginUs)}`;

/** `+41.2 to +44.8 ms`, or one time when both read the same. */
export function sinceBetween(firstUs: number, lastUs: number, beginUs: number): string {
  const [first, last] = [since(firstUs, beginUs), since(lastUs, beginUs)];
  if (first === last) return first;
  const [number, unit] = first.split(' ');
  return last.endsWith(` ${unit}`) ? `${number} to ${last}` : `${first} to ${last}`;
}

/** Virtual time without loss: `12.345678 s`. */
export function exactSeconds(us: number): string {
  const seconds = Math.floor(us / US_PER_SECOND);
  const rest = String(us - seconds * US_PER_SECOND)
    .padStart(6, '0')
    .replace(/0+$/, '');
  return `${seconds}${rest === '' ? '' : `.${rest}`} s`;
}
