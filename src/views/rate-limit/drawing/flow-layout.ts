import type { FlowStateId, FlowTransition, StateFlow } from '../../../algorithms/rate-limit/states.ts';

/** Where the boxes and arrows of a state flow stand: pure geometry, in CSS pixels. */

interface FlowBox {
  readonly id: FlowStateId;
  readonly label: readonly string[];
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

interface FlowArrow {
  readonly transition: FlowTransition;
  /** From 1 on: where the arrow has no room for its words, it has its number. */
  readonly number: number;
  /** An SVG path, the arrow's head at its end. */
  readonly path: string;
  readonly labelX: number;
  /** Of the first line. */
  readonly labelY: number;
  readonly lines: readonly string[];
}

export interface FlowLayout {
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly FlowBox[];
  readonly arrows: readonly FlowArrow[];
  /** The arrows have numbers, and their words stand below. */
  readonly numbered: boolean;
}

const LINE = 14;
const CHAR = 6.7;

/** A text in lines of at most so many characters, broken between words. */
export function wrap(text: string, most: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= most)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** What an arrow says: the verdict and when; what it does. */
export const arrowWords = ({ verdict, when, effect }: FlowTransition): string =>
  `${verdict === null ? '' : `${verdict}: `}${when}${effect === '' ? '' : `; ${effect}`}`;

/**
 * The states side by side, requests above and time below.
 * @param bound the limit or burst: with 1 there is no state between nothing and all
 */
export function layoutFlow(flow: StateFlow, bound: number, width: number): FlowLayout {
  const numbered = width < 640;
  const states = bound === 1 ? flow.states.filter(({ id }) => id !== 'within') : flow.states;
  const shown = new Set(states.map(({ id }) => id));
  const transitions = flow.transitions.filter(
    ({ from, to, onlyAtOne }) => shown.has(from) && shown.has(to) && (bound === 1 || !onlyAtOne),
  );
  const boxWidth = numbered ? Math.min(104, (width - 8) / 3.9) : 138;
  const gap = (width - 8 - states.length * boxWidth) / Math.max(1, states.length - 1);
  const boxHeight = numbered ? 62 : 48;
  const top = numbered ? 52 : 92;
  const boxes = states.map(
    ({ id, label }, i): FlowBox => ({
      id,
      label: wrap(label, Math.floor((boxWidth - 8) / CHAR)),
      x: 4 + i * (boxWidth + gap),
      y: top,
      width: boxWidth,
      height: boxHeight,
    }),
  );
  const placeOf = (id: FlowStateId): number => states.findIndex((state) => state.id === id);
  const most = Math.max(10, Math.floor((gap - 16) / CHAR));
  const arrows = transitions.map((transition, i): FlowArrow => {
    const from = boxes[placeOf(transition.from)]!;
    const to = boxes[placeOf(transition.to)]!;
    const words = arrowWords(transition);
    const number = i + 1;
    const text = (limit: number): readonly string[] => (numbered ? [String(number)] : wrap(words, limit));
    if (from === to) {
      const x = from.x + from.width / 2;
      const lines = text(Math.floor((from.width + 12) / CHAR));
      return {
        transition,
        number,
        path: `M${x - 16},${from.y}C${x - 22},${from.y - 26} ${x + 22},${from.y - 26} ${x + 16},${from.y}`,
        labelX: x,
        labelY: from.y - 24 - LINE * (lines.length - 1),
        lines,
      };
    }
    const forward = from.x < to.x;
    const apart = Math.abs(placeOf(from.id) - placeOf(to.id));
    if (apart > 1) {
      // Under the state between.
      const y = from.y + boxHeight;
      const lines = text(60);
      return {
        transition,
        number,
        path: `M${from.x + from.width / 2},${y}C${from.x + from.width / 2},${y + 56} ${to.x + to.width / 2},${y + 56} ${to.x + to.width / 2},${y}`,
        labelX: (from.x + to.x + boxWidth) / 2,
        labelY: y + 58,
        lines,
      };
    }
    const y = from.y + boxHeight * (forward ? 0.3 : 0.7);
    const x1 = forward ? from.x + from.width : from.x;
    const x2 = forward ? to.x : to.x + to.width;
    const lines = text(most);
    return {
      transition,
      number,
      path: `M${x1},${y}L${x2},${y}`,
      labelX: (x1 + x2) / 2,
      labelY: forward ? y - 7 - LINE * (lines.length - 1) : y + 16,
      lines,
    };
  });
  const lowest = Math.max(
    top + boxHeight,
    ...arrows.map(({ labelY, lines }) => labelY + LINE * (lines.length - 1)),
    ...arrows.map(({ transition }) =>
      Math.abs(placeOf(transition.from) - placeOf(transition.to)) > 1 ? top + boxHeight + 44 : 0,
    ),
  );
  return { width, height: lowest + 8, boxes, arrows, numbered };
}
