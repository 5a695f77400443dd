import type { SeatState } from '../../worker/protocol.ts';
import { mix, type Palette } from '../palette.ts';
import { SEAT_SHAPES } from './seat-shapes.ts';

const GLOW_STEPS = 5;
const MOST = 200;

/** Draws a seat's shape into a context whose unit box spans -1 to 1. */
function drawSeatShape(context: CanvasRenderingContext2D, state: SeatState, colour: string): void {
  const shape = SEAT_SHAPES[state];
  if (shape.fill !== undefined) {
    context.fillStyle = colour;
    context.fill(new Path2D(shape.fill));
  }
  if (shape.stroke !== undefined) {
    context.strokeStyle = colour;
    context.lineWidth = shape.strokeWidth ?? 0.2;
    context.stroke(new Path2D(shape.stroke));
  }
}

/** Shapes drawn once a size, to be copied for each seat. */
export class SeatSprites {
  #palette: Palette | null = null;
  readonly #sprites = new Map<string, HTMLCanvasElement>();

  use(palette: Palette): void {
    if (palette === this.#palette) return;
    this.#palette = palette;
    this.#sprites.clear();
  }

  /** `glow` in [0, 1]; `side` in device pixels. */
  of(state: SeatState, glow: number, side: number): HTMLCanvasElement {
    const step = state === 'online' ? Math.round(glow * GLOW_STEPS) : 0;
    const key = `${state}/${step}/${side}`;
    const known = this.#sprites.get(key);
    if (known !== undefined) return known;
    if (this.#sprites.size >= MOST) this.#sprites.clear();
    const palette = this.#palette;
    const sprite = document.createElement('canvas');
    sprite.width = side + 2;
    sprite.height = side + 2;
    const context = sprite.getContext('2d');
    if (context !== null && palette !== null) {
      context.translate(sprite.width / 2, sprite.height / 2);
      context.scale(side / 2, side / 2);
      const plain =
        state === 'empty' ? palette.line : state === 'server-down' ? palette.textQuiet : palette.seats[state];
      drawSeatShape(context, state, mix(plain, palette.seats['just-received'], step / GLOW_STEPS));
    }
    this.#sprites.set(key, sprite);
    return sprite;
  }
}
