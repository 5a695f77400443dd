import { scaleLinear } from 'd3-scale';
import { area, line } from 'd3-shape';
import type { LevelPoint } from './level-curve.ts';
import { boundOf, knownUs, peakOf, shownPoints } from './paint-lanes.ts';
import {
  type Box,
  drawBoxes,
  drawLabels,
  drawLines,
  type Group,
  type Label,
  type Line,
  layer,
  type Scene,
} from './scene.ts';
import { hasSlots, slotBars } from './slots.ts';
import { requestName } from './words.ts';

/** Below the requests: what counts. Places that requests take, where they are few; else the level as a curve. */
export function paintLevel(group: Group, scene: Scene): void {
  const isSlots = hasSlots(scene.timeline.chosen);
  if (isSlots) paintSlots(layer(group, 'slots'), scene);
  else paintCurve(layer(group, 'curve'), scene);
  layer(group, isSlots ? 'curve' : 'slots').remove();
}

/** The limit as so many places; a request takes one when it is allowed, and gives it back when it slides out of the window. */
function paintSlots(group: Group, scene: Scene): void {
  const { timeline, layout, palette, x, moment, domainUs } = scene;
  const { chosen, timesUs, requests } = timeline;
  const { top, bottom } = layout.level;
  const { limit } = chosen.config;
  const pitch = (bottom - 8 - top) / limit;
  const yOf = (slot: number): number => top + slot * pitch;
  const [, knownToUs] = knownUs(scene);
  const hidden = Number.isFinite(scene.shown);
  const bars = slotBars(chosen)
    .filter(
      ({ request, fromUs, toUs }) => request < scene.shown && fromUs <= domainUs[1] && toUs > domainUs[0],
    )
    .map((bar) => {
      // A request that is looked at finds those before it; one that was allowed itself has a place from then on.
      const before = moment.request === null || bar.request < moment.request;
      return { ...bar, counts: before && bar.fromUs <= moment.timeUs && moment.timeUs < bar.toUs };
    });
  drawLines(
    layer(group, 'rails'),
    Array.from({ length: limit }, (_, slot): Line => {
      const y = yOf(slot) + pitch / 2;
      return {
        key: String(slot),
        x1: layout.left,
        x2: layout.right,
        y1: y,
        y2: y,
        colour: palette.line,
        dash: '1 4',
      };
    }),
  );
  const height = Math.max(4, pitch - 5);
  drawBoxes(
    layer(group, 'bars').attr('clip-path', `url(#${scene.id}-plot)`),
    bars.map(({ request, slot, fromUs, toUs, counts }): Box => {
      const from = x(fromUs);
      const to = x(hidden ? Math.min(toUs, Math.max(knownToUs, fromUs)) : toUs);
      return {
        key: String(requests[request]!.id),
        x: from,
        y: yOf(slot) + (pitch - height) / 2,
        width: Math.max(2, to - from - 1),
        height,
        fill: palette.good,
        opacity: counts ? 0.5 : 0.14,
        ...(counts ? { stroke: palette.good } : {}),
      };
    }),
  );
  drawLabels(
    layer(group, 'bar-names').attr('clip-path', `url(#${scene.id}-plot)`),
    bars
      .filter(({ fromUs, toUs }) => x(toUs) - x(Math.max(fromUs, domainUs[0])) > 28 && height >= 11)
      .map(
        ({ request, slot, fromUs, counts }): Label => ({
          key: String(requests[request]!.id),
          x: x(Math.max(fromUs, domainUs[0])) + 6,
          y: yOf(slot) + pitch / 2 + 4,
          text: requestName(request),
          colour: counts ? palette.text : palette.textQuiet,
          bold: counts,
        }),
      ),
  );
  const names: Label[] = [];
  if (!layout.compact) {
    names.push({ key: 'what', x: 12, y: top + 14, text: `${limit} places`, colour: palette.text });
    names.push({ key: 'means', x: 12, y: top + 29, text: 'each allowed request', colour: palette.textQuiet });
    names.push({ key: 'means2', x: 12, y: top + 43, text: 'takes one until it', colour: palette.textQuiet });
    const until = chosen.algorithm === 'fixed-window' ? 'window ends' : 'slides out';
    names[2] = {
      ...names[2]!,
      text: chosen.algorithm === 'fixed-window' ? 'takes one until the' : 'takes one until it',
    };
    names.push({ key: 'means3', x: 12, y: top + 57, text: until, colour: palette.textQuiet });
  }
  drawLabels(layer(group, 'names'), names);
  const end = moment.request === null ? null : timesUs[moment.request]!;
  const refused = moment.request !== null && moment.request < scene.shown && !moment.why.allowed;
  drawLines(
    layer(group, 'no-place'),
    refused && end !== null
      ? [
          {
            key: 'refused',
            x1: x(end),
            x2: x(end),
            y1: top,
            y2: bottom - 8,
            colour: palette.bad,
            width: 2,
            dash: '4 3',
          },
        ]
      : [],
  );
}

