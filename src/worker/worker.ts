import { createEngine } from './engine.ts';
import type { Request } from './protocol.ts';

/** The thread of the simulation. A message channel to itself lets requests in between two slices of work, without a timer's delay. */
const scope = self as unknown as DedicatedWorkerGlobalScope;
const channel = new MessageChannel();
let callbacks: (() => void)[] = [];
channel.port1.onmessage = () => {
  const due = callbacks;
  callbacks = [];
  for (const callback of due) callback();
};

const engine = createEngine({
  post: (reply, transfer) => scope.postMessage(reply, [...transfer]),
  now: () => performance.now(),
  later(callback, afterMs) {
    if (afterMs > 0) setTimeout(callback, afterMs);
    else {
      callbacks.push(callback);
      channel.port2.postMessage(null);
    }
  },
});

scope.onmessage = ({ data }: MessageEvent<Request>) => engine.receive(data);
