import { scaleLinear, scaleLog } from 'd3-scale';
import { line } from 'd3-shape';
import { formatDuration } from '../../base/units.ts';
import type { Palette } from '../palette.ts';
import type { CurveColumns } from '../store/curve-columns.ts';
import { decimate } from './decimate.ts';
import { PLOTS, type Plot } from './plots.ts';

export interface CurvesFrame {
  readonly curve: CurveColumns;
  readonly palette: Palette;
  /** The time axis, in microseconds. */
  readonly domainUs: readonly [number, number];
  readonly nowUs: number;
  readonly hoverUs: number | null;
  /** A thumbnail has lines only, a strip has no axis of its own: the scrubber below it has one. */
  readonly size: 'large' | 'strip' | 'thumbnail';
}

/** Where the plots begin and end, in CSS pixels: the strip lines up with the scrubber. */
const GUTTER = { left: 64, right: 24 };
const AXIS = 24;
const TITLE = 18;

interface Shown {
  readonly toY: (value: number) => number;
  readonly ticks: readonly number[];
}

export class CurvesPainter {
  readonly #canvas: HTMLCanvasElement;
  readonly #context: CanvasRenderingContext2D;
  #width = 0;
  #height = 0;
  #ratio = 1;
  #font = 'sans-serif';

  constructor(canvas: HTMLCanvasElement) {
    this.#canvas = canvas;
    const context = canvas.getContext('2d', { alpha: false });
    if (context === null) throw new Error('this browser gives no 2D canvas');
    this.#context = context;
  }

  resize(width: number, height: number, devicePixelRatio: number): void {
    this.#width = Math.max(1, width);
    this.#height = Math.max(1, height);
    this.#ratio = devicePixelRatio;
    this.#canvas.width = Math.round(this.#width * devicePixelRatio);
    this.#canvas.height = Math.round(this.#height * devicePixelRatio);
    this.#font = getComputedStyle(this.#canvas).fontFamily;
  }

