import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { axeFinds, launchBrowser, type PageOptions, pageUrl, watchedPage } from './browser.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(async () => browser.close());

/** Opens the picture. */
async function openPicture({ hash, ...options }: PageOptions & { readonly hash?: string } = {}) {
  const opened = await watchedPage(browser, options);
  await opened.page.goto(`${pageUrl()}${hash ?? '#s=one-message&t=0s&p=rate-limit'}`);
  await opened.page.getByRole('slider', { name: 'Moment that is looked at' }).waitFor();
  return opened;
}

const mark = (page: Page, place: number) => page.getByRole('button', { name: new RegExp(`^R${place} at `) });
const marks = (page: Page) => page.locator('[data-request]');
/** The page shares two cores with its own worker, and with other tests. */
const eventually = <T>(read: () => T | Promise<T>) => expect.poll(read, { timeout: 15_000 });
const headline = (page: Page) => page.locator('.rate-headline strong').innerText();
const why = (page: Page) => page.locator('.rate-why').innerText();

test('the worked example says why the sixth is refused, and by keyboard the window slides until the seventh gets in', async () => {
  const { page, problems, close } = await openPicture();
  expect(await headline(page)).toBe('R6 at 60 s is refused');
  expect(await why(page)).toBe(
    'counted 5: at 0, 15, 20, 35, 55 s; limit 5; refused; come back at 60.000001 s',
  );
  const slider = page.getByRole('slider', { name: 'Moment that is looked at' });
  await slider.focus();
  await page.keyboard.press('ArrowRight');
  await eventually(() => headline(page)).toBe('A request at 60.5 s would be allowed');
  expect(await slider.getAttribute('aria-valuetext')).toContain('counted 4: at 15, 20, 35, 55 s');
  await page.keyboard.press('PageDown');
  await eventually(() => headline(page)).toBe('R7 at 65 s is allowed');
  expect(await why(page)).toContain('one has slid out; counted 4');
  // The clock of the run has not been touched by the arrows.
  expect(await page.locator('.clock').innerText()).toContain('00:00.000 000');
  // The counter disagrees on the seventh; its lane can be made the large one.
  await page.getByRole('button', { name: /Algorithm that is drawn large/ }).click();
  await page.getByRole('option', { name: /Sliding window counter/ }).click();
  await eventually(() => headline(page)).toBe('R7 at 65 s is refused');
  expect(await why(page)).toContain('estimate 5 x 55/60 + 0 = 4.583333');
  // The table says the same.
  await page.getByRole('button', { name: 'in words' }).click();
  const row = page.getByRole('row', { name: /^R7 at 65 s/ });
  expect(await row.innerText()).toMatch(/refused.*allowed/s);
  expect(problems).toEqual([]);
  await close();
});

test('requests are added, dragged, deleted, undone and pasted', async () => {
  const { page, problems, close } = await openPicture();
  const [fourth, fifth] = [await mark(page, 4).boundingBox(), await mark(page, 5).boundingBox()];
  const y = fourth!.y + fourth!.height / 2;
  const x = (fourth!.x + fifth!.x + fifth!.width) / 2;
  await page.mouse.click(x, y);
  await eventually(() => marks(page).count()).toBe(8);
  expect(await headline(page)).toMatch(/^R5 at 4\d(\.\d)? s is allowed/);
  // Dragged to the right past the old sixth, it is the sixth itself.
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + 60, y, { steps: 4 });
  await page.mouse.move(x + 130, y, { steps: 4 });
  await page.mouse.up();
  await eventually(() => headline(page)).toMatch(/^R[67] at 6\d(\.\d)? s is /);
  await page.keyboard.press('Delete');
  await eventually(() => marks(page).count()).toBe(7);
  const undo = page.getByRole('button', { name: 'undo' });
  for (let i = 0; i < 3; i++) await undo.click();
  await eventually(() => mark(page, 6).getAttribute('aria-label')).toContain('refused');
  // One microsecond decides.
  await mark(page, 6).focus();
  await page.getByRole('button', { name: 'add a request at 60.000001 s' }).click();
  await eventually(() => headline(page)).toBe('R7 at 60.000001 s is allowed');

  await page.getByRole('button', { name: 'paste times' }).click();
  const text = page.getByRole('textbox', { name: /^Seconds, or with a unit/ });
  await text.fill('0, 1, soon');
  await page.getByRole('button', { name: 'Use these' }).click();
  await page.getByText('"soon" is no time').waitFor();
  await text.fill('0, 100ms, 0.2, 0.3, 0.4, 0.5');
  await page.getByRole('button', { name: 'Use these' }).click();
  await eventually(() => headline(page)).toBe('R6 at 0.5 s is refused');
  // A link holds all of it.
  await eventually(() => page.url()).toMatch(
    /&rl=sliding-window-log,5,60000000,.*,0_100000_200000_300000_400000_500000&/,
  );
  const again = await openPicture({ hash: new URL(page.url()).hash });
  expect(await headline(again.page)).toBe('R6 at 0.5 s is refused');
  expect(again.problems).toEqual([]);
  await again.close();
  const limit = page.getByRole('textbox', { name: 'limit' });
  await limit.fill('6');
  await limit.press('Enter');
  await eventually(() => headline(page)).toBe('R6 at 0.5 s is allowed');
  await limit.fill('0');
  await limit.press('Enter');
  await page.getByText('0 requests is no limit').waitFor();
  expect(problems).toEqual([]);
  await close();
});

