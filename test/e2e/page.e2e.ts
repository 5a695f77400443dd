import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { atRest, axeFinds, launchBrowser, type PageOptions, pageUrl, watchedPage } from './browser.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(async () => browser.close());

/** Opens the page at a hash. */
async function openAt(hash: string, options: PageOptions = {}) {
  const opened = await watchedPage(browser, options);
  await opened.page.goto(`${pageUrl()}${hash}`);
  return opened;
}

const hashOf = (page: Page): string => new URL(page.url()).hash;
const shown = (page: Page) => page.getByRole('tabpanel').waitFor();
const paused = (page: Page) => page.getByRole('button', { name: 'Play', exact: true }).waitFor();

describe('a scenario', () => {
  test('is found with the keyboard alone, opens, plays, and can be stepped and sent back', async () => {
    const { page, problems, close } = await openAt('#s=one-message&t=0s');
    await shown(page);
    await page.keyboard.press('/');
    // The list is loaded when it is asked for; what is typed goes to it once it has the focus.
    const search = page.getByRole('dialog').getByRole('searchbox');
    await search.waitFor();
    await expect.poll(() => search.evaluate((of) => of === document.activeElement)).toBe(true);
    await page.getByRole('option', { name: /a group/ }).waitFor();
    await page.keyboard.type('group');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'One message to a group' }).waitFor();
    await shown(page);
    // It plays by itself up to its first question, for which the clock stands.
    await page.getByRole('radio').first().press('Space');
    await page.getByRole('button', { name: 'This is my answer' }).press('Enter');
    await page.getByRole('button', { name: 'Go on and see' }).press('Enter');
    await page.getByRole('button', { name: 'Pause' }).waitFor();
    await page.keyboard.press('Space');
    await paused(page);
    const at = await page.locator('.clock').innerText();
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => page.locator('.clock').innerText()).not.toBe(at);
    await page.keyboard.press('Home');
    await expect.poll(() => page.locator('.clock').innerText()).toContain('00:00.000 000');
    expect(problems).toEqual([]);
    await close();
  });

  test('asks, waits for the answer, explains it, and goes on', async () => {
    const { page, problems, close } = await openAt('#s=one-message-group&t=0.2s');
    await page.getByText('How many messages does').waitFor();
    await expect.poll(() => page.getByRole('button', { name: 'Play', exact: true }).isDisabled()).toBe(true);
    await page.getByRole('radio').nth(0).press('Space');
    await page.getByRole('button', { name: 'This is my answer' }).press('Enter');
    await page.locator('.outcome').waitFor();
    await page.getByRole('button', { name: 'Go on and see' }).press('Enter');
    // While it plays the address follows every other second.
    await expect
      .poll(async () => Number(/t=([\d.]+)s/.exec(hashOf(page))?.[1]), { timeout: 20_000 })
      .toBeGreaterThan(0.2);
    expect(problems).toEqual([]);
    await close();
  });

  test('may be an exercise: a promise is broken, and what is wrong with the design is to be found', async () => {
    const { page, problems, close } = await openAt('#s=exercise-03&t=2s');
    await page.getByText('is broken at the end of this run').waitFor();
    await page.getByRole('radio', { name: /^Two writes with a moment between/ }).press('Space');
    await page.getByRole('button', { name: 'This is my answer' }).press('Enter');
    expect(await page.locator('.outcome').innerText()).toContain('Yes.');
    await page.keyboard.press('/');
    await page.getByRole('dialog').getByRole('searchbox').fill('exercise');
    const exercises = page.getByRole('group', { name: /^Exercises/ }).getByRole('option');
    await expect.poll(() => exercises.count()).toBeGreaterThan(20);
    expect(problems).toEqual([]);
    await close();
  });

  test('is broken by hand, says the line that does the same, and its link reopens exactly this', async () => {
    const { page, problems, close } = await openAt('#s=one-message-group&t=0.15s');
    await shown(page);
    await page.getByRole('button', { name: /^ws-server-2/ }).press('Enter');
    await page.getByRole('button', { name: 'Crash', exact: true }).press('Enter');
    await page.getByRole('button', { name: 'Restart' }).waitFor();
    const line = await page.locator('.deeds code').innerText();
    expect(line).toMatch(/crash: ws-server-2/);
    const words = async (of: Page): Promise<string> => {
      await of.getByRole('button', { name: 'in words' }).press('Enter');
      const text = await of.locator('.text-twin').innerText();
      await of.getByRole('button', { name: 'in words' }).press('Enter');
      return text;
    };
    const before = await words(page);
    expect(before).toMatch(/ws-server-2\s+down/);
    const hash = hashOf(page);
    expect(hash).toMatch(/sel=station,2&.*do=150000,crash,2,-/);

    const again = await openAt(hash);
    await again.page.getByRole('button', { name: 'Restart' }).waitFor();
    // Who has not noticed yet that the server is gone sits where it sat only in a picture that was there before: see the crowd.
    await expect.poll(() => words(again.page)).toMatch(/ws-server-2\s+down/);
    await expect.poll(() => hashOf(again.page)).toBe(hash);
    expect(await again.page.locator('.deeds code').innerText()).toBe(line);
    expect([...problems, ...again.problems]).toEqual([]);
    await again.close();
    await close();
  });
});

