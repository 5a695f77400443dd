import type { Frame, Look, Reply, Request } from '../worker/protocol.ts';

/** What the page hears from the worker, apart from frames. */
export type Notice = Exclude<Reply, { readonly type: 'frame' }>;

export interface Taken {
  readonly frame: Frame;
  /** What its request asked for. */
  readonly look: Look;
  /** Whether no command has been sent since the frame was asked for: only then does its state count. */
  readonly isCurrent: () => boolean;
}

/** The part of a Worker that is used here, so that a test can be one. */
export interface Port {
  postMessage(message: unknown, transfer: Transferable[]): void;
  onmessage: ((event: MessageEvent) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
  terminate(): void;
}

/**
 * The page's end of the line to the simulation. Frames are pulled, at most one at a time: a page that is slow asks less often, and nothing
 * piles up.
 */
export class WorkerLink {
  readonly #port: Port;
  #commands = 0;
  #asked: { readonly commands: number; readonly look: Look } | null = null;
  #arrived: Taken | null = null;

  constructor(port: Port, onNotice: (notice: Notice) => void, onFrame: () => void) {
    this.#port = port;
    port.onmessage = ({ data }) => {
      const reply = data as Reply;
      if (reply.type !== 'frame') {
        onNotice(reply);
        return;
      }
      const asked = this.#asked;
      if (asked === null) return;
      this.#asked = null;
      const { look, commands } = asked;
      this.#arrived = { frame: reply.frame, look, isCurrent: () => commands === this.#commands };
      onFrame();
    };
    port.onerror = (event) =>
      onNotice({ type: 'failed', message: event.message || 'the simulation could not be loaded' });
  }

  /** Commands that no frame has answered yet. */
  get unanswered(): boolean {
    return this.#asked === null ? false : this.#asked.commands !== this.#commands;
  }

  get waiting(): boolean {
    return this.#asked !== null;
  }

  send(request: Exclude<Request, { readonly type: 'frame' }>): void {
    this.#commands++;
    this.#port.postMessage(request, []);
  }

  /** Sends what changes nothing that a frame shows. */
  tell(request: Extract<Request, { readonly type: 'limit' }>): void {
    this.#port.postMessage(request, []);
  }

  /** Hands a buffer for the seats over and asks for the frame of this moment, or of the end of the way there. */
  askFrame(seats: ArrayBuffer, look: Look, whenThere = false): void {
    this.#asked = { commands: this.#commands, look };
    const request: Request = { type: 'frame', seats, look, ...(whenThere ? { whenThere } : {}) };
    this.#port.postMessage(request, [seats]);
  }

  /** The frame that has arrived since the last call, or null. */
  takeFrame(): Taken | null {
    const taken = this.#arrived;
    this.#arrived = null;
    return taken;
  }

  close(): void {
    this.#port.onmessage = null;
    this.#port.onerror = null;
    this.#port.terminate();
  }
}
