import { select } from 'd3-selection';
import { secondsText } from '../../../base/units.ts';
import type { Request } from '../model/requests.ts';
import { requestName, requestWords } from '../model/words.ts';
import { markRadii, verdictOf, verdictShape } from './paint-marks.ts';
import {
  drawLabels,
  drawLines,
  type Group,
  type Label,
  type Line,
  layer,
  type Scene,
  textWidth,
} from './scene.ts';

export interface PlacedRequest {
  readonly request: Request;
  readonly place: number;
}

/** The requests that are in the part of time that is shown. */
const inView = ({ timeline, domainUs }: Scene): readonly PlacedRequest[] =>
  timeline.requests
    .map((request, place) => ({ request, place }))
    .filter(({ request }) => request.timeUs >= domainUs[0] && request.timeUs <= domainUs[1]);

/**
 * The requests of the large lane, each a mark that can be focused, and from a refused one that is looked at the way to the time to come back.
 * Returns the marks, for whoever makes them move.
 */
export function paintRequests(group: Group, scene: Scene, canMove: boolean) {
  const { timeline, layout, palette, x, shown, moment } = scene;
  const { chosen, timesUs } = timeline;
  const y = layout.row.top + 34;
  const placed = inView(scene);
  const radius = markRadii(scene, 7);
  const lookedAt = moment.request;
  drawLines(layer(group, 'ground').attr('pointer-events', 'none'), [
    { key: 'time', x1: layout.left, x2: layout.right, y1: y, y2: y, colour: palette.line, width: 1.5 },
  ]);
  const name = { key: 'what', x: 12, y: y - 3, text: 'requests', colour: palette.text };
  drawLabels(layer(group, 'what').attr('pointer-events', 'none'), layout.compact ? [] : [name]);
  // Of no use in a file.
  const text = timeline.source === 'lab' ? 'press to add one' : 'of the watched user';
  const hint = { key: 'hint', x: 12, y: y + 12, text, colour: palette.textQuiet };
  const hintLayer = layer(group, 'hit-hint').attr('pointer-events', 'none').attr('data-unsaved', '');
  drawLabels(hintLayer, layout.compact ? [] : [hint]);
  paintComeBack(group, scene, y);
  const stop = lookedAt ?? placed[0]?.place ?? -1;
  const marks = layer(group, 'marks')
    .selectAll<SVGGElement, PlacedRequest>(':scope > g')
    .data(placed, ({ request }) => request.id)
    .join((enter) => {
      const mark = enter.append('g').attr('role', 'button').attr('class', 'rate-mark');
      mark.append('circle').attr('class', 'halo');
      mark.append('path');
      mark.append('title');
      return mark;
    })
    .attr('data-request', ({ request }) => request.id)
    .attr('tabindex', ({ place }) => (place === stop ? 0 : -1))
    .attr('aria-label', ({ place }) => requestWords(timeline, chosen, place, shown))
    .attr('transform', ({ request }) => `translate(${x(request.timeUs)},${y})`)
    .style('cursor', canMove ? 'grab' : 'pointer');
  marks.select('title').text(({ place }) => requestWords(timeline, chosen, place, shown));
  marks
    .select<SVGCircleElement>('circle')
    .attr('r', 13)
    .attr('fill', palette.ground)
    .attr('fill-opacity', ({ place }) => (place === lookedAt ? 1 : 0))
    .attr('stroke', ({ place }) => (place === lookedAt ? palette.accent : 'none'))
    .attr('stroke-width', 2);
  const counting = new Set(moment.why.state.kind === 'log' ? moment.why.state.logUs : []);
  marks.select<SVGPathElement>('path').each(function ({ place }) {
    const decision = chosen.decisions[place];
    const shape = verdictShape(verdictOf(place, decision?.allowed, shown), radius(place), palette);
    // What the log has let go of (or not seen yet) stands back.
    const fades =
      moment.why.state.kind === 'log' &&
      place !== lookedAt &&
      decision?.allowed === true &&
      place < shown &&
      !counting.has(timesUs[place]!);
    select(this)
      .attr('d', shape.path)
      .attr('fill', shape.fill)
      .attr('stroke', shape.stroke)
      .attr('stroke-width', shape.strokeWidth)
      .attr('opacity', fades ? 0.4 : 1);
  });
  drawLabels(layer(group, 'names').attr('pointer-events', 'none'), markNames(scene, placed, y));
  return marks;
}

/** R1, R2, ... above the marks; where they are too close for all, the one that is looked at and those that have room. */
function markNames(scene: Scene, placed: readonly PlacedRequest[], y: number): readonly Label[] {
  const { x, palette, moment } = scene;
  const label = ({ request, place }: PlacedRequest): Label => ({
    key: String(request.id),
    x: x(request.timeUs),
    y: y - 17,
    text: requestName(place),
    colour: place === moment.request ? palette.text : palette.textQuiet,
    anchor: 'middle',
    bold: place === moment.request,
  });
  const looked = placed.find(({ place }) => place === moment.request);
  const taken: { x: number; half: number }[] = [];
  const labels: Label[] = [];
  for (const one of looked === undefined ? placed : [looked, ...placed]) {
    const name = label(one);
    const half = textWidth(name.text) / 2 + 3;
    if (taken.some((other) => Math.abs(other.x - name.x) < other.half + half)) continue;
    taken.push({ x: name.x, half });
    labels.push(name);
  }
  return labels;
}

function paintComeBack(group: Group, scene: Scene, y: number): void {
  const { moment, shown, x, palette, layout, domainUs } = scene;
  const { why, request } = moment;
  const backUs = why.timeUs + why.retryAfterUs;
  const shows = request !== null && request < shown && !why.allowed && why.timeUs >= domainUs[0];
  const lines: Line[] = [];
  const labels: Label[] = [];
  if (shows) {
    const from = x(why.timeUs);
    const to = Math.min(layout.right, x(backUs));
    const under = y + 17;
    lines.push({
      key: 'way',
      x1: from,
      x2: to,
      y1: under,
      y2: under,
      colour: palette.bad,
      width: 1.5,
      dash: '2 3',
    });
    lines.push({ key: 'there', x1: to, x2: to, y1: under - 5, y2: under + 5, colour: palette.bad, width: 2 });
    const text = `come back at ${secondsText(backUs)} s`;
    const left = to + textWidth(text) + 8 > layout.right;
    labels.push({
      key: 'back',
      x: left ? Math.min(from, to) - 8 : to + 6,
      y: under + 4,
      text,
      colour: palette.bad,
      anchor: left ? 'end' : 'start',
      bold: true,
    });
  }
  drawLines(layer(group, 'way-back').attr('pointer-events', 'none'), lines);
  drawLabels(layer(group, 'time-back').attr('pointer-events', 'none'), labels);
}
