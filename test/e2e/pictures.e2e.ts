import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser, pageUrl, type WatchedPage, watchedPage } from './browser.ts';
import { differences, imageDifference, type PictureRecord, recordPicture, SHADE } from './picture-record.ts';

/**
 * Every picture at a fixed seed and time, against its golden record in test/golden/pictures and the image beside it, which is there for whoever
 * reviews a change. When a picture has changed on purpose, renew both with `RENEW=1 npx vitest run --project e2e
 * test/e2e/pictures.e2e.ts`, and look at the images.
 */

let browser: Browser;
let opened: WatchedPage;
beforeAll(async () => {
  browser = await launchBrowser();
  opened = await watchedPage(browser, { theme: 'light' });
});
afterAll(async () => browser.close());

const GROUP = '#s=one-message-group&seed=7&t=0.335s';
const MANY = '#s=million-users&users=20k&seed=7&t=2s';

test.each([
  ['crowd-group', `${GROUP}&p=crowd`],
  ['fan-out-group', `${GROUP}&p=fan-out`],
  ['sequence-group', `${GROUP}&p=sequence`],
  ['rate-limit-worked-example', `${GROUP}&p=rate-limit`],
  ['space-time-group', `${GROUP}&p=space-time`],
  ['crowd-20k', `${MANY}&p=crowd`],
  ['curves-20k', `${MANY}&p=curves`],
])('%s is drawn as its golden record says', async (name, hash) => {
  const { page, problems } = opened;
  await page.goto('about:blank');
  await page.goto(`${pageUrl()}${hash}`);
  await page.getByRole('tabpanel').waitFor();
  await page.getByText(/^paused at/).waitFor({ state: 'attached' });
  const file = `test/golden/pictures/${name}.json`;
  const imageFile = `test/golden/pictures/${name}.png`;
  const stage = page.locator('.stage-panel');
  const renews = process.env.RENEW === '1';
  if (renews) {
    // It has come to rest when it is the same twice.
    let record = '';
    await expect
      .poll(
        async () => {
          const before = record;
          record = JSON.stringify(await recordPicture(page));
          return before === record;
        },
        { interval: 700, timeout: 20_000 },
      )
      .toBe(true);
    writeFileSync(file, `${record.replaceAll('],[', '],\n[')}\n`);
    await stage.screenshot({ path: imageFile });
  }
  expect(existsSync(file), `${file} is not there: see the head of this test`).toBe(true);
  const golden = JSON.parse(readFileSync(file, 'utf8')) as PictureRecord;
  expect(golden.marks.length + golden.canvases.length).toBeGreaterThan(0);
  await expect
    .poll(async () => differences(golden, await recordPicture(page)), { timeout: 20_000 })
    .toEqual([]);
  const image = readFileSync(imageFile);
  expect(await imageDifference(page, image, await stage.screenshot())).toBeLessThan(SHADE);
  expect(problems).toEqual([]);
});
