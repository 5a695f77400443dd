import { type BaseType, type Selection as D3Selection, select } from 'd3-selection';
import { shorten } from '../../base/text.ts';
import type { Box } from './fan-boxes.ts';
import { type BoxFace, facesOf, type Look } from './fan-faces.ts';
import type { Link } from './fan-links.ts';
import type { FanModel } from './fan-model.ts';
import { litWords, rateWords } from './fan-words.ts';
import { KIND_ICONS } from './kind-icons.ts';
import { passing, widthOf } from './passing.ts';

/** The boxes and arrows of the picture in SVG. What stands is drawn when the model changes; what moves is in `motion.ts`. */

type Group = D3Selection<SVGGElement, unknown, null, undefined>;

const BOLD = '600 ';
const LINE = 15;
const ICON = 12;
/** A narrower box has its icon in a corner, not before its name. */
const ICON_BEFORE_NAME = 96;
const PLAIN = 130;

export class FanPainter {
  readonly #frames: Group;
  readonly #links: Group;
  readonly #boxes: Group;
  readonly #labels: Group;
  readonly #headings: Group;
  readonly #marker: string;
  readonly #measure: (text: string, weight: string) => number;

  /** `name` is unique on the page: the arrow heads are called after it. */
  constructor(root: SVGGElement, name: string) {
    const outer = select(root);
    this.#measure = textMeasure(getComputedStyle(document.body).fontFamily);
    const layer = (cls: string): Group => outer.append('g').attr('class', cls);
    this.#marker = name;
    const defs = outer.append('defs');
    for (const look of ['quiet', 'lit', 'lost']) {
      defs
        .append('marker')
        .attr('id', `${name}-${look}`)
        .attr('class', `fan-head fan-head-${look}`)
        .attr('viewBox', '0 0 8 8')
        .attr('refX', 7)
        .attr('refY', 4)
        .attr('markerWidth', 8)
        .attr('markerHeight', 8)
        .attr('markerUnits', 'userSpaceOnUse')
        .attr('orient', 'auto')
        .append('path')
        .attr('d', 'M0 0.5L8 4L0 7.5Z');
    }
    const hatch = defs
      .append('pattern')
      .attr('id', `${name}-hatch`)
      .attr('class', 'fan-hatch')
      .attr('width', 7)
      .attr('height', 7)
      .attr('patternUnits', 'userSpaceOnUse')
      .attr('patternTransform', 'rotate(45)');
    hatch.append('line').attr('y2', 7);
    this.#headings = layer('fan-headings');
    this.#frames = layer('fan-frames');
    this.#links = layer('fan-links');
    this.#boxes = layer('fan-boxes');
    this.#labels = layer('fan-labels');
  }

  draw(model: FanModel, look: Look): void {
    const faces = facesOf(model, look);
    this.#drawHeadings(model);
    this.#drawFrames(model);
    this.#drawLinks(model);
    this.#drawBoxes(faces);
    this.#drawLabels(model);
  }

  clear(): void {
    for (const layer of [this.#headings, this.#frames, this.#links, this.#boxes, this.#labels])
      layer.selectAll('*').remove();
  }

  #drawHeadings({ layout }: FanModel): void {
    const of = (role: Box['role'], test: (box: Box) => boolean): Box | undefined =>
      layout.boxes.find((box) => box.role === role && test(box));
    const columns = layout.isWide
      ? [
          [of('clients', () => true), 'clients'],
          [layout.boxes.find(({ id }) => id === 'frame:gateway' || id === 'node:0'), 'gateway'],
          [
            of('station', ({ id }) => layout.boxes.some((box) => box.id === `clients:${id}`)),
            'WebSocket servers',
          ],
          [layout.boxes.at(-1), 'services'],
        ]
      : [];
    this.#headings
      .selectAll<SVGTextElement, (typeof columns)[number]>('text')
      .data(columns)
      .join('text')
      .attr('x', ([box]) => (box as Box).x + (box as Box).width / 2)
      .attr('y', -5)
      .text(([, words]) => words as string);
  }

  #drawFrames({ layout, cast }: FanModel): void {
    const frames = layout.boxes.filter(({ role }) => role === 'frame');
    const groups = this.#frames
      .selectAll<SVGGElement, Box>('g')
      .data(frames, ({ id }) => id)
      .join((enter) => {
        const g = enter.append('g');
        g.append('rect');
        g.append('text');
        return g;
      })
      .attr('transform', at);
    sized(groups.select('rect'));
    groups
      .select('text')
      .attr('x', ({ width }) => width / 2)
      .attr('y', 14)
      .text(({ id }) => {
        const group = id === 'frame:gateway' ? cast.gateways : cast.shards;
        const n = group.drawn.length + group.rest.length;
        return `${n} ${id === 'frame:gateway' ? 'gateways' : 'pub/sub shards'}`;
      });
  }

