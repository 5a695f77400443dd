import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type ChoiceKeeper, seededChoices } from '../../../src/kernel/choices.ts';
import { answerOf, listedChoices } from '../../../src/run/choice-list.ts';
import { createRun, type Run } from '../../../src/run/run.ts';
import { parseScenario } from '../../../src/scenario/parse.ts';
import { SMALL_TEXT } from './small-text.ts';

const scenario = parseScenario(SMALL_TEXT, 'small.yaml');
const toTheEnd = (run: Run): string => {
  run.advance(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY);
  return run.traceHash();
};

test('the list of a recorded run replays it, event by event', () => {
  for (const seed of [1, 2, 3]) {
    const list: number[] = [];
    const seeded = seededChoices(seed);
    const choices: ChoiceKeeper = {
      ...listedChoices([]),
      u32(purpose, entity, count) {
        const answer = seeded.u32(purpose, entity, count);
        list.push(answerOf(purpose, answer));
        return answer;
      },
    };
    const recorded = toTheEnd(createRun(scenario, { choices }));
    expect(list.length).toBeGreaterThan(40);
    expect(toTheEnd(createRun(scenario, { choices: listedChoices(list) }))).toBe(recorded);
  }
});

test('an empty list is a run in which nothing is lost, doubled or late', () => {
  const run = createRun(scenario, { choices: listedChoices([]) });
  toTheEnd(run);
  const kinds = new Set(run.system.context.watching.tracer.rows().map(({ kind }) => kind));
  expect([kinds.has('drop'), kinds.has('duplicate')]).toEqual([true, false]);
});

test('a run with room for its script alone does the same, in a hundredth of the memory', () => {
  const whole = createRun(scenario);
  const lean = createRun(scenario, { isLean: true });
  expect(lean.system.context.world.buffer.byteLength).toBeLessThan(
    whole.system.context.world.buffer.byteLength / 100,
  );
  expect(toTheEnd(lean)).toBe(toTheEnd(whole));
});

test('a run goes back to a moment that it has marked, with its place in the list, from wherever it is', () => {
  const numbers = fc.array(fc.nat(0xffff_ffff), { maxLength: 60 });
  fc.assert(
    fc.property(numbers, fc.nat(400_000), fc.boolean(), (list, atUs, acts) => {
      const run = createRun(scenario, { choices: listedChoices(list), isLean: true, snapshotBytes: 1e6 });
      run.advance(atUs, Number.POSITIVE_INFINITY);
      const mark = run.mark();
      if (acts) run.act({ do: 'crash', node: 1, forUs: 1_000 });
      toTheEnd(run);
      run.backTo(mark);
      const after = toTheEnd(run);
      expect(after).toBe(toTheEnd(createRun(scenario, { choices: listedChoices(list), isLean: true })));
      run.rewindTo(atUs);
      expect(toTheEnd(run)).toBe(after);
    }),
    { numRuns: 12 },
  );
});
