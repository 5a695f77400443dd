import { drag } from 'd3-drag';
import { scaleLinear } from 'd3-scale';
import { type Selection, select } from 'd3-selection';
import { secondsText } from '../../../base/units.ts';
import type { Palette } from '../../palette.ts';
import type { RateLab } from '../model/rate-lab.ts';
import { momentWords } from '../model/words.ts';
import { followedUs, layoutOf, mostZoom, pointedStepUs, roundTo, tickText, zoomed } from './geometry.ts';
import { paintBelow, roomBelow } from './paint-below.ts';
import { paintFrame } from './paint-frame.ts';
import { paintLanes } from './paint-lanes.ts';
import { paintLevel } from './paint-level.ts';
import { type PlacedRequest, paintRequests } from './paint-requests.ts';
import { drawBoxes, drawLabels, drawLines, type Group, layer, type Scene } from './scene.ts';

/** A pointer this near to a request looks at it. */
const SNAP_PX = 7;

/**
 * Draws the timeline into one SVG element, and lets it be moved by hand. All colours are attributes, so that the element is the file that is
 * exported. It is drawn anew as a whole: the marks are few.
 */
export class TimelinePainter {
  readonly #lab: RateLab;
  readonly #svg: Selection<SVGSVGElement, unknown, null, undefined>;
  readonly #id: string;
  #scene: Scene | null = null;
  /** While something is dragged the axis stands still under the hand. */
  #heldUs: readonly [number, number] | null = null;
  #isFirst = true;
  #whole: readonly [number, number] = [0, 1];

  constructor(svg: SVGSVGElement, id: string, lab: RateLab) {
    this.#svg = select(svg);
    this.#id = id;
    this.#lab = lab;
  }

