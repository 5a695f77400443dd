import { counted, groupDigits } from '../base/text.ts';
import { guaranteeNamed } from '../guarantees/registry.ts';
import type { Verdict, Witness } from '../guarantees/verdict.ts';

/** What `check --json` prints. */
export interface CheckReport {
  readonly history: string;
  readonly events: number;
  readonly guarantees: readonly Verdict[];
}

/** How many events of a witness are printed before it says how many more there are. */
const MOST_EVENTS = 24;

const WORDS = { holds: 'holds   ', violated: 'VIOLATED', unknown: 'unknown ' } as const;
const ORDER = ['violated', 'unknown', 'holds'] as const;

/** Verdicts for people: first what is violated, with its witness as a history that can be judged by itself. */
export function formatVerdicts({ history, events, guarantees }: CheckReport): string {
  const lines = [`${history}: ${counted(events, 'event')}`, ''];
  const width = Math.max(...guarantees.map(({ name }) => name.length));
  for (const word of ORDER) {
    for (const verdict of guarantees) {
      if (verdict.verdict !== word) continue;
      lines.push(`${WORDS[word]}  ${verdict.name.padEnd(width)}  ${more(verdict)}`.trimEnd());
      if (verdict.witness !== null) lines.push(...witnessLines(verdict.witness), '');
    }
  }
  return lines.join('\n').trimEnd();
}

function more({ name, sinceUs, violations, note }: Verdict): string {
  if (sinceUs === null) return note ?? '';
  const since = `since ${sinceUs / 1000} ms`;
  if (violations === 1) return since;
  return `${since}; ${groupDigits(violations)} in all (${guaranteeNamed(name).counts})`;
}

function witnessLines({ text, events, context }: Witness): string[] {
  const shown = events.slice(0, MOST_EVENTS).map((event) => JSON.stringify(event));
  const left = events.length - shown.length;
  if (left > 0) shown.push(`and ${counted(left, 'more event', 'more events')}; --json has them all`);
  const beside = context.map((event) => `${JSON.stringify(event)}  (beside it)`);
  return [text, ...shown, ...beside].map((line) => `          ${line}`);
}
