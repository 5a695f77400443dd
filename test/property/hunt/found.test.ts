import { describe, expect, test } from 'vitest';
import { attempt } from '../../../src/testkit/attempt.ts';
import { mergeSettings } from '../../../src/testkit/merge-settings.ts';
import type { SmallFault, SmallMessage } from '../../../src/testkit/small-scenario.ts';
import { CORPUS, toScenario } from '../../../src/testkit/zoo/corpus.ts';
import { RIGHT_DESIGN } from '../../../src/testkit/zoo/zoo.ts';

const send = (atMs: number, from: number, to = 0): SmallMessage => ({ atMs, from, to });
const cutFor = (atMs: number, forMs: number): SmallFault => ({
  do: 'cut',
  between: ['clients', 'gateway'],
  atMs,
  forMs,
});
const crash = (station: string, atMs: number, forMs: number): SmallFault => ({
  do: 'crash',
  station,
  atMs,
  forMs,
});

describe('what a hunt has found holds now', () => {
  test.each(CORPUS.map((found) => [found.what, found] as const))('%s', (_, found) => {
    const { verdicts } = attempt(toScenario(found, mergeSettings(RIGHT_DESIGN, found.design)));
    expect(verdicts.find(({ name }) => name === found.holds)?.verdict).toBe('holds');
  });

  test('a station that is slowed down while it is away comes back all the same', () => {
    const { run } = attempt({
      design: RIGHT_DESIGN,
      users: 2,
      channels: 1,
      messages: [send(0, 0)],
      faults: [
        crash('gateway-1', 57, 1),
        { do: 'slow', station: 'gateway-1', factor: 2, atMs: 57, forMs: 1 },
      ],
      choices: [],
    });
    expect(run.judge.forHistory().quiescent).toBe(true);
  });

  test('what waits for a member who leaves is thrown away: it would come back as a gap that is none', () => {
    // Carol's first message is lost on its way to Alice, so Alice's own waits behind it when she leaves.
    const { run } = attempt({
      design: RIGHT_DESIGN,
      users: 3,
      channels: 1,
      messages: [send(7, 2), send(0, 0)],
      faults: [cutFor(8, 949), { do: 'leave', user: 0, channel: 0, atMs: 39 }],
      choices: [2_576_980_377],
    });
    expect(run.system.context.reorder.inUse()).toBe(0);
    expect(run.judge.forHistory().quiescent).toBe(true);
  });

  test('the second copy of a message may reach a client before the first, which drops neither for both', () => {
    // The choices let the attempts overtake each other behind the server that was blocked.
    const choices = Array.from({ length: 150 }, (_, i) => Math.imul(i * 7 + 3, 0x9e3779b1) >>> 0);
    const { verdicts } = attempt({
      design: mergeSettings(RIGHT_DESIGN, { ordering: 'best-effort' }),
      users: 2,
      channels: 1,
      messages: [send(0, 0)],
      faults: [{ do: 'block', station: 'ws-server-1', atMs: 0, forMs: 973 }],
      choices,
    });
    for (const name of ['no-loss', 'no-duplicates'])
      expect(verdicts.find((v) => v.name === name)?.verdict).toBe('holds');
  });
});
