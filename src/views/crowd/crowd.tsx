import {
  type KeyboardEvent,
  type PointerEvent,
  useCallback,
  useEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { createPortal } from 'react-dom';
import { SEAT_STATES } from '../../worker/protocol.ts';
import { userName } from '../names.ts';
import { pointIn } from '../pointer.ts';
import type { PictureProps } from '../stage.ts';
import { selectionKey } from '../stage.ts';
import { useValue, Value } from '../store/value.ts';
import { usePicture } from '../use-picture.ts';
import type { CrowdBlock } from './blocks.ts';
import { CrowdControls } from './crowd-controls.tsx';
import { type Hit, NAME_CELL } from './crowd-geometry.ts';
import { CrowdLabels, placeLabels } from './crowd-labels.tsx';
import { CrowdLegend } from './crowd-legend.tsx';
import { CrowdPainter } from './crowd-painter.ts';
import { SHAPE_CELL } from './field.ts';
import { HoverNote } from './hover-note.tsx';
import { SEAT_WORDS } from './seat-shapes.ts';
import { useZoom } from './use-zoom.ts';
import './crowd.css';

/** At the closest a seat measures this much, in CSS pixels. */
const CLOSEST_CELL = 96;
const ARROWS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** Everyone, one dot each, in the block of the server that holds the connection. */
export function Crowd({ stage, size, toolbar = null }: PictureProps) {
  const { store } = stage;
  const large = size === 'large';
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const labels = useRef<HTMLDivElement>(null);
  const painter = useRef<CrowdPainter | null>(null);
  const [hover] = useState(() => new Value<Hit | null>(null));
  const [scale] = useState(() => new Value(''));
  const [cursor] = useState(() => new Value<number | null>(null));
  const [blocks, setBlocks] = useState<readonly CrowdBlock[]>([]);

  const touch = usePicture({
    stage,
    size,
    box,
    resize: ({ width, height, ratio }) => {
      const made = painter.current;
      if (made === null) return;
      const { geometry } = made;
      const inTheMiddle = geometry.hit(geometry.width / 2, geometry.height / 2, view.current);
      const cell = geometry.cell * view.current.k;
      made.resize(width, height, ratio);
      if (view.current.k <= 1) return;
      // The blocks lie elsewhere now: who was looked at stays in the middle, as large as before.
      const at =
        inTheMiddle === null || inTheMiddle.seat < 0 ? null : geometry.seatInLayout(inTheMiddle.seat);
      if (at === null) zoom.whole();
      else zoom.to(at.x, at.y, cell / at.cell, true);
    },
    draw: () => {
      const made = painter.current;
      if (made === null) return;
      const inspection = store.summary.current.inspection;
      const selection = stage.selection.current;
      const selectedSeat =
        inspection !== null && selectionKey(inspection.selection) === selectionKey(selection)
          ? inspection.seat
          : null;
      const at = view.current;
      made.draw(store, at, stage.palette.current, selection, selectedSeat, hover.current, cursor.current);
      if (!large) return;
      if (labels.current !== null) placeLabels(labels.current, made.geometry, at, store.stations);
      scale.set(scaleNote(made.geometry.cellOnScreen(at), made.geometry.hidesEmpty));
      const names = made.geometry.seatsToName(store.seats, at);
      for (const seat of [hover.current?.seat ?? -1, cursor.current ?? -1]) if (seat >= 0) names.push(seat);
      stage.nameSeats(names, 'crowd');
    },
  });

  const mostScale = useCallback(() => CLOSEST_CELL / Math.max(0.01, painter.current?.geometry.cell ?? 1), []);
  const reducedMotion = useCallback(() => stage.reducedMotion.current, [stage]);
  const zoom = useZoom(box, mostScale, reducedMotion, touch);
  const { view } = zoom;

  useEffect(() => {
    const target = canvas.current;
    if (target === null) return;
    const made = new CrowdPainter(target, size);
    painter.current = made;
    const open = () => {
      if (store.info === opened) return;
      // A new layout of the same crowd keeps the point of view.
      const another = store.info?.stations !== opened?.stations;
      opened = store.info;
      made.open(store.info);
      setBlocks(made.geometry.blocks);
      cursor.set(null);
      if (another) zoom.whole();
      touch();
    };
    let opened: typeof store.info | undefined;
    open();
    const stops = [store.summary.subscribe(open), hover.subscribe(touch), cursor.subscribe(touch)];
    return () => {
      for (const stop of stops) stop();
      painter.current = null;
    };
  }, [store, touch, zoom, hover, cursor, size]);

  useEffect(() => (large ? () => stage.nameSeats([], 'crowd') : undefined), [stage, large]);

  const hitOf = useCallback(
    (event: { clientX: number; clientY: number }): Hit | null => {
      if (box.current === null || painter.current === null) return null;
      const { x, y } = pointIn(box.current, event);
      return painter.current.geometry.hit(x, y, view.current);
    },
    [view],
  );

  const onPointerMove = (event: PointerEvent) => {
    const hit = hitOf(event);
    const before = hover.current;
    if (hit?.block !== before?.block || hit?.seat !== before?.seat) hover.set(hit);
  };

  const choose = useCallback(
    (hit: Hit | null) => {
      if (hit === null) return stage.select(null);
      if (hit.seat >= 0) {
        const user = store.occupants.get(hit.seat) ?? -1;
        return stage.select(user >= 0 ? { kind: 'user', user } : { kind: 'seat', seat: hit.seat });
      }
      const station = blocks[hit.block]?.station;
      if (station != null) stage.select({ kind: 'station', node: station.node });
    },
    [stage, store, blocks],
  );

  const onKeyDown = (event: KeyboardEvent) => {
    const made = painter.current?.geometry;
    if (made === undefined) return;
    const arrow = ARROWS[event.key];
    if (arrow !== undefined) {
      event.preventDefault();
      const now = cursor.current;
      const next =
        now === null ? made.firstOccupied(store.seats, null) : made.seatBeside(now, arrow[0], arrow[1]);
      if (next === null) return;
      cursor.set(next);
      const at = made.seatInLayout(next);
      const onScreen = made.seatOnScreen(next, view.current);
      const outer = box.current;
      if (at === null || onScreen === null || outer === null) return;
      const inside =
        onScreen.x > 20 &&
        onScreen.y > 20 &&
        onScreen.x < outer.clientWidth - 20 &&
        onScreen.y < outer.clientHeight - 20;
      if (onScreen.cell < SHAPE_CELL) zoom.to(at.x, at.y, NAME_CELL / at.cell);
      else if (!inside) zoom.to(at.x, at.y, view.current.k);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      if (cursor.current !== null) choose({ block: -1, seat: cursor.current });
    } else if (event.key === '+' || event.key === '=') zoom.by(2);
    else if (event.key === '-') zoom.by(0.5);
    else if (event.key === '0') zoom.whole();
    else if (event.key === 'Escape') cursor.set(null);
    else return;
    event.stopPropagation();
  };

  const goToUser = useMemo(
    () => (user: number) => {
      stage.select({ kind: 'user', user });
      // The seat is known when the worker has answered.
      let tries = 0;
      const stop = store.summary.subscribe(() => {
        const { inspection } = store.summary.current;
        if (inspection?.selection.kind === 'user' && inspection.selection.user === user) {
          const at =
            inspection.seat === null
              ? null
              : (painter.current?.geometry.seatInLayout(inspection.seat) ?? null);
          if (at !== null) zoom.to(at.x, at.y, NAME_CELL / at.cell);
          stop();
        } else if (++tries > 20) stop();
      });
    },
    [stage, store, zoom],
  );

  if (!large) {
    return (
      <div className="crowd-thumbnail" ref={box}>
        <canvas ref={canvas} />
      </div>
    );
  }
  return (
    <div className="crowd">
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the labels and the seat cursor inside are the controls */}
      <div
        className="crowd-box"
        data-saved
        ref={box}
        onPointerMove={onPointerMove}
        onPointerLeave={() => hover.set(null)}
        onClick={(event) => {
          if (event.target instanceof HTMLCanvasElement) choose(hitOf(event));
        }}
        role="presentation"
      >
        <canvas
          ref={canvas}
          role="img"
          aria-label="Every user as a dot; the same in numbers under: in words"
        />
        <CrowdLabels stage={stage} blocks={blocks} layer={labels} />
        <ScaleNote scale={scale} />
        <HoverNote stage={stage} blocks={blocks} hover={hover} painter={painter} zoom={zoom} />
        <SeatCursor stage={stage} cursor={cursor} onKeyDown={onKeyDown} />
      </div>
      <div className="crowd-foot">
        <CrowdLegend stage={stage} />
      </div>
      {toolbar !== null &&
        createPortal(<CrowdControls stage={stage} zoom={zoom} onFind={goToUser} />, toolbar)}
    </div>
  );
}

