/**
 * fanout/guarantees: judges the history of any chat system, a real one's log too.
 *
 * @packageDocumentation
 */

import { type JudgedGuarantee, judged } from '../guarantees/judged.ts';
import type { GuaranteeName } from '../scenario/guarantee-names.ts';

export { InputError, type Problem } from '../base/errors.ts';
export type { CheckerOptions } from '../guarantees/checker.ts';
export type { HistoryEvent } from '../guarantees/history.ts';
export { parseHistory } from '../guarantees/history-reader.ts';
export { HistoryContradiction } from '../guarantees/interner.ts';
export { checkHistory } from '../guarantees/judge.ts';
export type { JudgedGuarantee } from '../guarantees/judged.ts';
export type { Verdict, Witness } from '../guarantees/verdict.ts';
export { GUARANTEE_NAMES, type GuaranteeName } from '../scenario/guarantee-names.ts';

/**
 * A guarantee by its name. Throws RangeError, with all names, when there is none of this name.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { guarantee, type HistoryEvent } from 'fanout/guarantees';
 *
 * const log: HistoryEvent[] = [
 *   { type: 'send', message: 'm1', user: 'alice', channel: 'c', time: 1 },
 *   { type: 'deliver', message: 'm1', user: 'bob', channel: 'c', time: 2 },
 *   { type: 'deliver', message: 'm1', user: 'bob', channel: 'c', time: 3 },
 * ];
 * const verdict = guarantee('no-duplicates').judge(log);
 * assert.equal(verdict.verdict, 'violated');
 * assert.equal(verdict.witness?.messages[0], 'm1');
 * ```
 */
export function guarantee(name: GuaranteeName): JudgedGuarantee {
  return judged(name);
}
