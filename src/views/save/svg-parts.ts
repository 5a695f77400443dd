const SVG = 'http://www.w3.org/2000/svg';

/** A new SVG element with its attributes, and a text when it has one. Numbers are rounded to hundredths. */
export function svgElement(
  name: string,
  attributes: Readonly<Record<string, string | number>>,
  text?: string,
): SVGElement {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes))
    element.setAttribute(key, typeof value === 'number' ? String(Math.round(value * 100) / 100) : value);
  if (text !== undefined) element.textContent = text;
  return element;
}

/** A box of the page, moved by where its picture stands in the file. */
export interface Place {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const isSeen = (colour: string): boolean => colour !== 'transparent' && !/rgba\(.*, 0\)$/.test(colour);

let measuring: CanvasRenderingContext2D | null = null;

/** How far below the top of its line's box the letters stand. */
function baseline(style: CSSStyleDeclaration, height: number): number {
  measuring ??= document.createElement('canvas').getContext('2d');
  if (measuring === null) return 0.8 * height;
  measuring.font = `${style.fontStyle} ${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
  const { fontBoundingBoxAscent: up, fontBoundingBoxDescent: down } = measuring.measureText('x');
  return up + (height - up - down) / 2;
}

/** The lines of a text node as the page has broken them, each at its place. */
export function textLines(
  node: Text,
  style: CSSStyleDeclaration,
): { text: string; place: Place; y: number }[] {
  const lines: { text: string; place: Place; y: number }[] = [];
  const range = document.createRange();
  const whole = node.data;
  let text = '';
  let at: DOMRect | null = null;
  const end = (): void => {
    const shown = text.replace(/\s+/g, ' ').trim();
    if (at !== null && shown !== '')
      lines.push({ text: shown, place: at, y: at.y + baseline(style, at.height) });
    text = '';
    at = null;
  };
  for (let i = 0; i < whole.length; i++) {
    range.setStart(node, i);
    range.setEnd(node, i + 1);
    const rect = range.getBoundingClientRect();
    if (rect.width === 0) {
      text += whole[i];
      continue;
    }
    if (at !== null && rect.top > at.bottom - 1) end();
    if (at === null && !/\s/.test(whole[i]!)) {
      text = '';
      at = rect;
    }
    text += whole[i];
  }
  end();
  return lines;
}

/** What an element of the page itself paints: its ground and its borders. */
export function boxParts(style: CSSStyleDeclaration, { x, y, width, height }: Place): SVGElement[] {
  const parts: SVGElement[] = [];
  const cut = /^polygon\((.*)\)$/.exec(style.clipPath)?.[1];
  if (cut !== undefined) {
    const points = cut.split(',').map((corner) => {
      // Shares of the box; a nought has no unit of its own.
      const [across = 0, down = 0] = corner.trim().split(/\s+/).map(Number.parseFloat);
      return `${x + (across / 100) * width},${y + (down / 100) * height}`;
    });
    return [svgElement('polygon', { points: points.join(' '), fill: style.backgroundColor })];
  }
  const round = style.borderRadius.endsWith('%') ? width / 2 : Number.parseFloat(style.borderRadius) || 0;
  if (isSeen(style.backgroundColor))
    parts.push(svgElement('rect', { x, y, width, height, rx: round, fill: style.backgroundColor }));
  const sides = [
    ['top', x, y, x + width, y],
    ['bottom', x, y + height, x + width, y + height],
    ['left', x, y, x, y + height],
    ['right', x + width, y, x + width, y + height],
  ] as const;
  for (const [side, x1, y1, x2, y2] of sides) {
    const colour = style.getPropertyValue(`border-${side}-color`);
    const wide = Number.parseFloat(style.getPropertyValue(`border-${side}-width`));
    if (wide === 0 || style.getPropertyValue(`border-${side}-style`) === 'none' || !isSeen(colour)) continue;
    parts.push(svgElement('line', { x1, y1, x2, y2, stroke: colour, 'stroke-width': wide }));
  }
  return parts;
}