  draw(width: number, palette: Palette, durationUs: number): void {
    const lab = this.#lab;
    const timeline = lab.timeline.current;
    const layout = layoutOf(width, timeline.lanes.length, roomBelow(timeline.chosen));
    const domainUs = this.#heldUs ?? this.#domain(durationUs);
    const scene: Scene = {
      timeline,
      cursor: lab.cursor.current,
      moment: lab.moment.current,
      shown: lab.shown,
      palette,
      layout,
      domainUs,
      x: scaleLinear([...domainUs], [layout.left, layout.right]),
      presentUs: timeline.source === 'run' ? lab.followed.current.nowUs : Number.POSITIVE_INFINITY,
      id: this.#id,
    };
    this.#scene = scene;
    const svg = this.#svg;
    svg
      .attr('width', width)
      .attr('height', layout.height)
      .attr('viewBox', `0 0 ${width} ${layout.height}`)
      .attr('font-size', 12)
      .attr(
        'font-family',
        'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif',
      );
    this.#defs(scene);
    const root: Group = layer(svg, 'root');
    this.#axis(layer(root, 'axis'), scene);
    this.#hit(
      layer(root, 'hit-level').attr('data-unsaved', ''),
      layout.row.bottom,
      layout.axis.bottom,
      'level',
    );
    this.#hit(layer(root, 'hit-row').attr('data-unsaved', ''), layout.tag.top, layout.row.bottom, 'row');
    // What is drawn over the two areas lets the pointer through to them.
    const quiet = (name: string): Group => layer(root, name).attr('pointer-events', 'none');
    paintFrame(quiet('frame'), scene);
    paintLevel(quiet('level'), scene);
    paintBelow(quiet('below'), scene);
    const marks = paintRequests(
      layer(root, 'requests'),
      scene,
      timeline.source === 'lab' && lab.gameState === 'off',
    );
    this.#moveMarks(marks);
    paintLanes(layer(root, 'compare'), scene, ({ algorithm }) => lab.chooseAlgorithm(algorithm));
    this.#grip(layer(root, 'grip'), scene);
  }

  /** The part of time that is shown: it goes after what is looked at. */
  #domain(durationUs: number): readonly [number, number] {
    const { timeline, followed, view, cursor } = this.#lab;
    const { source, untilUs, settings } = timeline.current;
    const whole: readonly [number, number] =
      source === 'run'
        ? followedUs(followed.current.nowUs, durationUs, settings.windowUs)
        : [-0.015 * untilUs, untilUs];
    this.#whole = whole;
    const { zoom, centreUs } = view.current;
    const shown = zoomed(whole, zoom, centreUs);
    const { timeUs } = cursor.current;
    const isIn = timeUs >= shown[0] && timeUs <= shown[1];
    if (isIn || zoom === 1) return shown;
    view.set({ zoom, centreUs: timeUs });
    return zoomed(whole, zoom, timeUs);
  }

  /** How many times closer one may look. */
  get mostZoom(): number {
    return mostZoom(this.#whole);
  }

  #defs({ layout, palette }: Scene): void {
    const defs = layer(this.#svg, 'defs');
    if (defs.select('clipPath').empty()) {
      defs.append('clipPath').attr('id', `${this.#id}-plot`).append('rect');
      const hatch = defs
        .append('pattern')
        .attr('id', `${this.#id}-hatch`)
        .attr('width', 6)
        .attr('height', 6)
        .attr('patternUnits', 'userSpaceOnUse')
        .attr('patternTransform', 'rotate(45)');
      hatch.append('rect').attr('width', 2).attr('height', 6);
    }
    defs.select('pattern rect').attr('fill', palette.second);
    defs
      .select('clipPath rect')
      .attr('x', layout.left)
      .attr('y', 0)
      .attr('width', layout.right - layout.left)
      .attr('height', layout.height);
  }

  #axis(group: Group, { layout, palette, x }: Scene): void {
    const ticks = x.ticks(Math.max(3, Math.floor((layout.right - layout.left) / 84)));
    const step = (ticks[1] ?? 1) - (ticks[0] ?? 0);
    const last = layout.lanes.at(-1)?.bottom ?? layout.axis.bottom;
    drawLines(
      group,
      ticks.flatMap((tick) => [
        { key: `grid ${tick}`, x1: x(tick), x2: x(tick), y1: layout.row.top, y2: last, colour: palette.line },
      ]),
    );
    drawBoxes(layer(group, 'ground'), [
      {
        key: 'axis',
        x: layout.left - 6,
        y: layout.axis.top,
        width: layout.right - layout.left + 12,
        height: 20,
        fill: palette.ground,
      },
    ]);
    drawLabels(
      layer(group, 'ticks'),
      ticks.map((tick) => ({
        key: String(tick),
        x: x(tick),
        y: layout.axis.top + 15,
        text: tickText(tick, step),
        colour: palette.textQuiet,
        anchor:
          x(tick) > layout.right - 14
            ? 'end'
            : x(tick) < layout.left + 6 && layout.compact
              ? 'start'
              : 'middle',
      })),
    );
  }

  /** An area that answers to the pointer: the row takes new requests, the rest moves the frame. */
  #hit(group: Group, top: number, bottom: number, kind: 'row' | 'level'): void {
    const { layout, timeline } = this.#scene!;
    const lab = this.#lab;
    const adds = kind === 'row' && timeline.source === 'lab' && lab.gameState === 'off';
    const area = group
      .selectAll<SVGRectElement, string>('rect')
      .data<string>([kind])
      .join('rect')
      .attr('x', layout.left - 8)
      .attr('y', top)
      .attr('width', layout.right - layout.left + 16)
      .attr('height', bottom - top)
      .attr('fill', 'transparent')
      .style('cursor', adds ? 'copy' : 'ew-resize')
      .style('touch-action', 'pan-y');
    if (adds) {
      area.on('.drag', null).on('click', (event: MouseEvent) => lab.add(this.#timeAt(event)));
    } else {
      area.on('click', null).call(this.#sweep());
    }
  }

  #timeAt(event: MouseEvent): number {
    const { x, domainUs, layout } = this.#scene!;
    const node = this.#svg.node()!;
    const { left, width } = node.getBoundingClientRect();
    const px = ((event.clientX - left) * node.width.baseVal.value) / width;
    const held = Math.min(layout.right, Math.max(layout.left, px));
    return Math.max(0, roundTo(x.invert(held), pointedStepUs(domainUs, layout)));
  }

  /** Looks where the pointer is: at a request that is near, or at the time. */
  #sweep() {
    const look = (event: { sourceEvent: MouseEvent | TouchEvent; x: number }): void => {
      const { timeline, x, domainUs, layout, shown } = this.#scene!;
      if (Number.isFinite(shown)) return;
      const held = Math.min(layout.right, Math.max(layout.left, event.x));
      const near = timeline.requests.reduce<{ id: number; far: number } | null>((best, { id, timeUs }) => {
        const far = Math.abs(x(timeUs) - held);
        return far <= SNAP_PX && (best === null || far < best.far) ? { id, far } : best;
      }, null);
      if (near !== null) this.#lab.lookAt(near.id);
      else this.#lab.lookAtTime(roundTo(x.invert(held), pointedStepUs(domainUs, layout)));
    };
    const hold = (): void => {
      this.#heldUs = this.#scene!.domainUs;
    };
    return drag<SVGRectElement, string>()
      .container(() => this.#svg.node()!)
      .on('start', (event) => {
        hold();
        look(event);
      })
      .on('drag', look)
      .on('end', () => this.#release());
  }

  #release(): void {
    this.#heldUs = null;
    // Draw once more, with the axis that fits.
    this.#lab.cursor.set({ ...this.#lab.cursor.current });
  }

  #moveMarks(marks: Selection<SVGGElement, PlacedRequest, SVGGElement, unknown>): void {
    const lab = this.#lab;
    const canMove = lab.timeline.current.source === 'lab' && lab.gameState === 'off';
    marks
      .on('focus', (_event, { request }) => {
        if (lab.gameState === 'off' || lab.gameState === 'done') lab.lookAt(request.id);
      })
      .on('click', (event: MouseEvent) => event.stopPropagation());
    marks.call(
      drag<SVGGElement, PlacedRequest>()
        .container(() => this.#svg.node()!)
        .on('start', (_event, { request }) => {
          this.#heldUs = this.#scene!.domainUs;
          this.#isFirst = true;
          if (lab.gameState === 'off' || lab.gameState === 'done') lab.lookAt(request.id);
        })
        .on('drag', (event: { x: number; dx: number }, { request }) => {
          if (!canMove || event.dx === 0) return;
          const { x, domainUs, layout } = this.#scene!;
          const held = Math.min(layout.right, Math.max(layout.left, event.x));
          lab.move(request.id, roundTo(x.invert(held), pointedStepUs(domainUs, layout)), this.#isFirst);
          this.#isFirst = false;
        })
        .on('end', () => this.#release()),
    );
  }

  /** What the frame is moved by: a slider to keyboards and screen readers. */
  #grip(group: Group, scene: Scene): void {
    const { cursor, domainUs, layout, palette, x, timeline, moment, shown } = scene;
    const isShown = cursor.timeUs >= domainUs[0] && cursor.timeUs <= domainUs[1];
    const grip = group
      .selectAll<SVGGElement, string>(':scope > g')
      .data(isShown ? ['grip'] : [])
      .join((enter) => {
        const made = enter
          .append('g')
          .attr('class', 'rate-grip')
          .attr('data-unsaved', '')
          .attr('role', 'slider')
          .attr('tabindex', 0)
          .attr('aria-label', 'Moment that is looked at')
          .style('cursor', 'ew-resize')
          .style('touch-action', 'none');
        made.append('rect');
        made.append('path');
        return made;
      })
      .attr('aria-valuemin', 0)
      .attr('aria-valuemax', timeline.untilUs / 1e6)
      .attr('aria-valuenow', cursor.timeUs / 1e6)
      .attr('aria-valuetext', `${secondsText(cursor.timeUs)} s. ${momentWords(timeline, moment, shown)}`)
      .attr('transform', `translate(${x(cursor.timeUs)},${layout.level.bottom})`);
    grip
      .select('rect')
      .attr('x', -11)
      .attr('y', -6)
      .attr('width', 22)
      .attr('height', 14)
      .attr('rx', 3)
      .attr('fill', palette.accent);
    grip
      .select('path')
      .attr('d', 'M-3.5,-2v6M0,-2v6M3.5,-2v6')
      .attr('stroke', palette.onAccent)
      .attr('stroke-width', 1.2);
    grip.call(this.#sweep() as never);
  }
}
