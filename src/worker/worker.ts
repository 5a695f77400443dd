import { createEngine } from './engine.ts';
import type { Request } from './protocol.ts';

/** The worker's thread: requests to the engine, and slices of simulation between them. */
const scope = self as unknown as DedicatedWorkerGlobalScope;
const channel = new MessageChannel();
let waiting: (() => void) | null = null;
// A message to oneself comes after those that have arrived already, and has no timer's least delay.
channel.port1.onmessage = () => {
  const slice = waiting;
  waiting = null;
  slice?.();
};

const engine = createEngine({
  post: (reply, transfer) => scope.postMessage(reply, transfer),
  nowMs: () => performance.now(),
  later(slice) {
    waiting = slice;
    channel.port2.postMessage(null);
  },
});

scope.onmessage = ({ data }: MessageEvent<Request>) => engine.receive(data);
