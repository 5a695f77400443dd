import { secondsText } from '../../../base/units.ts';
import { inlined } from '../../save/inline-styles.ts';
import { svgElement } from '../../save/svg-parts.ts';
import { ALGORITHM_NAMES } from '../model/words.ts';
import type { Timeline } from './timeline.ts';

/** What the timeline shows, in a line. */
const timelineTitle = ({ chosen, settings }: Timeline): string =>
  `${ALGORITHM_NAMES[chosen.algorithm]}, ${settings.limit} in ${secondsText(settings.windowUs)} s`;

/** The drawn element as a file of its own: on its ground, with a title and every decision in its description, without what only a page can use. */
export function svgFile(drawn: SVGSVGElement, ground: string, timeline: Timeline): string {
  const svg = inlined(drawn);
  const { chosen, timesUs } = timeline;
  svg.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  svg.setAttribute('role', 'img');
  const [width, height] = [svg.getAttribute('width') ?? '0', svg.getAttribute('height') ?? '0'];
  const decisions = timesUs.map(
    (timeUs, i) => `R${i + 1} at ${secondsText(timeUs)} s: ${chosen.decisions[i]?.words ?? ''}.`,
  );
  svg.prepend(
    svgElement('title', {}, timelineTitle(timeline)),
    svgElement('desc', {}, decisions.join('\n')),
    svgElement('rect', { width, height, fill: ground }),
  );
  return `${new XMLSerializer().serializeToString(svg)}\n`;
}
