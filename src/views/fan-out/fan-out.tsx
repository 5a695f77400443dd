import { type PointerEvent, useEffect, useId, useRef, useState } from 'react';
import { statusWord } from '../crowd/status-word.ts';
import { userName } from '../names.ts';
import { pointIn } from '../pointer.ts';
import type { PictureProps, Stage } from '../stage.ts';
import { useValue, Value } from '../store/value.ts';
import { usePicture } from '../use-picture.ts';
import { BoxButtons, type PressableBox } from './box-buttons.tsx';
import { SMALLEST } from './fan-layout.ts';
import { drawnNodes, type FanModel, fanModel, SINGLE_MESSAGES_UP_TO } from './fan-model.ts';
import { FanPainter } from './fan-painter.ts';
import { noteWords, pathWords } from './fan-words.ts';
import { Motion } from './motion.ts';
import { stationBox } from './routes.ts';
import './fan-out.css';

/** Boxes and numbers follow a running simulation no faster than can be read. */
const MODEL_MS = 125;
/** A thumbnail is the wide picture without its words, made smaller. */
const THUMBNAIL = { width: 640, height: 340 };
/** The headings over the columns of a wide picture. */
const HEAD = 20;
const WIDE_FROM = 560;
/** How near a press must be to a copy of a message. */
const PRESS_PX = 14;
/** The clients of a server are named where all servers together have no more. */
const NAMED_CLIENTS = 200;

interface Tools {
  readonly painter: FanPainter;
  readonly motion: Motion;
}

/** The component diagram, alive: how a message published once reaches every server that has a member. */
export function FanOut({ stage, size }: PictureProps) {
  const { store } = stage;
  const large = size === 'large';
  const name = `fan${useId().replace(/[^a-zA-Z0-9]/g, '')}`;
  const box = useRef<HTMLDivElement>(null);
  const svg = useRef<SVGSVGElement>(null);
  const drawing = useRef<Tools | null>(null);
  const model = useRef<FanModel | null>(null);
  const modelMs = useRef(Number.NEGATIVE_INFINITY);
  const extent = useRef({ width: 0, height: 0 });
  const [boxes] = useState(() => new Value<readonly PressableBox[]>([]));
  const [words] = useState(() => new Value({ path: '', note: '' }));

  useEffect(() => {
    const target = svg.current;
    if (target === null) return;
    const root = document.createElementNS('http://www.w3.org/2000/svg', 'g');
    target.append(root);
    drawing.current = { painter: new FanPainter(root, name), motion: new Motion(root) };
    let opened = store.info?.stations;
    const stop = store.summary.subscribe(() => {
      if (store.info?.stations === opened) return;
      opened = store.info?.stations;
      model.current = null;
    });
    return () => {
      stop();
      root.remove();
      drawing.current = null;
      model.current = null;
    };
  }, [store, name]);

  const drawModel = ({ painter, motion }: Tools): void => {
    const { width, height } = extent.current;
    const made = modelOf(stage, width, height, model.current);
    model.current = made;
    if (made === null) {
      painter.clear();
      motion.clear();
    } else {
      painter.draw(made, {
        selected: selectedBox(stage),
        namesOf: (server) => clientNames(stage, server),
      });
    }
    place(svg.current, made, width, height, large);
    if (!large) return;
    askNames(stage);
    boxes.set(pressable(made, boxes.current));
    const path = made === null ? '' : pathWords(made);
    const note = made === null ? '' : noteWords(made);
    if (path !== words.current.path || note !== words.current.note) words.set({ path, note });
  };
  usePicture({
    stage,
    size,
    box,
    resize: (room) => {
      extent.current = large ? room : THUMBNAIL;
    },
    draw: (nowMs, isStale) => {
      const tools = drawing.current;
      if (tools === null || extent.current.width === 0) return;
      if (isStale || nowMs - modelMs.current >= MODEL_MS) {
        modelMs.current = nowMs;
        drawModel(tools);
      }
      if (model.current !== null && large)
        tools.motion.draw(model.current, store, stage.reducedMotion.current);
    },
  });
  useEffect(() => (large ? () => stage.nameSeats([], 'fan-out') : undefined), [stage, large]);

  const onPointerUp = (event: PointerEvent): void => {
    if (!(event.target instanceof SVGElement) || box.current === null) return;
    const { x, y } = pointIn(box.current, event);
    const head = headOf(extent.current.width);
    const message = drawing.current?.motion.messageAt(x, y - head, PRESS_PX) ?? null;
    stage.select(message === null ? null : { kind: 'message', ...message });
  };

  if (!large) {
    return (
      <div className="fan-thumbnail" ref={box}>
        <svg ref={svg} viewBox={`0 0 ${THUMBNAIL.width} ${THUMBNAIL.height}`} />
      </div>
    );
  }
  return (
    <div className="fan">
      <div className="fan-scroll" data-saved>
        <div
          className="fan-out-box"
          ref={box}
          style={{ minWidth: SMALLEST.width, minHeight: SMALLEST.height + HEAD }}
          onPointerUp={onPointerUp}
          role="presentation"
        >
          <svg
            ref={svg}
            role="img"
            aria-label="Gateway, servers, pub/sub, chat service and database, and what passes between them; the same in words under: in words"
          />
          <div className="fan-buttons" data-unsaved>
            <BoxButtons stage={stage} boxes={boxes} />
          </div>
        </div>
      </div>
      <FanFoot stage={stage} words={words} model={model} />
    </div>
  );
}

