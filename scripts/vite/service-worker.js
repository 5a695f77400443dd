// Makes the page work without a network once it has been loaded: see offline.ts, which fills in the build and its files.
const BUILD = '%BUILD%';
const FILES = ['%FILES%'];
const PREFIX = `fanout ${self.registration.scope} `;
const CACHE = PREFIX + BUILD;
/** A network that does not answer for so long is none. */
const PATIENCE_MS = 4_000;

const addressOf = (file) => new URL(file, self.registration.scope).href;
const ADDRESSES = new Set(FILES.map(addressOf));
const PAGE = addressOf('index.html');

async function store() {
  const cache = await caches.open(CACHE);
  // Names of assets carry hashes; of the page itself the newest is asked for.
  await cache.addAll(
    FILES.map(
      (file) => new Request(addressOf(file), { cache: file === 'index.html' ? 'reload' : 'default' }),
    ),
  );
}

async function forgetOlder() {
  const names = await caches.keys();
  await Promise.all(
    names.filter((name) => name.startsWith(PREFIX) && name !== CACHE).map((name) => caches.delete(name)),
  );
  await self.clients.claim();
}

const stored = async (address) => (await caches.open(CACHE)).match(address, { ignoreVary: true });

/** The page comes from the network, so that a new version is there at once; without a network it is the stored one. */
async function page(request) {
  const kept = await stored(PAGE);
  if (kept === undefined) return fetch(request);
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS, kept));
  return Promise.race([fetch(request).catch(() => kept), late]);
}

self.addEventListener('install', (event) => event.waitUntil(store()));
self.addEventListener('activate', (event) => event.waitUntil(forgetOlder()));
self.addEventListener('message', ({ data, ports }) => {
  if (data === 'build') ports[0].postMessage(BUILD);
  if (data === 'replace') self.skipWaiting();
});
self.addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.method !== 'GET') return;
  const address = request.url.split(/[?#]/)[0];
  if (request.mode === 'navigate') {
    if (address === self.registration.scope || address === PAGE) event.respondWith(page(request));
  } else if (ADDRESSES.has(address)) {
    event.respondWith(stored(address).then((kept) => kept ?? fetch(request)));
  }
});
