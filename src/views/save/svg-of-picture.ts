import type { Palette } from '../palette.ts';
import { inlined } from './inline-styles.ts';
import { boxParts, type Place, svgElement, textLines } from './svg-parts.ts';

/** What a saved picture says of itself, so that it can be made again. */
export interface About {
  readonly title: string;
  /** Scenario, seed, version and virtual time: lines below the picture. */
  readonly lines: readonly string[];
  /** For whoever cannot see it, and for whoever wants all of it. */
  readonly description: string;
}

export interface SavedPicture {
  readonly text: string;
  readonly width: number;
  readonly height: number;
}

const MARGIN = 12;
const HEAD = 28;
const LINE = 16;
const NARROWEST = 420;

/**
 * A picture as a file: the parts of the page that are marked `data-saved`, one below the other, whole where they scroll; drawings as they are,
 * words as text, a canvas as an embedded image. The file needs no style sheet, no font and no network.
 */
export function svgOfPicture(panel: Element, about: About, palette: Palette): SavedPicture {
  const body = svgElement('g', {});
  let y = HEAD;
  let right = NARROWEST;
  let images = 0;
  for (const part of panel.querySelectorAll<HTMLElement>('[data-saved]')) {
    const seen = part.getBoundingClientRect();
    if (seen.width === 0) continue;
    const { scrollLeft, scrollTop } = part;
    part.scrollTo(0, 0);
    const place = { width: part.scrollWidth, height: part.scrollHeight };
    const writer = new Writer(seen.x - MARGIN, seen.y - y);
    writer.element(part, body);
    images += writer.images;
    part.scrollTo(scrollLeft, scrollTop);
    right = Math.max(right, place.width + 2 * MARGIN);
    y += place.height + 4;
  }
  const lines = [...about.lines, ...(images > 0 ? ['The dots and lines are an embedded image.'] : [])];
  const font = getComputedStyle(document.body).fontFamily;
  const height = Math.ceil(y + 8 + LINE * lines.length + 4);
  const width = Math.ceil(right);
  const svg = svgElement('svg', {
    xmlns: 'http://www.w3.org/2000/svg',
    width,
    height,
    viewBox: `0 0 ${width} ${height}`,
    role: 'img',
    'font-family': font,
  });
  svg.append(
    svgElement('title', {}, about.title),
    svgElement('desc', {}, [about.description, ...lines].join('\n')),
    svgElement('rect', { width, height, fill: palette.ground }),
    svgElement(
      'text',
      { x: MARGIN, y: 19, fill: palette.text, 'font-size': 15, 'font-weight': 600 },
      about.title,
    ),
    body,
    ...lines.map((line, i) =>
      svgElement('text', { x: MARGIN, y: y + 18 + LINE * i, fill: palette.textQuiet, 'font-size': 12 }, line),
    ),
  );
  return { text: `${new XMLSerializer().serializeToString(svg)}\n`, width, height };
}

/** Writes elements of the page into the file, moved by what stands in front of their part. */
class Writer {
  images = 0;
  readonly #left: number;
  readonly #top: number;
  #clips = 0;

  constructor(left: number, top: number) {
    this.#left = left;
    this.#top = top;
  }

  element(element: Element, into: SVGElement): void {
    if (element.matches('.unseen, [data-unsaved]')) return;
    const style = getComputedStyle(element);
    if (style.display === 'none' || style.visibility === 'hidden' || style.opacity === '0') return;
    const place = this.#place(element.getBoundingClientRect());
    if (element instanceof SVGSVGElement) {
      const copy = inlined(element);
      for (const key of ['x', 'y', 'width', 'height'] as const)
        copy.setAttribute(key, String(Math.round(place[key] * 100) / 100));
      if (style.overflow === 'visible') copy.setAttribute('overflow', 'visible');
      into.append(copy);
    } else if (element instanceof HTMLCanvasElement) {
      this.images++;
      into.append(svgElement('image', { ...place, href: element.toDataURL('image/png') }));
    } else {
      into.append(...boxParts(style, place));
      const inner = this.#clipped(element, style, place, into);
      for (const child of element.childNodes) {
        if (child instanceof Element) this.element(child, inner);
        else if (child instanceof Text) this.#text(child, style, inner);
      }
    }
  }

  #text(node: Text, style: CSSStyleDeclaration, into: SVGElement): void {
    for (const { text, place, y } of textLines(node, style)) {
      const attributes: Record<string, string | number> = {
        x: place.x - this.#left,
        y: y - this.#top,
        fill: style.color,
        'font-size': style.fontSize,
      };
      if (style.fontWeight !== '400') attributes['font-weight'] = style.fontWeight;
      into.append(svgElement('text', attributes, text));
    }
  }

  /** Where what does not fit is cut off on the page, it is in the file. */
  #clipped(element: Element, style: CSSStyleDeclaration, place: Place, into: SVGElement): SVGElement {
    const cuts =
      style.overflow === 'hidden' &&
      (element.scrollWidth > element.clientWidth || element.scrollHeight > element.clientHeight);
    if (!cuts) return into;
    const id = `cut-${Math.round(this.#top)}-${++this.#clips}`;
    const clip = svgElement('clipPath', { id });
    clip.append(svgElement('rect', { ...place }));
    const group = svgElement('g', { 'clip-path': `url(#${id})` });
    into.append(clip, group);
    return group;
  }

  #place({ x, y, width, height }: DOMRect): Place {
    return { x: x - this.#left, y: y - this.#top, width, height };
  }
}
