import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { preview } from 'vite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { axeFinds, launchBrowser, type PageOptions, pageUrl, watchedPage } from './browser.ts';

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
  const openMoment = async () => {
    const opened = await openAt('#s=one-message-group&seed=7&t=0.45s');
    await opened.page.getByRole('button', { name: 'Play', exact: true }).waitFor();
    return opened;
  };
  let { page, problems, close } = await openMoment();
  const columns: string[] = [];
  for (const [i, picture] of PICTURES.entries()) {
    if (i === PICTURES.length / 2) {
      // Chromium lets a page start ten downloads, and then waits for its user.
      expect(problems).toEqual([]);
      await close();
      ({ page, problems, close } = await openMoment());
    }
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

/** The page shares two cores with its own worker, and with other tests. */
const eventually = <T>(read: () => Promise<T>) => expect.poll(read, { timeout: 15_000 });
test('present mode steps through the script with arrow keys, hides the narration, and is left with Escape', async () => {
  const { page, problems, close } = await openAt('#s=one-message-group&seed=7&t=0s&p=fan-out');
  await page.getByRole('tabpanel').waitFor();
  await page.getByRole('button', { name: 'present' }).press('Enter');
  const said = page.getByRole('region', { name: 'Narration' });
  await said.getByText('Eight members').waitFor();
  await eventually(async () => page.url()).toContain('&present=1');
  // To the question; its answer; on to what is said next.
  await page.keyboard.press('ArrowRight');
  await said.getByText('How many messages does').waitFor();
  expect(await page.getByText('2 of 5').isVisible()).toBe(true);
  await page.keyboard.press('PageDown');
  await said.getByText('Yes.').waitFor();
  await page.getByRole('button', { name: 'Step back' }).focus();
  await page.keyboard.press('ArrowRight');
  await said.getByText('One publish').waitFor();
  expect(await axeFinds(page)).toEqual([]);
  await page.keyboard.press('PageUp');
  await said.getByText('How many messages does').waitFor();
  await page.keyboard.press('n');
  await said.waitFor({ state: 'detached' });
  await page.keyboard.press('Escape');
  await page.getByRole('region', { name: 'Transport' }).waitFor();
  await eventually(async () => page.url()).not.toContain('present');
  expect(problems).toEqual([]);
  await close();
});

test('one picture is embedded in another page: it plays, and opens in Fanout', async () => {
  const { page, problems, close } = await openAt('#s=one-message-group&seed=7&t=0.45s&p=sequence', {
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  await page.getByRole('tabpanel').waitFor();
  await page.getByRole('button', { name: 'share', exact: true }).press('Enter');
  await page.getByRole('button', { name: 'Copy it as an iframe' }).press('Enter');
  await eventually(() => page.evaluate(() => navigator.clipboard.readText())).toMatch(/^<iframe /);
  const snippet = await page.evaluate(() => navigator.clipboard.readText());
  const course = `<!doctype html><html lang="en"><title>Course</title><main><h1>Course</h1>${snippet}</main></html>`;
  await page.route('**/course.html', (route) => route.fulfill({ contentType: 'text/html', body: course }));
  await page.goto(`${pageUrl()}course.html`);
  const frame = page.frameLocator('iframe');
  await frame.locator('.sequence-sheet').waitFor();
  expect(await page.locator('iframe').getAttribute('title')).toContain('Sequence: One message to a group');
  const play = frame.getByRole('button', { name: 'Play' });
  await play.press('Enter');
  await eventually(() => frame.locator('.clock').innerText()).not.toContain('00:00.450 000');
  expect(await frame.getByRole('tablist').count()).toBe(0);
  const link = await frame.getByRole('link', { name: 'Open in Fanout' }).getAttribute('href');
  expect(link).toMatch(/#s=one-message-group&seed=7&t=.*&p=sequence/);
  expect(link).not.toContain('embed');
  expect(await axeFinds(page)).toEqual([]);
  expect(problems).toEqual([]);
  await close();
});

test('once loaded the page works without a network, from a sub-path too, with the editor and Mermaid; a new version replaces it', async () => {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  let isNew = false;
  const server = await preview({
    root,
    base: '/courses/chat/',
    plugins: [
      {
        // Another version: the same files under another name of the build.
        name: 'another version',
        configurePreviewServer: ({ middlewares }) => {
          middlewares.use((request, response, next) => {
            if (!isNew || request.url?.endsWith('/service-worker.js') !== true) return next();
            const source = readFileSync(`${root}dist/service-worker.js`, 'utf8');
            response.setHeader('Content-Type', 'text/javascript');
            response.end(source.replace(/BUILD = '\w+'/, "BUILD = 'another'"));
          });
        },
      },
    ],
    logLevel: 'error',
    preview: { port: 4310 },
  });
  const url = server.resolvedUrls!.local[0]!;
  const context = await browser.newContext({ colorScheme: 'light', viewport: { width: 1440, height: 900 } });
  try {
    const page = await context.newPage();
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(error.message));
    await page.goto(`${url}#s=one-message-group&seed=7&t=0.45s&p=sequence`);
    await page.getByRole('tabpanel').waitFor();
    await page.evaluate(() => navigator.serviceWorker.ready);
    await eventually(() => page.evaluate(() => navigator.serviceWorker.controller !== null)).toBe(true);
    await context.setOffline(true);
    await page.reload();
    await page.locator('.sequence-sheet').waitFor();
    await page.keyboard.press('Space');
    await eventually(() => page.locator('.clock').innerText()).not.toContain('00:00.450 000');
    await page.keyboard.press('Space');
    await page.getByRole('button', { name: 'Mermaid', exact: true }).press('Enter');
    await page.getByRole('img', { name: /Mermaid/ }).waitFor();
    await page.keyboard.press('e');
    await page.getByRole('textbox', { name: /scenario/i }).waitFor();
    expect(errors).toEqual([]);
    await context.setOffline(false);
    isNew = true;
    await page.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.update());
    await page.getByText('A new version is ready.').waitFor();
    const reloaded = page.waitForEvent('load');
    await page.getByRole('button', { name: 'Reload' }).press('Enter');
    await reloaded;
    await page.locator('.sequence-sheet').waitFor();
    const kept = await page.evaluate(() => caches.keys());
    expect(kept).toEqual([expect.stringMatching(/ another$/)]);
  } finally {
    await context.close();
    await server.close();
  }
});
