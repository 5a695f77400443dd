import type { Stage } from './stage.ts';

/** `back`: the clock went back, and nothing that was held on to counts any more. `later`: too early, ask again. */
export type Due = 'same' | 'later' | 'changed' | 'back';

/**
 * When a picture's model has to be made anew: when the rows, the selection, the witness or its own view have changed, and while the
 * simulation runs no more often than it can be read.
 */
export class ModelPace {
  readonly #stage: Stage;
  readonly #everyMs: number;
  #key = '';
  #timeUs = 0;
  #madeMs = Number.NEGATIVE_INFINITY;

  constructor(stage: Stage, everyMs: number) {
    this.#stage = stage;
    this.#everyMs = everyMs;
  }

  /** `view`: what else the model is made from. `changed` and `back` mean that it is made now. */
  due(view: readonly (string | number | boolean)[], nowMs: number): Due {
    const { store, selection, witness, loop } = this.#stage;
    const { rows, ways, info, timeUs } = store;
    const last = rows.at(-1);
    const key = [
      info?.scenario,
      rows.length,
      ways,
      last?.id,
      last?.timeUs,
      JSON.stringify(selection.current),
      witness.current?.promise,
      witness.current?.sinceUs,
      ...view,
    ].join(' ');
    const wentBack = timeUs < this.#timeUs;
    if (key === this.#key && !wentBack) return 'same';
    if (!wentBack && nowMs - this.#madeMs < this.#everyMs) {
      loop.request();
      return 'later';
    }
    this.#key = key;
    this.#timeUs = timeUs;
    this.#madeMs = nowMs;
    return wentBack ? 'back' : 'changed';
  }
}
