import { mix32 } from '../../base/hash.ts';
import type { Verdict } from '../../guarantees/verdict.ts';
import { promises } from '../../run/report.ts';
import { createRun } from '../../run/run.ts';
import { parseScenario, worldsOf } from '../../scenario/parse.ts';
import type { Scenario } from '../../scenario/types.ts';
import { flowText } from '../flow-text.ts';
import { isMap } from '../merge-settings.ts';
import { stepLines, workloadLines } from '../scenario-text.ts';
import { designLines, durationMs } from '../small-design.ts';
import type { SmallScenario } from '../small-scenario.ts';
import { type Planted, ZOO } from './zoo.ts';

/**
 * Planted mistakes as scenarios to be solved: a run that breaks a promise, what proves it, and a question with four answers.
 * `npm run exercises` writes them to `scenarios/exercises`.
 */

/** The world beside each exercise: it is told of once the question is answered. */
const MENDED = 'mended';

/** A hunted scenario goes by a list of choices, an exercise by a seed: so many are tried until one breaks the promise as well ... */
const MOST_SEEDS = 100;
/** ... and then each message is sent again a little later, so many times, and faults last longer, or begin later: one of them meets the moment. */
const TIMES = [1, 2, 4, 8];
const LATER_MS = [0, 60];
const AGAIN_AFTER_MS = 7;
const LONGER_MS = 20;
const CHOICES = 4;
/** So much of an exercise in which something is lost is left when it asks: before that all messages and faults begin. */
const QUIET_MS = 8_000;

/** `exercise-01`: a name that does not give the answer away. */
export const exerciseName = (mistake: Planted): string =>
  `exercise-${String(ZOO.indexOf(mistake) + 1).padStart(2, '0')}`;

/** The text of the scenario. `small`: what a hunt of the mistake has found. Throws when no seed breaks the promise. */
export function exerciseText(mistake: Planted, small: SmallScenario): string {
  for (const times of TIMES) {
    for (const laterMs of LATER_MS) {
      const more = withMore(small, times, laterMs);
      for (let seed = 1; seed <= MOST_SEEDS; seed++) {
        const broken = brokenBy(mistake, textOf(mistake, more, seed, NOTHING_BROKEN));
        if (broken.witness !== null && broken.isMended) return textOf(mistake, more, seed, broken);
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

interface Broken {
  /** The sentences that prove that the promise is broken; null when it is not. */
  readonly witness: string | null;
  /** The promises of the design that are broken beside it. */
  readonly others: readonly string[];
  /** Whether the mended design keeps the promise in the same run. */
  readonly isMended: boolean;
}

const NOTHING_BROKEN: Broken = { witness: null, others: [], isMended: false };

/** What the run of a scenario has broken of what its design promises, and whether the mended one would have kept it. */
function brokenBy(mistake: Planted, text: string): Broken {
  const [asWritten, mended] = worldsOf(parseScenario(text, `${exerciseName(mistake)}.yaml`)).map(
    ({ scenario }) => scenario,
  );
  const verdicts = verdictsOf(asWritten!);
  const violated = verdicts.filter(({ verdict }) => verdict === 'violated');
  const witness = violated.find(({ name }) => name === mistake.breaks)?.witness?.text ?? null;
  const isHere = ({ name, verdict }: Verdict): boolean => name === mistake.breaks && verdict === 'holds';
  return {
    witness,
    others: violated
      .map(({ name }) => name)
      .filter((name) => name !== mistake.breaks && promises(asWritten!, name)),
    isMended: witness !== null && verdictsOf(mended!).some(isHere),
  };
}

function verdictsOf(scenario: Scenario): readonly Verdict[] {
  const run = createRun(scenario, { isLean: true });
  while (run.advance(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY) !== 'end') run.script.answer();
  return run.judge.final(run.nowUs);
}

function textOf(mistake: Planted, small: SmallScenario, seed: number, { witness, others }: Broken): string {
  const number = ZOO.indexOf(mistake) + 1;
  const quoted = JSON.stringify;
  // That something is lost is known when nothing is under way any more: at the end. Nobody waits for that: it is told, and asked, long before.
  const isAtEnd = mistake.breaks === 'no-loss';
  const trigger = isAtEnd
    ? `at: ${durationMs(small) - QUIET_MS}ms`
    : `when: { guarantee: ${mistake.breaks}, is: violated }`;
  const { choices, answer } = choicesOf(mistake);
  // What proves that an acknowledged message was not stored says what is wrong: that is told with the answer.
  const tellsAll = mistake.breaks === 'acked-is-durable';
  const sentences = witness ?? '';
  const settings = Object.entries(mistake.mended)
    .map(([path, value]) => `design.${path}: ${flowText(value)}`)
    .join(', ');
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
    ...designLines(small.design),
    'workload:',
    ...workloadLines(small),
    'script:',
    '  - at: 0s',
    `    say: ${quoted(`${mistake.question} One thing is wrong with this design, and **${mistake.breaks}** will be broken.`)}`,
    ...stepLines(small),
    `  - ${trigger}`,
    `    say: ${quoted(`**${mistake.breaks}** is broken${isAtEnd ? ' at the end of this run' : ''}.${tellsAll ? '' : ` ${sentences}`}`)}`,
    '  - ask: What is wrong with this design?',
    '    choices:',
    ...choices.map((choice) => `      - ${quoted(choice)}`),
    `    answer: ${answer}`,
    `    explain: ${quoted(tellsAll ? `${mistake.right} ${sentences}` : mistake.right)}`,
    'compare:',
    `  - { name: ${MENDED}, set: { ${settings} } }`,
    'expect:',
    ...[mistake.breaks, ...others].map((name) => `  - { guarantee: ${name}, is: violated }`),
    `  - { world: ${MENDED}, guarantee: ${mistake.breaks}, is: holds }`,
    '',
  ].join('\n');
}

/**
 * Four answers, of which one is right: the others are what is wrong elsewhere, with the same promise where there are enough. Their order is
 * that of hashes, so that no exercise tells where the right one of the next is. `answer` from 1.
 */
function choicesOf(mistake: Planted): { readonly choices: readonly string[]; readonly answer: number } {
  const at = ZOO.indexOf(mistake);
  const others = [...ZOO.slice(at + 1), ...ZOO.slice(0, at)].filter(
    (other) => !isPartOf(other.design, mistake.design),
  );
  const near = others.filter(({ breaks }) => breaks === mistake.breaks);
  const far = others.filter(({ breaks }) => breaks !== mistake.breaks);
  const four = [mistake, ...[...near, ...far].slice(0, CHOICES - 1)];
  const key = (of: Planted): number => hashText(`${mistake.name}: ${of.name}`);
  const choices = four.sort((a, b) => key(a) - key(b)).map(({ wrong }) => wrong);
  return { choices, answer: choices.indexOf(mistake.wrong) + 1 };
}

/** A word of 32 bits from the characters of a text, one after the other. */
const hashText = (text: string): number =>
  [...text].reduce((hash, character) => mix32(hash ^ character.charCodeAt(0)), 0);

/** Whether a design that has all of `whole` has all of `part` as well: what is wrong with the part is wrong here too. */
function isPartOf(part: unknown, whole: unknown): boolean {
  if (!isMap(part)) return JSON.stringify(part) === JSON.stringify(whole);
  return isMap(whole) && Object.entries(part).every(([key, value]) => isPartOf(value, whole[key]));
}
