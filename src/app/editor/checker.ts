import type { CheckReply, CheckRequest } from '../../worker/check.ts';

/** Asks the thread that reads scenarios. It is started with the first question and ends with `close`. */
export class Checker {
  #worker: Worker | null = null;
  #asked = 0;
  readonly #waiting = new Map<number, (reply: CheckReply) => void>();

  check(fileName: string, text: string): Promise<CheckReply> {
    this.#worker ??= this.#start();
    const id = ++this.#asked;
    this.#worker.postMessage({ id, fileName, text } satisfies CheckRequest);
    return new Promise((resolve) => this.#waiting.set(id, resolve));
  }

  close(): void {
    this.#worker?.terminate();
    this.#worker = null;
    this.#waiting.clear();
  }

  #start(): Worker {
    const worker = new Worker(new URL('../../worker/check-worker.ts', import.meta.url), {
      type: 'module',
      name: 'scenario check',
    });
    worker.onmessage = ({ data }: MessageEvent<CheckReply>) => {
      this.#waiting.get(data.id)?.(data);
      this.#waiting.delete(data.id);
    };
    worker.onerror = (event) => {
      const message = `the text cannot be checked: ${event.message || 'the thread for it could not be loaded'}`;
      for (const [id, resolve] of this.#waiting)
        resolve({ id, problems: [{ file: '', line: 1, column: 1, message }], design: null });
      this.#waiting.clear();
    };
    return worker;
  }
}