const CURVE_WORDS = {
  'fixed-window': ['count', 'falls to 0 when', 'a window ends'],
  'sliding-window-log': ['entries in the log', 'that are inside', 'the window'],
  'sliding-window-counter': ['estimate', 'previous x weight', '+ current'],
  'token-bucket': ['tokens', 'refilled evenly,', 'a request takes one'],
  'leaky-bucket': ['level', 'leaks evenly,', 'a request pours one in'],
  gcra: ['ahead of time', '(TAT - now) / T,', 'in requests'],
} as const;

function paintCurve(group: Group, scene: Scene): void {
  const { timeline, layout, palette, x, moment, shown, domainUs } = scene;
  const { chosen, requests, timesUs } = timeline;
  const { top, bottom } = layout.level;
  const bound = boundOf(chosen);
  const tokens = chosen.algorithm === 'token-bucket';
  const y = scaleLinear(
    [0, Math.max(peakOf(chosen), bound) + (tokens ? bound * 0.12 : Math.max(1.2, bound * 0.12))],
    [bottom - 4, top + 2],
  );
  const known = knownUs(scene);
  const points = shownPoints(chosen.curve, known);
  const clip = `url(#${scene.id}-plot)`;
  const colour = palette.first;
  paintWeights(layer(group, 'weights').attr('clip-path', clip), scene, y);
  paintOverflow(layer(group, 'overflow').attr('clip-path', clip), scene, points, y);
  layer(group, 'level')
    .attr('clip-path', clip)
    .selectAll<SVGPathElement, string>('path')
    .data(['area', 'line'])
    .join('path')
    .attr('fill', (kind) => (kind === 'area' ? colour : 'none'))
    .attr('fill-opacity', chosen.algorithm === 'sliding-window-counter' ? 0 : 0.16)
    .attr('stroke', (kind) => (kind === 'line' ? colour : 'none'))
    .attr('stroke-width', 2)
    .attr('stroke-linejoin', 'round')
    .attr('d', (kind) =>
      kind === 'area'
        ? area<LevelPoint>(
            (p) => x(p.timeUs),
            y(0),
            (p) => y(p.value),
          )([...points])
        : line<LevelPoint>(
            (p) => x(p.timeUs),
            (p) => y(p.value),
          )([...points]),
    );
  const edge = (key: string, value: number, dash: string): Line => ({
    key,
    x1: layout.left,
    x2: layout.right,
    y1: y(value),
    y2: y(value),
    colour: palette.text,
    dash,
  });
  drawLines(layer(group, 'bounds'), [
    edge('bound', bound, '6 4'),
    ...(tokens ? [edge('needs', 1, '2 3')] : []),
    { ...edge('base', 0, ''), colour: palette.line, dash: 'none' },
  ]);
  drawLabels(layer(group, 'bound-names'), [
    {
      key: 'bound',
      x: layout.right - 4,
      y: y(bound) - (tokens ? 12 : 5),
      text: tokens ? `full: ${bound}` : bound === chosen.config.limit ? `limit ${bound}` : `burst ${bound}`,
      colour: palette.text,
      anchor: 'end',
    },
    ...(tokens
      ? [
          {
            key: 'needs',
            x: layout.right - 4,
            y: y(1) - 5,
            text: 'a request needs 1',
            colour: palette.text,
            anchor: 'end' as const,
          },
        ]
      : []),
  ]);
  // What a refused request would have made of it: it would go past the bound.
  const refused = chosen.decisions.flatMap(({ allowed, timeUs }, place) =>
    !allowed && place < shown && timeUs >= domainUs[0] && timeUs <= domainUs[1] ? [{ place, timeUs }] : [],
  );
  const found = (place: number): number => {
    const { counted } = chosen.decisions[place]!;
    return tokens ? bound - counted : counted;
  };
  drawLines(
    layer(group, 'refused'),
    refused.map(
      ({ place, timeUs }): Line => ({
        key: String(requests[place]!.id),
        x1: x(timeUs),
        x2: x(timeUs),
        y1: y(found(place)),
        y2: tokens ? y(1) : y(found(place) + 1),
        colour: palette.bad,
        width: 2,
        dash: '3 2',
      }),
    ),
  );
  drawLabels(
    layer(group, 'what'),
    layout.compact
      ? []
      : CURVE_WORDS[chosen.algorithm].map(
          (text, i): Label => ({
            key: String(i),
            x: 12,
            y: top + 14 + 15 * i,
            text,
            colour: i === 0 ? palette.text : palette.textQuiet,
          }),
        ),
  );
  const at = moment.request === null ? moment.timeUs : timesUs[moment.request]!;
  layer(group, 'dot')
    .selectAll<SVGCircleElement, number>('circle')
    .data(at >= domainUs[0] && at <= domainUs[1] ? [moment.level] : [])
    .join('circle')
    .attr('cx', x(at))
    .attr('cy', (value) => y(value))
    .attr('r', 4.5)
    .attr('fill', palette.ground)
    .attr('stroke', palette.accent)
    .attr('stroke-width', 2);
}

