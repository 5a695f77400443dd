import { scaleLinear } from 'd3-scale';
import { select } from 'd3-selection';
import { area, line } from 'd3-shape';
import { ALGORITHM_NAMES, requestWords } from '../model/words.ts';
import { type Band, LANE_NAME } from './geometry.ts';
import type { Lane } from './lanes.ts';
import type { LevelPoint } from './level-curve.ts';
import { markRadii, verdictOf, verdictShape } from './paint-marks.ts';
import { drawBoxes, drawLabels, drawLines, type Group, type Label, layer, type Scene } from './scene.ts';
import { boundOf, peakOf, visiblePoints } from './visible.ts';

/** All algorithms on the same requests, one lane below the other, and a stripe through all where they disagree. */
export function paintLanes(parent: Group, scene: Scene, choose: (lane: Lane) => void): void {
  const { timeline, layout, palette, shown, x, cursor, domainUs } = scene;
  const { lanes, timesUs } = timeline;
  const top = layout.lanes[0]?.top ?? 0;
  const bottom = layout.lanes.at(-1)?.bottom ?? 0;
  const inView = (place: number): boolean => timesUs[place]! >= domainUs[0] && timesUs[place]! <= domainUs[1];
  const disagree = timeline.disagreements.filter((place) => place < shown && inView(place));
  const stripes = merged(disagree.map((place) => [x(timesUs[place]!) - 8, x(timesUs[place]!) + 8]));
  drawBoxes(
    layer(parent, 'disagreements'),
    stripes.map(([from, to], i) => ({
      key: String(i),
      x: from,
      y: top - 3,
      width: to - from,
      height: bottom - top + 6,
      fill: palette.raised,
      stroke: palette.textQuiet,
    })),
  );
  drawLabels(
    layer(parent, 'disagreement-signs'),
    stripes.map(([from, to], i) => ({
      key: String(i),
      x: (from + to) / 2,
      y: layout.axis.bottom - 7,
      text: '≠',
      colour: palette.text,
      anchor: 'middle',
      bold: true,
    })),
  );
  layer(parent, 'lanes')
    .selectAll<SVGGElement, Lane>(':scope > g')
    .data([...lanes], ({ algorithm }) => algorithm)
    .join('g')
    .each(function (lane, i) {
      paintLane(select(this), lane, layout.lanes[i]!, scene, choose);
    });
  const at = x(cursor.timeUs);
  const now = { key: 'now', x1: at, x2: at, y1: top - 4, y2: bottom, colour: palette.accent, width: 1.5 };
  drawLines(layer(parent, 'now'), inDomain(scene) ? [now] : []);
  drawLabels(layer(parent, 'lane-names'), laneNames(scene));
}

const inDomain = ({ cursor, domainUs }: Scene): boolean =>
  cursor.timeUs >= domainUs[0] && cursor.timeUs <= domainUs[1];

/** Intervals in order, those that overlap as one. */
export function merged(
  intervals: readonly (readonly [number, number])[],
): readonly (readonly [number, number])[] {
  const apart: [number, number][] = [];
  for (const [from, to] of intervals) {
    const last = apart.at(-1);
    if (last !== undefined && from <= last[1]) last[1] = Math.max(last[1], to);
    else apart.push([from, to]);
  }
  return apart;
}

function paintLane(
  group: Group,
  lane: Lane,
  { top, bottom }: Band,
  scene: Scene,
  choose: (lane: Lane) => void,
): void {
  const { timeline, layout, palette, shown, x, domainUs, id } = scene;
  const { requests, timesUs, chosen } = timeline;
  const y = scaleLinear([0, peakOf(lane) * 1.08], [bottom, top]);
  const points = visiblePoints(lane.curve, scene);
  // The whole lane can be pressed: its name, too.
  drawBoxes(layer(group, 'lane-ground'), [
    {
      key: 'all',
      x: 0,
      y: layout.compact ? top - LANE_NAME : top - 3,
      width: layout.width,
      height: bottom - top + (layout.compact ? LANE_NAME : 6),
      fill: palette.ground,
      opacity: 0,
    },
    ...(lane === chosen
      ? [{ key: 'chosen', x: 0, y: top, width: 3, height: bottom - top, fill: palette.accent }]
      : []),
  ]);
  group.style('cursor', 'pointer').on('click', () => choose(lane));
  const curves = layer(group, 'lane-curve').attr('clip-path', `url(#${id}-plot)`);
  curves
    .selectAll<SVGPathElement, string>('path')
    .data(['area', 'line'])
    .join('path')
    .attr('fill', (kind) => (kind === 'area' ? palette.seats.online : 'none'))
    .attr('fill-opacity', 0.22)
    .attr('stroke', (kind) => (kind === 'line' ? palette.seats.online : 'none'))
    .attr('d', (kind) =>
      kind === 'area'
        ? area<LevelPoint>(
            (p) => x(p.timeUs),
            bottom,
            (p) => y(p.value),
          )([...points])
        : line<LevelPoint>(
            (p) => x(p.timeUs),
            (p) => y(p.value),
          )([...points]),
    );
  const bound = boundOf(lane);
  drawLines(layer(group, 'lane-bound'), [
    { key: 'base', x1: layout.left, x2: layout.right, y1: bottom, y2: bottom, colour: palette.line },
    {
      key: 'bound',
      x1: layout.left,
      x2: layout.right,
      y1: y(bound),
      y2: y(bound),
      colour: palette.textQuiet,
      dash: '2 4',
    },
  ]);
  const radius = markRadii(scene, 5);
  const placed = requests
    .map((request, place) => ({ request, place }))
    .filter(({ place }) => timesUs[place]! >= domainUs[0] && timesUs[place]! <= domainUs[1]);
  layer(group, 'lane-marks')
    .selectAll<SVGPathElement, (typeof placed)[number]>('path')
    .data(placed, ({ request }) => request.id)
    .join((enter) => {
      const mark = enter.append('path');
      mark.append('title');
      return mark;
    })
    .attr('transform', ({ request }) => `translate(${x(request.timeUs)},${(top + bottom) / 2})`)
    .each(function ({ place }) {
      const shape = verdictShape(
        verdictOf(place, lane.decisions[place]?.allowed, shown),
        radius(place),
        palette,
      );
      select(this)
        .attr('d', shape.path)
        .attr('fill', shape.fill)
        .attr('stroke', shape.stroke)
        .attr('stroke-width', shape.strokeWidth)
        .select('title')
        .text(`${ALGORITHM_NAMES[lane.algorithm]}, ${requestWords(timeline, lane, place, shown)}`);
    });
}

function laneNames({ timeline, layout, palette, shown }: Scene): readonly Label[] {
  const { lanes, chosen, requests } = timeline;
  return lanes.flatMap((lane, i): Label[] => {
    const { top, bottom } = layout.lanes[i]!;
    const bold = lane === chosen;
    const text = ALGORITHM_NAMES[lane.algorithm];
    const tally = shown < requests.length ? '' : `${lane.allowed} of ${requests.length} allowed`;
    const key = lane.algorithm;
    if (layout.compact) {
      const y = top - 5;
      const { left, right } = layout;
      return [
        { key, x: left, y, text, colour: palette.text, bold },
        { key: `${key} tally`, x: right, y, text: tally, colour: palette.textQuiet, anchor: 'end' },
      ];
    }
    const middle = (top + bottom) / 2;
    return [
      { key, x: 12, y: middle - 2, text, colour: palette.text, bold },
      { key: `${key} tally`, x: 12, y: middle + 12, text: tally, colour: palette.textQuiet },
    ];
  });
}
