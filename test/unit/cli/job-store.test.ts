import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { jobKey } from '../../../src/cli/job-store.ts';
import type { SweepReport } from '../../../src/cli/sweep-report.ts';
import { fanout } from './fanout.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'fanout-store-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const linesOf = (file: string): string[] =>
  existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(0, -1) : [];

const runsOf = (out: string) =>
  (JSON.parse(out) as SweepReport).cells.flatMap(({ runs }) => runs.map(({ wallSeconds: _, ...run }) => run));

test('a sweep that is killed goes on where it was: nothing is lost, nothing is done twice, and the result is the same', async () => {
  const store = join(folder, 'killed.jsonl');
  const args = ['sweep', 'one-message', '--seeds', '1..40', '--threads', '1', '--json'];
  const child = spawn(
    process.execPath,
    ['scripts/run-ts.mjs', 'src/cli/main.ts', ...args, '--store', store],
    {
      stdio: 'ignore',
    },
  );
  const exit = once(child, 'exit');
  while (linesOf(store).length < 3 && child.exitCode === null) await setTimeout(2);
  child.kill('SIGKILL');
  await exit;
  const before = linesOf(store);
  expect(before.length).toBeGreaterThanOrEqual(3);
  expect(before.length).toBeLessThan(40);
  // What it was writing when it was killed.
  appendFileSync(store, '{"key":"01ab","result":{"seed":');

  const resumed = await fanout(...args, '--store', store);
  const after = linesOf(store);
  expect(after.slice(0, before.length)).toEqual(before);
  expect(new Set(after.map((line) => (JSON.parse(line) as { key: string }).key)).size).toBe(40);
  expect(after.length).toBe(40);
  expect(runsOf(resumed.out)).toEqual(runsOf((await fanout(...args)).out));
});

test('what is in the store is not done again, and what decides another result is another job', async () => {
  const store = join(folder, 'more.jsonl');
  const sweep = (...more: string[]) =>
    fanout('sweep', 'one-message', '--threads', '1', '--json', '--store', store, ...more);
  await sweep('--seeds', '1..2');
  const kept = linesOf(store);
  // A planted result comes back: it was read, not run.
  writeFileSync(store, `${kept.join('\n').replaceAll('"events":', '"events":9')}\n`);
  expect(runsOf((await sweep('--seeds', '1..3')).out).map(({ events }) => events > 900)).toEqual([
    true,
    true,
    false,
  ]);
  expect(linesOf(store).length).toBe(3);
  expect(jobKey({ text: 'a' })).not.toBe(jobKey({ text: 'b' }));
});

test('a file that is no store, or cannot be written, is refused before anything runs', async () => {
  const wrong = join(folder, 'wrong.jsonl');
  writeFileSync(wrong, '{"key":"a","result":{}}\nhello\n');
  const refused = await fanout('sweep', 'one-message', '--store', wrong);
  expect([refused.status, refused.err]).toEqual([
    2,
    `${wrong}:2:1: this is no line of a store; name a file that a sweep has written, or a new one`,
  ]);
  const nowhere = join(folder, 'no', 'folder.jsonl');
  expect((await fanout('sweep', 'one-message', '--store', nowhere)).err).toMatch(
    /:1:1: this cannot be written \(ENOENT\)/,
  );
});
