/** `npm start`: installs what is missing, builds the page if it has changed, serves it, opens it. */
import { parseArgs } from 'node:util';
import { installDependencies } from './install.mjs';
import { openBrowser } from './open-browser.mjs';
import { buildPage, isBuilt, servePage } from './page.mjs';

const USAGE = `npm start -- [--port N] [--no-open]
  --port N    the port on localhost (4173; the next free one if it is taken)
  --no-open   do not open a browser`;

function readArguments() {
  try {
    const { values } = parseArgs({
      options: {
        port: { type: 'string' },
        'no-open': { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
    const port = values.port === undefined ? 4173 : Number(values.port);
    if (!Number.isInteger(port) || port < 1 || port > 65_535) {
      throw new Error(`--port ${values.port}: a port is a whole number from 1 to 65535`);
    }
    return { port, open: values['no-open'] !== true, help: values.help === true };
  } catch (error) {
    console.error(`${error.message}\n${USAGE}`);
    process.exit(2);
  }
}

const { port, open, help } = readArguments();
if (help) {
  console.log(USAGE);
  process.exit(0);
}
if (!installDependencies()) process.exit(1);
if (isBuilt()) {
  console.log('The page is built already.');
} else {
  console.log('Building the page ...');
  try {
    await buildPage('warn');
  } catch (error) {
    console.error(`The page cannot be built: ${error.message}`);
    process.exit(1);
  }
}
const { url } = await servePage(port);
console.log(`Fanout is at ${url} (Ctrl-C stops it).`);
if (open && !openBrowser(url)) console.log('There is no browser to open here: open the address yourself.');
