import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterAll, describe, expect, test } from 'vitest';
import { registerCheck } from '../../../src/cli/check.ts';
import { GUARANTEES } from '../../../src/guarantees/registry.ts';
import { story } from './story.ts';

const folder = mkdtempSync(join(tmpdir(), 'fanout-check-'));
afterAll(() => rmSync(folder, { recursive: true }));

let files = 0;
function fileOf(content: string | Uint8Array): string {
  const file = join(folder, `h${++files}.jsonl`);
  writeFileSync(file, content);
  return file;
}
const historyFile = (text: string): string =>
  fileOf(
    story(text)
      .map((event) => `${JSON.stringify(event)}\n`)
      .join(''),
  );

async function check(...args: string[]) {
  const result = { out: '', err: '', status: -1 };
  const program = new Command('fanout').exitOverride();
  registerCheck(program, {
    out: (text) => {
      result.out += text;
    },
    err: (text) => {
      result.err += text;
    },
    exit: (status) => {
      result.status = status;
    },
  });
  await program.parseAsync(['check', ...args], { from: 'user' });
  return result;
}

const BROKEN = 'alice sends m1 to c1; bob sees m1 in c1; bob sees m1 in c1';

describe('the verb check', () => {
  test('ends with 0 when all holds, also where something is unknown, and with 1 when a guarantee is violated', async () => {
    const fine = historyFile('bob joins c1; alice sends m1 to c1; m1 persisted; m1 acked to alice');
    expect((await check(fine)).status).toBe(0);
    const { out } = await check(fine);
    expect(out).toContain('4 events; 2 kept, 1 open, 10 not at stake');
    expect(out).toMatch(
      /^open +no-loss +acked, and not shown yet .*: 1 showings; judged on 1 acked message for a member$/m,
    );
    expect(out).toMatch(/^not at stake +presence-converges +the run has no presence$/m);
    expect((await check(historyFile(BROKEN))).status).toBe(1);
    expect((await check(fileOf(''))).status).toBe(0);
  });

  test('prints one JSON document with the events and every guarantee', async () => {
    const file = historyFile(BROKEN);
    const { out } = await check(file, '--json');
    const report = JSON.parse(out);
    expect(report).toMatchObject({ history: file, events: 3 });
    expect(report.guarantees.map((g: { name: string }) => g.name)).toEqual(
      GUARANTEES.map(({ name }) => name),
    );
    expect(report.guarantees[5]).toMatchObject({
      name: 'no-duplicates',
      verdict: 'violated',
      violations: 1,
      witness: { messages: ['m1'], users: ['bob'], events: [{ type: 'deliver' }, { type: 'deliver' }] },
    });
    expect(report.guarantees[6]).toMatchObject({
      name: 'no-phantoms',
      verdict: 'holds',
      violations: 0,
      witness: null,
    });
  });

  test('judges the guarantees that are asked for, in that order', async () => {
    const file = historyFile(BROKEN);
    const { out, status } = await check(
      file,
      '--guarantee',
      'no-phantoms',
      '--guarantee',
      'no-loss',
      '--json',
    );
    expect(JSON.parse(out).guarantees.map((g: { name: string }) => g.name)).toEqual([
      'no-phantoms',
      'no-loss',
    ]);
    expect(status).toBe(0);
    expect((await check(file, '--guarantee', 'no-duplicates')).status).toBe(1);
  });

  test('judges the rate bound with the limit and window that are given', async () => {
    const file = historyFile('@0; alice accepted; @30; alice accepted; @60; alice accepted');
    const rate = ['--guarantee', 'rate-bound', '--limit', '2', '--window', '60ms'];
    expect((await check(file, ...rate)).status).toBe(1);
    expect((await check(file, ...rate, '--boundary', 'exclusive')).status).toBe(0);
    expect((await check(file, '--guarantee', 'rate-bound')).out).toContain(
      'the run has no limit by user, or no accepted request',
    );
  });

  test('refuses names, numbers and options that are none, each in one line', async () => {
    const file = historyFile('');
    expect(await check(file, '--guarantee', 'no-los', '--guarantee', 'per-chanel-order')).toEqual({
      out: '',
      err: '--guarantee:1:1: there is no guarantee "no-los"; did you mean no-loss?\n--guarantee:1:1: there is no guarantee "per-chanel-order"; did you mean per-channel-order?',
      status: 2,
    });
    for (const [args, problem] of [
      [['--limit', '5'], '--window:1:1: is missing beside --limit; write a duration such as 60s'],
      [['--window', '60s'], '--limit:1:1: is missing beside --window; write a count such as 5 or 1k'],
      [
        ['--limit', '0', '--window', '60s'],
        '--limit:1:1: "0" is no number of requests; write a count such as 5 or 1k',
      ],
      [
        ['--limit', '5', '--window', '60'],
        '--window:1:1: "60" is no duration; write one such as 60s or 1500ms',
      ],
      [['--boundary', 'both'], '--boundary:1:1: there is no "both"; choose inclusive or exclusive'],
    ] as const) {
      expect(await check(file, ...args)).toEqual({ out: '', err: problem, status: 2 });
    }
  });

  test('refuses what cannot be read, is not UTF-8, or is no history, and prints nothing then', async () => {
    const right = 'give a file of JSON Lines, or - for standard input';
    const absent = join(folder, 'absent');
    expect(await check(absent)).toEqual({
      out: '',
      err: `${absent}:1:1: there is no such file; ${right}`,
      status: 2,
    });
    expect(await check(folder)).toEqual({
      out: '',
      err: `${folder}:1:1: this is a folder; ${right}`,
      status: 2,
    });
    const latin = fileOf(Uint8Array.of(0x7b, 0xe9, 0x7d));
    expect(await check(latin)).toEqual({
      out: '',
      err: `${latin}:1:1: this is not UTF-8; ${right}`,
      status: 2,
    });
    const wrong = fileOf('{"type":"lost","message":"m1","time":0}\n{"type":"lost"}\n');
    expect(await check(wrong, '--json')).toEqual({
      out: '',
      err: `${wrong}:2:1: "message" is missing; write {"type":"lost","message":"...","time":0}`,
      status: 2,
    });
  });

  test('prints the first events of a large witness, and how many more there are', async () => {
    const ring = Array.from(
      { length: 20 },
      (_, i) => `u${i} sees m${i} in c1; u${i} sees m${(i + 1) % 20} in c1`,
    );
    const { out } = await check(historyFile(ring.join(';')), '--guarantee', 'per-channel-order');
    expect(out.split('\n').filter((line) => line.includes('"deliver"'))).toHaveLength(24);
    expect(out).toContain('and 16 more events; --json has them all');
  });
});
