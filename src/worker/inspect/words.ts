import { groupDigits } from '../../base/text.ts';
import { formatDuration, secondsText } from '../../base/units.ts';
import type { Run } from '../../run/run.ts';
import { namesOf, userName } from '../../system/design/names.ts';
import type { Names } from '../../trace/trace.ts';
import type { Structure } from '../protocol.ts';

/** What the inspections have in common: how things are called, and how values are written. */

/** Entries that a structure shows at most; its size says how many there are. */
export const MOST_ENTRIES = 50;

export interface Fact {
  readonly name: string;
  readonly value: string;
}

export const fact = (name: string, value: string): Fact => ({ name, value });

/** `1,234`. */
export const number = groupDigits;

/** A moment of the run: `12.345678 s`. */
export const moment = (us: number): string => `${secondsText(us)} s`;

export const duration = formatDuration;

export interface Called extends Names {
  user(user: number): string;
  /** A message with its place in its channel, when it has one: `alice/3, number 7 of #general`. */
  numbered(sender: number, nth: number, channel: number, seq: number): string;
}

export function namesIn(run: Run): Called {
  const { design, workload } = run.scenario;
  const names = namesOf(design, workload);
  return {
    ...names,
    user: (user) => userName(workload, user),
    numbered: (sender, nth, channel, seq) =>
      `${names.message(sender, nth)}${seq > 0 ? `, number ${number(seq)}` : ''} of ${names.channel(channel)}`,
  };
}

export const mapOf = (
  name: string,
  size: number,
  entries: readonly { readonly key: string; readonly value: string }[],
  probed: number | null = null,
): Structure => ({ kind: 'map', name, size, entries, probed });

/** What one kind of station holds beside its queue. */
export interface StationParts {
  readonly facts: readonly Fact[];
  readonly structures: readonly Structure[];
}