  #drawLinks(model: FanModel): void {
    const { lit } = model;
    const dims = model.focus !== null && model.path !== null;
    this.#links
      .selectAll<SVGPathElement, Link>('path.fan-link')
      .data(model.layout.links, ({ id }) => id)
      .join((enter) => enter.append('path').attr('class', 'fan-link'))
      .attr('d', ({ path }) => path)
      .attr('data-link', ({ id }) => id)
      .attr('data-look', ({ id }) => lookOf(model, id))
      .classed('fan-dim', ({ id }) => dims && !lit.has(id))
      .style('stroke-width', (link) => String(widthOf(model, link)))
      .attr('marker-end', (link) =>
        link.isBothWays ? null : `url(#${this.#marker}-${lookOf(model, link.id)})`,
      );
    const flowing = model.isRates ? model.layout.links.filter((link) => passing(model, link) > 0) : [];
    this.#links
      .selectAll<SVGPathElement, Link>('path.fan-flow')
      .data(flowing, ({ id }) => id)
      .join((enter) => enter.append('path').attr('class', 'fan-flow'))
      .attr('d', ({ path }) => path)
      .classed('fan-dim', ({ id }) => dims && !lit.has(id));
  }

  #drawBoxes(faces: readonly BoxFace[]): void {
    const groups = this.#boxes
      .selectAll<SVGGElement, BoxFace>('g.fan-box')
      .data(faces, ({ box }) => box.id)
      .join((enter) => {
        const g = enter.append('g').attr('class', 'fan-box');
        for (const part of ['ring', 'ground', 'hatch', 'bar']) g.append('rect').attr('class', `fan-${part}`);
        g.append('path').attr('class', 'fan-icon');
        g.append('path').attr('class', 'fan-cross');
        g.append('text').attr('class', 'fan-title');
        g.append('g').attr('class', 'fan-lines');
        return g;
      })
      .attr('transform', ({ box }) => at(box))
      .attr('data-kind', ({ kind }) => kind)
      .attr('data-role', ({ box }) => box.role)
      .classed('fan-selected', ({ isSelected }) => isSelected)
      .classed('fan-lit', ({ isLit }) => isLit)
      .classed('fan-rest', ({ box }) => box.role === 'rest')
      .classed('fan-broken', ({ status }) => status !== null)
      .classed('fan-down', ({ isDown }) => isDown);
    groups
      .select('.fan-ring')
      .attr('x', -3)
      .attr('y', -3)
      .attr('width', ({ box }) => box.width + 6)
      .attr('height', ({ box }) => box.height + 6)
      .attr('rx', ({ kind }) => (kind === 'clients' ? 15 : 4));
    for (const part of ['ground', 'hatch'])
      sized(groups.select(`.fan-${part}`), ({ box }) => box).attr('rx', ({ kind }) =>
        kind === 'clients' ? 12 : 2,
      );
    groups
      .select('.fan-hatch')
      .style('display', ({ isDown }) => (isDown ? null : 'none'))
      .attr('fill', `url(#${this.#marker}-hatch)`);
    groups
      .select('.fan-bar')
      .style('display', ({ bar }) => (bar === null ? 'none' : null))
      .attr('x', ({ kind }) => (kind === 'clients' ? 8 : 1))
      .attr('y', ({ box }) => box.height - 4)
      .attr('height', 3)
      .attr('width', ({ box, bar, kind }) =>
        Math.max(0, (box.width - (kind === 'clients' ? 16 : 2)) * Math.min(1, bar ?? 0)),
      );
    groups
      .select('.fan-icon')
      .attr('d', ({ kind }) => (kind === 'clients' ? '' : KIND_ICONS[kind]))
      .attr('transform', iconAt);
    groups
      .select('.fan-cross')
      .style('display', ({ isDown }) => (isDown ? null : 'none'))
      .attr('d', 'M-2,-2l16,16m0,-16l-16,16')
      .attr('transform', iconAt);
    groups
      .select('.fan-title')
      .attr('x', titleX)
      .attr('y', firstLine)
      .text((face) => this.#titleOf(face));
    const lines = groups
      .select<SVGGElement>('.fan-lines')
      .selectAll<SVGTextElement, { text: string; x: number; y: number; isStatus: boolean }>('text')
      .data((face) =>
        shownLines(face).map((text, i) => ({
          text: this.#line(text, face.box.width - 2 * edgeOf(face) + 4),
          x: edgeOf(face),
          y: firstLine(face) + LINE * (i + 1),
          isStatus: i === 0 && face.status !== null,
        })),
      )
      .join('text');
    lines
      .attr('x', ({ x }) => x)
      .attr('y', ({ y }) => y)
      .classed('fan-status', ({ isStatus }) => isStatus)
      .text(({ text }) => text);
  }

  /** The longest title that fits, or the shortest one, cut. */
  #titleOf(face: BoxFace): string {
    const width = face.box.width - titleX(face) - 4;
    const weight = isPlain(face) ? '' : BOLD;
    const fits = face.titles.find((title) => this.#measure(title, weight) <= width);
    return fits ?? this.#cut(face.titles.at(-1) ?? '', width, weight);
  }

  /** A line of small type; where there is no room, without its last words. */
  #line(text: string, width: number): string {
    const short = this.#measure(text, '') <= width ? text : text.replace(/ (have|has) it$/, '');
    return this.#cut(short, width, '');
  }

  #cut(text: string, width: number, weight: string): string {
    let length = text.length;
    while (length > 3 && this.#measure(shorten(text, length), weight) > width) length--;
    return shorten(text, length);
  }

  #drawLabels(model: FanModel): void {
    const words = new Map([...rateWords(model), ...litWords(model)]);
    const links = model.layout.links.filter((link) => words.has(link.id) && isAtArrow(model, link));
    this.#labels
      .selectAll<SVGTextElement, Link>('text')
      .data(links, ({ id }) => id)
      .join('text')
      .attr('x', ({ label }) => label.x)
      .attr('y', ({ label }) => label.y)
      .attr('text-anchor', ({ label }) => label.anchor)
      .classed('fan-lost', ({ id }) => (model.lit.get(id)?.lost ?? 0) > 0)
      .text(({ id }) => words.get(id) ?? '');
  }
}

