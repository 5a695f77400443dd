import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { whyNoPicture, whyNotSelected } from '../../../src/app/link-there.ts';
import { parseScenario } from '../../../src/scenario/parse.ts';
import { problemsIn } from '../../../src/scenario/text/problems.ts';
import { createEngine } from '../../../src/worker/engine.ts';
import type { OpenedInfo, Reply } from '../../../src/worker/protocol.ts';
import { fanout } from '../cli/fanout.ts';

/** Slips of the pen that people make who write their first lab: each is one line that says what would be right. */

const HEAD = `scenario: slips
title: Slips
duration: 5s
workload:
  users: [alice, bob]
  channels: { named: { general: [alice, bob] } }
`;

const lines = (rest: string, head = HEAD): readonly string[] =>
  problemsIn(() => parseScenario(head + rest, 's.yaml')).map(
    ({ line, column, message }) => `${line}:${column}: ${message}`,
  );

describe('a slip', () => {
  test.each([
    [
      'a script whose only step has no dash',
      'script:\n  at: 1s\n  say: hello\n',
      '8:3: a map stands where a list is expected; begin each of its items with a dash: - key: value',
    ],
    [
      'a later step without its dash',
      'script:\n  - at: 1s\n    say: hello\n  at: 2s\n  say: there\n',
      '10:1: this line belongs to no item of the list; begin the item with a dash: - at: ...',
    ],
    [
      'a later step without its dash, indented like the keys of the one before',
      'script:\n  - at: 1s\n    say: hello\n    at: 2s\n    say: there\n',
      '10:5: the key "at" is there twice; keep one of them, or begin another step with a dash',
    ],
    [
      'narration that goes on after a #',
      'script:\n  - at: 1s\n    say: In #general we see\n',
      '9:10: the text ends before the #, where a comment of YAML begins; put the text in quotes, or the comment on a line of its own',
    ],
    [
      'a bound with the unit of a time',
      'expect:\n  - { metric: delivery.p99.ms, below: 250ms }\n',
      '8:39: "250ms" has a unit, and the metric has its own; write 250 of a metric in ms, 0.25 of one in s',
    ],
    [
      'a bound in per cent',
      'expect:\n  - { metric: database.busy.percent, between: [40, 45 %] }\n',
      '8:52: "45 %" has a unit, and the metric has its own; write 45',
    ],
    [
      'a moment that a message is said to be received',
      'script:\n  - { when: { message: alice/1, is: received }, say: x }\n',
      '8:37: "received" is not one of the names here; did you mean delivered?',
    ],
    [
      'a world that sets the whole design',
      'compare:\n  - { name: w, set: { design: { ordering: causal } } }\n',
      '8:23: in the world "w": design as a whole would set back all that it does not name; write a path for each setting: design.ordering',
    ],
  ])('is told in one line: %s', (_, text, line) => {
    expect(lines(text)).toEqual([line]);
  });

  test('is told in one line: a space before a unit', () => {
    expect(lines('', HEAD.replace('5s', '30 s'))).toEqual(['3:11: "30 s" is no duration; write 30s']);
  });

  test('is no slip: a comment on a line of its own, or after a setting, or in quotes', () => {
    const text = 'seed: 3 # three\nscript:\n  # said first\n  - { at: 1s, say: "In #general" } # said\n';
    expect(lines(text)).toEqual([]);
  });
});

test('a trace that cannot be written is refused before the run, with status 2', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'fanout-'));
  try {
    const missing = join(folder, 'no', 'x.jsonl');
    const toMissing = await fanout('run', 'one-message', '--trace', missing, '--json');
    expect(toMissing).toMatchObject({ status: 2, out: '' });
    expect(toMissing.err).toMatch(
      /^--trace:1:1: there is no folder ".*"; make it first, or write to another\n?$/,
    );
    expect(await fanout('run', 'one-message', '--trace', folder, '--json')).toMatchObject({
      status: 2,
      out: '',
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

describe('a link to what is not there', () => {
  test('names the picture, and those that there are', () => {
    expect(whyNoPicture('crowd')).toBeNull();
    expect(whyNoPicture(null)).toBeNull();
    expect(whyNoPicture('crowds')).toMatch(/^There is no picture "crowds"\. There are crowd, fan-out, /);
  });

  test('names what it selects, and how many there are', () => {
    const info = { stations: [1, 2, 3], users: 2, channels: 1, crowd: { seats: 9 } } as unknown as OpenedInfo;
    expect(whyNotSelected(null, info)).toBeNull();
    expect(whyNotSelected({ kind: 'user', user: 1 }, info)).toBeNull();
    expect(whyNotSelected({ kind: 'message', sender: 1, nth: 77 }, info)).toBeNull();
    expect(whyNotSelected({ kind: 'user', user: 98 }, info)).toBe(
      'The link selects user 99, and there are 2 here.',
    );
    expect(whyNotSelected({ kind: 'station', node: 3 }, info)).toContain('station 4');
    expect(whyNotSelected({ kind: 'message', sender: 2, nth: 1 }, info)).toContain('a message of user 3');
  });

  test('tells what it lays over the scenario by its name, not by a flag of the command line', () => {
    const replies: Reply[] = [];
    const engine = createEngine({ post: (reply) => replies.push(reply), now: () => 0, later: () => {} });
    const open = { type: 'open', fileName: 's.yaml', text: HEAD, seed: null, hand: [], atUs: 0 } as const;
    engine.receive({ ...open, users: 1 });
    engine.receive({ ...open, users: null, overrides: [{ kind: 'set', path: 'design.delivry', value: 1 }] });
    const problems = replies.flatMap((reply) => (reply.type === 'refused' ? reply.problems : []));
    expect(problems.length).toBeGreaterThan(1);
    for (const problem of problems) expect(problem).not.toMatch(/^--|:1:1:/);
    expect(problems[0]).toMatch(/^the number of users in the link: /);
  });
});
