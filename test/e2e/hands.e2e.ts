import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser, type PageOptions, pageUrl, watchedPage } from './browser.ts';

/** What hands do to the page: keys, answers, Back. One page for as many as can share it. */

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(async () => browser.close());

async function openAt(hash: string, options: PageOptions = {}) {
  const opened = await watchedPage(browser, options);
  await opened.page.goto(`${pageUrl()}${hash}`);
  await opened.page.getByRole('tabpanel').waitFor();
  return opened;
}

const hashOf = (page: Page): string => new URL(page.url()).hash;
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

test('answering a question, by click or by key, leaves the page where it is', async () => {
  const { page, problems, close } = await openAt('#s=rate-limit-basics&t=64s', { width: 1280, height: 720 });
  const choices = page.locator('.choice');
  await choices.first().waitFor();
  const top = () =>
    page.evaluate(() => [
      document.scrollingElement?.scrollTop,
      document.querySelector('.header')?.getBoundingClientRect().top,
    ]);
  await choices.nth(1).click();
  expect(await top()).toEqual([0, 0]);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  expect(await top()).toEqual([0, 0]);
  const seen = await page.locator('.choice[data-selected]').boundingBox();
  expect(seen !== null && seen.y >= 0 && seen.y + seen.height <= 720).toBe(true);
  expect(problems).toEqual([]);
  await close();
});

test("Space is the clock's after a button was pressed, Enter is the button's", async () => {
  const { page, problems, close } = await openAt('#s=one-message-group&t=1s&sel=station,2');
  await button(page, 'Crash').click();
  await button(page, 'Restart').waitFor();
  await page.keyboard.press('Space');
  await button(page, 'Pause').waitFor();
  await page.keyboard.press('Space');
  await button(page, 'Play').waitFor();
  expect(await page.locator('.deeds code').allInnerTexts()).toHaveLength(1);
  await button(page, 'Restart').focus();
  await page.keyboard.press('Enter');
  await expect.poll(() => page.locator('.deeds code').count()).toBe(2);

  await page.getByRole('tab', { name: /Crowd/ }).click();
  await page.keyboard.press('e');
  const text = page.locator('.cm-content');
  await text.waitFor();
  await text.click();
  await page.keyboard.press('Control+End');
  await page.keyboard.type('nonsense: [');
  await page.keyboard.press('Control+Enter');
  await page.getByText('This text cannot be run').waitFor();
  expect(await page.getByRole('heading', { name: 'One message to a group' }).count()).toBe(1);
  expect(problems).toEqual([]);
  await close();
});

test('Back goes one scenario back for each that was chosen, and Forward comes again', async () => {
  const { page, problems, close } = await openAt('#s=one-message&t=0s');
  /** The world of this scenario is open: its picture is there, and the address has the seed that it runs with. */
  const isOpen = async (name: string, title: string) => {
    await page.getByRole('heading', { name: title, exact: true }).waitFor();
    await page.getByRole('tabpanel').waitFor();
    await expect.poll(() => hashOf(page), { timeout: 10_000 }).toMatch(new RegExp(`s=${name}&.*seed=`));
  };
  const choose = async (search: string, name: string, title: string) => {
    await page.keyboard.press('/');
    await page.getByRole('dialog').getByRole('searchbox').fill(search);
    await page.getByRole('option', { name: title, exact: false }).first().click();
    await isOpen(name, title);
  };
  const entries = () => page.evaluate(() => window.history.length);
  const first = await entries();
  await choose('a group', 'one-message-group', 'One message to a group');
  await choose('microsecond', 'boundary', 'One microsecond decides');
  expect(await entries()).toBe(first + 2);
  await page.goBack();
  await isOpen('one-message-group', 'One message to a group');
  await page.goBack();
  await isOpen('one-message', 'One message, from Alice to Bob');
  await page.goForward();
  await isOpen('one-message-group', 'One message to a group');
  expect(problems).toEqual([]);
  await close();
});
