/**
 * fanout/lab: the page, built: a folder of static files that work under any path of any web server. One file of it is
 * `fanout/lab/index.html`.
 *
 * @packageDocumentation
 */

/** Where the folder is: a `file:` URL in Node, that of the server in a browser. */
export const labFolder = (): URL => new URL('../../lab/', import.meta.url);