  /** The time under a point, for pointers. */
  timeAt(x: number, domainUs: readonly [number, number]): number {
    const [left, right] = [GUTTER.left, this.#width - GUTTER.right];
    const share = Math.min(1, Math.max(0, (x - left) / Math.max(1, right - left)));
    return Math.round(domainUs[0] + share * (domainUs[1] - domainUs[0]));
  }

  draw(frame: CurvesFrame): void {
    const { palette, size, domainUs } = frame;
    const context = this.#context;
    context.setTransform(this.#ratio, 0, 0, this.#ratio, 0, 0);
    context.fillStyle = palette.ground;
    context.fillRect(0, 0, this.#width, this.#height);
    const thumbnail = size === 'thumbnail';
    const left = thumbnail ? 4 : GUTTER.left;
    const right = this.#width - (thumbnail ? 4 : GUTTER.right);
    const bottom = this.#height - (size === 'large' ? AXIS : 4);
    const toX = scaleLinear([...domainUs], [left, right]);
    const plots = thumbnail ? PLOTS.filter((plot) => plot.id !== 'sends' && plot.id !== 'trouble') : PLOTS;
    if (size === 'large') this.#drawTimeAxis(toX, bottom, palette);
    const pitch = bottom / plots.length;
    plots.forEach((plot, i) => {
      const title = thumbnail ? 3 : TITLE;
      const box = { left, right, top: i * pitch + title + 2, bottom: (i + 1) * pitch - (thumbnail ? 2 : 6) };
      if (box.bottom - box.top <= 4) return;
      this.#drawPlot(plot, frame, toX, box);
      if (thumbnail) return;
      this.#drawCursor(toX(frame.nowUs), box, palette.text, []);
      if (frame.hoverUs !== null) this.#drawCursor(toX(frame.hoverUs), box, palette.textQuiet, [3, 3]);
    });
  }

  #drawPlot(
    plot: Plot,
    frame: CurvesFrame,
    toX: (time: number) => number,
    box: { left: number; right: number; top: number; bottom: number },
  ): void {
    const { curve, palette, size } = frame;
    const context = this.#context;
    const shown = shownScale(plot, curve, box.bottom, box.top);
    context.lineWidth = 1;
    if (size !== 'thumbnail') {
      context.font = `12px ${this.#font}`;
      context.textBaseline = 'middle';
      context.textAlign = 'right';
      const ticks = box.bottom - box.top < 40 ? [shown.ticks[0]!, shown.ticks.at(-1)!] : shown.ticks;
      for (const tick of new Set(ticks)) {
        const y = Math.round(shown.toY(tick)) + 0.5;
        context.strokeStyle = palette.line;
        context.beginPath();
        context.moveTo(box.left, y);
        context.lineTo(box.right, y);
        context.stroke();
        context.fillStyle = palette.textQuiet;
        context.fillText(plot.format(tick), box.left - 6, y);
      }
      this.#drawTitle(plot, frame, box.left, box.top - TITLE / 2 - 1);
    }
    const times = curve.column('timeUs');
    const end = curve.after(frame.nowUs);
    for (const one of plot.lines) {
      const points = decimate(times, curve.column(one.field), 0, end, toX, shown.toY);
      context.strokeStyle = one.colour(palette);
      context.lineWidth = size === 'thumbnail' ? 1 : 1.5;
      context.setLineDash(one.dashed ? [4, 3] : []);
      context.beginPath();
      line<number>()
        .x((k) => points.x[k]!)
        .y((k) => points.y[k]!)
        .defined((k) => Number.isFinite(points.y[k]))
        .context(context)(points.x.map((_, k) => k));
      context.stroke();
      // A line through one point has no length.
      for (const k of points.x.keys()) {
        const isAlone = !Number.isFinite(points.y[k - 1]) && !Number.isFinite(points.y[k + 1]);
        if (!isAlone || !Number.isFinite(points.y[k])) continue;
        context.fillStyle = one.colour(palette);
        context.beginPath();
        context.arc(points.x[k]!, points.y[k]!, size === 'thumbnail' ? 1 : 2, 0, 2 * Math.PI);
        context.fill();
      }
    }
    context.setLineDash([]);
  }

  /** The title with the value of each line at the cursor: hover, or now. */
  #drawTitle(plot: Plot, frame: CurvesFrame, x: number, y: number): void {
    const { curve, palette } = frame;
    const context = this.#context;
    const at = Math.min(curve.length, curve.after(frame.hoverUs ?? frame.nowUs)) - 1;
    context.textAlign = 'left';
    const write = (text: string, colour: string, weight: number) => {
      context.font = `${weight} 12px ${this.#font}`;
      const { width } = context.measureText(text);
      context.fillStyle = palette.ground;
      context.fillRect(x, y - TITLE / 2 + 1, width, TITLE - 2);
      context.fillStyle = colour;
      context.fillText(text, x, y);
      x += width;
    };
    write(`${plot.title}${plot.scale === 'log' ? ' (log scale)' : ''}   `, palette.textQuiet, 400);
    for (const one of plot.lines) {
      const value = at < 0 ? 0 : curve.column(one.field)[at]!;
      const missing = at < 0 || (plot.scale === 'log' && value <= 0);
      if (plot.lines.length > 1) {
        context.strokeStyle = one.colour(palette);
        context.lineWidth = 1.5;
        context.setLineDash(one.dashed ? [4, 3] : []);
        context.beginPath();
        context.moveTo(x, y);
        context.lineTo(x + 14, y);
        context.stroke();
        context.setLineDash([]);
        x += 18;
        write(`${one.label} `, palette.textQuiet, 400);
      }
      write(`${missing ? 'none' : plot.format(value)}   `, palette.text, 600);
    }
  }

  #drawTimeAxis(toX: ReturnType<typeof scaleLinear<number, number>>, y: number, palette: Palette): void {
    const context = this.#context;
    context.font = `12px ${this.#font}`;
    context.textBaseline = 'top';
    context.textAlign = 'center';
    context.fillStyle = palette.textQuiet;
    context.strokeStyle = palette.line;
    context.lineWidth = 1;
    for (const tick of toX.ticks(Math.max(2, Math.floor(this.#width / 110)))) {
      const x = Math.round(toX(tick)) + 0.5;
      context.beginPath();
      context.moveTo(x, 0);
      context.lineTo(x, y + 4);
      context.stroke();
      context.fillText(tick === 0 ? '0' : formatDuration(tick), x, y + 7);
    }
  }

  #drawCursor(
    x: number,
    box: { readonly top: number; readonly bottom: number },
    colour: string,
    dash: number[],
  ): void {
    const context = this.#context;
    context.strokeStyle = colour;
    context.lineWidth = 1;
    context.setLineDash(dash);
    context.beginPath();
    context.moveTo(Math.round(x) + 0.5, box.top);
    context.lineTo(Math.round(x) + 0.5, box.bottom);
    context.stroke();
    context.setLineDash([]);
  }
}

/** From 0 to the highest value, or whole decades around all values. */
function shownScale(plot: Plot, curve: CurveColumns, bottom: number, top: number): Shown {
  let highest = 0;
  let lowest = Number.POSITIVE_INFINITY;
  for (const { field } of plot.lines) {
    const values = curve.column(field);
    for (let i = 0; i < curve.length; i++) {
      const value = values[i]!;
      if (value > highest) highest = value;
      if (value > 0 && value < lowest) lowest = value;
    }
  }
  if (plot.scale === 'log') {
    const low = highest > 0 ? 10 ** Math.floor(Math.log10(lowest)) : 1_000;
    const high = highest > 0 ? 10 ** Math.ceil(Math.log10(highest)) : 1_000_000;
    const scale = scaleLog([low, high === low ? high * 10 : high], [bottom, top]);
    const ticks: number[] = [];
    for (let tick = low; tick <= scale.domain()[1]! * 1.001; tick *= 10) ticks.push(tick);
    return { toY: (value) => (value > 0 ? scale(value) : Number.NaN), ticks };
  }
  const scale = scaleLinear([0, highest > 0 ? highest : 1], [bottom, top]).nice(2);
  return { toY: scale, ticks: scale.ticks(2) };
}
