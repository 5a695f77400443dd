import { Value } from '../../views/store/value.ts';
import type { FuturesCurve, FuturesReply, FuturesRequest } from '../../worker/futures.ts';
import type { Port } from '../worker-link.ts';

/** What is known of the futures of a run. */
export type FuturesState =
  | { readonly is: 'nothing' }
  | { readonly is: 'working'; readonly guarantee: string; readonly share: number }
  | { readonly is: 'curve'; readonly guarantee: string; readonly curve: FuturesCurve }
  | { readonly is: 'refused'; readonly guarantee: string; readonly why: string };

const NOTHING: FuturesState = { is: 'nothing' };

export const startFuturesWorker = (): Port =>
  new Worker(new URL('../../worker/futures-worker.ts', import.meta.url), {
    type: 'module',
    name: 'futures',
  }) as Port;

/** Has a thread of its own try the futures of a run, one promise at a time. Stopping ends the thread. */
export class FuturesTask {
  readonly state = new Value<FuturesState>(NOTHING);
  readonly #start: () => Port;
  #port: Port | null = null;

  constructor(start: () => Port) {
    this.#start = start;
  }

  ask(request: FuturesRequest): void {
    this.stop();
    const { guarantee } = request;
    const port = this.#start();
    this.#port = port;
    this.state.set({ is: 'working', guarantee, share: 0 });
    port.onmessage = ({ data }) => this.#take(guarantee, data as FuturesReply);
    port.onerror = (event) =>
      this.#end({
        is: 'refused',
        guarantee,
        why: event.message || 'the thread for it could not be loaded',
      });
    port.postMessage(request, []);
  }

  /** Nothing is tried or shown any more. */
  stop(): void {
    if (this.#port === null && this.state.current.is === 'nothing') return;
    this.#end(NOTHING);
  }

  #take(guarantee: string, reply: FuturesReply): void {
    if (reply.type === 'progress') this.state.set({ is: 'working', guarantee, share: reply.share });
    else if (reply.type === 'curve') this.#end({ is: 'curve', guarantee, curve: reply.curve });
    else this.#end({ is: 'refused', guarantee, why: reply.why });
  }

  #end(state: FuturesState): void {
    const port = this.#port;
    this.#port = null;
    if (port !== null) {
      port.onmessage = null;
      port.onerror = null;
      port.terminate();
    }
    this.state.set(state);
  }
}
