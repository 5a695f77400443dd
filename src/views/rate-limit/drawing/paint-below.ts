import type { Lane } from './lanes.ts';
import {
  drawBoxes,
  drawLabels,
  drawLines,
  type Group,
  type Label,
  type Line,
  layer,
  type Scene,
  textWidth,
} from './scene.ts';

/** Pixels that an algorithm needs below the requests. */
export const roomBelow = ({ algorithm, config }: Lane): number =>
  algorithm === 'gcra' ? 20 : algorithm === 'leaky-bucket' && config.leak === 'queue' ? 34 : 0;

/** What only some algorithms show: GCRA its time that lies ahead, a queue when its requests leave. */
export function paintBelow(group: Group, scene: Scene): void {
  paintTat(layer(group, 'tat'), scene);
  paintQueue(group, scene);
}

/** GCRA: how far the theoretical arrival time lies ahead, against how far it may. */
function paintTat(group: Group, scene: Scene): void {
  const { moment, layout, palette, x, timeline } = scene;
  const { state } = moment.why;
  if (state.kind !== 'tat') {
    drawLines(group, []);
    drawLabels(group, []);
    return;
  }
  const { windowUs, limit, burst } = timeline.chosen.config;
  const nowUs = moment.timeUs;
  const mayUs = nowUs + ((burst - 1) * windowUs) / limit;
  const y = layout.row.bottom - 10;
  const to = (timeUs: number): number => Math.min(layout.right, Math.max(layout.left, x(timeUs)));
  const ahead = state.tatUs > nowUs;
  drawLines(group, [
    {
      key: 'may',
      x1: to(nowUs),
      x2: to(mayUs),
      y1: y + 6,
      y2: y + 6,
      colour: palette.textQuiet,
      width: 2,
      dash: '3 3',
    },
    ...(ahead
      ? [
          {
            key: 'ahead',
            x1: to(nowUs),
            x2: to(state.tatUs),
            y1: y,
            y2: y,
            colour: state.tatUs > mayUs ? palette.bad : palette.good,
            width: 4,
          },
        ]
      : []),
  ]);
  const room = (timeUs: number, text: string): boolean => to(timeUs) + textWidth(text) + 6 < layout.right;
  drawLabels(group, [
    ...(ahead && room(state.tatUs, 'TAT')
      ? [{ key: 'tat', x: to(state.tatUs) + 4, y: y + 2, text: 'TAT', colour: palette.text }]
      : []),
    ...(room(Math.max(mayUs, ahead ? state.tatUs : 0), 'TAT may be here') &&
    Math.abs(to(mayUs) - to(state.tatUs)) > 34
      ? [{ key: 'may', x: to(mayUs) + 4, y: y + 10, text: 'may be here', colour: palette.textQuiet }]
      : []),
  ]);
}

/** The leaky bucket as queue: from each request that is held back the way to the moment at which it goes on. */
function paintQueue(parent: Group, { timeline, layout, palette, x, shown, domainUs, id }: Scene): void {
  const group = layer(parent, 'queue').attr('clip-path', `url(#${id}-plot)`);
  const { chosen, requests } = timeline;
  const isQueue = chosen.algorithm === 'leaky-bucket' && chosen.config.leak === 'queue';
  const leaving = isQueue
    ? chosen.decisions
        .map((decision, place) => ({
          place,
          fromUs: decision.timeUs,
          toUs: decision.timeUs + decision.delayUs,
        }))
        .filter(
          ({ place, fromUs, toUs }) =>
            chosen.decisions[place]?.allowed === true &&
            place < shown &&
            toUs >= domainUs[0] &&
            fromUs <= domainUs[1],
        )
    : [];
  const bottom = layout.row.bottom - 6;
  const top = layout.row.top + 60;
  drawLines(
    group,
    leaving.map(
      ({ place, fromUs, toUs }): Line => ({
        key: String(requests[place]!.id),
        x1: x(fromUs),
        y1: top,
        x2: x(toUs),
        y2: bottom,
        colour: palette.good,
        width: 1.5,
      }),
    ),
  );
  drawBoxes(
    group,
    leaving.map(({ place, toUs }) => ({
      key: String(requests[place]!.id),
      x: x(toUs) - 3,
      y: bottom - 3,
      width: 6,
      height: 6,
      fill: palette.good,
    })),
  );
  const label: Label = {
    key: 'leave',
    x: 12,
    y: bottom + 4,
    text: 'leave at the leak\u2019s pace',
    colour: palette.textQuiet,
  };
  drawLabels(layer(parent, 'queue-name'), isQueue && !layout.compact ? [label] : []);
}
