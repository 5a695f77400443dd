import { describe, expect, test } from 'vitest';
import { numbersIn, settingsOf, statements } from './narration-numbers.ts';
import { EXERCISE_NAMES, lessonOf, SHIPPED, scenarioOf } from './runs.ts';
import { SPEECH, STATED, type Stated } from './stated-figures.ts';

/** Every lesson does what it says: what it expects holds in every world, and each number that it states is held against its run. */

describe.each([...SHIPPED, ...EXERCISE_NAMES])('%s', (name) => {
  test('comes to what it says, and breaks no promise that its design makes and nobody expects to be broken', () => {
    const { report, fails } = lessonOf(name);
    expect(report.expectations.length).toBeGreaterThan(0);
    expect(report.expectations.filter(({ holds }) => !holds)).toEqual([]);
    expect(fails).toBe(false);
  });

  test('tells a story: narration, and a question with its answer explained', () => {
    const { script } = scenarioOf(name);
    expect(script.filter(({ does }) => does.do === 'say').length).toBeGreaterThan(1);
    const questions = script.flatMap(({ does }) => (does.do === 'ask' ? [does] : []));
    expect(questions.length).toBeGreaterThan(0);
    for (const { answer, explain } of questions) {
      expect(answer).not.toBeNull();
      expect(explain).not.toBe('');
    }
  });
});

/** Numbers of a scenario that nothing stands behind: no setting of it, no figure of its run, no entry of the table. */
function unfounded(name: string, texts: readonly string[]): readonly string[] {
  const settings = settingsOf(scenarioOf(name));
  const known = [
    ...STATED.filter(({ scenario }) => scenario === name).map(({ says }) => says),
    ...(SPEECH[name] ?? []),
  ].map((says) => says.toLowerCase());
  const isKnown = (around: string, number: number): boolean =>
    known.some(
      (says) => around.toLowerCase().includes(says) && numbersIn(says).some((said) => said.number === number),
    );
  return texts
    .flatMap(numbersIn)
    .filter(({ number, around }) => !settings.has(number) && !isKnown(around, number))
    .map(({ word, around }) => `${word}: ... ${around} ...`);
}

describe('what a narration states', () => {
  test.each(SHIPPED)(
    'in %s has no number that is neither a setting, nor a figure of the run, nor held against it',
    (name) => {
      expect(unfounded(name, statements(scenarioOf(name)))).toEqual([]);
    },
  );

  test('cannot slip in a number that nothing stands behind, in digits or in words', () => {
    const texts = [
      'The database is 73 % busy.',
      'It took ninety times as long for a fifth of them.',
      '{messages.sent} came.',
    ];
    expect(unfounded('town-hall', texts)).toHaveLength(3);
  });

  test.each(STATED.map((stated) => [`${stated.scenario}: "${stated.says}"`, stated] as const))(
    '%s is so',
    (_, stated) => {
      const texts = statements(scenarioOf(stated.scenario)).map((text) =>
        text.replace(/[*`]/g, '').replace(/\s+/g, ' '),
      );
      expect(texts.some((text) => text.toLowerCase().includes(stated.says.toLowerCase()))).toBe(true);
      const found = measured(stated);
      expect(Math.abs(stated.number - found), `found ${found}`).toBeLessThanOrEqual(
        (stated.within ?? 1e-9) * found,
      );
    },
  );
});

function measured({ scenario, is }: Stated): number {
  return is({
    scenario: scenarioOf(scenario),
    in: (world) => {
      const { report } = lessonOf(scenario);
      const found = world === null ? report : report.worlds.find((one) => one.world === world);
      if (found === undefined) throw new Error(`${scenario} has no world ${world}`);
      return found.metrics;
    },
  });
}
