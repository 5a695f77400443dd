import { secondsText } from '../../base/units.ts';
import type { Timeline } from './timeline.ts';
import { ALGORITHM_NAMES } from './words.ts';

/** The drawn element as a file of its own: on its ground, with a title and every decision in its description, without what only a page can use. */
export function svgFile(drawn: SVGSVGElement, ground: string, timeline: Timeline): string {
  const svg = drawn.cloneNode(true) as SVGSVGElement;
  const { chosen, settings, timesUs } = timeline;
  svg.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  svg.setAttribute('role', 'img');
  svg.removeAttribute('aria-label');
  for (const element of svg.querySelectorAll('.rate-grip, [class^="hit-"]')) element.remove();
  for (const element of svg.querySelectorAll('*')) {
    for (const name of ['tabindex', 'role', 'aria-label', 'style', 'class', 'data-request', 'pointer-events'])
      element.removeAttribute(name);
  }
  const add = (name: string, text: string): void => {
    const element = document.createElementNS('http://www.w3.org/2000/svg', name);
    element.textContent = text;
    svg.prepend(element);
  };
  const [width, height] = [svg.getAttribute('width') ?? '0', svg.getAttribute('height') ?? '0'];
  const paper = document.createElementNS('http://www.w3.org/2000/svg', 'rect');
  paper.setAttribute('width', width);
  paper.setAttribute('height', height);
  paper.setAttribute('fill', ground);
  svg.prepend(paper);
  add(
    'desc',
    timesUs
      .map((timeUs, i) => `R${i + 1} at ${secondsText(timeUs)} s: ${chosen.decisions[i]?.words ?? ''}.`)
      .join('\n'),
  );
  add(
    'title',
    `${ALGORITHM_NAMES[chosen.algorithm]}, ${settings.limit} in ${secondsText(settings.windowUs)} s`,
  );
  return `${new XMLSerializer().serializeToString(svg)}\n`;
}
