/** Builds the page if it has to, serves it for all browser tests, and tells them the address (`inject('pageUrl')`). */
import { buildPage, isBuilt, servePage } from '../../scripts/page.mjs';

export default async function servePageForTests(project) {
  if (!isBuilt()) await buildPage('warn');
  const { url, close } = await servePage();
  project.provide('pageUrl', url);
  return close;
}