interface FootProps {
  readonly stage: Stage;
  readonly words: Value<{ readonly path: string; readonly note: string }>;
  readonly model: { readonly current: FanModel | null };
}

/** The path in a sentence, and what the picture leaves out. */
function FanFoot({ words }: FootProps) {
  const { path, note } = useValue(words);
  return (
    <div className="fan-foot" data-saved>
      {path !== '' && <p className="fan-path">{path}</p>}
      <p className="quiet">{note}</p>
    </div>
  );
}

const headOf = (width: number): number => (width >= WIDE_FROM ? HEAD : 0);

function modelOf(stage: Stage, width: number, height: number, before: FanModel | null): FanModel | null {
  const { store } = stage;
  const { info, inspection, flows } = store.summary.current;
  if (info === null || store.info === null) return null;
  return fanModel({
    info: store.info,
    stations: store.stations,
    flows,
    rows: store.rows,
    timeUs: store.timeUs,
    justNowUs: store.justNowUs,
    selection: stage.selection.current,
    inspection,
    width,
    height: height - headOf(width),
    before: before === null ? new Set() : drawnNodes(before.cast),
  });
}

function selectedBox(stage: Stage): string | null {
  const selection = stage.selection.current;
  return selection?.kind === 'station' ? stationBox(selection.node) : null;
}

/** The picture's group is moved down under the headings. */
function place(
  svg: SVGSVGElement | null,
  model: FanModel | null,
  width: number,
  height: number,
  large: boolean,
): void {
  if (svg === null) return;
  const head = headOf(width);
  if (large) {
    svg.setAttribute('width', String(Math.max(width, model?.layout.width ?? 0)));
    svg.setAttribute('height', String(Math.max(height, (model?.layout.height ?? 0) + head)));
  }
  svg.firstElementChild?.setAttribute('transform', `translate(0,${head})`);
}

/** The boxes that can be pressed; the same list when nothing of it has changed. */
function pressable(model: FanModel | null, before: readonly PressableBox[]): readonly PressableBox[] {
  if (model === null) return before.length === 0 ? before : [];
  const head = headOf(model.layout.width);
  const next = model.layout.boxes.flatMap((box): PressableBox[] => {
    const station = box.role === 'station' ? model.routes.stationOf(box.id) : null;
    if (station === null) return [];
    const { node, name } = station;
    const status = statusWord(model.frames.get(node) ?? null);
    return [{ box: { ...box, y: box.y + head }, node, name, status }];
  });
  const isSame =
    next.length === before.length &&
    next.every((one, i) => {
      const other = before[i]!;
      return one.node === other.node && one.status === other.status && sameBox(one.box, other.box);
    });
  return isSame ? before : next;
}

const sameBox = (a: PressableBox['box'], b: PressableBox['box']): boolean =>
  a.x === b.x && a.y === b.y && a.width === b.width && a.height === b.height;

const isNamed = (stage: Stage): boolean => {
  const users = stage.store.info?.users ?? Number.POSITIVE_INFINITY;
  return users <= NAMED_CLIENTS && users <= SINGLE_MESSAGES_UP_TO;
};

/** In a small world: who sits where. */
function askNames(stage: Stage): void {
  const seats: number[] = [];
  if (!isNamed(stage)) {
    stage.nameSeats(seats, 'fan-out');
    return;
  }
  const { seats: codes } = stage.store;
  for (let seat = 0; seat < codes.length && seats.length < NAMED_CLIENTS; seat++)
    if (codes[seat] !== 0) seats.push(seat);
  stage.nameSeats(seats, 'fan-out');
}

function clientNames(stage: Stage, server: number): readonly string[] | null {
  const { info, occupants } = stage.store;
  if (info === null || !isNamed(stage)) return null;
  const block = info.stations
    .filter(({ kind }) => kind === 'ws-server')
    .findIndex(({ node }) => node === server);
  const [from, to] = [info.crowd.seatStart[block] ?? 0, info.crowd.seatStart[block + 1] ?? info.crowd.seats];
  const names: string[] = [];
  for (const [seat, user] of occupants)
    if (seat >= from && seat < to && user >= 0) names.push(userName(info, user));
  return names;
}
