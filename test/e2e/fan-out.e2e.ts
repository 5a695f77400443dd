import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { atRest, axeFinds, launchBrowser, pageUrl, watchedPage } from './browser.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(async () => browser.close());

async function openAt(hash: string, theme: 'light' | 'dark' = 'dark') {
  const opened = await watchedPage(browser, { theme });
  await opened.page.goto(`${pageUrl()}${hash}`);
  await opened.page.locator('.fan-box').first().waitFor();
  return opened;
}

describe('the fan-out picture', () => {
  test('lights the path of a message: told once, then every server with a member', async () => {
    const { page, problems, close } = await openAt('#s=one-message-group&t=0.5s&p=fan-out&sel=message,0,1');
    await page.locator('.fan-path', { hasText: 'told 4 servers' }).waitFor();
    expect(await page.locator('.fan-path').innerText()).toContain('6 of 7 have it (1 offline)');
    const lit = await page
      .locator('.fan-link[data-look=lit]')
      .evaluateAll((links) => links.map((link) => (link as SVGElement).dataset.link));
    for (const server of [1, 2, 3, 4]) expect(lit).toContain(`node:5>node:${server}`);
    expect(lit).toContain('node:6>node:5');
    expect(lit).toContain('node:6>node:7');
    expect(problems).toEqual([]);
    await close();
  });

  test('a server is crashed at its box with the keyboard alone, and mended there', async () => {
    const { page, problems, close } = await openAt('#s=one-message-group&t=0.1s&p=fan-out');
    await page.getByRole('button', { name: 'ws-server-2', exact: true }).focus();
    await page.keyboard.press('b');
    await page.getByRole('menuitem', { name: 'Crash' }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'ws-server-2, down, selected' }).waitFor();
    expect(await page.locator('.fan-down .fan-title').allTextContents()).toEqual(['ws-server-2']);
    expect(await page.locator('.deeds code').innerText()).toMatch(/crash: ws-server-2/);
    await page.getByRole('button', { name: /^ws-server-2, down/ }).focus();
    await page.keyboard.press('b');
    await page.getByRole('menuitem', { name: 'Restart' }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'ws-server-2, selected', exact: true }).waitFor();
    expect(problems).toEqual([]);
    await close();
  });

  test.each(['light', 'dark'] as const)('axe finds nothing in the %s theme', async (theme) => {
    const { page, close } = await openAt('#s=one-message-group&t=0.34s&p=fan-out&sel=station,2', theme);
    await atRest(page);
    expect(await axeFinds(page)).toEqual([]);
    await close();
  });
});
