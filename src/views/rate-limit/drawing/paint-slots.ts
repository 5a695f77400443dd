import { requestName } from '../model/words.ts';
import {
  type Box,
  drawBoxes,
  drawLabels,
  drawLines,
  type Group,
  type Label,
  type Line,
  layer,
  near,
  type Scene,
} from './scene.ts';
import { slotBars } from './slots.ts';

/** The limit as so many places; a request takes one when it is allowed, and gives it back when it slides out of the window. */
export function paintSlots(group: Group, scene: Scene): void {
  const { timeline, layout, palette, x, moment, domainUs } = scene;
  const { chosen, timesUs, requests } = timeline;
  const { top, bottom } = layout.level;
  const { limit } = chosen.config;
  const pitch = (bottom - 8 - top) / limit;
  const yOf = (slot: number): number => top + slot * pitch;
  const knownToUs = scene.cursor.timeUs;
  const hidden = Number.isFinite(scene.shown);
  const bars = slotBars(chosen)
    .filter(
      ({ request, fromUs, toUs }) => request < scene.shown && fromUs <= domainUs[1] && toUs > domainUs[0],
    )
    .map((bar) => {
      // A request that is looked at finds those before it; one that was allowed itself has a place from then on.
      const before = moment.request === null || bar.request < moment.request;
      const from = near(scene, bar.fromUs);
      const to = near(scene, hidden ? Math.min(bar.toUs, Math.max(knownToUs, bar.fromUs)) : bar.toUs);
      return { ...bar, from, to, counts: before && bar.fromUs <= moment.timeUs && moment.timeUs < bar.toUs };
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
    bars.map(
      ({ request, slot, from, to, counts }): Box => ({
        key: String(requests[request]!.id),
        x: from,
        y: yOf(slot) + (pitch - height) / 2,
        width: Math.max(2, to - from - 1),
        height,
        fill: palette.good,
        opacity: counts ? 0.5 : 0.14,
        ...(counts ? { stroke: palette.good } : {}),
      }),
    ),
  );
  drawLabels(
    layer(group, 'bar-names').attr('clip-path', `url(#${scene.id}-plot)`),
    bars
      .filter(({ from, to }) => to - Math.max(from, layout.left) > 28 && height >= 11)
      .map(
        ({ request, slot, from, counts }): Label => ({
          key: String(requests[request]!.id),
          x: Math.max(from, layout.left) + 6,
          y: yOf(slot) + pitch / 2 + 4,
          text: requestName(request),
          colour: counts ? palette.text : palette.textQuiet,
          bold: counts,
        }),
      ),
  );
  const means =
    chosen.algorithm === 'fixed-window'
      ? ['each allowed request', 'takes one until the', 'window ends']
      : ['each allowed request', 'takes one until it', 'slides out'];
  const names = [`${limit} places`, ...means].map(
    (text, i): Label => ({
      key: String(i),
      x: 12,
      y: top + 14 + 15 * i,
      text,
      colour: i === 0 ? palette.text : palette.textQuiet,
    }),
  );
  drawLabels(layer(group, 'names'), layout.compact ? [] : names);
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