test('the timeline is copied for a report: as a picture of its own, as Mermaid text, as the command that decides the same', async () => {
  const { page, problems, close } = await openPicture();
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  const copied = async (label: string): Promise<string> => {
    await page.getByRole('button', { name: label }).click();
    await page.getByText('copied', { exact: true }).waitFor();
    return page.evaluate(() => navigator.clipboard.readText());
  };
  const svg = await copied('copy SVG');
  expect(svg).toMatch(/^<svg /);
  expect(svg).toContain('R6 at 60 s: counted 5: at 0, 15, 20, 35, 55 s; limit 5; refused');
  expect(svg).not.toMatch(/tabindex|class=|press to add|var\(/);
  const parsed = await page.evaluate(
    (text) => new DOMParser().parseFromString(text, 'image/svg+xml').querySelectorAll('parsererror').length,
    svg,
  );
  expect(parsed).toBe(0);
  expect(await copied('copy the timeline as Mermaid')).toMatch(/^gantt\n.*R6 at 60 s refused/s);
  expect(await copied('copy the state flow as Mermaid')).toMatch(/^stateDiagram-v2\n/);
  expect(await copied('copy the command')).toBe(
    'npm run -s fanout -- rate-limit --algorithm sliding-window-log --limit 5 --window 60s --times 0s,15s,20s,35s,55s,60s,65s',
  );
  expect(problems).toEqual([]);
  await close();
});

test('the student predicts each verdict before it shows, and gets a score', async () => {
  const { page, problems, close } = await openPicture();
  await page.getByRole('button', { name: 'predict', exact: true }).click();
  expect(await mark(page, 6).getAttribute('aria-label')).toBe('R6 at 60 s: what do you predict?');
  expect(await page.locator('.rate-limit').innerText()).not.toMatch(/is refused|come back/);
  for (let place = 1; place <= 7; place++) {
    await eventually(() => headline(page)).toMatch(new RegExp(`^R${place} at .*: allow or deny`));
    // Allow is under the finger; the sixth is guessed wrong on purpose.
    await page.keyboard.press('Enter');
    await page.getByText(place === 6 ? 'Not so.' : 'Right.').waitFor();
    await page.keyboard.press('Enter');
  }
  await page.getByText('6 of 7 right.').waitFor();
  await page.getByText('Look again at R6.').waitFor();
  expect(problems).toEqual([]);
  await close();
});

test("a watched user's requests in the run are followed, with what the other algorithms would have said", async () => {
  const hand = [1, 2, 3, 4, 5, 6].map((s) => `${s}000000,send,1,650,200`).join('~');
  const { page, problems, close } = await openPicture({
    hash: `#s=million-users&users=2k&t=8s&sel=user,1&p=rate-limit&do=${hand}`,
  });
  await page.getByRole('radio', { name: 'user-2 in this run' }).waitFor();
  await eventually(() => headline(page)).toBe('A request at 8 s would be refused');
  await eventually(() => marks(page).count()).toBe(6);
  expect(await mark(page, 6).getAttribute('aria-label')).toMatch(/counted 5: .*; limit 5; refused/);
  await page.getByRole('radio', { name: 'laboratory' }).click();
  await eventually(() => marks(page).count()).toBe(7);
  expect(problems).toEqual([]);
  await close();
});

test.each([
  [1440, 900, 'dark'],
  [390, 844, 'light'],
] as const)('at %d x %d axe finds nothing in the %s theme', async (width, height, theme) => {
  const { page, close } = await openPicture({ width, height, theme });
  expect(await axeFinds(page)).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
  await close();
});
