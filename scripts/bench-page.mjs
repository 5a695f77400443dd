/**
 * `npm run bench:page`: the built page in Chromium while a million users run. Prints one JSON document: frames a second, the longest task of
 * the main thread, what a click takes, how fast the worker simulates, how long a rewind takes, and how much code the first page loads.
 */
import { gzipSync } from 'node:zlib';
import { findChromium } from './chromium.mjs';
import { installDependencies } from './install.mjs';
import { buildPage, isBuilt, servePage } from './page.mjs';

const WATCHED_MS = 10_000;
const LOAD_MS = 120_000;

if (!installDependencies()) process.exit(1);
const { chromium } = await import('playwright-core');
if (!isBuilt()) await buildPage('warn');
const { url, close } = await servePage();
const browser = await chromium.launch({
  executablePath: await findChromium(),
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run'],
});

/** Opens an address of the page and waits until it can be played. `scripts` gets the bytes of every script that was loaded until then. */
async function open(hash, scripts = new Map()) {
  const page = await browser.newPage({ serviceWorkers: 'block', viewport: { width: 1440, height: 900 } });
  page.on('response', async (response) => {
    if (/\.js$/.test(new URL(response.url()).pathname))
      scripts.set(
        response.url(),
        response.body().catch(() => Buffer.alloc(0)),
      );
  });
  const startMs = performance.now();
  await page.goto(`${url}${hash}`);
  await page.getByRole('tabpanel').waitFor({ timeout: LOAD_MS });
  await page.getByRole('button', { name: /^(Play|Pause)$/ }).waitFor({ timeout: LOAD_MS });
  return { page, openMs: performance.now() - startMs };
}

/** Microseconds on the page's clock, which reads `mm:ss.mmm uuu`. */
async function clockUs(page) {
  const text = (await page.locator('.clock').innerText()).replace(/\s/g, '');
  const [, minutes, seconds, fraction] = /(\d+):(\d+)\.(\d+)/.exec(text) ?? [];
  return (Number(minutes) * 60 + Number(seconds)) * 1e6 + Number(fraction.padEnd(6, '0'));
}

/** Frames, long tasks and events that took long, in the page's own time, from now for so long. */
function watchPage(page, forMs) {
  return page.evaluate(
    (lengthMs) =>
      new Promise((done) => {
        const gapsMs = [];
        const tasksMs = [];
        const eventsMs = [];
        const observer = new PerformanceObserver((list) => {
          for (const { entryType, duration } of list.getEntries())
            (entryType === 'longtask' ? tasksMs : eventsMs).push(duration);
        });
        observer.observe({ type: 'longtask' });
        observer.observe({ type: 'event', durationThreshold: 16 });
        const startMs = performance.now();
        let lastMs = startMs;
        const tick = (nowMs) => {
          gapsMs.push(nowMs - lastMs);
          lastMs = nowMs;
          if (nowMs - startMs < lengthMs) {
            requestAnimationFrame(tick);
            return;
          }
          observer.disconnect();
          gapsMs.sort((a, b) => a - b);
          done({
            framesPerSecond: Math.round((gapsMs.length * 1000) / (lastMs - startMs)),
            frameP99Ms: Math.round(gapsMs[Math.floor(gapsMs.length * 0.99)]),
            tasksOver50Ms: tasksMs.length,
            longestTaskMs: Math.round(Math.max(0, ...tasksMs)),
            slowestEventMs: Math.max(0, ...eventsMs),
          });
        };
        requestAnimationFrame(tick);
      }),
    forMs,
  );
}

/** Plays, and watches the page for ten seconds in which a server is selected and crashed. */
async function whilePlaying(hash) {
  const { page, openMs } = await open(hash);
  if (await page.getByRole('button', { name: 'Play', exact: true }).isVisible())
    await page.getByRole('button', { name: 'Play', exact: true }).click();
  await page.waitForTimeout(3_000);
  const [fromUs, fromMs] = [await clockUs(page), performance.now()];
  const watched = watchPage(page, WATCHED_MS);
  await page.waitForTimeout(WATCHED_MS / 2);
  await page
    .getByRole('button', { name: /^ws-server-2/ })
    .first()
    .click();
  await page.getByRole('button', { name: 'Crash', exact: true }).click();
  const seen = await watched;
  const timesRealTime = (await clockUs(page)) - fromUs;
  const result = {
    openMs: Math.round(openMs),
    timesRealTime: Number((timesRealTime / 1000 / (performance.now() - fromMs)).toFixed(2)),
    ...seen,
  };
  await page.getByRole('button', { name: 'Pause', exact: true }).click();
  const rewindMs = performance.now();
  await page.keyboard.press('Home');
  while ((await clockUs(page)) > 0) await page.waitForTimeout(20);
  result.toTheStartMs = Math.round(performance.now() - rewindMs);
  await page.close();
  return result;
}

try {
  const scripts = new Map();
  const { page } = await open('#s=one-message&t=0s', scripts);
  await page.close();
  let scriptBytesGzip = 0;
  let workerBytesGzip = 0;
  for (const [name, body] of scripts) {
    const bytes = gzipSync(await body).length;
    if (/worker/.test(name)) workerBytesGzip += bytes;
    else scriptBytesGzip += bytes;
  }
  const realTime = await whilePlaying('#s=million-users&t=4.5s&speed=1000000us');
  const asFastAsItGoes = await whilePlaying('#s=million-users&t=4.5s&speed=max');
  const report = {
    firstPage: { scriptBytesGzip, workerBytesGzip },
    millionUsers: { realTime, asFastAsItGoes },
  };
  console.log(JSON.stringify(report, null, 2));
} finally {
  await browser.close();
  await close();
}
