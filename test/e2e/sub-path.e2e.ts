import { fileURLToPath } from 'node:url';
import { preview } from 'vite';
import { expect, test } from 'vitest';
import { launchBrowser } from './browser.ts';

test('the built folder works under any path of a web server, and has the licences of what it is made of', async () => {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  const server = await preview({
    root,
    base: '/courses/real-time/',
    logLevel: 'error',
    preview: { port: 4300 },
  });
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage();
    const problems: string[] = [];
    const requests: string[] = [];
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('requestfailed', (request) => problems.push(`${request.url()} failed`));
    page.on('response', (response) => {
      requests.push(response.url());
      if (response.status() >= 400) problems.push(`${response.url()} is ${response.status()}`);
    });
    const url = server.resolvedUrls!.local[0]!;
    await page.goto(url, { waitUntil: 'networkidle' });
    expect(problems).toEqual([]);
    expect(requests.filter((request) => request.startsWith('http') && !request.startsWith(url))).toEqual([]);
    expect(requests.length).toBeGreaterThan(1);
    expect(await page.locator('#root').innerText()).not.toBe('');
    // One that the page is made of, one that only its worker is, one that is loaded when asked for; each with its text.
    const licenses = (await (await fetch(`${url}third-party-licenses.txt`)).text()).split(/\n-{20,}\n/);
    for (const name of ['react-dom', '@stdlib/math-base-special-ln', 'mermaid']) {
      const own = licenses.find((part) => part.trim().startsWith(`${name} `));
      expect(own).toMatch(/Permission is hereby granted|Apache License/);
    }
  } finally {
    await browser.close();
    await server.close();
  }
});