/** The width of a text in the picture's small type, in CSS pixels. Remembers what it has measured. */
function textMeasure(family: string): (text: string, weight: string) => number {
  const context = document.createElement('canvas').getContext('2d');
  const known = new Map<string, number>();
  return (text, weight) => {
    const key = weight + text;
    let width = known.get(key);
    if (width === undefined) {
      if (context !== null) context.font = `${weight}12px ${family}`;
      width = context?.measureText(text).width ?? 7 * text.length;
      if (known.size > MOST_KNOWN) known.clear();
      known.set(key, width);
    }
    return width;
  };
}
const MOST_KNOWN = 2_000;

const at = ({ x, y }: Box): string => `translate(${x.toFixed(1)},${y.toFixed(1)})`;

function sized<D>(
  rects: D3Selection<BaseType, D, SVGGElement, unknown>,
  of: (datum: D) => Box = (datum) => datum as unknown as Box,
): D3Selection<BaseType, D, SVGGElement, unknown> {
  return rects.attr('width', (datum) => of(datum).width).attr('height', (datum) => of(datum).height);
}

/** Lines that have room under the title. */
function shownLines(face: BoxFace): readonly string[] {
  const lines = face.status === null ? face.lines : [face.status, ...face.lines];
  return lines.slice(0, Math.max(0, Math.floor((face.box.height - 8) / LINE) - 1));
}

/** Where the title stands, so that title and lines are in the middle of the box. */
function firstLine(face: BoxFace): number {
  const n = 1 + shownLines(face).length;
  return (face.box.height - n * LINE) / 2 + LINE - 4;
}

const hasIconBefore = ({ kind, box }: BoxFace): boolean =>
  kind !== 'clients' && box.width >= ICON_BEFORE_NAME;
/** A narrow box says its name in ordinary type: it is shorter. */
const isPlain = ({ kind, box }: BoxFace): boolean => kind !== 'clients' && box.width < PLAIN;
const edgeOf = ({ kind, box }: BoxFace): number =>
  box.width < ICON_BEFORE_NAME ? 5 : kind === 'clients' ? 10 : 8;
const titleX = (face: BoxFace): number => edgeOf(face) + (hasIconBefore(face) ? ICON + 6 : 0);
const iconAt = (face: BoxFace): string =>
  hasIconBefore(face)
    ? `translate(${edgeOf(face)},${firstLine(face) - 10})`
    : `translate(${face.box.width - ICON - 5},${face.box.height - ICON - 7})`;

const lookOf = (model: FanModel, id: string): 'quiet' | 'lit' | 'lost' => {
  const lit = model.lit.get(id);
  return lit === undefined ? 'quiet' : lit.lost > 0 && lit.lost >= lit.count ? 'lost' : 'lit';
};

/** Whether a count stands at its arrow: in a narrow picture only what goes to and from the gateway. */
function isAtArrow(model: FanModel, { from, to }: Link): boolean {
  const isServer = (box: string) =>
    model.routes.stationOf(box)?.kind === 'ws-server' || box === 'rest:ws-server';
  return (
    model.layout.isWide || (isServer(from) && !isServer(to) && to !== `node:${model.cast.chatService?.node}`)
  );
}
