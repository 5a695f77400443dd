import { type CheckRequest, checkScenario } from './check.ts';

/** A thread that reads scenarios while they are being written: the simulation's own may be busy for a second. */
const scope = self as unknown as DedicatedWorkerGlobalScope;
scope.onmessage = ({ data }: MessageEvent<CheckRequest>) => scope.postMessage(checkScenario(data));
