import { type Browser, chromium } from 'playwright-core';
import { inject } from 'vitest';

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
