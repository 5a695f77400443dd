import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { expect, inject } from 'vitest';

declare global {
  interface Window {
    readonly axe: typeof import('axe-core');
  }
}

declare module 'vitest' {
  interface ProvidedContext {
    pageUrl: string;
    chromiumPath: string;
  }
}

/** The address of the built page, with a slash at its end. */
export const pageUrl = (): string => inject('pageUrl');

/** Starts the Chromium that was found. Without a sandbox, because the tests may run as root in a container. */
export function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: inject('chromiumPath'),
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

export interface PageOptions {
  readonly width?: number;
  readonly height?: number;
  readonly theme?: 'light' | 'dark';
  /** Blocked unless asked for: the page's would load the whole build for each test. */
  readonly serviceWorkers?: 'allow' | 'block';
  readonly permissions?: NonNullable<BrowserContextOptions['permissions']>;
}

export interface WatchedPage {
  readonly page: Page;
  /** Every error on the page, and every request that leaves it. */
  readonly problems: string[];
  readonly close: () => Promise<void>;
}

/** An empty page in a context of its own: what goes wrong on it is collected. */
export async function watchedPage(browser: Browser, options: PageOptions = {}): Promise<WatchedPage> {
  const { width = 1440, height = 900, theme = 'dark', permissions = [], serviceWorkers = 'block' } = options;
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: theme,
    permissions: [...permissions],
    serviceWorkers,
  });
  const page = await context.newPage();
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(pageUrl()) && !/^(data|blob):/.test(request.url()))
      problems.push(request.url());
  });
  return { page, problems, close: () => context.close() };
}

/** Waits until the page is at rest: its fonts are there, what was asked to be drawn is drawn, and nothing that ends is still moving. */
export async function atRest(page: Page): Promise<void> {
  const isAtRest = () =>
    page.evaluate(async () => {
      await document.fonts.ready;
      await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
      return document
        .getAnimations()
        .every((of) => of.playState !== 'running' || of.effect?.getComputedTiming().endTime === Infinity);
    });
  await expect.poll(isAtRest, { timeout: 10_000 }).toBe(true);
}

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/**
 * What axe finds wrong in the page, or in a part of it: the rule, and the markup that breaks it. axe runs in the page itself: its package for
 * Playwright opens another page to put the results together, which takes longer than to find them.
 */
export async function axeFinds(
  page: Page,
  within = 'html',
): Promise<(readonly [string, readonly string[]])[]> {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(
    (selector): Promise<AxeResults> => window.axe.run(selector, { resultTypes: ['violations'] }),
    within,
  );
  return violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)] as const);
}
