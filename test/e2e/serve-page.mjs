/** For all browser tests: builds the page if it has to, serves it, finds a browser, and tells them where both are. */
import { findChromium } from '../../scripts/chromium.mjs';
import { buildPage, isBuilt, servePage } from '../../scripts/page.mjs';

export default async function servePageForTests(project) {
  project.provide('chromiumPath', await findChromium());
  if (!isBuilt()) await buildPage('warn');
  const { url, close } = await servePage();
  project.provide('pageUrl', url);
  return close;
}
