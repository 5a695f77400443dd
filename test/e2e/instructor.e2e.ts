import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser, type PageOptions, pageUrl, watchedPage } from './browser.ts';

/** What a lecturer does with the page: files for a report, the page on a projector, a picture in slides, a room without network. */

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(async () => browser.close());

async function openAt(hash: string, options: PageOptions = {}) {
  const opened = await watchedPage(browser, options);
  await opened.page.goto(`${pageUrl()}${hash}`);
  return opened;
}

/** The name and the bytes of what the menu of the picture saves. */
async function saved(page: Page, item: string): Promise<{ name: string; bytes: Buffer }> {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    (async () => {
      await page.getByRole('button', { name: 'save', exact: true }).press('Enter');
      await page.getByRole('menuitem', { name: item }).press('Enter');
    })(),
  ]);
  return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
}

const PICTURES = ['Crowd', 'Fan-out', 'Sequence', 'Rate limit', 'Space-time', 'Curves'];

test('every picture is saved as SVG and PNG with what it takes to make it again, and its data as CSV', async () => {
  const { page, problems, close } = await openAt('#s=one-message-group&seed=7&t=0.45s');
  await page.getByRole('button', { name: 'Play', exact: true }).waitFor();
  const columns: string[] = [];
  for (const [i, picture] of PICTURES.entries()) {
    await page.keyboard.press(String(i + 1));
    const panel = page.getByRole('tabpanel', { name: picture });
    await panel.locator('[data-saved]').first().waitFor();
    const svg = await saved(page, 'picture as SVG');
    expect(svg.name).toBe(
      `fanout-one-message-group-seed-7-0.45s-${picture.toLowerCase().replace(' ', '-')}.svg`,
    );
    const text = svg.bytes.toString();
    expect(text).toMatch(/^<svg [^>]*>\s*<title>[^<]*One message to a group<\/title>/);
    expect(text).toContain(', scenario one-message-group, seed 7, 8 users');
    expect(text).toContain('00:00.450 000 of virtual time');
    // It stands alone: no style sheet, nothing from elsewhere, nothing to press.
    expect(text).not.toMatch(/class=|style=|var\(|tabindex|data-|href="(?!data:image\/png|#)/);
    expect(/<image/.test(text)).toBe(text.includes('are an embedded image'));
    const wrong = await page.evaluate(
      (svgText) => new DOMParser().parseFromString(svgText, 'image/svg+xml').querySelector('parsererror'),
      text,
    );
    expect(wrong).toBeNull();
    const csv = await saved(page, 'data as CSV');
    const [head, ...rows] = csv.bytes.toString().split('\r\n');
    columns.push(head!);
    expect(rows.length).toBeGreaterThan(1);
    expect(rows.at(-1)).toBe('');
  }
  expect(columns).toEqual([
    expect.stringMatching(/^server,state,connections_users,/),
    expect.stringMatching(/^station,kind,state,queue_messages,utilisation_share,/),
    expect.stringMatching(/^row,time_us,event,/),
    expect.stringMatching(/^request,time_us,limit_requests,window_us,/),
    expect.stringMatching(/^member,event,time_us,until_us,/),
    expect.stringMatching(/^until_us,sent_per_second,.*latency_p99_us,/),
  ]);
  const { bytes } = await saved(page, 'picture as PNG');
  expect(bytes.subarray(1, 4).toString()).toBe('PNG');
  expect(bytes.readUInt32BE(16)).toBeGreaterThan(1_000);
  expect(problems).toEqual([]);
  await close();
});