/** The counter's two windows as blocks, and of the previous one the part that the sliding window still covers. */
function paintWeights(group: Group, scene: Scene, y: (value: number) => number): void {
  const { moment, x, palette, timeline } = scene;
  const { state } = moment.why;
  const { windowUs } = timeline.settings;
  if (timeline.chosen.algorithm !== 'sliding-window-counter' || state.kind !== 'two-windows') {
    drawBoxes(group, []);
    drawLabels(group, []);
    return;
  }
  const { windowStartUs, previous, current } = state;
  const block = (
    key: string,
    fromUs: number,
    toUs: number,
    value: number,
    fill: string,
    opacity: number,
  ): Box => ({
    key,
    x: x(fromUs),
    y: y(value),
    width: x(toUs) - x(fromUs),
    height: y(0) - y(value),
    fill,
    opacity,
  });
  const slidingFromUs = Math.max(windowStartUs - windowUs, moment.timeUs - windowUs);
  drawBoxes(group, [
    {
      ...block('previous', windowStartUs - windowUs, windowStartUs, previous, palette.second, 0.12),
      stroke: palette.second,
    },
    block('weighted', slidingFromUs, windowStartUs, previous, `url(#${scene.id}-hatch)`, 0.6),
    { ...block('current', windowStartUs, moment.timeUs, current, palette.first, 0.3), stroke: palette.first },
  ]);
  drawLabels(group, [
    ...(previous > 0
      ? [
          {
            key: 'previous',
            x: Math.max(scene.layout.left, x(windowStartUs - windowUs)) + 6,
            y: y(previous) - 5,
            text: `previous ${previous}`,
            colour: palette.text,
          },
        ]
      : []),
    ...(current > 0
      ? [
          {
            key: 'current',
            x: x(windowStartUs) + 6,
            y: y(current) - 5,
            text: `current ${current}`,
            colour: palette.text,
          },
        ]
      : []),
  ]);
}

/** Where a full bucket of tokens gains nothing: what is refilled then overflows. */
function paintOverflow(
  group: Group,
  scene: Scene,
  points: readonly LevelPoint[],
  y: (value: number) => number,
): void {
  const { x, palette, timeline } = scene;
  const bound = boundOf(timeline.chosen);
  const boxes: Box[] = [];
  if (timeline.chosen.algorithm === 'token-bucket')
    points.forEach((point, i) => {
      const next = points[i + 1];
      if (next === undefined || next.timeUs === point.timeUs || point.value < bound || next.value < bound)
        return;
      const from = x(point.timeUs);
      boxes.push({
        key: String(point.timeUs),
        x: from,
        y: y(bound) - 9,
        width: x(next.timeUs) - from,
        height: 9,
        fill: `url(#${scene.id}-hatch)`,
      });
    });
  drawBoxes(group, boxes);
  const wide = boxes.filter(({ width }) => width > 60);
  drawLabels(
    group,
    wide.map(({ key, x: from, y: top }) => ({
      key,
      x: from + 4,
      y: top - 4,
      text: 'overflows',
      colour: palette.text,
    })),
  );
}
