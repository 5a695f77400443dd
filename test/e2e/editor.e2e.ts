import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { atRest, axeFinds, launchBrowser, pageUrl, watchedPage } from './browser.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(async () => browser.close());

async function openEditor(hash: string, width = 1440) {
  const opened = await watchedPage(browser, { width, theme: 'light' });
  const { page } = opened;
  await page.goto(`${pageUrl()}${hash}`);
  await page.getByRole('tabpanel').first().waitFor();
  if (width > 720) await page.keyboard.press('e');
  else {
    await page.getByRole('button', { name: 'More' }).click();
    await page.getByRole('menuitem', { name: 'edit the scenario' }).click();
  }
  await field(page).waitFor();
  return opened;
}

const field = (page: Page) => page.getByRole('textbox', { name: /Text of the scenario/ });
const textOf = (page: Page): Promise<string> =>
  field(page).evaluate((of) =>
    [...of.querySelectorAll('.cm-line')].map((line) => line.textContent).join('\n'),
  );

/** Puts the cursor at the end of the line that begins so. */
async function goToLine(page: Page, begins: string) {
  await page.locator('.cm-line', { hasText: begins }).first().click();
  await page.keyboard.press('End');
}

test('a text is completed, checked while it is typed, run with the same seed, kept over a reload, and reset', async () => {
  const { page, problems, close } = await openEditor('#s=one-message&t=0s');
  await page.getByText('No problems: this text can be run.').waitFor();
  await goToLine(page, 'title:');
  await page.keyboard.type('\ndelign: 3');
  await page
    .getByRole('region', { name: 'Problems' })
    .getByText(/unknown key delign|delign/)
    .waitFor();
  expect(await page.locator('.cm-lintRange-error').count()).toBeGreaterThan(0);
  expect(await page.getByRole('button', { name: 'run', exact: true }).isDisabled()).toBe(true);
  await page.keyboard.press('Control+z');
  await page.keyboard.press('Control+z');
  await page.getByText('No problems: this text can be run.').waitFor();

  await goToLine(page, 'title:');
  await page.keyboard.type('\nsumm');
  await page.getByRole('option', { name: 'summary' }).waitFor();
  await page.keyboard.press('Escape');
  for (let i = 0; i < 'summ'.length + 1; i++) await page.keyboard.press('Backspace');

  await goToLine(page, 'title:');
  await page.keyboard.type(', edited');
  await page.getByText('This text is not what runs').waitFor();
  await page.keyboard.press('Control+Enter');
  await page.getByRole('button', { name: /, edited$/ }).waitFor();
  await page.getByText('Runs from the start, with the same seed').waitFor();

  await page.reload();
  await page.getByRole('tabpanel').first().waitFor();
  await page.keyboard.press('e');
  await field(page).waitFor();
  expect(await textOf(page)).toContain(', edited');
  await page.getByRole('button', { name: 'reset' }).click();
  await expect.poll(() => textOf(page)).not.toContain(', edited');
  expect(await page.evaluate(() => window.localStorage.length)).toBe(0);
  expect(problems).toEqual([]);
  await close();
});

test('the form changes the text, and nothing else in it', async () => {
  const { page, problems, close } = await openEditor('#s=one-message&t=0s');
  const before = await textOf(page);
  await page.getByRole('tab', { name: 'settings' }).click();
  await page.getByRole('button', { name: /delivery/ }).click();
  await page.getByRole('option', { name: 'effectively-once' }).click();
  const count = page.getByRole('textbox', { name: 'count' });
  await count.fill('7');
  await count.press('Enter');
  await page.getByRole('tab', { name: 'text' }).click();
  const after = await textOf(page);
  expect(after).toContain('delivery: effectively-once');
  expect(after).toMatch(/count: 7\b/);
  const kept = before.split('\n').filter((line) => line.startsWith('#') || line.startsWith('script'));
  for (const line of kept) expect(after).toContain(line);
  await page.getByText('No problems: this text can be run.').waitFor();
  expect(problems).toEqual([]);
  await close();
});

test('what is done by hand becomes a line of the script with a button', async () => {
  const { page, problems, close } = await openEditor('#s=one-message&t=0.05s&sel=station,2');
  await page.getByRole('button', { name: 'Close the editor' }).click();
  await page.getByRole('button', { name: 'Crash', exact: true }).click();
  await page.getByRole('button', { name: /^Add to the scenario: - \{ at: 50ms, crash:/ }).click();
  await field(page).waitFor();
  await expect.poll(() => textOf(page)).toMatch(/- \{ at: 50ms, crash: \S+ \}/);
  await page.getByText('No problems: this text can be run.').waitFor();
  expect(problems).toEqual([]);
  await close();
});

test('the keyboard leaves the text with Escape and Tab; a file can be downloaded and uploaded', async () => {
  const { page, problems, close } = await openEditor('#s=one-message&t=0s');
  await field(page).focus();
  await page.keyboard.press('Escape');
  await page.keyboard.press('Tab');
  expect(await field(page).evaluate((of) => of.contains(document.activeElement))).toBe(false);

  const downloading = page.waitForEvent('download');
  await page.getByRole('button', { name: 'download' }).click();
  const download = await downloading;
  expect(download.suggestedFilename()).toBe('one-message.yaml');
  const text = readFileSync(await download.path(), 'utf8');
  expect(text).toContain('scenario: one-message');

  const choosing = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'upload' }).click();
  const other = text
    .replace('scenario: one-message', 'scenario: of-a-stranger')
    .replace(/^title:.*$/m, 'title: Mine');
  await (await choosing).setFiles({ name: 'x.yaml', mimeType: 'text/yaml', buffer: Buffer.from(other) });
  await page.getByRole('heading', { name: 'Mine' }).waitFor();
  expect(await textOf(page)).toContain('of-a-stranger');
  expect(problems).toEqual([]);
  await close();
});

test.each([1440, 390])('axe finds nothing in the editor at %d', async (width) => {
  const { page, close } = await openEditor('#s=one-message-group&t=0.1s', width);
  for (const tab of ['text', 'settings']) {
    await page.getByRole('tab', { name: tab, exact: true }).click();
    await atRest(page);
    expect(await axeFinds(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
  }
  await close();
});
