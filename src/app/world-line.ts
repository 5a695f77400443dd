import type { FrameLoop } from '../views/store/frame-loop.ts';
import { StageStore } from '../views/store/stage-store.ts';
import type { Frame, Look, OpenedInfo, Request } from '../worker/protocol.ts';
import { type Notice, type Port, type Taken, WorkerLink } from './worker-link.ts';

/** One running world: its worker, the frames that come from there, and the store that they go into. */
export class WorldLine {
  readonly store = new StageStore();
  readonly #loop: FrameLoop;
  #link: WorkerLink | null = null;
  #isOpened = false;
  #isShown = false;
  #spare = new ArrayBuffer(0);
  /** What is on the screen is older than the worker's state. */
  #isStale = false;
  #arrived: Taken | null = null;
  #seatsToName: readonly number[] = [];
  /** The same by the picture that asks. */
  readonly #seatsOf = new Map<string, readonly number[]>();

  constructor(loop: FrameLoop) {
    this.#loop = loop;
  }

  /** The worker has built the world. */
  get isOpened(): boolean {
    return this.#isOpened;
  }

  /** A frame has been taken since. */
  get isShown(): boolean {
    return this.#isShown;
  }

  open(port: Port, request: Extract<Request, { type: 'open' }>, onNotice: (notice: Notice) => void): void {
    this.close();
    this.#link = new WorkerLink(port, onNotice, () => this.#loop.request());
    this.#link.send(request);
  }

  /** The worker has said that it is there. */
  opened(info: OpenedInfo): void {
    this.#isOpened = true;
    this.store.open(info);
    this.#spare = new ArrayBuffer(info.crowd.seats);
  }

  close(): void {
    this.#link?.close();
    this.#link = null;
    this.#isOpened = false;
    this.#isShown = false;
    this.#arrived = null;
    this.store.close();
  }

  /** Sends what changes the run, and looks again. */
  send(request: Exclude<Request, { readonly type: 'frame' }>): void {
    if (this.#link === null || !this.#isOpened) return;
    this.#link.send(request);
    this.refresh();
  }

  /** Sends what changes nothing that can be seen. */
  tell(request: Extract<Request, { readonly type: 'limit' }>): void {
    if (this.#isOpened) this.#link?.tell(request);
  }

  refresh(): void {
    this.#isStale = true;
    this.#loop.request();
  }

  /** Seats that `asker` draws large enough for a name. */
  nameSeats(seats: readonly number[], asker: string): void {
    const before = this.#seatsOf.get(asker) ?? [];
    if (seats.length === before.length && seats.every((seat, i) => seat === before[i])) return;
    this.#seatsOf.set(asker, seats);
    this.#seatsToName = [...new Set([...this.#seatsOf.values()].flat())];
    this.refresh();
  }

  /** The frame that has come and is not shown yet, or null. */
  get arrived(): Taken | null {
    this.#arrived ??= this.#link?.takeFrame() ?? null;
    return this.#arrived;
  }

  /** Puts what has arrived into the store; `as`: as if the run were in that state. */
  show(nowMs: number, as?: Frame['state']): void {
    const { arrived } = this;
    if (arrived === null) return;
    const { frame, look } = arrived;
    this.#arrived = null;
    this.#isShown = true;
    this.#spare = this.store.take(as === undefined ? frame : { ...frame, state: as }, look.seats, nowMs);
  }

  /** Asks for a frame when one is wanted and none is on its way. `isLive`: the world moves by itself. */
  ask(at: Omit<Look, 'seats'>, isLive: boolean, whenThere = false): void {
    const link = this.#link;
    if (link === null || !this.#isOpened || link.waiting || this.#arrived !== null) return;
    if (!isLive && !this.#isStale) return;
    this.#isStale = false;
    link.askFrame(this.#spare, { ...at, seats: this.#seatsToName }, whenThere);
  }
}
