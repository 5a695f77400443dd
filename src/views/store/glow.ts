import { SEAT_STATES } from '../../worker/protocol.ts';

export const GLOW_MAX = 15;
/** From full to none, in milliseconds of the viewer's time while the clock runs. */
export const FADE_MS = 450;
const RECEIVED = SEAT_STATES.indexOf('just-received');
const ONLINE_WORD = Math.imul(SEAT_STATES.indexOf('online'), 0x01010101);

/** The afterglow of who has just received: it makes a wave of single deliveries. */
export class Glow {
  /** GLOW_MAX for who has just received, falling to 0. */
  readonly levels: Uint8Array;
  /** What has passed but is less than a whole step, so that any frame rate fades at the same speed. */
  #carriedMs = 0;

  constructor(seats: number) {
    this.levels = new Uint8Array(seats);
  }

  clear(): void {
    this.levels.fill(0);
    this.#carriedMs = 0;
  }

  update(seats: Uint8Array, elapsedMs: number): void {
    this.#carriedMs = Math.min(this.#carriedMs + Math.max(0, elapsedMs), FADE_MS);
    const steps = Math.floor((this.#carriedMs * GLOW_MAX) / FADE_MS);
    this.#carriedMs -= (steps * FADE_MS) / GLOW_MAX;
    const levels = this.levels;
    const n = Math.min(levels.length, seats.length);
    let i = 0;
    if (seats.byteOffset % 4 === 0) {
      // Most of a large crowd neither glows nor receives: four of them at a glance.
      const words = new Uint32Array(levels.buffer, 0, n >>> 2);
      const seatWords = new Uint32Array(seats.buffer, seats.byteOffset, n >>> 2);
      for (let w = 0; w < words.length; w++) {
        const word = seatWords[w]!;
        if (words[w] === 0 && (word === 0 || word === ONLINE_WORD)) continue;
        for (let k = 4 * w; k < 4 * w + 4; k++) levels[k] = next(levels[k]!, seats[k]!, steps);
      }
      i = n & ~3;
    }
    for (; i < n; i++) levels[i] = next(levels[i]!, seats[i]!, steps);
  }
}

const next = (level: number, state: number, steps: number): number =>
  state === RECEIVED ? GLOW_MAX : level > steps ? level - steps : 0;
