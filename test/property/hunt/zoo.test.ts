import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { MISTAKE_NUMBERS, MISTAKES } from '../../../src/system/design/mistake-names.ts';
import { exerciseName, exerciseText } from '../../../src/testkit/zoo/exercises.ts';
import { HIDDEN } from '../../../src/testkit/zoo/hidden.ts';
import { huntForExercise, huntHidden } from '../../../src/testkit/zoo/hunt-planted.ts';
import { RIGHT_DESIGNS, survives } from '../../../src/testkit/zoo/right-designs.ts';
import { ZOO } from '../../../src/testkit/zoo/zoo.ts';

/** `npm run hunt` looks for longer, and at 20,000 scenarios of each right design. */
const SEED = 1;
const EXERCISES = new URL('../../../scenarios/exercises/', import.meta.url);

describe('a hunt', () => {
  test.each(ZOO.map((mistake) => [mistake.name, mistake] as const))(
    'finds %s, shows it with at most twelve messages, and its exercise is up to date (npm run exercises)',
    (_, mistake) => {
      const result = huntForExercise(mistake);
      if (!result.found) throw new Error(`${mistake.name} was not found in ${result.runs} scenarios`);
      expect(result.failure.verdict.name).toBe(mistake.breaks);
      expect(result.failure.small.messages.length).toBeLessThanOrEqual(12);
      const file = new URL(`${exerciseName(mistake)}.yaml`, EXERCISES);
      expect(readFileSync(file, 'utf8')).toBe(exerciseText(mistake, result.failure.small));
    },
  );

  test.each(HIDDEN.map((mistake) => [mistake.name, mistake] as const))(
    'finds %s, which hardly shows',
    (_, mistake) => {
      const result = huntHidden(mistake, { numRuns: 4_000, seed: SEED });
      if (!result.found) throw new Error(`${mistake.name} was not found in ${result.runs} scenarios`);
      expect(result.failure.verdict.name).toBe(mistake.breaks);
      expect(result.failure.small.messages.length).toBeLessThanOrEqual(12);
    },
  );

  test.each(RIGHT_DESIGNS.map((right) => [right.name, right] as const))(
    'finds nothing in 200 scenarios of the right design: %s',
    (_, right) => {
      const result = survives(right, { numRuns: 200, seed: SEED });
      if (!result.survived) throw new Error(result.failure.text);
      expect(result.judged).toBeGreaterThan(150);
    },
  );
});

describe('the zoo', () => {
  test('has an exercise for each mistake, and no other', () => {
    expect(readdirSync(EXERCISES).sort()).toEqual(ZOO.map((mistake) => `${exerciseName(mistake)}.yaml`));
  });

  test('has each mistake once, and all that a design can name', () => {
    const names = ZOO.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    const made = ZOO.flatMap(({ design }) => (design.mistakes ?? []) as readonly string[]);
    const hidden = MISTAKES.filter((mistake) => HIDDEN.some(({ name }) => name === mistake)).map(
      (mistake) => MISTAKE_NUMBERS[mistake],
    );
    expect(new Set([...made, ...hidden])).toEqual(new Set(Object.values(MISTAKE_NUMBERS)));
    expect(new Set(Object.values(MISTAKE_NUMBERS)).size).toBe(MISTAKES.length);
  });

  test('names no mistake in an exercise, whose text is one click away', () => {
    const texts = readdirSync(EXERCISES).map((file) => readFileSync(new URL(file, EXERCISES), 'utf8'));
    expect(texts.filter((text) => MISTAKES.some((name) => text.includes(name)))).toEqual([]);
  });

  test('asks without giving the answer away', () => {
    for (const { question, wrong, right } of ZOO) {
      expect(question).toMatch(/\?$/);
      expect([wrong, right].every((text) => /\.$/.test(text) && !question.includes(text))).toBe(true);
    }
  });
});
