import { counted, groupDigits } from '../base/text.ts';
import { groundsOf, guaranteeNamed } from '../guarantees/registry.ts';
import {
  type Standing,
  standingOf,
  standingWord,
  standingWords,
  type Verdict,
  type Witness,
} from '../guarantees/verdict.ts';

/** What `check --json` prints. */
export interface CheckReport {
  readonly history: string;
  readonly events: number;
  readonly guarantees: readonly Verdict[];
}

/** How many events of a witness are printed before it says how many more there are. */
const MOST_EVENTS = 24;

const ORDER: readonly Standing[] = ['broken', 'open', 'kept', 'not-at-stake'];

/** Verdicts for people: first what is violated, with its witness as a history that can be judged by itself. */
export function formatVerdicts({ history, events, guarantees }: CheckReport): string {
  const lines = [`${history}: ${counted(events, 'event')}; ${standingWords(guarantees)}`, ''];
  const width = Math.max(...guarantees.map(({ name }) => name.length));
  for (const standing of ORDER) {
    for (const verdict of guarantees) {
      if (standingOf(verdict) !== standing) continue;
      const word = standingWord(verdict);
      const shown = standing === 'broken' ? word.toUpperCase() : word;
      lines.push(`${shown.padEnd(12)}  ${verdict.name.padEnd(width)}  ${more(verdict)}`);
      if (verdict.witness !== null) lines.push(...witnessLines(verdict.witness), '');
    }
  }
  return lines.join('\n').trimEnd();
}

function more(verdict: Verdict): string {
  const { name, sinceUs, violations } = verdict;
  const grounds = groundsOf(verdict);
  if (sinceUs === null) return grounds;
  const since = `since ${sinceUs / 1000} ms`;
  if (violations === 1) return `${since}; ${grounds}`;
  return `${since}; ${groupDigits(violations)} in all (${guaranteeNamed(name).counts}); ${grounds}`;
}

function witnessLines({ text, events, context }: Witness): string[] {
  const shown = events.slice(0, MOST_EVENTS).map((event) => JSON.stringify(event));
  const left = events.length - shown.length;
  if (left > 0) shown.push(`and ${counted(left, 'more event', 'more events')}; --json has them all`);
  const beside = context.map((event) => `${JSON.stringify(event)}  (beside it)`);
  return [text, ...shown, ...beside].map((line) => `          ${line}`);
}
