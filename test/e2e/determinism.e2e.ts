import { readdirSync, readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { formatDuration } from '../../src/base/units.ts';
import { overridesOf } from '../../src/cli/read-scenario.ts';
import { createRun } from '../../src/run/run.ts';
import { parseScenario } from '../../src/scenario/parse.ts';
import { launchBrowser, pageUrl } from './browser.ts';

/** Every shipped scenario comes to the same bytes in Chromium's worker as here. */

/** The large ones run with fewer users; `at` is the moment, or the end. */
const SMALLER = 3_000;
const END = Number.POSITIVE_INFINITY;

let browser: Browser;
let page: Page;
beforeAll(async () => {
  browser = await launchBrowser();
  page = await browser.newPage({ serviceWorkers: 'block' });
});
afterAll(async () => browser.close());

interface Case {
  readonly file: string;
  readonly users: number | null;
  readonly atUs: number;
}

const files = readdirSync('scenarios').filter((name) => name.endsWith('.yaml'));
const textOf = (file: string): string => readFileSync(`scenarios/${file}`, 'utf8');
const cases: readonly Case[] = [
  ...files.map((file): Case => {
    const { users } = parseScenario(textOf(file), file).workload;
    return { file, users: users > 20 * SMALLER ? SMALLER : null, atUs: END };
  }),
  { file: 'million-users.yaml', users: null, atUs: 700_000 },
];

/** The hashes that the page computes of its worker's run at the moment. */
async function inChromium({ file, users, atUs }: Case): Promise<readonly string[]> {
  const { durationUs } = parseScenario(textOf(file), file);
  const part = users === null ? '' : `&users=${users}`;
  await page.goto('about:blank');
  // Whatever is looked at on the way, the bytes are the same.
  await page.goto(
    `${pageUrl()}#s=${file.replace('.yaml', '')}${part}&t=${Math.min(atUs, durationUs) / 1e6}s&sel=station,1`,
  );
  // It has arrived when it can be played on.
  await page.getByRole('tabpanel').waitFor({ timeout: 60_000 });
  await page.getByRole('button', { name: /^Play/ }).waitFor({ timeout: 60_000 });
  await page.getByRole('button', { name: 'share', exact: true }).click({ timeout: 60_000 });
  await page.getByRole('button', { name: 'Compute the hashes of this moment' }).press('Enter');
  const facts = page.locator('.reproduce dd');
  await facts.nth(2).waitFor({ timeout: 60_000 });
  const [moment, ...hashes] = await facts.allInnerTexts();
  expect(moment).toBe(atUs === END ? 'the end' : formatDuration(atUs));
  return hashes;
}

function here({ file, users, atUs }: Case): readonly string[] {
  const overrides = users === null ? [] : overridesOf({ users: String(users), set: [] });
  const run = createRun(parseScenario(textOf(file), file, overrides));
  const untilUs = Math.min(atUs, run.scenario.durationUs);
  while (run.nowUs < untilUs && run.advance(untilUs, END) !== 'end') run.script.answer();
  return [run.worldHash(), run.traceHash()];
}

test.each(cases)('$file ($users users, $atUs us) has the same hashes in Chromium', async (one) => {
  expect(await inChromium(one)).toEqual(here(one));
});
