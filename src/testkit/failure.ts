import type { Verdict } from '../guarantees/verdict.ts';
import { pageLink, tokenOf } from '../run/share.ts';
import type { GuaranteeName } from '../scenario/guarantee-names.ts';
import { attempt } from './attempt.ts';
import { readableScenario } from './compile-small.ts';
import { scenarioText } from './scenario-text.ts';
import type { SmallScenario } from './small-scenario.ts';

/** A broken promise, made as small as it gets, with all that is needed to look at it. */
export interface HuntFailure {
  readonly guarantee: GuaranteeName;
  readonly small: SmallScenario;
  readonly verdict: Verdict;
  /** The scenario as a file. */
  readonly text: string;
  /** `fanout replay TOKEN` runs it again. */
  readonly token: string;
  /** Opens it in the page, at the moment at which the promise is broken. */
  readonly link: string;
  /** Makes the same scenarios again. */
  readonly again: { readonly seed: number; readonly path: string };
}

/** Throws an error when the guarantee is not violated in the scenario. */
export function failureOf(
  guarantee: GuaranteeName,
  small: SmallScenario,
  again: HuntFailure['again'] = { seed: 0, path: '' },
  page?: string,
): HuntFailure {
  const verdict = attempt(small).verdicts.find(({ name }) => name === guarantee);
  if (verdict?.verdict !== 'violated') throw new Error(`defect: ${guarantee} is not violated here`);
  const choices = withoutTail(small.choices);
  const timeUs = verdict.sinceUs ?? 0;
  const token = tokenOf(readableScenario(small), { choices, timeUs, about: guarantee });
  return {
    guarantee,
    small: { ...small, choices },
    verdict,
    text: scenarioText(small),
    token,
    link: pageLink(token, page, { name: guarantee, sinceUs: timeUs }),
    again,
  };
}

function withoutTail(choices: readonly number[]): readonly number[] {
  return choices.slice(0, choices.findLastIndex((choice) => choice !== 0) + 1);
}

export function failureText({ guarantee, small, verdict, text, token, link, again }: HuntFailure): string {
  const { messages, faults, users, choices } = small;
  return [
    `${guarantee} is violated: ${verdict.witness?.text ?? ''}`,
    '',
    `The smallest scenario found (${messages.length} messages, ${faults.length} faults, ${users} users), broken at ${(verdict.sinceUs ?? 0) / 1000} ms:`,
    '',
    text.trimEnd(),
    '',
    `choices: [${choices.join(', ')}]`,
    ...(again.path === '' ? [] : [`again:   { seed: ${again.seed}, path: '${again.path}' }`]),
    `replay:  npx fanout replay ${token}`,
    `look:    ${link}`,
  ].join('\n');
}
