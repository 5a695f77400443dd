import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { axeFinds, launchBrowser, pageUrl, watchedPage } from './browser.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(async () => browser.close());

const world = (page: Page, name: string) => page.getByRole('region', { name: `World: ${name}`, exact: true });
const row = (page: Page, name: RegExp) => page.getByRole('row', { name });
const clock = (page: Page) => page.locator('.clock').innerText();
/** The page shares two cores with two workers of its own, and with other tests. */
const eventually = <T>(read: () => T | Promise<T>) => expect.poll(read, { timeout: 15_000 });

test('a world of the scenario runs beside it: the same message, two fates; a reload keeps both, and Back is alone again', async () => {
  const { page, problems, close } = await watchedPage(browser);
  await page.goto(`${pageUrl()}#s=out-of-order&t=0.35s&p=space-time`);
  await page.getByRole('button', { name: 'Compare with the world “in order”' }).waitFor();
  await page.getByRole('button', { name: 'compare', exact: true }).click();
  await page.getByRole('menuitem', { name: 'with: in order' }).press('Enter');
  await world(page, 'in order').waitFor();
  await page.getByText('asks no questions').waitFor();

  // One clock: what is done to the first is done to both.
  await page.keyboard.press('Home');
  await eventually(() => clock(page)).toContain('00:00.000 000');
  await page
    .getByRole('slider', { name: /moment|time/i })
    .first()
    .waitFor();
  await page.goto(`${pageUrl()}#s=out-of-order&t=1.5s&p=space-time&w=name,in%20order`);
  await page.getByRole('button', { name: 'alice/2' }).click();
  const fate = row(page, /^message alice\/2/);
  await fate.getByText('≠ two fates').waitFor();
  // On the way to the moment there may be two fates before there are these.
  await eventually(() => fate.locator('td').nth(0).innerText()).toMatch(
    /shown to 3 of 3 .*; after a later one to bob/,
  );
  await eventually(() => fate.locator('td').nth(1).innerText()).toMatch(/shown to 3 of 3/);
  expect(await fate.locator('td').nth(1).innerText()).not.toContain('after a later one');
  await eventually(() => row(page, /^promise: per channel order/).innerText()).toMatch(
    /broken once.*kept.*kept here only/s,
  );
  await eventually(() => row(page, /^deliveries out of order/).innerText()).toMatch(/− \d+ fewer/);

  const link = page.url();
  expect(link).toContain('&w=name,in%20order');
  await page.reload();
  await fate.getByText('≠ two fates').waitFor();
  await eventually(() => clock(page)).toContain('00:01.500 000');

  // A copy with one setting changed takes its place, and leaving it stops it.
  await page.getByRole('button', { name: /^compared with: in order/ }).click();
  await page.getByRole('menuitem', { name: 'with one setting changed…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: /best-effort/ }).click();
  await page.getByRole('option', { name: /^causal/ }).click();
  await dialog.getByRole('button', { name: 'Compare' }).click();
  await world(page, 'ordering: causal').waitFor();
  await eventually(() => page.url()).toContain('w=set,design.ordering,causal');
  expect(page.workers().length).toBe(2);
  await page.getByRole('button', { name: /^compared with: ordering/ }).click();
  await page.getByRole('menuitem', { name: 'stop comparing' }).click();
  await eventually(() => page.workers().length).toBe(1);
  expect(page.url()).not.toContain('&w=');
  await page.goBack();
  await world(page, 'ordering: causal').waitFor();
  expect(problems).toEqual([]);
  await close();
});

test('what is done by hand is done in both; a world that is not there is named', async () => {
  const { page, problems, close } = await watchedPage(browser);
  await page.goto(`${pageUrl()}#s=out-of-order&t=0.2s&p=fan-out&sel=station,1&w=name,in%20order`);
  await world(page, 'in order').locator('.fan-box').first().waitFor();
  await page.getByRole('complementary', { name: 'Inspector' }).getByRole('button', { name: 'Crash' }).click();
  for (const name of ['as written', 'in order'])
    await world(page, name).locator('.fan-down .fan-title', { hasText: 'ws-server-1' }).waitFor();
  await page.goto(`${pageUrl()}#s=out-of-order&t=0.2s&w=name,upside%20down`);
  await page.getByText(/there is no world upside down under compare; it has in order/).waitFor();
  expect(problems).toEqual([]);
  await close();
});

test('two pictures of one world stand side by side at a key, and in a link', async () => {
  const { page, problems, close } = await watchedPage(browser);
  await page.goto(`${pageUrl()}#s=out-of-order&t=1.5s&p=space-time`);
  await page.getByText('No one order fits both').waitFor();
  await page.keyboard.press('t');
  const beside = page.getByRole('region', { name: 'Beside it: Fan-out' });
  await beside.locator('.fan-box').first().waitFor();
  await eventually(() => page.url()).toContain('&p2=fan-out');
  await page.reload();
  await beside.locator('.fan-box').first().waitFor();
  expect(await axeFinds(page)).toEqual([]);
  await page.keyboard.press('t');
  await eventually(() => beside.count()).toBe(0);
  expect(problems).toEqual([]);
  await close();
});

test.each([
  [1440, 900],
  [390, 844],
] as const)('at %d x %d axe finds nothing in either theme', async (width, height) => {
  const { page, close } = await watchedPage(browser, { width, height, theme: 'dark' });
  await page.goto(`${pageUrl()}#s=out-of-order&t=1.5s&p=sequence&sel=message,0,2&w=name,in%20order`);
  const found: unknown[] = [];
  const look = async (): Promise<void> => {
    for (const colorScheme of ['dark', 'light'] as const) {
      await page.emulateMedia({ colorScheme });
      found.push(...(await axeFinds(page)).map((rule) => [colorScheme, ...rule]));
    }
  };
  if (width < 720) {
    await page.getByRole('radio', { name: 'in order' }).click();
    await world(page, 'in order').getByText('alice writes alice/2').first().waitFor();
    await look();
    await page.getByRole('radio', { name: 'differences' }).click();
  }
  await page.getByText('≠ two fates').waitFor();
  await look();
  // Both worlds have each part of a picture: no landmark may be there twice.
  for (const [key, part] of width < 720
    ? []
    : [
        ['4', '.rate-flow'],
        ['5', '.space-scroll'],
      ]) {
    await page.keyboard.press(key!);
    await page.locator(part!).nth(1).waitFor();
    await look();
  }
  expect(found).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
  await close();
});
