/** The simulation, in a thread of its own. */
export const startWorker = (): Worker =>
  new Worker(new URL('../worker/worker.ts', import.meta.url), { type: 'module', name: 'simulation' });
