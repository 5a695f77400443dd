import { scaleLinear } from 'd3-scale';
import { area, line } from 'd3-shape';
import type { LevelPoint } from './level-curve.ts';
import { paintOverflow, paintWeights } from './paint-areas.ts';
import { drawLabels, drawLines, type Group, type Label, type Line, layer, type Scene } from './scene.ts';
import { boundOf, peakOf, visiblePoints } from './visible.ts';

const CURVE_WORDS = {
  'fixed-window': ['count', 'falls to 0 when', 'a window ends'],
  'sliding-window-log': ['entries in the log', 'that are inside', 'the window'],
  'sliding-window-counter': ['estimate', 'previous x weight', '+ current'],
  'token-bucket': ['tokens', 'refilled evenly,', 'a request takes one'],
  'leaky-bucket': ['level', 'leaks evenly,', 'a request pours one in'],
  gcra: ['ahead of time', '(TAT - now) / T,', 'in requests'],
} as const;

/** The level over time, against what it is held to. */
export function paintCurve(group: Group, scene: Scene): void {
  const { timeline, layout, palette, x, moment, shown, domainUs } = scene;
  const { chosen, requests, timesUs } = timeline;
  const { top, bottom } = layout.level;
  const bound = boundOf(chosen);
  const tokens = chosen.algorithm === 'token-bucket';
  const y = scaleLinear(
    [0, Math.max(peakOf(chosen), bound) + (tokens ? bound * 0.12 : Math.max(1.2, bound * 0.12))],
    [bottom - 4, top + 2],
  );
  const points = visiblePoints(chosen.curve, scene);
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
