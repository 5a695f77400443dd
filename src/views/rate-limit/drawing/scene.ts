import type { ScaleLinear } from 'd3-scale';
import type { Selection } from 'd3-selection';
import type { Palette } from '../../palette.ts';
import type { Moment } from '../model/moment.ts';
import type { Cursor } from '../model/rate-lab.ts';
import type { Layout } from './geometry.ts';
import type { Timeline } from './timeline.ts';

/** Everything that one drawing is made from. */
export interface Scene {
  readonly timeline: Timeline;
  readonly cursor: Cursor;
  readonly moment: Moment;
  /** How many requests, from the first on, show their verdicts. */
  readonly shown: number;
  readonly palette: Palette;
  readonly layout: Layout;
  readonly domainUs: readonly [number, number];
  readonly x: ScaleLinear<number, number>;
  /** What comes after it is not known yet: of a run its present, else never. */
  readonly presentUs: number;
  /** Makes ids of patterns and clips unique on the page. */
  readonly id: string;
}

export type Group = Selection<SVGGElement, unknown, null, undefined>;

/** A place on the time axis, kept near the plot: browsers draw nothing that lies millions of pixels away. */
export const near = ({ x, layout }: Scene, timeUs: number): number =>
  Math.min(layout.right + 40, Math.max(layout.left - 40, x(timeUs)));

/** A group that is made once and found again. */
export function layer<E extends SVGGElement | SVGSVGElement>(
  parent: Selection<E, unknown, null, undefined>,
  name: string,
): Group {
  const found = parent.select<SVGGElement>(`:scope > g.${name}`);
  return found.empty() ? parent.append('g').attr('class', name) : found;
}

/** One line of text, set as the picture's other small text. */
export interface Label {
  readonly key: string;
  readonly x: number;
  readonly y: number;
  readonly text: string;
  readonly colour: string;
  readonly anchor?: 'start' | 'middle' | 'end';
  readonly bold?: boolean;
}

export function drawLabels(group: Group, labels: readonly Label[]): void {
  group
    .selectAll<SVGTextElement, Label>(':scope > text')
    .data(labels, ({ key }) => key)
    .join('text')
    .attr('x', ({ x }) => x)
    .attr('y', ({ y }) => y)
    .attr('fill', ({ colour }) => colour)
    .attr('text-anchor', ({ anchor = 'start' }) => anchor)
    .attr('font-weight', ({ bold = false }) => (bold ? 600 : 400))
    .text(({ text }) => text);
}

/** About how wide a text of the picture's size is: for what must not run into something else. */
export const textWidth = (text: string, bold = false): number => text.length * (bold ? 7.1 : 6.3);

export interface Line {
  readonly key: string;
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
  readonly colour: string;
  readonly width?: number;
  readonly dash?: string;
}

export function drawLines(group: Group, lines: readonly Line[]): void {
  group
    .selectAll<SVGLineElement, Line>(':scope > line')
    .data(lines, ({ key }) => key)
    .join('line')
    .attr('x1', ({ x1 }) => x1)
    .attr('y1', ({ y1 }) => y1)
    .attr('x2', ({ x2 }) => x2)
    .attr('y2', ({ y2 }) => y2)
    .attr('stroke', ({ colour }) => colour)
    .attr('stroke-width', ({ width = 1 }) => width)
    .attr('stroke-dasharray', ({ dash }) => dash ?? null);
}

export interface Box {
  readonly key: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly fill: string;
  readonly opacity?: number;
  readonly stroke?: string;
}

export function drawBoxes(group: Group, boxes: readonly Box[]): void {
  group
    .selectAll<SVGRectElement, Box>(':scope > rect')
    .data(boxes, ({ key }) => key)
    .join('rect')
    .attr('x', ({ x }) => x)
    .attr('y', ({ y }) => y)
    .attr('width', ({ width }) => Math.max(0, width))
    .attr('height', ({ height }) => Math.max(0, height))
    .attr('fill', ({ fill }) => fill)
    .attr('fill-opacity', ({ opacity = 1 }) => opacity)
    .attr('stroke', ({ stroke }) => stroke ?? null);
}
