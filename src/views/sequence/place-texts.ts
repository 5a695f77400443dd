/** Finds a place for each text where it hides none that stands already. */

export interface TextPlace {
  /** The point that the text is anchored at, on its base line. */
  readonly x: number;
  readonly y: number;
  readonly anchor: 'start' | 'middle' | 'end';
}

interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Of small text: the mean width of a letter, and how far it rises above and falls below its base line. */
const LETTER_PX = 6;
const RISE_PX = 9;
const FALL_PX = 3;

export const textWidth = (text: string): number => text.length * LETTER_PX;

export class TextPlacer {
  readonly #taken: Box[] = [];
  readonly #width: number;

  /** Texts stay within [0, width]. */
  constructor(width: number) {
    this.#width = width;
  }

  /** Takes the first of the candidates that is free, or the one that hides least; null when even that hides much. */
  place(text: string, candidates: readonly TextPlace[]): TextPlace | null {
    let best: TextPlace | null = null;
    let least = Number.POSITIVE_INFINITY;
    for (const wanted of candidates) {
      const candidate = this.#within(wanted, text);
      const hidden = this.#hidden(boxOf(candidate, text));
      if (hidden >= least) continue;
      best = candidate;
      least = hidden;
      if (hidden === 0) break;
    }
    if (best === null || least > 0.35 * textWidth(text) * (RISE_PX + FALL_PX)) return null;
    this.#taken.push(boxOf(best, text));
    return best;
  }

  #within(place: TextPlace, text: string): TextPlace {
    const { left, right } = boxOf(place, text);
    const shift = Math.max(0, -left) - Math.max(0, right - this.#width);
    return shift === 0 ? place : { ...place, x: place.x + shift };
  }

  #hidden(box: Box): number {
    let area = 0;
    for (const taken of this.#taken) {
      const wide = Math.min(box.right, taken.right) - Math.max(box.left, taken.left);
      const high = Math.min(box.bottom, taken.bottom) - Math.max(box.top, taken.top);
      if (wide > 0 && high > 0) area += wide * high;
    }
    return area;
  }
}

function boxOf({ x, y, anchor }: TextPlace, text: string): Box {
  const width = textWidth(text);
  const left = anchor === 'start' ? x : anchor === 'middle' ? x - width / 2 : x - width;
  return { left, right: left + width, top: y - RISE_PX, bottom: y + FALL_PX };
}
