import { secondsText } from '../../../base/units.ts';
import { tagText } from '../model/words.ts';
import {
  drawBoxes,
  drawLabels,
  drawLines,
  type Group,
  type Line,
  layer,
  type Scene,
  textWidth,
} from './scene.ts';

/** The window as a frame over the requests, or, where an algorithm has no window, the present as a line; and what it says, above it. */
export function paintFrame(group: Group, scene: Scene): void {
  const { timeline, moment, layout, palette, x, domainUs } = scene;
  const { windowUs } = timeline.settings;
  const { state } = moment.why;
  const nowUs = moment.timeUs;
  const top = layout.tag.bottom - 2;
  const { bottom } = layout.level;
  const held = (timeUs: number): number => Math.min(layout.right, Math.max(layout.left, x(timeUs)));
  const window: readonly [number, number] | null =
    state.kind === 'log' || state.kind === 'two-windows'
      ? [nowUs - windowUs, nowUs]
      : state.kind === 'window'
        ? [state.windowStartUs, state.windowEndUs]
        : null;
  drawBoxes(
    layer(group, 'frame-ground'),
    window === null
      ? []
      : [
          {
            key: 'frame',
            x: held(window[0]),
            y: top,
            width: held(window[1]) - held(window[0]),
            height: bottom - top,
            fill: palette.accent,
            opacity: 0.1,
          },
        ],
  );
  const inView = (timeUs: number): boolean => timeUs >= domainUs[0] && timeUs <= domainUs[1];
  const upright = (key: string, timeUs: number, width: number, dash?: string): Line[] =>
    inView(timeUs)
      ? [
          {
            key,
            x1: x(timeUs),
            x2: x(timeUs),
            y1: top,
            y2: bottom,
            colour: palette.accent,
            width,
            ...(dash === undefined ? {} : { dash }),
          },
        ]
      : [];
  const span = window === null ? null : ([held(window[0]), held(window[1])] as const);
  drawLines(layer(group, 'frame-edges'), [
    ...(span === null
      ? []
      : [{ key: 'lid', x1: span[0], x2: span[1], y1: top, y2: top, colour: palette.accent, width: 2 }]),
    ...(window === null ? [] : upright('from', window[0], 2)),
    ...(state.kind === 'window' ? upright('to', window![1], 2) : []),
    ...upright('now', nowUs, 2.5, state.kind === 'window' ? '5 3' : undefined),
  ]);
  const hidden = moment.request !== null && moment.request >= scene.shown;
  const bare = window === null ? '' : `window ${secondsText(windowUs)} s`;
  const text = hidden ? bare : tagText(moment, windowUs);
  const width = textWidth(text, true);
  // Right-aligned with the present, unless the picture's left edge is too near.
  const right = Math.min(layout.right, Math.max(layout.left + width + 8, held(nowUs)));
  drawLabels(layer(group, 'tag'), [
    {
      key: 'tag',
      x: right - 4,
      y: layout.tag.bottom - 8,
      text,
      colour: palette.accent,
      anchor: 'end',
      bold: true,
    },
  ]);
}
