import { SEAT_STATES } from '../../worker/protocol.ts';

export const GLOW_MAX = 15;
/** From full to none, in milliseconds of the viewer's time while the clock runs. */
export const FADE_MS = 450;
const RECEIVED = SEAT_STATES.indexOf('just-received');
const ONES = 0x01010101;
const HIGH = 0x80808080;
const LOW = 0x7f7f7f7f;

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
    const whole = seats.byteOffset % 4 === 0 ? n & ~3 : 0;
    if (whole > 0) {
      const words = new Int32Array(levels.buffer, 0, whole >>> 2);
      fadeWords(words, new Int32Array(seats.buffer, seats.byteOffset, whole >>> 2), steps);
    }
    for (let i = whole; i < n; i++) levels[i] = next(levels[i]!, seats[i]!, steps);
  }
}

/**
 * `next` for four seats at a time, without a branch: a million seats take about a millisecond, however many glow. Levels and states are
 * below 128, so the high bit of each byte is free to carry the answer to a comparison (H. S. Warren, "Hacker's Delight", 2-18).
 */
function fadeWords(levels: Int32Array, seats: Int32Array, steps: number): void {
  const all = Math.imul(steps, ONES);
  const received = Math.imul(RECEIVED, ONES);
  for (let w = 0; w < levels.length; w++) {
    // The high bit stays where the level is at least `steps`.
    const less = ((levels[w]! | HIGH) - all) | 0;
    const faded = less & Math.imul((less & HIGH) >>> 7, 0x7f);
    // And here where the state is another one.
    const other = ((seats[w]! ^ received) + LOW) | 0;
    levels[w] = faded | Math.imul((~other & HIGH) >>> 7, GLOW_MAX);
  }
}

const next = (level: number, state: number, steps: number): number =>
  state === RECEIVED ? GLOW_MAX : level > steps ? level - steps : 0;
