import { readdirSync, readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser, pageUrl, watchedPage } from './browser.ts';

/** Each shipped scenario as a student uses it, with the keyboard alone: open, play, answer, rewind, break, share, reopen. */

const folder = new URL('../../scenarios/', import.meta.url);
const shipped = readdirSync(folder)
  .filter((file) => file.endsWith('.yaml'))
  .map((file) => ({
    name: file.slice(0, -'.yaml'.length),
    title: /^title: (.*)$/m.exec(readFileSync(new URL(file, folder), 'utf8'))?.[1] ?? '',
  }));

const SOON = { timeout: 30_000 };

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(async () => browser.close());

/** The figures of the clock, without the sentence for screen readers, which follows more slowly. */
const clock = async (page: Page): Promise<string> =>
  (await page.locator('.clock').innerText()).split('\n')[0] ?? '';
const atTheStart = (page: Page) => expect.poll(() => clock(page), SOON).toContain('00:00.000 000');
const opened = async (page: Page, title: string): Promise<void> => {
  await page.getByRole('heading', { name: title, exact: true }).waitFor();
  await page.getByRole('tabpanel').waitFor();
};

/** Plays to the first question and answers it. */
async function playToQuestion(page: Page): Promise<void> {
  await page.keyboard.press('Space');
  const answer = page.getByRole('button', { name: 'This is my answer' });
  await answer.waitFor(SOON);
  await page.getByRole('radio').first().press('Space');
  await answer.press('Enter');
  await page.locator('.outcome').waitFor();
  await page.getByRole('button', { name: 'Go on and see' }).press('Enter');
}

async function pause(page: Page): Promise<void> {
  const button = page.getByRole('button', { name: 'Pause', exact: true });
  const play = page.getByRole('button', { name: 'Play', exact: true });
  await button.or(play).first().waitFor();
  // A short scenario may have come to its end meanwhile.
  if (await button.isVisible()) await page.keyboard.press('Space');
  await play.waitFor(SOON);
}

test.each(shipped)(
  '$name is opened, played, questioned, rewound, broken, shared and reopened',
  async ({ name, title }) => {
    const { page, problems, close } = await watchedPage(browser);
    await page.goto(`${pageUrl()}#s=${name}&t=0s&speed=max`);
    await opened(page, title);
    await atTheStart(page);
    await playToQuestion(page);
    await pause(page);

    await pause(page);
    await page.keyboard.press('Home');
    await atTheStart(page);

    await page.getByRole('button', { name: /^chat-service/ }).press('Enter');
    await page.getByRole('button', { name: 'Crash', exact: true }).press('Enter');
    await page.getByRole('button', { name: 'Restart' }).waitFor(SOON);
    const deed = await page.locator('.deeds code').first().innerText();
    expect(deed).toContain('crash: chat-service');
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => clock(page), SOON).not.toContain('00:00.000 000');
    const when = await clock(page);
    await expect.poll(() => new URL(page.url()).hash, SOON).toContain('do=');
    const link = page.url();

    const again = await watchedPage(browser);
    await again.page.goto(link);
    await opened(again.page, title);
    await expect.poll(() => clock(again.page), SOON).toBe(when);
    await again.page.getByRole('button', { name: 'Restart' }).waitFor(SOON);
    expect(await again.page.locator('.deeds code').first().innerText()).toBe(deed);

    expect([...problems, ...again.problems]).toEqual([]);
    await again.close();
    await close();
  },
);
