import type { LevelPoint } from './level-curve.ts';
import { type Box, drawBoxes, drawLabels, type Group, near, type Scene } from './scene.ts';
import { boundOf } from './visible.ts';

/** The counter's two windows as blocks, and of the previous one the part that the sliding window still covers. */
export function paintWeights(group: Group, scene: Scene, y: (value: number) => number): void {
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
    x: near(scene, fromUs),
    y: y(value),
    width: near(scene, toUs) - near(scene, fromUs),
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
export function paintOverflow(
  group: Group,
  scene: Scene,
  points: readonly LevelPoint[],
  y: (value: number) => number,
): void {
  const { palette, timeline } = scene;
  const bound = boundOf(timeline.chosen);
  const boxes: Box[] = [];
  if (timeline.chosen.algorithm === 'token-bucket')
    points.forEach((point, i) => {
      const next = points[i + 1];
      if (next === undefined || next.timeUs === point.timeUs || point.value < bound || next.value < bound)
        return;
      const from = near(scene, point.timeUs);
      boxes.push({
        key: String(point.timeUs),
        x: from,
        y: y(bound) - 9,
        width: near(scene, next.timeUs) - from,
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
