/**
 * A drawing's styles as attributes of its own, so that it looks the same where the page's style sheets are not. Each property with its value
 * at the root of a tree; those that are inherited are written where they change.
 */
const INHERITED: Readonly<Record<string, string>> = {
  fill: 'rgb(0, 0, 0)',
  'fill-opacity': '1',
  'fill-rule': 'nonzero',
  stroke: 'none',
  'stroke-opacity': '1',
  'stroke-width': '1px',
  'stroke-dasharray': 'none',
  'stroke-dashoffset': '0px',
  'stroke-linecap': 'butt',
  'stroke-linejoin': 'miter',
  'paint-order': 'normal',
  'marker-start': 'none',
  'marker-mid': 'none',
  'marker-end': 'none',
  'font-family': '',
  'font-size': '',
  'font-style': 'normal',
  'font-weight': '400',
  'text-anchor': 'start',
  'dominant-baseline': 'auto',
};
const OWN: Readonly<Record<string, string>> = {
  opacity: '1',
  'clip-path': 'none',
  mask: 'none',
  'stop-color': 'rgb(0, 0, 0)',
};
/** What only a page can use. */
const OF_THE_PAGE = /^(class|style|tabindex|role|pointer-events|aria-.*|data-.*|on.*)$/;
const PROPERTIES = [...Object.keys(INHERITED), ...Object.keys(OWN)];

/** A copy of the drawing that stands alone. What matches `[data-unsaved]` or is not shown is left out. */
export function inlined(drawn: SVGSVGElement): SVGSVGElement {
  const copy = drawn.cloneNode(true) as SVGSVGElement;
  inline(drawn, copy, INHERITED);
  return copy;
}

function inline(from: Element, to: Element, around: Readonly<Record<string, string>>): void {
  const style = getComputedStyle(from);
  for (const { name } of [...to.attributes])
    if (OF_THE_PAGE.test(name) || PROPERTIES.includes(name)) to.removeAttribute(name);
  const here: Record<string, string> = {};
  for (const name of Object.keys(INHERITED)) {
    here[name] = style.getPropertyValue(name);
    if (here[name] !== around[name]) to.setAttribute(name, here[name]);
  }
  for (const [name, usual] of Object.entries(OWN)) {
    const value = style.getPropertyValue(name);
    if (value !== usual && value !== '') to.setAttribute(name, value);
  }
  const copies = [...to.children];
  for (const [i, child] of [...from.children].entries()) {
    const copy = copies[i]!;
    if (child.matches('[data-unsaved]') || getComputedStyle(child).display === 'none') copy.remove();
    else inline(child, copy, here);
  }
}