describe('the address', () => {
  test('goes back one change of view at a time', async () => {
    const { page, close } = await openAt('#s=one-message-group&t=0.1s');
    await shown(page);
    await page.getByRole('tab', { name: /Curves/ }).click();
    await page.getByRole('heading', { name: 'Curves' }).waitFor();
    await page.getByRole('button', { name: /^database/ }).press('Enter');
    await expect.poll(() => hashOf(page)).toContain('sel=station');
    await page.goBack();
    await expect.poll(() => hashOf(page)).not.toContain('sel=station');
    await page.getByRole('heading', { name: 'Curves' }).waitFor();
    await page.goBack();
    await page.getByRole('heading', { name: 'Crowd' }).waitFor();
    expect(hashOf(page)).toContain('t=0.1s');
    await close();
  });

  test.each([
    ['#s=one-message&colour=blue', '"colour=blue" cannot be read'],
    ['#s=one-message&v=99.0.0', 'made by version 99.0.0'],
    ['#s=no-such-thing', 'There is no scenario "no-such-thing"'],
    ['#s=one-message&do=5,explode,1', 'there is no action "explode"'],
  ])('%s is not opened in silence', async (hash, why) => {
    const { page, close } = await openAt(hash);
    const dialog = page.getByRole('alertdialog');
    await dialog.waitFor();
    expect(await dialog.innerText()).toContain(why);
    expect(await page.getByRole('tabpanel').count()).toBe(0);
    await close();
  });
});

describe.each([
  [1440, 900],
  [1024, 768],
  [390, 844],
])('at %d x %d', (width, height) => {
  test('everything is within the window, and nothing lies on anything else', async () => {
    const { page, problems, close } = await openAt('#s=one-message-group&t=0.1s', { width, height });
    await shown(page);
    await atRest(page);
    const boxes = await page.evaluate(() =>
      ['.header', '.stage', '.panel.lesson', '.panel.inspector', '.sheet-row', '.transport'].flatMap(
        (selector) => {
          const element = document.querySelector(selector);
          if (element === null) return [];
          const { left, top, right, bottom } = element.getBoundingClientRect();
          return [{ selector, left, top, right, bottom }];
        },
      ),
    );
    expect(boxes.length).toBeGreaterThanOrEqual(4);
    for (const box of boxes) {
      expect([box.selector, box.left >= 0, box.top >= 0, box.right <= width, box.bottom <= height]).toEqual([
        box.selector,
        true,
        true,
        true,
        true,
      ]);
    }
    for (const [i, a] of boxes.entries()) {
      for (const b of boxes.slice(i + 1)) {
        const apart =
          a.right <= b.left + 0.5 ||
          b.right <= a.left + 0.5 ||
          a.bottom <= b.top + 0.5 ||
          b.bottom <= a.top + 0.5;
        expect(apart, `${a.selector} and ${b.selector}`).toBe(true);
      }
    }
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    expect(problems).toEqual([]);
    await close();
  });

  // Themes differ in colours only, and these do not depend on the width: the middle one is looked at in one theme.
  const themes = width === 1024 ? (['light'] as const) : (['light', 'dark'] as const);
  test.each(themes)('axe finds nothing in the %s theme', async (theme) => {
    for (const hash of [
      '#s=one-message-group&t=0.1s',
      '#s=one-message-group&t=0.1s&p=curves&sel=station,2',
      '#s=one-message-group&t=0.1s&sel=user,1',
    ]) {
      const { page, close } = await openAt(hash, { width, height, theme });
      await shown(page);
      await atRest(page);
      expect(await axeFinds(page)).toEqual([]);
      await close();
    }
  });
});

test('axe finds a button without a name', async () => {
  const { page, close } = await openAt('#s=one-message-group&t=0.1s');
  await page.evaluate(() => document.querySelector('main')?.append(document.createElement('button')));
  expect((await axeFinds(page)).map(([rule]) => rule)).toEqual(['button-name']);
  await close();
});

test('axe finds nothing in the dialogs', async () => {
  const { page, close } = await openAt('#s=one-message-group&t=0.1s');
  await shown(page);
  for (const key of ['/', '?']) {
    await page.keyboard.press(key);
    await page.getByRole('dialog').waitFor();
    expect(await axeFinds(page)).toEqual([]);
    await page.keyboard.press('Escape');
  }
  await close();
});