interface SeatCursorProps {
  readonly stage: PictureProps['stage'];
  readonly cursor: Value<number | null>;
  readonly onKeyDown: (event: KeyboardEvent) => void;
}

/** The keyboard's way to a single seat: a focusable layer over the canvas that says where the cursor is. */
function SeatCursor({ stage, cursor, onKeyDown }: SeatCursorProps) {
  const seat = useValue(cursor);
  const info = useValue(stage.store.summary).info;
  let words = '';
  if (seat !== null && info !== null) {
    const user = stage.store.occupants.get(seat) ?? -1;
    const state = SEAT_STATES[stage.store.seats[seat] ?? 0] ?? 'empty';
    words = `${user >= 0 ? `${userName(info, user)}, ` : ''}${SEAT_WORDS[state].label}`;
  }
  return (
    <div
      className="seat-cursor"
      data-unsaved
      role="application"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: an application takes the keys itself
      tabIndex={0}
      onKeyDown={onKeyDown}
      data-owns-arrows
      aria-label="Single users: arrow keys move, Enter selects, plus and minus zoom, zero shows everyone"
    >
      <span className="unseen" aria-live="polite">
        {words}
      </span>
    </div>
  );
}

/** How many seats a pixel stands for: the picture says what it leaves out. */
function ScaleNote({ scale }: { readonly scale: Value<string> }) {
  return <span className="quiet scale-note">{useValue(scale)}</span>;
}

function scaleNote(cell: number, hidesEmpty: boolean): string {
  const empty = hidesEmpty ? '; empty seats are not drawn' : '';
  if (cell >= 1) return `1 dot a seat${empty}`;
  return `1 pixel: the mean of ${Number((1 / (cell * cell)).toPrecision(2))} seats${empty}`;
}
