import { createRun } from '../../run/run.ts';
import { parseScenario } from '../../scenario/parse.ts';
import { isMap } from '../merge-settings.ts';
import { designLines, stepLines, workloadLines } from '../scenario-text.ts';
import { durationMs, type SmallScenario } from '../small-scenario.ts';
import { type Planted, ZOO } from './zoo.ts';

/**
 * Planted mistakes as scenarios to be solved: a run that breaks a promise, the two sentences that prove it, and a question with four answers.
 * `npm run exercises` writes them to `scenarios/exercises`.
 */

/** A hunted scenario goes by a list of choices, an exercise by a seed: so many are tried until one breaks the promise as well ... */
const MOST_SEEDS = 100;
/** ... and then each message is sent again a little later, so many times, and faults last longer, or begin later: one of them meets the moment. */
const TIMES = [1, 2, 4, 8];
const LATER_MS = [0, 60];
const AGAIN_AFTER_MS = 7;
const LONGER_MS = 20;
const CHOICES = 4;

/** `exercise-01`: a name that does not give the answer away. */
export const exerciseName = (mistake: Planted): string =>
  `exercise-${String(ZOO.indexOf(mistake) + 1).padStart(2, '0')}`;

/** The text of the scenario. `small`: what a hunt of the mistake has found. Throws when no seed breaks the promise. */
export function exerciseText(mistake: Planted, small: SmallScenario): string {
  for (const times of TIMES) {
    for (const laterMs of LATER_MS) {
      const more = withMore(small, times, laterMs);
      for (let seed = 1; seed <= MOST_SEEDS; seed++) {
        const witness = witnessOf(mistake, textOf(mistake, more, seed, ''));
        if (witness !== null) return textOf(mistake, more, seed, witness);
      }
    }
  }
  throw new Error(`no seed breaks ${mistake.breaks} in the exercise of ${mistake.name}`);
}

const withMore = (small: SmallScenario, times: number, laterMs: number): SmallScenario => ({
  ...small,
  faults: small.faults.map((fault) => {
    const atMs = fault.atMs + laterMs;
    return 'forMs' in fault
      ? { ...fault, atMs, forMs: fault.forMs + (times - 1) * LONGER_MS }
      : { ...fault, atMs };
  }),
  messages: small.messages.flatMap((one) =>
    Array.from({ length: times }, (_, i) => ({ ...one, atMs: one.atMs + i * AGAIN_AFTER_MS })),
  ),
});

/** The sentences that prove that the promise is broken, or null. */
function witnessOf(mistake: Planted, text: string): string | null {
  const run = createRun(parseScenario(text, `${exerciseName(mistake)}.yaml`), { isLean: true });
  while (run.advance(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY) !== 'end') run.script.answer();
  const verdict = run.judge.final(run.nowUs).find(({ name }) => name === mistake.breaks);
  return verdict?.verdict === 'violated' ? (verdict.witness?.text ?? null) : null;
}

function textOf(mistake: Planted, small: SmallScenario, seed: number, witness: string): string {
  const number = ZOO.indexOf(mistake) + 1;
  const quoted = JSON.stringify;
  // That something is lost is known when nothing is under way any more: at the end. The question comes a second earlier.
  const isAtEnd = mistake.breaks === 'no-loss';
  const trigger = isAtEnd
    ? `at: ${durationMs(small) - 1_000}ms`
    : `when: { guarantee: ${mistake.breaks}, is: violated }`;
  const { choices, answer } = choicesOf(mistake, number);
  return [
    '# yaml-language-server: $schema=../scenario.schema.json',
    `# Written by npm run exercises.`,
    `scenario: ${exerciseName(mistake)}`,
    `title: Exercise ${number}`,
    `summary: ${quoted(mistake.question)}`,
    `teaches: [${mistake.breaks}]`,
    `seed: ${seed}`,
    `duration: ${durationMs(small) / 1_000}s`,
    'design:',
    ...designLines(small),
    'workload:',
    ...workloadLines(small),
    'script:',
    '  - at: 0s',
    `    say: ${quoted(`${mistake.question} One thing is wrong with this design, and **${mistake.breaks}** will be broken.`)}`,
    ...stepLines(small),
    `  - ${trigger}`,
    `    say: ${quoted(`**${mistake.breaks}** is broken${isAtEnd ? ' at the end of this run' : ''}. ${witness}`)}`,
    '  - ask: What is wrong with this design?',
    '    choices:',
    ...choices.map((choice) => `      - ${quoted(choice)}`),
    `    answer: ${answer}`,
    `    explain: ${quoted(mistake.right)}`,
    'expect:',
    `  - { guarantee: ${mistake.breaks}, is: violated }`,
    '',
  ].join('\n');
}

/** Four answers, of which one is right: the others are what is wrong elsewhere, with the same promise where there are enough. `answer` from 1. */
function choicesOf(
  mistake: Planted,
  number: number,
): { readonly choices: readonly string[]; readonly answer: number } {
  const at = ZOO.indexOf(mistake);
  const others = [...ZOO.slice(at + 1), ...ZOO.slice(0, at)].filter(
    (other) => !isPartOf(other.design, mistake.design),
  );
  const near = others.filter(({ breaks }) => breaks === mistake.breaks);
  const far = others.filter(({ breaks }) => breaks !== mistake.breaks);
  const choices = [...near, ...far].slice(0, CHOICES - 1).map(({ wrong }) => wrong);
  const place = (number * 7) % CHOICES;
  choices.splice(place, 0, mistake.wrong);
  return { choices, answer: place + 1 };
}

/** Whether a design that has all of `whole` has all of `part` as well: what is wrong with the part is wrong here too. */
function isPartOf(part: unknown, whole: unknown): boolean {
  if (!isMap(part)) return JSON.stringify(part) === JSON.stringify(whole);
  return isMap(whole) && Object.entries(part).every(([key, value]) => isPartOf(value, whole[key]));
}
