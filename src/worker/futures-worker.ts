import { answerFutures, type FuturesRequest } from './futures.ts';

/** A thread that tries other futures of a run, so that the run itself goes on. Whoever has enough of it ends the thread. */
const scope = self as unknown as DedicatedWorkerGlobalScope;
scope.onmessage = ({ data }: MessageEvent<FuturesRequest>) =>
  answerFutures(
    data,
    (reply) => scope.postMessage(reply),
    () => performance.now(),
  );
