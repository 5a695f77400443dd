import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readHops } from '../../src/trace/hops.ts';
import type { TraceRow } from '../../src/trace/trace.ts';
import { axeFinds, launchBrowser, pageUrl, watchedPage } from './browser.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(async () => browser.close());

async function openAt(hash: string, theme: 'light' | 'dark' = 'dark') {
  const opened = await watchedPage(browser, { theme, permissions: ['clipboard-read', 'clipboard-write'] });
  const loaded: string[] = [];
  opened.page.on('request', (request) => loaded.push(request.url()));
  await opened.page.goto(`${pageUrl()}${hash}`);
  return { ...opened, loaded };
}

const fanout = (...args: string[]): string => {
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [join(root, 'scripts/run-ts.mjs'), join(root, 'src/cli/main.ts'), ...args],
    { encoding: 'utf8', cwd: root },
  );
  if (status !== 0) throw new Error(stderr);
  return stdout;
};

const arrows = (page: Page) =>
  page
    .locator('.sequence .sequence-arrow[data-row]')
    .evaluateAll((all) => all.map((one) => Number(one.getAttribute('data-row'))));

describe('the sequence picture', () => {
  test('has the hops that the command line traces, copies the diagram that it draws, and Mermaid draws it', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'fanout-')), 'trace.jsonl');
    fanout('run', 'one-message', '--trace', file, '--format', 'jsonl');
    const rows = readFileSync(file, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as TraceRow);
    const hops = readHops(rows.filter(({ sender, nth }) => sender === 0 && nth === 1)).hops;
    const ends = hops.map(({ endRow }) => rows.filter(({ sender }) => sender === 0)[endRow]!.id);

    const { page, problems, loaded, close } = await openAt('#s=one-message&t=3s&p=sequence');
    await page.locator('.sequence .sequence-arrow[data-row]').first().waitFor();
    await expect
      .poll(async () => (await arrows(page)).sort((a, b) => a - b))
      .toEqual(ends.sort((a, b) => a - b));

    await page.getByRole('button', { name: 'copy as Mermaid' }).press('Enter');
    await page.getByText('copied').waitFor();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    expect(copied.trim()).toBe(fanout('diagram', 'one-message', '--kind', 'message-flow').trim());

    expect(loaded.filter((url) => /mermaid\.core|sequenceDiagram-/.test(url))).toEqual([]);
    await page.getByRole('button', { name: 'Mermaid', exact: true }).press('Enter');
    const image = page.getByRole('img', { name: /as Mermaid draws it/ });
    await image.waitFor();
    await expect
      .poll(() => image.evaluate((of) => (of instanceof HTMLImageElement ? of.naturalWidth : 0)))
      .toBeGreaterThan(0);
    expect(problems).toEqual([]);
    await close();
  });

  test('is walked with the keyboard, from the sending to the consequence and back, and the inspector follows', async () => {
    const { page, problems, close } = await openAt('#s=one-message&t=3s&p=sequence');
    const cursor = page.getByRole('application', { name: /Steps of the message/ });
    await cursor.press('Home');
    await cursor.press('v');
    const inspected = page.getByRole('region', { name: 'Step of a message' });
    await inspected.getByText('ws-server-1: arrive alice/1').waitFor();
    expect(await page.locator('.sequence-arrow.is-selected').count()).toBe(1);
    await cursor.press('c');
    await inspected.getByText('gateway-1: arrive alice/1').waitFor();
    await cursor.press('End');
    await inspected.getByText('alice: ack alice/1').waitFor();
    expect(problems).toEqual([]);
    await close();
  });

  test('of a broken promise shows when it became inevitable, lets one passage be chosen otherwise, and undoes it', async () => {
    const { page, problems, close } = await openAt('#s=exercise-13&t=100ms&p=sequence');
    await page.getByRole('button', { name: /promises: .*2 broken/ }).press('Enter');
    await page.getByRole('button', { name: 'go to the first violation' }).first().press('Enter');
    const note = page.getByRole('region', { name: 'Why per channel order is broken' });
    await note.getByRole('button', { name: 'when did it become inevitable?' }).press('Enter');
    const strip = page.getByRole('region', { name: /inevitable that per channel order/ });
    await strip.getByText(/50 futures from each of 38 moments/).waitFor();
    await strip.getByRole('button', { name: 'in words' }).press('Enter');
    await strip.getByText(/carol\/1 from ws-server-1 to ws-server-2: 3\.45 ms on its way/).waitFor();
    expect(await axeFinds(page, '.futures')).toEqual([]);
    // The last choice after which most futures still hold; from 50.4 ms on none does.
    await strip.getByRole('button', { name: 'before the choice that decided it, 41.8 ms' }).press('Enter');
    await page.waitForURL(/t=0\.041\d+s/);
    await strip.getByRole('button', { name: 'Go to 50.4 ms' }).press('Enter');
    await note.getByRole('button', { name: /first violation, 91.7 ms/ }).press('Enter');

    const chooser = page.getByRole('region', { name: 'Choose otherwise' });
    await chooser.getByText('carol/1 from ws-server-1 to ws-server-2 takes 3.45 ms').waitFor();
    await chooser.getByRole('textbox', { name: 'takes' }).fill('1ms');
    await chooser.getByRole('button', { name: 'choose' }).press('Enter');
    await note.getByText(/not broken in this future/).waitFor();
    await page.getByRole('button', { name: /promises: \d+ kept(?!.*broken)/ }).waitFor();
    expect(await strip.count()).toBe(0);
    const end = page.locator('.drag-end');
    await end.evaluate((of) => of.scrollIntoView({ block: 'center' }));
    await end.hover();
    const box = (await end.boundingBox())!;
    await page.mouse.down();
    await page.mouse.move(box.x + 8, box.y + 60, { steps: 3 });
    await page.mouse.up();
    await chooser.getByText(/takes (?!1 ms)/).waitFor();
    // A link and a reload are the same run.
    await page.waitForURL(/do=\d+,choose,2,1,1,2,takes/);
    await page.reload();
    const undo = page.getByRole('button', { name: /^Undo: - { at: .*choose: { message: carol\/1/ });
    await undo.waitFor();
    expect(await undo.count()).toBe(1);
    await undo.press('Enter');
    await page.getByRole('button', { name: /promises: .*2 broken/ }).waitFor();
    expect(await undo.count()).toBe(0);
    // The link opens with what shows the broken promise, also at a moment before it breaks.
    await page.getByRole('button', { name: /promises: .*2 broken/ }).press('Enter');
    await page.getByRole('button', { name: 'go to the first violation' }).first().press('Enter');
    await note.getByRole('button', { name: 'before its last hop' }).press('Enter');
    await page.waitForURL(/t=0\.0\d*s.*&broken=per-channel-order,91711/);
    await page.reload();
    await note.getByText(/Dan saw bob\/1 before carol\/1/).waitFor();
    await page.waitForURL(/t=0\.0\d*s.*&broken=per-channel-order,91711/);
    expect(problems).toEqual([]);
    await close();
  });

  test.each(['light', 'dark'] as const)(
    'axe finds nothing in it and in the space-time picture, %s',
    async (theme) => {
      for (const picture of ['sequence', 'space-time']) {
        const { page, close } = await openAt(`#s=one-message-group&t=2s&p=${picture}`, theme);
        await page.locator('[data-clip]').first().waitFor({ state: 'attached' });
        await page.getByText('alice/1').first().waitFor();
        expect(await axeFinds(page, 'main')).toEqual([]);
        await close();
      }
    },
  );
});
