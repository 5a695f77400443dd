/**
 * The page's only animation-frame loop. A tick runs all actions (take what has arrived, move the state on), then all
 * redraws, so that every picture of one tick shows the same moment. It sleeps until someone asks for a tick.
 */
export type Tick = (nowMs: number) => void;

export class FrameLoop {
  readonly #schedule: (tick: Tick) => void;
  readonly #onError: (error: unknown) => void;
  readonly #actions = new Set<Tick>();
  readonly #redraws = new Set<Tick>();
  #asked = false;

  /** `schedule` is requestAnimationFrame, or a test's own clock. `onError` hears of a tick that threw; the others still run. */
  constructor(
    schedule: (tick: Tick) => void,
    onError: (error: unknown) => void = (error) => reportError(error),
  ) {
    this.#schedule = schedule;
    this.#onError = onError;
  }

  /** Runs before the redraws of each tick; returns how to take it away. */
  addAction(action: Tick): () => void {
    this.#actions.add(action);
    return () => this.#actions.delete(action);
  }

  /** Runs after the actions of each tick. A redraw finds out by itself whether what it shows has changed. */
  addRedraw(redraw: Tick): () => void {
    this.#redraws.add(redraw);
    this.request();
    return () => this.#redraws.delete(redraw);
  }

  /** Asks for one more tick. */
  request(): void {
    if (this.#asked) return;
    this.#asked = true;
    this.#schedule((nowMs) => {
      this.#asked = false;
      for (const action of this.#actions) this.#run(action, nowMs);
      for (const redraw of this.#redraws) this.#run(redraw, nowMs);
    });
  }

  #run(tick: Tick, nowMs: number): void {
    try {
      tick(nowMs);
    } catch (error) {
      this.#onError(error);
    }
  }
}
