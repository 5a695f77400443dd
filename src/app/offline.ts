import { Value } from '../views/store/value.ts';

/** Reloads into the version that has arrived while this one was open; null: there is none. */
export const newVersion = new Value<(() => void) | null>(null);

/** First the page itself gets the network. */
const WAIT_MS = 2_000;

/**
 * Keeps the whole build in the browser, so that the page works without a network once it has been loaded. Does nothing where there are no
 * service workers, in development, in a picture that stands in another page, and for whoever asks browsers to save data.
 */
export function workOffline(): void {
  const build = document.querySelector<HTMLMetaElement>('meta[name=build]')?.content;
  const { serviceWorker } = navigator;
  if (build === undefined || serviceWorker === undefined || window.parent !== window) return;
  const { connection } = navigator as { readonly connection?: { readonly saveData?: boolean } };
  if (connection?.saveData === true) return;
  const wasServed = serviceWorker.controller !== null;
  let isReloading = false;
  const reload = (): void => {
    isReloading = true;
    window.location.reload();
  };
  serviceWorker.addEventListener('controllerchange', async () => {
    const { controller } = serviceWorker;
    // The first worker takes over a page that it has come with.
    if (!wasServed || controller === null || isReloading) return;
    if ((await buildOf(controller)) !== build) newVersion.set(reload);
  });
  const register = async (): Promise<void> => {
    try {
      // Nothing where a browser, or who drives it, blocks workers.
      const registration: ServiceWorkerRegistration | undefined = await serviceWorker.register(
        new URL('service-worker.js', document.baseURI),
      );
      if (registration === undefined) return;
      const look = (): void => void offer(registration, build, reload);
      registration.addEventListener('updatefound', () =>
        registration.installing?.addEventListener('statechange', look),
      );
      look();
    } catch {
      // Without storage, or over plain http, the page works as long as there is a network.
      return;
    }
  };
  if (document.readyState === 'complete') setTimeout(register, WAIT_MS);
  else window.addEventListener('load', () => setTimeout(register, WAIT_MS));
}

/** A worker of this page's own build takes over at once; one of another build when the reader says so. */
async function offer(
  registration: ServiceWorkerRegistration,
  build: string,
  reload: () => void,
): Promise<void> {
  const { waiting } = registration;
  if (waiting === null) return;
  const replace = (): void => waiting.postMessage('replace');
  if ((await buildOf(waiting)) === build) replace();
  else
    newVersion.set(() => {
      navigator.serviceWorker.addEventListener('controllerchange', reload, { once: true });
      replace();
    });
}

const buildOf = (worker: ServiceWorker): Promise<string> =>
  new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }) => resolve(String(data));
    worker.postMessage('build', [port2]);
  });
